"""`file(…)` names a file of the project: found by the plan, part of the task's key, a path for the recipe."""

import hashlib
import os
from pathlib import Path

import pytest

from generator.commands import up_to_date
from generator.disk import take_stamp
from generator.document.compose import compose
from generator.engine.executor import Executor, Outcome
from generator.engine.local_workers import LocalWorkers
from generator.engine.progress import Progress
from generator.engine.store import Store
from generator.engine.task import Argument
from generator.errors import RecipeError, SourceError, Where
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.arguments import read_argument
from generator.plan.planner import Plan, plan_lecture
from generator.runners.inputs import SOURCES

HERE = Where("lectures/sample.md", 7)
READS = '''"""What a file says."""

from pathlib import Path


def measure(*, path: Path, times: int = 1) -> dict:
    return {"kind": type(path).__name__, "words": path.read_text() * times}
'''
DRAWS = """

def describe(trace): ...


def draw(trace, theme): ...
"""
FRONT = "experiments:\n  mine: {recipe: reads, path: file(models/mine.txt)}\n"
TEXT = "## A\n\n{value}`mine.words`\n"


@pytest.fixture
def models(project: Path) -> Path:
    """Return the folder of models of the project, with one in it, and give the project an experiment that reads it."""
    (project / "lectures" / "experiments" / "reads.py").write_text(READS)
    (project / "models").mkdir()
    (project / "models" / "mine.txt").write_text("one")
    return project / "models"


def plan(path: Path) -> Plan:
    project = path.parent.parent
    return plan_lecture(read_lecture(path, project), project, Profile())


def use(argument: str) -> str:
    return f"experiments:\n  mine: {{recipe: reads, path: {argument}}}\n"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("file(models/mine.keras)", "models/mine.keras"),
        ('file("models/mine.keras")', "models/mine.keras"),
        ("file('models/mine.keras')", "models/mine.keras"),
        (" file( models/a net-2 (old).keras ) ", "models/a net-2 (old).keras"),
        ("file(mine.keras)", "mine.keras"),
    ],
)
def test_a_file_is_named_with_or_without_quotes(text, path):
    assert read_argument(text, HERE) == Argument("file", path)


@pytest.mark.parametrize("text", ["file()", 'file("")', 'file("a)', 'file("a", "b")', 'file("a\\0")', "file(a\nb)"])
def test_what_names_no_file_is_refused(text):
    with pytest.raises(RecipeError, match="does not fit") as caught:
        read_argument(text, HERE)
    assert caught.value.hint == "write file(models/net.keras)"


def test_the_plan_has_the_path_and_the_digest_of_what_is_in_it(models, write_lecture):
    (task,) = plan(write_lecture(TEXT, FRONT)).tasks.values()
    digest = hashlib.sha256(b"one").hexdigest()
    assert dict(task.arguments)["path"] == Argument("file", "models/mine.txt", digest)


def test_a_figure_takes_a_file_too(project, models, write_lecture):
    (project / "figures" / "page.py").write_text(READS.replace("measure", "trace") + DRAWS)
    made = plan(write_lecture("## A\n\n:::{figure} page\n:path: file('models/mine.txt')\n:::\n"))
    assert made.errors == []
    assert [dict(task.arguments)["path"].form for task in made.tasks.values()] == ["file"]


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("file(models/mein.txt)", "there is no file 'models/mein.txt'\nhint: did you mean 'models/mine.txt'?"),
        ("file(model/mine.txt)", "there is no file 'model/mine.txt'\nhint: did you mean 'models/mine.txt'?"),
        ("file(model/other.txt)", "there is no file 'model/other.txt'\nhint: did you mean 'models'?"),
        ("file(nowhere/at/all)", "there is no file 'nowhere/at/all'\nhint: paths start at the project's folder"),
        ("file(models)", "'models' is a folder\nhint: name a file in it"),
        ("file(../mine.txt)", "'../mine.txt' lies outside the project\nhint: name a file inside the project"),
        ("file(models/../../x)", "'models/../../x' lies outside the project\nhint: name a file inside the project"),
        ("file(/etc/passwd)", "'/etc/passwd' lies outside the project\nhint: name a file inside the project"),
        ("models/mine.txt", "'path' of experiment 'reads' cannot be 'models/mine.txt'\nhint: it takes file(folder/name)"),
        ("file(models/mine.txt), times: file(models/mine.txt)", "'times' of experiment 'reads' cannot be 'models/mine.txt'\nhint: it takes int"),
    ],
)  # fmt: skip
def test_what_cannot_be_the_file_is_told_with_its_line(models, write_lecture, argument, told):
    (error,) = plan(write_lecture("## A\n", use(argument))).errors
    assert str(error) == f"lectures/sample.md:4: {told}"


