"""The courses in examples/ are built as they stand, each in a folder of its own: subjects of which the library knows nothing."""

import re
import shutil
from pathlib import Path

import pytest
from own_course import CLONE, ROOT, made_in, run_lectern

EXAMPLES = ROOT / "examples"
COURSES = sorted(path.name for path in EXAMPLES.iterdir() if path.name not in ("starter", "smallest"))


def texts_of(name: str) -> list[str]:
    """Return the texts of a course: what its lecturer has written."""
    files = [path for path in (EXAMPLES / name).rglob("*") if path.suffix in (".md", ".py", ".toml")]
    return [path.read_text(encoding="utf-8") for path in files if not {"build", ".lectern"} & {*path.parts}]


def test_there_are_three_courses_on_other_subjects():
    assert COURSES == ["fourier", "gradient_descent", "k_means"]


@pytest.mark.parametrize("name", COURSES)
def test_a_course_is_small(name):
    assert sum(text.count("\n") for text in texts_of(name)) < 150


@pytest.mark.parametrize("name", COURSES)
def test_a_course_has_an_experiment_a_kind_and_a_film_of_its_own(name):
    kinds = [path.read_text() for path in (EXAMPLES / name / "figures").glob("*.py")]
    assert len(kinds) == len([*(EXAMPLES / name / "lectures" / "experiments").glob("*.py")]) == 1
    assert "def animate(" in kinds[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", [*COURSES, "smallest"])
def test_a_course_builds_without_a_warning(name, tmp_path):
    course = Path(shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=shutil.ignore_patterns("build", ".lectern")))
    said = run_lectern(CLONE, course, "build")
    assert {"experiment", "film", "still"} == {*made_in(said)}
    assert not re.findall(r"^(?:warning|hint).*$", said, re.MULTILINE)
    assert sorted(path.name for path in next(iter((course / "build").glob("*/"))).glob("*.html")) == [
        "handout.html", "slides.html", "teacher.html"
    ]  # fmt: skip
