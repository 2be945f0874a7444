"""`{include}` puts the text of another file, or a section of it, in its place, and its errors name that file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.commands.build import build_course
from generator.commands.up_to_date import find_up_to_date
from generator.errors import LectureError
from generator.lecture.blocks import Lecture, Only, Prose, walk
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

SHARED = """---
title: Shared
---
# Optimizers

## Momentum {#heavy minutes=2}

It rolls on.

### Nesterov

It looks ahead.

## Adam

It adapts, see [there][a].

[a]: https://example.org/adam
"""


@pytest.fixture
def read(project: Path, write_lecture: Callable[..., Path]) -> Callable[..., Lecture]:
    """Return a function that reads a lecture beside which `lectures/shared/sgd.md` holds `shared`."""

    def read(text: str, shared: str = SHARED, **files: str) -> Lecture:
        (project / "lectures" / "shared").mkdir(exist_ok=True)
        for name, content in {"sgd": shared, **files}.items():
            (project / "lectures" / "shared" / f"{name}.md").write_text(content, encoding="utf-8")
        return read_lecture(write_lecture(text), project)

    return read


def include(name: str = "sgd", *options: str) -> str:
    return "\n".join([f":::{{include}} lectures/shared/{name}.md", *options, ":::\n"])


def error_of(read: Callable[..., Lecture], *arguments: str, **files: str) -> LectureError:
    with pytest.raises(LectureError) as caught:
        read(*arguments, **files)
    return caught.value


def test_the_slides_of_a_file_stand_in_its_place(read: Any) -> None:
    lecture = read(f"## A\n\none\n\n{include()}\ntwo\n\n## B\n")
    assert [slide.title for slide in lecture.slides] == ["A", "Optimizers", "Momentum", "Adam", "B"]
    assert [slide.part for slide in lecture.slides] == ["", *["Optimizers"] * 4]
    assert [block.text for block in lecture.slides[3].blocks][-1] == "two"


def test_each_slide_and_block_knows_its_own_file_and_line(read: Any) -> None:
    slides = read(f"## A\n\n{include()}\n").slides
    assert [str(slide.where) for slide in slides] == [
        "lectures/sample.md:4", "lectures/shared/sgd.md:4", "lectures/shared/sgd.md:6", "lectures/shared/sgd.md:14",
    ]  # fmt: skip
    assert str(slides[2].blocks[0].where) == "lectures/shared/sgd.md:8"


@pytest.mark.parametrize("section", ["Momentum", "heavy", "#heavy"])
def test_a_section_is_found_by_its_title_or_its_name(read: Any, section: str) -> None:
    lecture = read(include("sgd", f":section: {section}"))
    assert [(slide.title, slide.anchor, slide.minutes) for slide in lecture.slides] == [("Momentum", "heavy", 2)]
    assert [block.text for block in lecture.slides[0].blocks] == ["It rolls on.\n\n### Nesterov\n\nIt looks ahead."]


def test_a_section_within_a_slide_is_text_wherever_it_is_asked_for(read: Any) -> None:
    lecture = read(f"## A\n\n::::{{handout}}\n{include('sgd', ':section: Nesterov')}::::\n")
    (only,) = lecture.slides[0].blocks
    assert isinstance(only, Only)
    assert [block.text for block in walk(only.blocks) if isinstance(block, Prose)] == [
        "### Nesterov\n\nIt looks ahead."
    ]


def test_the_links_that_it_defines_hold(read: Any, project: Path) -> None:
    assert read(f"## A\n\n{include()}").definitions == (("A", "https://example.org/adam", ""),)


def test_what_is_wrong_in_it_is_told_at_its_own_line(read: Any, project: Path) -> None:
    lecture = read(f"## A\n\n{include()}", shared="Fine.\n\n{value}`nothing` and {valeu}`x`\n")
    (error,) = plan_lecture(lecture, project, Profile()).errors
    assert str(error).startswith("lectures/shared/sgd.md:3: there is no role '{valeu}'")
    wrong = error_of(read, f"## A\n\n{include()}", "Fine.\n\n:::{notes}\nopen\n")
    assert str(wrong).startswith("lectures/shared/sgd.md:3: ':::{notes}' is never closed")


def test_all_that_is_wrong_in_a_lecture_and_in_what_it_includes_is_told_together(read: Any) -> None:
    first = error_of(read, f"## A\n\n:::{{figur}}\n:::\n\n{include()}\n## {{}}\n", ":::{claim}\n:::\n")
    assert [str(error).partition(": ")[0] for error in (first, *first.others)] == [
        "lectures/sample.md:6", "lectures/shared/sgd.md:1", "lectures/sample.md:12",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("directive", "line", "problem"),
    [
        (":::{include}\n:::", 6, "'{include}' needs the name of a Markdown file"),
        (":::{include} lectures/code.py\n:::", 6, "'{include}' needs the name of a Markdown file"),
        (":::{include} lectures/shared/sgb.md\n:::", 6, "there is no file 'lectures/shared/sgb.md'"),
        (":::{include} ../sgd.md\n:::", 6, "'../sgd.md' lies outside the project"),
        (include("sgd", ":section: Momentun"), 7, "'lectures/shared/sgd.md' has no section 'Momentun'"),
        (include("sgd", ":lines: 3"), 7, "'{include}' has no option 'lines'"),
        (include("twice", ":section: B"), 7, "'lectures/shared/twice.md' has 2 sections 'B'"),
        (include("sgd", "words"), 7, "'{include}' stands for another text, and takes no text"),
        (include("empty"), 6, "'lectures/shared/empty.md' is empty"),
        (include("round"), 1, "'lectures/shared/round.md' includes itself"),
        (include("open"), 1, "the front matter is never closed"),
    ],
)
def test_what_cannot_be_included_is_told(read: Any, directive: str, line: int, problem: str) -> None:
    files = {
        "twice": "## B\n\n## B\n",
        "empty": "---\ntitle: E\n---\n\n",
        "round": include("round"),
        "open": "---\ntitle: O\n\nx\n",
    }
    error = error_of(read, f"## A\n\n{directive}\n", **files)
    assert (error.problem, error.where.line if error.where else 0) == (problem, line)


def test_a_slide_cannot_begin_inside_another_directive(read: Any, project: Path) -> None:
    lecture = read(f"## A\n\n::::{{handout}}\n{include()}::::\n")
    problems = [str(error).split("\n")[0] for error in plan_lecture(lecture, project, Profile()).errors]
    assert problems[0] == "lectures/shared/sgd.md:4: no slide can begin here"


def test_a_section_takes_along_the_links_that_are_defined_elsewhere_in_its_file(read: Any, project: Path) -> None:
    shared = '## One\n\nSee [there][a] and [b].\n\n## Two\n\n[a]: https://example.org/ "A \\"title\\""\n[b]: https://example.org/b\n[c]: x\n'
    lecture = read(include("sgd", ":section: One") + include("sgd", ":section: One"), shared)
    assert lecture.definitions == (("A", "https://example.org/", 'A "title"'), ("B", "https://example.org/b", ""))
    assert plan_lecture(lecture, project, Profile()).errors == []


def test_a_link_that_is_defined_elsewhere_otherwise_is_told(read: Any) -> None:
    error = error_of(read, f"## A\n\n[a]\n\n[a]: https://example.org/\n\n{include('sgd', ':section: Adam')}\n")
    assert (error.problem, str(error.where)) == ("the link '[a]' is defined twice", "lectures/shared/sgd.md:18")


def test_texts_that_are_included_twice_stay_paragraphs(read: Any) -> None:
    parts = [include("sgd", f":section: {name}") for name in ("B", "C", "C")]
    lecture = read("## A\n\n" + "".join(parts), "### B\n\nb\n\n### C\n\nc\n")
    blocks = [(block.where.line, block.text) for block in lecture.slides[0].blocks]
    assert blocks == [(1, "### B\n\nb\n\n### C\n\nc"), (5, "### C\n\nc")]


def test_sections_with_one_title_are_told_with_what_can_be_done(read: Any) -> None:
    slides, parts = ({"twice": f"{mark} B\n\nb\n\n{mark} B\n\nb\n"} for mark in ("##", "###"))
    hints = [error_of(read, f"## A\n\n{include('twice', ':section: B')}", **files).hint for files in (slides, parts)]
    assert hints == ["give the one a name behind its title, such as {#mine}", "give the one another title"]


@pytest.mark.slow
def test_lectures_share_a_slide_and_an_edit_of_it_reaches_both(
    write_lecture: Callable[..., Path], full_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = full_project / "lectures" / "shared"
    shared.mkdir(exist_ok=True)
    (shared / "rule.md").write_text("## The rule\n\nHeads count {value}`toss.accuracy`.\n")
    for name, own in (("first", "One."), ("second", "Two.")):
        write_lecture(f"## Here\n\n{own}\n\n:::{{include}} lectures/shared/rule.md\n:::\n", name=name)
    pages = [full_project / "build" / name / "handout.html" for name in ("first", "second")]
    assert build_course(str(full_project), words=["build"]) == 0
    assert capsys.readouterr().out.count("experiment toss") == 1
    assert all("Heads count" in page.read_text() for page in pages)
    (shared / "rule.md").write_text("## The rule\n\nTails count {value}`toss.accuracy`.\n")
    assert find_up_to_date(str(full_project), ["build"]) is None
    assert build_course(str(full_project), words=["build"]) == 0
    assert all("Tails count" in page.read_text() for page in pages)
    assert "experiment toss" not in capsys.readouterr().out
