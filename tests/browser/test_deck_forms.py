"""Decks that are dark, or of 4:3: built from text, with pictures and films of their own."""

import contextlib
import io
import shutil
from pathlib import Path

import pytest
from deck import FAULTS, go_to, walk
from playwright.sync_api import Page, expect
from sample_project import make_full_project
from visitor import ROOT, Visitor, violations

from generator.commands.build import build_course
from generator.theme import DARK, LIGHT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FORMS = {"dark": ("dark", "16:9"), "narrow": ("light", "4:3"), "dark_narrow": ("dark", "4:3")}
TEXT = """---
title: What a convolution sees of the numbers that lie under its window
subtitle: A deck of another form
author: Ada Beispiel
theme: {theme}
aspect: "{aspect}"
bibliography: lectures/references.bib
---

# Windows and kernels

## What comes

:::{{agenda}}
:::

## One window, one number

:::{{figure}} convolution
:input: [[1, 2, 0, 1], [0, 1, 3, 2], [2, 1, 0, 1], [1, 3, 2, 0]]
:kernel: [[1, 0, 1], [0, 2, 0], [1, 0, 1]]
:name: window
:reveal: yes

Multiply what lies under the window by the kernel, cell by cell.
:::

## Text, and code beside it

::::{{columns}}
The {{term}}`stride` is one {{cite}}`dumoulin2016`. More is to be seen on {{ref}}`one-window-one-number`, which has the
picture.
+++
:::{{code}}
:highlight: 1|2
rows, columns = 4, 4
print(rows - 2, columns - 2)
:::
::::

## Numbers in a table

| layer | output | parameters | multiplications |
|:--|--:|--:|--:|
| convolution | 26, 26, 32 | 320 | 194,688 |
| pooling | 13, 13, 32 | 0 | 0 |

:::{{claim}} toss.accuracy > 0.5
It comes up heads more often than not, in {{value}}`toss.accuracy:percent0` of all tosses.
:::

## How large is the map?

:::{{quiz}} An input of four by four meets a kernel of three by three. How large is the map?
- [ ] Four by four
- [x] Two by two

A window of three has two places along an axis of four {{cite}}`lecun1998`.
:::

## Exercises

:::{{exercise}}
Compute the size of the map for a stride of two, by hand.
:::
"""
# The color of the middle of the left edge: paper, in a picture as in a frame of a film.
PAPER = """([selector, size]) => {
  const shown = document.querySelector(selector);
  if (shown instanceof SVGElement) return getComputedStyle(shown.querySelector('rect, path')).fill.match(/\\d+/g).map(Number);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  canvas.getContext('2d').drawImage(shown, 0, 0, size, size);
  return [...canvas.getContext('2d').getImageData(2, size / 2, 1, 1).data].slice(0, 3);
}"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the same text in every form, and return the folder of the pages."""
    project = make_full_project(tmp_path_factory.mktemp("forms"))
    shutil.copytree(ROOT / "figures", project / "figures", dirs_exist_ok=True)
    for name, (theme, aspect) in FORMS.items():
        (project / "lectures" / f"{name}.md").write_text(TEXT.format(theme=theme, aspect=aspect), encoding="utf-8")
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        assert build_course(str(project)) == 0, said.getvalue()
    return project / "build"


@pytest.fixture(params=FORMS)
def deck(request: pytest.FixtureRequest, built: Path, visitor: Visitor) -> Page:
    """Return the deck of one form."""
    return visitor.open(built / request.param / "slides.html")


def paper_of(page: Page, selector: str) -> list[int]:
    found: list[int] = page.evaluate(PAPER, [selector, 64])
    return found


def is_near(found: list[int], color: str) -> bool:
    wanted = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return all(abs(one - other) <= 6 for one, other in zip(found, wanted, strict=True))


def test_nothing_leaves_its_slide_in_any_form(deck: Page, visitor: Visitor) -> None:
    found = {state: faults for state in walk(deck) if (faults := deck.evaluate(FAULTS))}
    assert found == {}
    assert visitor.complaints == []


@pytest.mark.parametrize("form", ["dark", "dark_narrow"])
def test_axe_finds_nothing_on_any_dark_slide(built: Path, visitor: Visitor, axe: str, form: str) -> None:
    page = visitor.open(built / form / "slides.html", bypass_csp=True, reduced_motion="reduce")
    page.evaluate(axe)
    assert {state: faults for state in walk(page) if (faults := violations(page))} == {}


def test_slides_have_the_shape_that_the_text_asks_for(deck: Page, request: pytest.FixtureRequest) -> None:
    form = request.node.callspec.params["deck"]
    size = deck.evaluate("() => { const {width, height} = Reveal.getConfig(); return [width, height]; }")
    assert size == ([960, 720] if FORMS[form][1] == "4:3" else [1280, 720])
    box = deck.locator("section.present").bounding_box()
    assert box["width"] / box["height"] == pytest.approx(size[0] / size[1], abs=0.01)


def test_a_deck_of_four_to_three_is_printed_so(built: Path, visitor: Visitor) -> None:
    page = visitor.open(built / "narrow" / "slides.html", "?print-pdf")
    page.locator(".pdf-page").last.wait_for()
    assert b"/MediaBox [0 0 720 540]" in page.pdf(prefer_css_page_size=True)
    assert visitor.complaints == []


def test_a_deck_is_in_one_color_with_its_stills_and_its_films(deck: Page, request: pytest.FixtureRequest) -> None:
    theme = DARK if FORMS[request.node.callspec.params["deck"]][0] == "dark" else LIGHT
    go_to(deck, "one-window-one-number")
    paper = deck.evaluate("() => getComputedStyle(document.querySelector('section.present')).backgroundColor")
    assert is_near([int(part) for part in paper[4:-1].split(",")], theme.paper)
    assert is_near(paper_of(deck, "#fig-window .still"), theme.paper)
    expect(deck.locator("#fig-window.filmed")).to_be_attached()
    deck.locator("#fig-window video").evaluate("v => v.readyState >= 2 || new Promise(done => v.onloadeddata = done)")
    assert is_near(paper_of(deck, "#fig-window video"), theme.paper)


@pytest.mark.parametrize("form", FORMS)
def test_a_handout_has_pictures_in_the_colors_of_its_deck(built: Path, visitor: Visitor, form: str) -> None:
    page = visitor.open(built / form / "handout.html")
    theme = DARK if FORMS[form][0] == "dark" else LIGHT
    assert is_near(paper_of(page, "#fig-window .still"), theme.paper)


def test_a_picture_can_wait_for_a_press(deck: Page) -> None:
    go_to(deck, "one-window-one-number")
    block = deck.locator("section.present .block-figure")
    expect(block).to_have_css("visibility", "hidden")
    deck.keyboard.press("Space")
    expect(block).to_have_class("block block-figure fragment visible current-fragment")
    expect(block).to_have_css("visibility", "visible")


def test_a_citation_leads_to_the_list_of_works_and_a_reference_to_its_slide(deck: Page) -> None:
    go_to(deck, "text-and-code-beside-it")
    deck.get_by_role("link", name="“One window, one number”").click()
    deck.locator("section#one-window-one-number.present").wait_for()
    go_to(deck, "text-and-code-beside-it")
    deck.get_by_role("link", name="Dumoulin and Visin 2016").click()
    deck.locator("section#references.present").wait_for()
