"""The lectures as texts: what they must answer, and what no sentence in them may do."""

import ast
import os
import re
import tomllib
from pathlib import Path

import pytest

from generator.directives.code import Code
from generator.lecture.blocks import Lecture, walk
from generator.lecture.course import Profile, lecture_names
from generator.lecture.included_files import IncludedFiles
from generator.lecture.parser import read_lecture
from generator.lecture.syntax import replace_spans
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
LECTURES = [read_lecture(ROOT / "lectures" / f"{name}.md", ROOT) for name in lecture_names(ROOT)]
NAMES = [lecture.name for lecture in LECTURES]
SEED = "convolution_and_pooling"
OWED = tomllib.loads((ROOT / "docs" / "course.toml").read_text(encoding="utf-8"))
VERDICTS = {"right": "right", "care": "with care", "wrong": "**wrong**"}

# A measured quantity beside a typed number: `99.1 % accuracy`, `93,322 parameters`, `88 errors`.
METRIC = r"(?:accuracy|errors?|parameters|inputs|weights|of them|multiplications|percent|%|digits|pixels|seeds?)"
TYPED = re.compile(rf"(?<![\w×.-])\d[\d,.]*\s*{METRIC}(?!\w)|{METRIC}\s+(?:of|is|:|are)\s+\d", re.IGNORECASE)


def lecture(name: str) -> Lecture:
    return next(lecture for lecture in LECTURES if lecture.name == name)


def prose_of(lecture: Lecture) -> list[tuple[int, str]]:
    """Return every text a reader reads, roles and code left out, with its line."""
    found = []
    for slide in lecture.slides:
        for block in walk(slide.blocks):
            for text in block.texts():
                said = replace_spans(text.source, lambda span: "" if span.kind == "role" else None)
                found.append((text.where.line, re.sub(r"`[^`]*`|\$[^$]*\$", "", said)))
    return found


def table() -> str:
    """Return docs/seed.md: each item of the seed, and the slides that answer it."""
    items = tomllib.loads((ROOT / "docs" / "seed.toml").read_text(encoding="utf-8"))["item"]
    rows = ["# What the notebook of 2017 says, and where the lecture answers", "",
            "“Wrong” stands here also for what is missing, what was a slip, and what no longer works.", "",
            "| | the notebook | verdict | answered on |", "|--:|:--|:--|:--|"]  # fmt: skip
    for number, item in enumerate(items, start=1):
        titles = [slide.title for slide in lecture(SEED).slides if str(number) in slide.answers]
        slides = [re.sub(r"\{\w+\}`[^`]*`", "…", title) for title in titles]
        rows.append(f"| {number} | {item['said']} | {VERDICTS[item['verdict']]} | {'; '.join(slides)} |")
    return "\n".join(rows) + "\n"


def course_table() -> str:
    """Return docs/course.md: each item that one of the other lectures is to show, and the slides that do."""
    rows = ["# What the other lectures are to show, and where they do"]
    for name, owed in OWED.items():
        rows += ["", f"## {lecture(name).title}", "", "| | item | shown on |", "|--:|:--|:--|"]
        for number, item in enumerate(owed["items"], start=1):
            slides = [slide.title for slide in lecture(name).slides if str(number) in slide.answers]
            rows.append(f"| {number} | {item} | {'; '.join(slides)} |")
    return "\n".join(rows) + "\n"


def test_every_lecture_but_that_of_the_seed_says_what_it_is_to_show() -> None:
    assert sorted(NAMES) == sorted([SEED, *OWED])


def test_every_item_of_the_other_lectures_is_shown_on_a_slide() -> None:
    assert [row for row in course_table().split("\n") if row.endswith("|  |")] == []


@pytest.mark.parametrize("name", OWED)
def test_no_slide_of_the_other_lectures_shows_an_item_that_there_is_not(name: str) -> None:
    marks = {mark for slide in lecture(name).slides for mark in slide.answers}
    assert marks <= {str(number) for number in range(1, len(OWED[name]["items"]) + 1)}


