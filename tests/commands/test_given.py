"""A slide that needs what is not on every machine is left out in one line, and is there where that is given."""

import json
from pathlib import Path

import pytest

from generator.commands.build import build_course
from generator.commands.verify import verify
from generator.commands.why import explain
from generator.errors import SourceError
from generator.lecture.course import Profile, read_course
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

TEXT = """---
title: Given
experiments:
  sizes: {recipe: sizes, file: given(letters/b.txt)}
  twice: {recipe: twice, size: sizes.bytes}
---

## Here

Always there.

## Far away {given=letters}

{value}`sizes.bytes` bytes, and twice that: {value}`twice.size`.

---

More of it.

## Here again

The end.
"""

SIZES = '''"""The bytes of a file."""

from pathlib import Path


def measure(*, file: Path) -> dict:
    return {"bytes": len(file.read_bytes()), "file": file.name}
'''
TWICE = '''"""Twice a number."""


def measure(*, size: int) -> dict:
    return {"size": 2 * size}
'''


@pytest.fixture
def lecture(project: Path) -> Path:
    for name, text in (("sizes", SIZES), ("twice", TWICE)):
        (project / "lectures" / "experiments" / f"{name}.py").write_text(text)
    (project / "lectures" / "given.md").write_text(TEXT)
    return project


@pytest.fixture
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("letters")
    (folder / "a.txt").write_text("abc")
    (folder / "b.txt").write_text("de")
    return folder


def read(project: Path, *given: str):
    course = read_course(project, given)
    return read_lecture(project / "lectures" / "given.md", project, given=course.given)


def test_a_slide_that_needs_what_is_not_given_is_left_out_with_what_goes_on_from_it(lecture: Path) -> None:
    found = read(lecture)
    assert [slide.title for slide in found.slides] == ["Here", "Here again"]
    assert list(map(str, found.left_out)) == ["lectures/given.md:12: 'Far away' is left out: no letters is given"]


def test_its_experiments_are_left_out_too(lecture: Path) -> None:
    plan = plan_lecture(read(lecture), lecture, Profile())
    assert plan.errors == []
    assert plan.experiments == {}


def test_where_it_is_given_the_slide_is_there_and_its_experiment_gets_the_path(lecture: Path, letters: Path) -> None:
    found = read(lecture, f"letters={letters}")
    assert [slide.title for slide in found.slides] == ["Here", "Far away", "Far away", "Here again"]
    plan = plan_lecture(found, lecture, Profile())
    assert plan.errors == []
    arguments = dict(plan.tasks[plan.experiments["sizes"][0]].arguments)
    assert (arguments["file"].form, arguments["file"].value) == ("file", str(letters / "b.txt"))


def test_another_content_is_another_task(lecture: Path, letters: Path) -> None:
    def task() -> str:
        return plan_lecture(read(lecture, f"letters={letters}"), lecture, Profile()).experiments["sizes"][0]

    before = task()
    (letters / "b.txt").write_text("fg")
    changed = task()
    (letters / "a.txt").write_text("nobody reads it")
    assert before != changed == task()


def test_the_course_file_gives_as_the_command_line_does(lecture: Path, letters: Path) -> None:
    (lecture / "lectures" / "course.toml").write_text(
        f"lectures = []\n\n[given]\nletters = {json.dumps(str(letters))}\n"
    )
    assert read_course(lecture).given == {"letters": str(letters)}
    other = letters / "a.txt"
    assert read_course(lecture, [f"letters={other}"]).given == {"letters": str(other)}


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ('letters = "/nowhere/at/all"', "course.toml:4: there is no '/nowhere/at/all', which is given as 'letters'"),
        ("letters = 3", "course.toml:4: 'letters' is given as a path, not 3"),
        ('Letters = "/"', "course.toml:4: nothing can be given as 'Letters'"),
    ],
)
def test_what_is_given_and_not_there_is_an_error_at_its_line(lecture: Path, table: str, problem: str) -> None:
    (lecture / "lectures" / "course.toml").write_text(f"lectures = []\n\n[given]\n{table}\n")
    with pytest.raises(SourceError) as caught:
        read_course(lecture)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("word", "problem"),
    [("letters", "'letters' gives nothing"), ("letters=/nowhere/at/all", "there is no '/nowhere/at/all'")],
)
def test_what_the_command_line_gives_is_judged_alike(lecture: Path, word: str, problem: str) -> None:
    with pytest.raises(SourceError, match=problem):
        read_course(lecture, [word])


def test_a_slide_that_is_there_cannot_use_what_is_not_given(lecture: Path) -> None:
    path = lecture / "lectures" / "given.md"
    path.write_text(TEXT.replace("Always there.", "Twice: {value}`twice.size`."))
    errors = plan_lecture(read(lecture), lecture, Profile()).errors
    assert [error.where.line for error in errors if error.where] == [10]
    assert "'twice' needs 'letters', which is not given" in str(errors[0])
    assert "write {given=letters} behind the heading of its slide" in str(errors[0])


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("given(letters/c.txt)", "letters0/c.txt'"),
        ("given(letters)", "is a folder"),
    ],
)
def test_what_is_given_and_is_not_what_it_should_be_is_an_error_at_its_line(
    lecture: Path, letters: Path, written: str, problem: str
) -> None:
    path = lecture / "lectures" / "given.md"
    path.write_text(TEXT.replace("given(letters/b.txt)", written))
    error = plan_lecture(read(lecture, f"letters={letters}"), lecture, Profile()).errors[0]
    assert str(error).startswith("lectures/given.md:4:")
    assert problem.replace("letters0", letters.name) in str(error)


@pytest.mark.parametrize(
    ("heading", "problem"),
    [
        ("# Far away {given=letters}", "a part cannot need 'letters'"),
        ("## Far {given=A-b}", "a slide cannot need 'A-b'"),
    ],
)
def test_what_no_slide_can_need_is_refused(lecture: Path, heading: str, problem: str) -> None:
    path = lecture / "lectures" / "given.md"
    path.write_text(TEXT.replace("## Far away {given=letters}", heading))
    with pytest.raises(SourceError, match=problem):
        read(lecture)


@pytest.mark.slow
def test_a_build_says_what_it_leaves_out_and_shows_what_it_is_given(
    full_project: Path, letters: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (("sizes", SIZES), ("twice", TWICE)):
        (full_project / "lectures" / "experiments" / f"{name}.py").write_text(text)
    (full_project / "lectures" / "given.md").write_text(TEXT)
    monkeypatch.chdir(full_project)
    assert build_course(str(full_project)) == 0
    assert "lectures/given.md:12: 'Far away' is left out: no letters is given\n" in capsys.readouterr().out
    handout = full_project / "build" / "given" / "handout.html"
    assert "Far away" not in handout.read_text()
    assert build_course(str(full_project), given=[f"letters={letters}"]) == 0
    assert "left out" not in capsys.readouterr().out
    page = handout.read_text()
    assert "Far away" in page
    assert ">2</" in page
    assert ">4</" in page
    assert explain(str(full_project), "full", "sizes", [f"letters={letters}"]) == 0
    assert "up to date" in capsys.readouterr().out
    assert verify(str(full_project), "full", 5, [f"letters={letters}"]) == 0
    assert "made 2 of 2 results again: 0 differences" in capsys.readouterr().out
    assert explain(str(full_project), "full", "sizes") == 1