def test_a_link_out_of_the_project_is_refused_and_one_inside_is_followed(models, write_lecture, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text("secret")
    (models / "out.txt").symlink_to(secret)
    (models / "in.txt").symlink_to(models / "mine.txt")
    (error,) = plan(write_lecture("## A\n", use("file(models/out.txt)"))).errors
    assert error.problem == "'models/out.txt' lies outside the project"
    assert plan(write_lecture("## A\n", use("file(models/in.txt)"))).errors == []


def test_a_link_in_a_circle_and_a_name_too_long_are_told(models, write_lecture):
    (models / "ring.txt").symlink_to(models / "ring.txt")
    for name in ("models/ring.txt", "x" * 300):
        (error,) = plan(write_lecture("## A\n", use(f"file({name})"))).errors
        assert error.where == Where("lectures/sample.md", 4)


def test_other_content_makes_another_task_and_the_same_content_the_same(models, write_lecture):
    path = write_lecture(TEXT, FRONT)
    before = list(plan(path).tasks)
    (models / "mine.txt").write_text("two")
    changed = list(plan(path).tasks)
    (models / "mine.txt").write_text("one")
    assert changed != before
    assert list(plan(path).tasks) == before


@pytest.fixture
def make(project, full_project, models, write_lecture):
    """Return a function that builds the lecture, as it stands, and tells what came of it."""
    path = write_lecture(TEXT, FRONT)

    def build() -> Outcome:
        made = plan(path)
        assert made.errors == []
        with open(os.devnull, "w") as silence:  # noqa: PTH123
            builder = Executor(
                full_project, Store(full_project / ".lectern" / "store"), Progress(silence), LocalWorkers(full_project)
            )
            return builder.make(made.tasks, {"mnist": (full_project / "none.npz", "0")})

    return build


def test_the_recipe_gets_a_path_and_runs_again_only_for_other_content(make, models):
    (artifact,) = make().artifacts.values()
    assert artifact.facts["words"] == "one"
    assert artifact.facts["kind"].endswith("Path")
    os.utime(models / "mine.txt", (1, 1))
    assert make().ran == 0
    (models / "mine.txt").write_text("two")
    (artifact,) = make().artifacts.values()
    assert artifact.facts["words"] == "two"
    (models / "mine.txt").write_text("one")
    assert make().ran == 0


def test_a_file_that_changes_while_the_course_is_built_is_not_taken(project, models):
    argument = {"value": "models/mine.txt", "source": hashlib.sha256(b"another").hexdigest()}
    with pytest.raises(SourceError, match="has changed since the build began"):
        SOURCES["file"](argument, {"project": str(project)})


def test_a_course_is_not_up_to_date_when_a_file_that_it_names_has_changed(project, models, write_lecture):
    before = {**up_to_date.snapshot(str(project), []), **plan(write_lecture(TEXT, FRONT)).files.states}
    up_to_date.remember_build(str(project), ["full"], [], before)
    assert up_to_date.find_up_to_date(str(project), ["full"]) == []
    (models / "mine.txt").write_text("longer")
    assert up_to_date.find_up_to_date(str(project), ["full"]) is None
    (models / "mine.txt").unlink()
    assert up_to_date.find_up_to_date(str(project), ["full"]) is None


def test_code_from_anywhere_in_the_project_is_named_too(project, write_lecture):
    (project / "tour.py").write_text("print(1)\n")
    read = plan(write_lecture("## A\n\n:::{code} tour.py\n:::\n")).files.states
    assert read == {str(project / "tour.py"): take_stamp(str(project / "tour.py"))}


def test_the_fast_check_and_the_files_that_a_build_reads_tell_states_alike(project):
    found: dict[str, object] = {}
    for place in (project / "figures" / "mark.py", project / "none.py"):
        up_to_date.scan(str(place), found)
        assert found[str(place)] == take_stamp(str(place))


def test_an_edit_while_a_course_is_built_shows_on_no_page(project, write_lecture):
    (project / "tour.py").write_text("print(1)\n")
    made = plan(write_lecture("## A\n\n:::{code} tour.py\n:run: no\n:::\n"))
    (project / "tour.py").write_text("print(2)\n")
    cells = compose(made, {}, Profile(), {}).notebook.cells
    assert cells[1].source == "print(1)"
