"""The anchors of slides: stable, unique, and of any script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.lecture.blocks import RESERVED, anchor_of, stem_of
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

TITLES = st.lists(st.sampled_from(["A", "A 2", "a", "Closing", "Fig 1", "", "שלום", "2"]), max_size=12)


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("What it costs: 3 x 3", "what-it-costs-3-x-3"),
        ("It is {value}`toss.accuracy`", "it-is"),
        ("שלום עולם", "שלום-עולם"),
        ("Свёртка", "свёртка"),
        ("हिन्दी भाषा", "हिन्दी-भाषा"),
        ("畳み込み", "畳み込み"),
        ("Café Ñandú ＡＢＣ", "cafe-nandu-abc"),
        ("???", "slide"),
        ("R &amp; D, <b>bold</b> and [linked](https://a.b)", "r-d-bold-and-linked"),
        ("`code` and $k \\times k$", "code-and-k-times-k"),
    ],
)
def test_an_anchor_is_the_letters_of_the_title_in_its_own_script(title: str, anchor: str) -> None:
    assert anchor_of(title, set()) == anchor


@pytest.mark.parametrize("title", ["Title", "Text", "Made", "Glossary", "References", "References 2", "Fig conv", "Work x", "Term x", "2024"])  # fmt: skip
def test_no_slide_is_called_like_a_part_of_the_page_or_a_number(title: str) -> None:
    assert anchor_of(title, set()) == f"slide-{stem_of(title)}"


@given(TITLES)
def test_no_two_slides_are_called_alike(titles: list[str]) -> None:
    taken: set[str] = set()
    anchors = [anchor_of(title, taken) for title in titles]
    assert len(set(anchors)) == len(anchors)
    assert not any(RESERVED.fullmatch(anchor) for anchor in anchors)


@given(st.text())
def test_a_stem_can_be_asked_for_as_it_is(text: str) -> None:
    assert stem_of(stem_of(text)) == stem_of(text)


def test_a_reference_leads_to_a_slide_of_any_script(project: Path, write_lecture: Callable[..., Path]) -> None:
    lecture = read_lecture(write_lecture("## שלום עולם\n\n{ref}`שלום-עולם`\n"), project)
    plan = plan_lecture(lecture, project, Profile())
    assert plan.errors == []


def test_a_slide_called_like_a_part_of_the_page_can_be_referred_to_by_its_title(project, write_lecture) -> None:
    lecture = read_lecture(write_lecture("## Glossary\n\n{ref}`glossary` and {ref}`slide-glossary`\n"), project)
    assert plan_lecture(lecture, project, Profile()).errors == []


def figures(*names: str) -> str:
    return "## A\n" + "".join(f"\n:::{{figure}} half\n:number: 3\n:name: {name}\n:::\n" for name in names)


@pytest.mark.parametrize("names", [("a b",), ("2",), ("a-film",), ("a_words",), ("a-b", "a_b")])
def test_a_figure_whose_id_would_not_be_its_own_is_refused(project, write_lecture, names):
    lecture = read_lecture(write_lecture(figures(*names)), project)
    assert plan_lecture(lecture, project, Profile()).errors != []
