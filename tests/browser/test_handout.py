"""The handout as a student meets it: on a wide screen, on a phone, in the dark, on paper, and without scripts."""

import re
from base64 import b64encode
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect
from sample_lecture import SOLVED, SPOKEN, VERDICT, sample_assets, sample_notebook
from visitor import ROOT, Visitor

from generator.document.tree import Document
from generator.formats import handout
from generator.theme import DARK, LIGHT

pytestmark = pytest.mark.browser


def test_the_teachers_edition_is_sound_too(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "teacher.html", viewport={"width": 320, "height": 800})
    assert page.locator(".spoken").count() > 0
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    assert visitor.complaints == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_a_handout_needs_no_sideways_scrolling(pages: Path, visitor: Visitor, width: int) -> None:
    page = visitor.open(pages / "handout.html", viewport={"width": width, "height": 800})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


INK = "() => getComputedStyle(document.querySelector('#fig-2 text')).fill"


@pytest.mark.parametrize(("theme", "device", "media", "ink"), [
    ("light", "light", "screen", LIGHT.ink), ("light", "dark", "screen", DARK.ink), ("dark", "light", "screen", DARK.ink),
    ("light", "dark", "print", LIGHT.ink), ("dark", "dark", "print", LIGHT.ink),
])  # fmt: skip
def test_the_figures_of_a_dark_page_are_dark(
    visitor: Visitor, tmp_path: Path, theme: str, device: str, media: str, ink: str
) -> None:
    path = tmp_path / "handout.html"
    path.write_bytes(handout.export(Document(sample_notebook(theme=theme), sample_assets()), ROOT))
    page = visitor.open(path, color_scheme=device)
    page.emulate_media(media=media)
    red, green, blue = (int(ink[at : at + 2], 16) for at in (1, 3, 5))
    assert page.evaluate(INK) == f"rgb({red}, {green}, {blue})"


def test_the_film_of_a_dark_lecture_is_the_dark_one() -> None:
    dark = {"fig-1-dark": {"film_small.mp4": b"dark"}}
    text = handout.export(Document(sample_notebook(theme="dark"), sample_assets() | dark), ROOT).decode()
    assert f">{b64encode(b'dark').decode()}</script>" in text


SMALL_TEXT = (ROOT / "generator" / "check" / "small_text.js").read_text()


@pytest.mark.parametrize(("width", "least"), [(390, 11), (1280, 12)])
def test_no_text_of_a_figure_is_too_small_to_read(pages: Path, visitor: Visitor, width: int, least: int) -> None:
    page = visitor.open(pages / "handout.html", viewport={"width": width, "height": 800})
    assert page.locator("svg.drawing").count() > 0
    assert page.evaluate(SMALL_TEXT, least) == []


