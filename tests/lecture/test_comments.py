"""Comments are for the author alone."""

from pathlib import Path
from typing import Any

import pytest

from generator.document.compose import compose
from generator.errors import SourceError, Where
from generator.formats import handout, notebook, slides, teacher_notebook
from generator.lecture.blocks import Prose, walk
from generator.lecture.comments import strip_comments
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.lecture.syntax import spans_in
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
HERE = Where("lectures/sample.md", 7)


def strip(text: str) -> str:
    return strip_comments(text, HERE)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a <!-- b --> c", "a  c"),
        ("<!-- a\n\n## b\n-->\nc", "\n\n\n\nc"),
        ("a <!--\nb --> c", "a \n c"),
        ("> a <!-- b\n> c --> d", "> a \n d"),
        ("- a\n\n  <!-- b\n  c -->\n- d", "- a\n\n  \n\n- d"),
        ("| a <!-- b --> | c |\n|--|--|\n| d | e <!-- f --> |", "| a  | c |\n|--|--|\n| d | e  |"),
        ("<div>\n<!-- a -->\nb\n</div>", "<div>\n\nb\n</div>"),
        ("**a** <!-- b --> `c` <!-- d -->", "**a**  `c` "),
        ("a <!--> b", "a  b"),
    ],
)
def test_a_comment_goes_and_lines_keep_their_numbers(text: str, left: str) -> None:
    assert strip(text) == left
    assert left.count("\n") == text.count("\n")


@pytest.mark.parametrize("text", ["`<!-- a -->`", "```html\n<!-- a -->\n```", "    <!-- a -->", "- b\n\n  ```\n  <!-- a -->\n  ```", "a \\<!-- b -->", "a <!-- b"])  # fmt: skip
def test_what_looks_like_a_comment_in_code_is_code(text: str) -> None:
    assert strip(text) == text


def test_of_two_alike_the_comment_goes_and_the_code_stays() -> None:
    assert strip("`<!-- a -->` and <!-- a -->\n\n`<!-- a -->`") == "`<!-- a -->` and \n\n`<!-- a -->`"


def test_a_comment_that_is_never_closed_is_told_at_its_line() -> None:
    with pytest.raises(SourceError, match="never closed") as caught:
        strip("a\n\n<!-- b\n\nc")
    assert caught.value.where == Where("lectures/sample.md", 9)


LECTURE = """<!-- secret license -->

<!-- secret
# Lost
-->

## Title <!-- secret -->

Before <!-- secret {value}`gone.x` ![](lost.png) --> after, and `<!-- kept -->`.

<!-- secret

## Lost

:::{figure} lost
:::
-->

:::{notes}
Say <!-- secret --> it.
:::

:::{quiz} How many? <!-- secret -->
- [ ] one
<!-- secret -->
- [x] two <!-- secret -->

Because.
:::

:::{code}
:run: no
:caption: Page <!-- secret -->

page = "<!-- kept -->"
:::
"""


@pytest.fixture
def document(project: Path, write_lecture: Any) -> Any:
    lecture = read_lecture(write_lecture(LECTURE), project)
    plan = plan_lecture(lecture, project, Profile())
    assert plan.errors == []
    return compose(plan, {}, Profile(), {})


@pytest.mark.parametrize("module", [slides, handout, notebook, teacher_notebook])
def test_no_page_has_a_comment_and_every_page_keeps_code(document: Any, module: Any) -> None:
    page = module.export(document, ROOT).decode()
    assert "secret" not in page
    assert page.count("kept") == 2


def test_a_comment_names_no_anchor_and_no_role(project: Path, write_lecture: Any) -> None:
    (slide,) = read_lecture(write_lecture(LECTURE), project).slides
    assert (slide.title, slide.anchor) == ("Title", "slide-title")
    spans = [span for block in walk(slide.blocks) for text in block.texts() for span in spans_in(text.source)]
    assert [span for span in spans if span.kind == "role"] == []


def test_a_comment_by_itself_is_no_block_of_its_slide(project: Path, write_lecture: Any) -> None:
    (slide,) = read_lecture(write_lecture("## A\n\n<!-- a -->\n\nb\n\n<!-- c -->\n"), project).slides
    assert slide.blocks == (Prose("b", Where("lectures/sample.md", 8)),)


def test_a_comment_that_swallows_the_rest_of_a_lecture_is_told(project: Path, write_lecture: Any) -> None:
    with pytest.raises(SourceError, match=r"sample\.md:6: a comment is never closed"):
        read_lecture(write_lecture("## A\n\n<!-- a\n\n## B\n"), project)