def test_the_table_of_the_other_lectures_is_up_to_date() -> None:
    golden = ROOT / "docs" / "course.md"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(course_table(), encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == course_table()


def test_every_item_of_the_seed_is_answered_on_a_slide() -> None:
    assert [row for row in table().split("\n") if row.endswith("|  |")] == []
    assert len(table().split("\n")) == 44 + 7


def test_no_slide_answers_an_item_that_there_is_not() -> None:
    marks = {mark for slide in lecture(SEED).slides for mark in slide.answers}
    assert marks <= {str(number) for number in range(1, 45)}


def test_the_table_of_answers_is_up_to_date() -> None:
    golden = ROOT / "docs" / "seed.md"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(table(), encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == table()


@pytest.mark.parametrize("name", NAMES)
def test_every_comparison_says_what_it_varies_and_nothing_else_differs(name: str) -> None:
    made = plan_lecture(lecture(name), ROOT, Profile())
    assert (made.errors, made.warnings) == ([], [])


def test_ways_of_pooling_are_trained_equally() -> None:
    """Of the experiments with the recipe `downsampling`, each length of training has all three."""
    ways: dict[object, set[object]] = {}
    for use in lecture(SEED).experiments.values():
        if use.recipe == "downsampling":
            given = dict(use.arguments)
            ways.setdefault(given.get("epochs"), set()).add(given["pooling"])
    assert list(ways.values()) == [{"max", "average", "strided"}] * 2


@pytest.mark.parametrize("name", NAMES)
def test_no_measured_number_is_typed(name: str) -> None:
    typed = [f"{line}: {match[0]}" for line, text in prose_of(lecture(name)) for match in TYPED.finditer(text)]
    assert typed == []


@pytest.mark.parametrize(
    ("sentence", "is_typed"),
    [
        ("It reaches 99.1 % of them.", True),
        ("It has 93,322 parameters.", True),
        ("The accuracy is 98.", True),
        ("It makes 88 errors.", True),
        ("A window of 3 × 3 cells.", False),
        ("LeNet-5 of 1998 has two poolings.", False),
    ],
)
def test_the_lint_knows_a_typed_measurement(sentence: str, is_typed: bool) -> None:
    assert bool(TYPED.search(sentence)) == is_typed


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_has_a_hole(name: str) -> None:
    """An empty emphasis, two blanks in a row or a blank before a full stop: a word is missing."""
    hole = re.compile(r"\*\*\s*\*\*|(?<=\w)  +(?=\w)| \.(?!\w|\.)")
    holes = []
    for slide in lecture(name).slides:
        for block in walk(slide.blocks):
            for text in block.texts():
                holes += [f"{text.where.line}: {match[0]!r}" for match in hole.finditer(text.source)]
    assert [found for found in holes if ". . ." not in found] == []


@pytest.mark.parametrize("name", NAMES)
def test_code_imports_nothing_that_no_block_uses(name: str) -> None:
    blocks = [block for slide in lecture(name).slides for block in walk(slide.blocks)]
    codes = [block for block in blocks if isinstance(block, Code) and block.run]
    nodes = [node for code in codes for node in ast.walk(ast.parse(code.source(IncludedFiles(ROOT))))]
    imports = [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    imported = {alias.asname or alias.name.partition(".")[0] for node in imports for alias in node.names}
    assert imported <= {node.id for node in nodes if isinstance(node, ast.Name)}


@pytest.mark.parametrize("name", NAMES)
def test_the_planned_minutes_fit_the_slot(name: str) -> None:
    planned = sum(slide.minutes or 0 for slide in lecture(name).slides)
    assert planned <= (lecture(name).minutes or planned)


def test_the_batches_that_a_lecture_counts_are_those_of_the_training() -> None:
    """No result holds the size of a batch, so the figure's option is compared with the code."""
    text = (ROOT / "lectures" / f"{SEED}.md").read_text(encoding="utf-8")
    code = (ROOT / "lectures" / "experiments" / "mnist_convnet.py").read_text(encoding="utf-8")
    sizes = re.findall(r":history: convnet\.history\n:images: .*\n:batch_size: (\d+)", text)
    assert sizes == re.findall(r"^BATCH_SIZE = (\d+)", code, re.MULTILINE)
