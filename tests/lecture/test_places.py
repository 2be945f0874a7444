"""An error knows the column, in the lecture's file, of the very character that it is about."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import LectureError, Where
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.lecture.places import column_in_file
from generator.plan.planner import plan_lecture

# What is wrong, and how what is told of it begins.
INLINE = [
    "{valeu}`1`", "{value}`1 +`", "{ref}`nowhere`", "{compare}`1`", "![](b.png)", "![a](gone.png)", "[^9]", "[a](b.html)",
    "[x](my page)", "{value}`open", "$$x", "<video>", "`open", "[a][b]", "{.red}", "<!-- open",
]  # fmt: skip
BEGINNINGS = {"[x](my page)": "](my page)", "$$x": "$$x"}
BLOCKS = ["```\nopen", "##Title", "| a | b |", "<video>\n</video>", "::{notes}", "$$\nx"]
BEFORE = [
    "",
    "word ",
    "**b** ",
    "`c` ",
    "$x$ ",
    "é漢 ",
    "&amp; ",
    r"\* ",
    "<kbd>k</kbd> ",
    "https://example.org ",
    "<!-- c --> ",
]


def quote(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def item(mark: str) -> Callable[[str], str]:
    def write(text: str) -> str:
        first, *others = text.split("\n")
        return "\n".join([mark + first, *(" " * len(mark) + line if line else "" for line in others)])

    return write


def inside(name: str) -> Callable[[str], str]:
    def write(text: str) -> str:
        colons = ":" * (3 + text.count(":::") * 3)
        return f"{colons}{{{name}}}\nText.\n\n{text}\n{colons}"

    return write


def indented(text: str) -> str:
    """Return a directive with up to three spaces before each of its lines."""
    return "\n".join(f"  {line}" for line in inside("handout")(text).split("\n"))


CONTAINERS = st.lists(st.sampled_from([quote, item("- "), item("1. "), item("*  ")]), max_size=4)
DIRECTIVES = st.lists(st.sampled_from([inside("handout"), inside("exercise"), inside("notes"), indented]), max_size=1)
NESTING = st.tuples(CONTAINERS, DIRECTIVES, CONTAINERS).map(lambda parts: [wrap for part in parts for wrap in part])


def errors_of(path: Path) -> list[LectureError]:
    try:
        return plan_lecture(read_lecture(path, path.parents[1]), path.parents[1], Profile()).errors
    except LectureError as error:
        return [error]


def named_at(path: Path, error: LectureError) -> str:
    """Return what stands in the file at the place of an error."""
    assert error.where is not None
    assert error.where.column > 0
    return path.read_text(encoding="utf-8").split("\n")[error.where.line - 1][error.where.column - 1 :]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400, deadline=None, derandomize=True
)
@given(st.sampled_from(INLINE), st.sampled_from(BEFORE), NESTING)
def test_an_error_points_at_what_it_names_however_deep_it_is(
    write_lecture: Callable[..., Path], fault: str, before: str, nesting: list[Callable[[str], str]]
) -> None:
    text = f"One line,\n{before}{fault} and more"
    for wrap in nesting:
        text = wrap(text)
    path = write_lecture(f"## A\n\nBefore.\n\n{text}\n")
    (error, *others) = errors_of(path)
    assert others == []
    assert named_at(path, error).startswith(BEGINNINGS.get(fault, fault))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None, derandomize=True
)
@given(st.sampled_from(BLOCKS), NESTING)
def test_an_error_points_at_the_block_that_it_names(
    write_lecture: Callable[..., Path], fault: str, nesting: list[Callable[[str], str]]
) -> None:
    text = fault
    for wrap in nesting:
        text = wrap(text)
    path = write_lecture(f"## A\n\nBefore.\n\n{text}\n")
    assert any(named_at(path, error).startswith(fault.split("\n", maxsplit=1)[0]) for error in errors_of(path))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("| a | b |\n|---|---|\n| x | {valeu}`1` |", "{valeu}`1`"),
        ("## Title {valeu}`1` {minutes=3}", "{valeu}`1`"),
        ("  :::{figure} half\n  :nummer: 3\n  :::", ":nummer: 3"),
        (" :::{figur} half\n :::", ":::{figur}"),
        ("  :::{notes}\n  Never closed.", ":::{notes}"),
        (":::{exercise}\n- > [^2]\n:::", "[^2]"),
        ("Text `with\ncode` and {valeu}`1`", "{valeu}`1`"),
        ("a <!-- b --> c {valeu}`1` d", "{valeu}`1`"),
        ("<div>\n  <video>\n</div>", "<video>"),
        ("One,\na <!-- b --> c <!-- d --> {valeu}`1` <!-- e --> f", "{valeu}`1`"),
        (":::{quiz} Why {valeu}`1`?\n- [ ] a\n- [x] b\n:::", "{valeu}`1`"),
        (":::{quiz} Why?\n- [ ] a\n- [x] b {valeu}`1` c\n:::", "{valeu}`1`"),
        (":::{quiz} Why?\n- [ ] a\n- [x] b\n\nBecause\nof {valeu}`1`.\n:::", "{valeu}`1`"),
        (":::{figure} half\n:number: 3\n:caption: By {valeu}`1`\n:::", "{valeu}`1`"),
        (":::{figure} half\n:number: 3\n\n  A long\n  caption by {valeu}`1`\n  and others\n:::", "{valeu}`1`"),
        (":::{claim} toss.accuracy < 2\nSo {valeu}`1` is.\n:::", "{valeu}`1`"),
    ],
)
def test_an_error_points_at_what_it_names(write_lecture: Callable[..., Path], text: str, named: str) -> None:
    path = write_lecture(f"## A\n\n{text}\n")
    (error, *_) = errors_of(path)
    assert named_at(path, error).startswith(named)


@pytest.mark.parametrize(
    ("front", "named"),
    [
        ("theme: {", ""),
        ("experiments: {a: b, a: c}\n", "a: c"),
        ("experiments: {toss: coin, Net: coin}\n", "Net: coin"),
        ("experiments:\n  toss: {recipe: coin, seeds: no}\n", "toss:"),
        ("minits: 3\n", "minits"),
        ("minutes: never\n", "minutes"),
        ("dataset: @home\n", "@home"),
    ],
)
def test_an_error_points_into_the_front_matter(write_lecture: Callable[..., Path], front: str, named: str) -> None:
    path = write_lecture("## A\n", front)
    (error, *_) = errors_of(path)
    assert named_at(path, error).startswith(named)


def test_an_error_points_into_a_file_that_is_included(write_lecture: Callable[..., Path], project: Path) -> None:
    (project / "shared.md").write_text("Words.\n\n- two {valeu}`1`\n\n<!-- open\n")
    path = write_lecture("## A\n\n:::{include} shared.md\n:::\n")
    (error,) = errors_of(path)
    assert (str(error.where), error.where and error.where.column) == ("shared.md:5", 1)
    (project / "shared.md").write_text("Words.\n\n- two {valeu}`1`\n")
    (error,) = errors_of(path)
    assert (str(error.where), error.where and error.where.column) == ("shared.md:3", 7)


def test_a_place_is_compared_and_printed_without_its_column() -> None:
    assert (Where("x.md", 3, 7), str(Where("x.md", 3, 7))) == (Where("x.md", 3, 9), "x.md:3")
    assert len({Where("x.md", 3, 7), Where("x.md", 3)}) == 1


@pytest.mark.parametrize(
    ("text", "column", "line", "found"),
    [("ab", 2, "ab", 2), ("ab", 2, "   ab", 5), ("a c", 3, "a <!-- b --> c", 14), ("a c", 1, "a <!-- b --> c", 1),
     ("else", 2, "other", 0), ("mid", 1, "a mid b", 3)],
)  # fmt: skip
def test_a_column_of_a_text_is_found_in_the_line_it_comes_from(text: str, column: int, line: str, found: int) -> None:
    assert column_in_file(text, column, line) == found