# What cannot be cut into pieces: one shape as wide as the picture.
WHOLE = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 600" width="1280" height="600">
<path d="m20 20l1240 0l0 480l-1240 0z" fill="#a9d6e5"/><text x="600" y="260" font-size="18">one shape</text></svg>"""


def test_a_picture_that_is_not_cut_scrolls_by_finger_and_keyboard_and_says_so(visitor: Visitor, tmp_path: Path) -> None:
    assets = sample_assets()
    assets["fig-2"] |= {"still.svg": WHOLE, "still.adaptive.svg": WHOLE}
    (tmp_path / "handout.html").write_bytes(handout.export(Document(sample_notebook(), assets), ROOT))
    page = visitor.open(tmp_path / "handout.html", viewport={"width": 320, "height": 800})
    frame, hint = page.locator("#fig-2 .frame"), page.locator("#fig-2 .swipe")
    expect(hint).to_be_visible()
    frame.focus()
    for _ in range(16):
        page.keyboard.press("ArrowRight")
    expect(frame).to_have_class(re.compile("at-end"))
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(hint).to_be_hidden()
    expect(frame).not_to_have_attribute("tabindex", "0")


def test_a_handout_asks_for_nothing_and_complains_of_nothing(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "handout.html")
    for button in page.locator("button.play").all():
        button.click()
    page.wait_for_timeout(300)
    assert visitor.loaded_from_elsewhere == []
    assert visitor.complaints == []


def test_notes_and_solutions_are_nowhere_in_a_handout(sample_folder: Path) -> None:
    text = (sample_folder / "handout.html").read_text()
    assert SPOKEN not in text
    assert SOLVED not in text
    assert 'class="notes"' not in text


def test_headings_never_skip_a_level_and_there_is_one_title(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "handout.html")
    levels = page.evaluate(
        "() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => Number(h.tagName[1]))"
    )
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_a_handout_says_the_same_without_scripts(pages: Path, visitor: Visitor) -> None:
    # Of a figure that varies, scripts show one state with its controls, and paper and pages without scripts a table.
    # In place of a widget, these have a still.
    text = """() => {
      for (const part of document.querySelectorAll(".knobs, .says, .all-states, .widget")) part.style.display = "none";
      return document.body.innerText.replace(/\\s+/g, " ");
    }"""
    with_scripts = visitor.open(pages / "handout.html").evaluate(text)
    bare = visitor.open(pages / "handout.html", java_script_enabled=False)
    assert bare.evaluate(text) == with_scripts
    assert bare.locator("video:visible, button:visible").count() == 0


def test_a_film_stays_text_until_the_reader_asks_for_it(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "handout.html")
    video = page.locator("#fig-1 video")
    assert video.get_attribute("src") is None
    page.get_by_role("button", name="Play the film of figure 1").click()
    expect(video).to_be_visible()
    expect(video).to_have_attribute("src", re.compile("^blob:"))


def test_every_step_of_a_film_stands_as_a_picture_with_its_sentence(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "handout.html")
    strip = page.get_by_role("list", name="Figure 1, step by step").get_by_role("listitem")
    assert strip.count() == 3
    assert all(item.locator("svg").count() == 1 and item.inner_text() for item in strip.all())


@pytest.fixture(scope="module")
def stepped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a handout whose first figure has five steps, with prose behind it."""
    notebook, assets = sample_notebook(), sample_assets()
    at = next(place for place, cell in enumerate(notebook.cells) if cell.metadata["lectern"]["kind"] == "figure")
    notebook.cells[at].metadata["lectern"]["cell"]["steps"] = [
        f"Output {step}: 1 + 1 = {step}." for step in range(1, 6)
    ]
    assets["fig-1"] |= {f"step_0{step}{end}": assets["fig-1"][f"step_00{end}"]
                        for step in (3, 4) for end in (".svg", ".inline.svg")}  # fmt: skip
    prose = nbformat.v4.new_markdown_cell(
        "What the figure shows.", metadata={"lectern": {"kind": "prose", "slide": ""}}
    )
    notebook.cells.insert(at + 1, prose)
    path = tmp_path_factory.mktemp("stepped") / "handout.html"
    path.write_bytes(handout.export(Document(notebook, assets), ROOT))
    return path


def test_the_prose_comes_first_then_the_first_and_the_last_step(visitor: Visitor, stepped: Path) -> None:
    page = visitor.open(stepped)
    strip = page.get_by_role("list", name="Figure 1, step by step")
    assert [item.get_attribute("value") for item in strip.get_by_role("listitem").all()] == ["1", "5"]
    assert page.get_by_text("What the figure shows.").bounding_box()["y"] < strip.bounding_box()["y"]


def test_the_steps_between_unfold(visitor: Visitor, stepped: Path) -> None:
    page = visitor.open(stepped)
    between = page.get_by_role("list", name="Figure 1, steps 2 to 4")
    expect(between).to_be_hidden()
    page.get_by_text("Steps 2 to 4", exact=True).click()
    expect(between).to_be_visible()
    assert [item.get_attribute("value") for item in between.get_by_role("listitem").all()] == ["2", "3", "4"]


