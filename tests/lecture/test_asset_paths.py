"""Whatever file a lecture names lies inside the project: not by `..`, not by an absolute path, not by a link."""

from pathlib import Path

import pytest

from generator.errors import LectureError, Report
from generator.lecture.course import Profile
from generator.lecture.included_files import IncludedFiles
from generator.lecture.parser import read_lecture
from generator.plan.planner import find_datasets, plan_lecture

# The front matter, the text and the line that name a file: in code, an argument, an image, a bibliography, a dataset.
NAMES = {
    "code": ("", "## A\n\n:::{code} PATH\n:run: no\n:::\n", 6),
    "argument": ("", "## A\n\n:::{figure} mark\n:number: file(PATH)\n:::\n", 7),
    "experiment": ("experiments:\n  a: {recipe: toss, seed: file(PATH)}\n", "## A\n\n{value}`a.accuracy`\n", 4),
    "image": ("", "## A\n\nfirst\n![board](PATH)\n", 7),
    "image in notes": ("", "## A\n\n:::{notes}\n![board](PATH)\n:::\n", 7),
    "bibliography": ("bibliography: PATH\n", "## A\n", 3),
    "dataset": ("subtitle: x\ndataset: PATH\n", "## A\n", 4),
}
OUTSIDE = [
    "../secret.npz",
    "lectures/../../secret.npz",
    "ABSOLUTE/secret.npz",
    "figures/link.npz",
    "elsewhere/secret.npz",
]


@pytest.fixture
def errors_of(tmp_path: Path, project: Path, write_lecture):
    """Return a function that plans a lecture and returns what is wrong with it."""

    def errors(kind: str, path: str) -> list[LectureError]:
        front, text, _ = NAMES[kind]
        named = path.replace("ABSOLUTE", tmp_path.parent.as_posix())
        lecture = read_lecture(write_lecture(text.replace("PATH", named), front.replace("PATH", named)), project)
        files, report = IncludedFiles(project), Report()
        plan = plan_lecture(lecture, project, Profile(), files)
        if kind == "dataset":
            find_datasets([plan], files, report)
        return plan.errors + report.errors

    return errors


@pytest.fixture(autouse=True)
def secret(project: Path, tmp_path: Path) -> None:
    """Put a file beside the project, with links in the project that lead to it."""
    (tmp_path.parent / "secret.npz").write_bytes(b"secret")
    (project / "figures" / "link.npz").symlink_to(tmp_path.parent / "secret.npz")
    (project / "elsewhere").symlink_to(tmp_path.parent)


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("path", OUTSIDE)
def test_a_path_that_leads_out_of_the_project_is_told_at_its_line(errors_of, kind, path):
    told = [str(error) for error in errors_of(kind, path)]
    assert [text.partition(": '")[0] for text in told] == [f"lectures/sample.md:{NAMES[kind][2]}"]
    assert "lies outside the project\nhint: name a file inside the project" in told[0]


@pytest.mark.parametrize("kind", NAMES)
def test_a_file_that_there_is_not_is_told_at_its_line(errors_of, kind):
    (error,) = errors_of(kind, "figures/nothing.npz")
    assert str(error).startswith(f"lectures/sample.md:{NAMES[kind][2]}: there is no file 'figures/nothing.npz'")


def test_a_dataset_of_the_projects_own_is_no_path(errors_of):
    (error,) = errors_of("dataset", "../datasets/mnist")
    assert error.problem == "there is no dataset '../datasets/mnist'"
