"""The gallery as a lecturer meets it: its pages in light and in the dark, on a phone, and without a network."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Page, expect
from sample_lecture import FRONT, STEPS, sample_assets, sample_notebook
from visitor import ROOT, Visitor, violations

from generator.commands.gallery import gallery_pages
from generator.document.tree import Document
from generator.errors import Where
from generator.plan.recipes import read_recipe

pytestmark = pytest.mark.browser

BUILT = ROOT / "build" / "gallery"
GALLERIES = ["sample", *(["built"] if (BUILT / "index.html").is_file() else [])]
TEXT = ":::{figure} convolution\n:strides: 2\n:::\n:::{figure} pooling\n:input: [[" + "1, " * 99 + "1]]\n:::\n"
FACTS = {"shape": {"height": 3, "width": 3}, "verdict": "the one is above the other, " * 9}


def heading(kind: str, text: str, line: int) -> Any:
    """Return the cell that begins a part or a slide."""
    cell = nbformat.v4.new_markdown_cell(text)
    cell.metadata["lectern"] = {
        "kind": kind,
        "slide": text.strip("# "),
        "line": line,
        "cell": {"title": text.strip("# ")},
    }
    return cell


@pytest.fixture(scope="session")
def sample_gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with a gallery of two kinds, one of them with a film."""
    film, strip = (c for c in sample_notebook().cells if c.metadata["lectern"].get("cell", {}).get("steps"))
    cells = [heading("part", "# Layers", 1)]
    for kind, figure, line in (("convolution", film, 1), ("pooling", strip, 4)):
        figure.metadata["lectern"] |= {"line": line, "cell": {**figure.metadata["lectern"]["cell"], "facts": FACTS}}
        cells += [heading("slide", f"## {kind}", line), figure]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"lectern": FRONT})
    assets = sample_assets()
    assets |= {f"{name}-dark": {**files, **assets["fig-4"]} for name, files in assets.items()}
    recipes = {kind: read_recipe("figure", kind, ROOT, Where("here")) for kind in ("convolution", "pooling")}
    folder = tmp_path_factory.mktemp("gallery")
    for name, page in gallery_pages(Document(notebook).tree("handout"), assets, recipes, TEXT).items():
        (folder / name).write_bytes(page)
    return folder


@pytest.fixture(params=GALLERIES)
def gallery(request: pytest.FixtureRequest, sample_gallery: Path) -> Path:
    """Return the folder of a gallery: the made-up one, and that of the project where it is built."""
    return sample_gallery if request.param == "sample" else BUILT


def each_page(gallery: Path, page: Page) -> Iterator[str]:
    """Yield the names of all pages, each opened in `page` when its turn comes."""
    names = sorted(path.name for path in gallery.glob("*.html"))
    assert "index.html" in names
    for name in names:
        page.goto((gallery / name).as_uri())
        yield name


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_asks_for_anything_complains_or_scrolls_sideways(gallery: Path, visitor: Visitor, width: int) -> None:
    page = visitor.open(gallery / "index.html", viewport={"width": width, "height": 800})
    wide = {}
    for name in each_page(gallery, page):
        for button in page.locator("button.play").all():
            button.click()
        wide[name] = page.evaluate("() => document.documentElement.scrollWidth")
    assert {name: found for name, found in wide.items() if found > width} == {}
    assert visitor.loaded_from_elsewhere == []
    assert visitor.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(gallery: Path, visitor: Visitor, scheme: str) -> None:
    axe = (ROOT / "setup" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    page = visitor.open(gallery / "index.html", color_scheme=scheme, bypass_csp=True)
    found = {}
    for name in each_page(gallery, page):
        page.evaluate(axe)
        found[name] = violations(page)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_every_link_leads_to_a_page_and_every_picture_has_loaded(gallery: Path, visitor: Visitor) -> None:
    page = visitor.open(gallery / "index.html")
    for name in each_page(gallery, page):
        links = page.evaluate("() => [...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")
        assert [link for link in links if not link.startswith("#") and not (gallery / link).is_file()] == [], name
        page.evaluate("() => Promise.all([...document.images].map(image => image.decode()))")


def test_headings_never_skip_a_level_and_boxes_that_scroll_can_be_reached(gallery: Path, visitor: Visitor) -> None:
    page = visitor.open(gallery / "index.html", viewport={"width": 320, "height": 800})
    stuck = """() => [...document.querySelectorAll('pre, div')].filter(box => box.scrollWidth > box.clientWidth + 2
        && /auto|scroll/.test(getComputedStyle(box).overflowX) && box.tabIndex < 0).length"""
    for name in each_page(gallery, page):
        levels = page.evaluate("() => [...document.querySelectorAll('h1, h2, h3, h4')].map(h => Number(h.tagName[1]))")
        assert levels.count(1) == 1, name
        assert all(below <= above + 1 for above, below in pairwise(levels)), name
        assert page.evaluate(stuck) == 0, name


def test_small_pictures_follow_the_readers_choice_of_light_or_dark(sample_gallery: Path, visitor: Visitor) -> None:
    seen = []
    for scheme in ("light", "dark"):
        page = visitor.open(sample_gallery / "index.html", color_scheme=scheme)
        seen.append(page.evaluate("() => [...document.images].map(image => image.currentSrc)"))
    assert all(light != dark for light, dark in zip(*seen, strict=True))


def test_a_film_stays_text_until_the_reader_asks_for_it(sample_gallery: Path, visitor: Visitor) -> None:
    page = visitor.open(sample_gallery / "convolution.html")
    video = page.locator("video")
    expect(video).to_be_hidden()
    page.get_by_role("button", name="Play the film of the example").click()
    expect(video).to_be_visible()
    expect(video).to_have_attribute("src", re.compile("^blob:"))


def test_the_play_button_lies_on_no_picture(sample_gallery: Path, visitor: Visitor) -> None:
    page = visitor.open(sample_gallery / "convolution.html")
    still, button = (page.locator(name).first.bounding_box() for name in (".still", "button.play"))
    assert button["y"] >= still["y"] + still["height"]


def test_every_step_stands_with_its_sentence(sample_gallery: Path, visitor: Visitor) -> None:
    page = visitor.open(sample_gallery / "convolution.html")
    steps = page.get_by_role("list", name="Steps of the example").get_by_role("listitem")
    assert [step.inner_text().strip() for step in steps.all()] == STEPS
    assert all(step.locator("svg, img").count() == 1 for step in steps.all())


def test_a_page_says_the_same_without_scripts(sample_gallery: Path, visitor: Visitor) -> None:
    bare = visitor.open(sample_gallery / "convolution.html", java_script_enabled=False)
    assert bare.locator("video:visible, button:visible").count() == 0
    assert all(image.is_visible() for image in bare.locator(".still").all())


def test_a_page_prints_its_stills_and_no_player(sample_gallery: Path, visitor: Visitor) -> None:
    page = visitor.open(sample_gallery / "convolution.html")
    page.locator("button.play").click()
    page.emulate_media(media="print")
    assert page.locator("video:visible, button:visible").count() == 0
    assert all(image.is_visible() for image in page.locator(".still").all())


def test_the_pictures_of_the_gallery_are_enlarged_too(visitor: Visitor, sample_gallery: Path) -> None:
    page = visitor.open(sample_gallery / "convolution.html")
    page.locator(".card .still").first.click()
    expect(page.get_by_role("dialog", name="the picture")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Enlarge step 2").click()
    expect(page.get_by_role("dialog", name="step 2")).to_be_visible()
    assert visitor.complaints == []