@pytest.mark.parametrize("is_open", [False, True])
def test_paper_has_the_steps_that_the_reader_has_unfolded(visitor: Visitor, stepped: Path, is_open: bool) -> None:
    page = visitor.open(stepped)
    if is_open:
        page.get_by_text("Steps 2 to 4", exact=True).click()
    page.emulate_media(media="print")
    assert page.locator("#fig-1 ~ .steps li:visible").count() == (5 if is_open else 2)


def test_the_contents_mark_where_the_reader_is(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "handout.html")
    marked = page.locator(".toc [aria-current=location]")
    page.evaluate("() => document.getElementById('strip').scrollIntoView()")
    expect(marked).to_have_text("Three steps side by side")
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    expect(marked).to_have_text("An exercise")


def test_the_side_column_scrolls_to_where_the_reader_is(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "handout.html", viewport={"width": 1280, "height": 240})
    page.evaluate("() => document.getElementById('prints').scrollIntoView()")
    marked, column = page.locator(".toc [aria-current=location]"), page.locator(".toc")
    expect(marked).to_have_text("Code that prints, and code that fails")
    assert column.bounding_box()["y"] == 0
    assert 0 < marked.bounding_box()["y"] < 240


def test_an_answer_stays_folded_until_it_is_wanted(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "handout.html")
    answer = page.get_by_text("A window of three fits")
    expect(answer).to_be_hidden()
    page.get_by_text("Answer", exact=True).click()
    expect(answer).to_be_visible()


TIP = "e => getComputedStyle(e, '::after').content.replaceAll('\"', '')"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("way", ["pointer", "finger", "keyboard"])
def test_a_verdict_says_what_it_rests_on(visitor: Visitor, sample_folder: Path, way: str, width: int) -> None:
    page = visitor.open(
        sample_folder / "handout.html", viewport={"width": width, "height": 800}, has_touch=way == "finger"
    )
    verdict = page.locator(".verdict", has_text="higher in all 3 seeds than")
    place = verdict.locator("xpath=..").bounding_box()
    assert verdict.evaluate(TIP) == "none"
    reach = {"pointer": verdict.hover, "finger": verdict.tap, "keyboard": verdict.focus}
    reach[way]()
    assert verdict.evaluate(TIP).startswith("3 seeds each: mean 0.9911")
    assert verdict.get_attribute("tabindex") == "0"
    assert verdict.get_attribute("aria-description") == VERDICT
    assert verdict.locator("xpath=..").bounding_box()["height"] == place["height"]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_a_tap_on_a_number_says_which_experiment_it_comes_from(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "handout.html", viewport={"width": 390, "height": 800}, has_touch=True)
    number = page.locator("data.value").first
    assert number.evaluate(TIP) == "none"
    number.tap()
    assert number.evaluate(TIP).startswith("mnist_dense, seed 0")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    page.keyboard.press("Escape")
    assert number.evaluate(TIP) == "none"


def test_boxes_that_scroll_can_be_reached_by_keyboard(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "handout.html", viewport={"width": 320, "height": 800})
    page.evaluate("() => document.querySelectorAll('details').forEach(folded => { folded.open = true })")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    stuck = """() => [...document.querySelectorAll('pre, div')].filter(box => box.scrollWidth > box.clientWidth + 2
        && /auto|scroll/.test(getComputedStyle(box).overflowX) && box.tabIndex < 0).length"""
    assert page.evaluate(stuck) == 0


def test_a_figure_stays_within_the_text_on_paper(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "handout.html", viewport={"width": 640, "height": 900})
    page.emulate_media(media="print")
    text, figure = (page.locator(name).first.bounding_box() for name in ("main", "#fig-2"))
    assert figure["x"] >= text["x"]
    assert figure["width"] <= text["width"]


def test_a_handout_prints_its_stills_and_no_player(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "handout.html")
    for button in page.locator("button.play").all():
        button.click()
    page.emulate_media(media="print")
    assert page.locator("video:visible, button:visible").count() == 0
    assert all(image.is_visible() for image in page.locator(".still").all())
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))) >= 1
