"""A page trains a network: by mouse and keyboard, with no request, on a slide as in the handout, in Firefox as well."""

import re
import time
from pathlib import Path

import numpy as np
import pytest
from firefox import Firefox
from playwright.sync_api import Page, expect
from processes import PATIENCE
from training_lecture import ROOT, facts_of, of_bars, trained_document
from visitor import Visitor, violations

from generator.formats import handout, slides

pytestmark = pytest.mark.browser
SAYS = ".train-says"


def written(folder: Path, *made: object) -> Path:
    """Return the folder with the pages of a lecture in which a page trains."""
    document = trained_document(folder / "project", *made)  # type: ignore[arg-type]
    for module in (slides, handout):
        (folder / module.FORMAT.file_name).write_bytes(module.export(document, ROOT))
    return folder


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("trained"), *of_bars())


@pytest.fixture
def article(pages: Path, visitor: Visitor) -> Page:
    page = visitor.open(pages / "handout.html")
    expect(page.locator(SAYS)).to_contain_text("The weights are random")
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_it_learns_until_the_last_pass_and_says_how_far_it_came(article: Page) -> None:
    press(article, "Train")
    expect(article.locator(SAYS)).to_contain_text("Pass 3 of 3: ")
    expect(article.locator(SAYS)).to_contain_text("Keras, from the same weights at the same rate: 7.")
    assert int(article.locator(".train-score").inner_text()) > 30
    assert (
        article.locator(".train-chart .right").all_text_contents()[-1] == article.locator(".train-score").inner_text()
    )


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the pages of a training that goes on for longer than a test."""
    return written(tmp_path_factory.mktemp("endless"), *of_bars(passes=1000))


def test_it_pauses_and_goes_on_and_starts_over_with_the_same_weights(endless: Path, visitor: Visitor) -> None:
    article = visitor.open(endless / "handout.html")
    expect(article.locator(SAYS)).to_contain_text("The weights are random")
    first = article.locator(SAYS).inner_text()
    press(article, "Train")
    expect(article.locator(".train-step")).to_have_text(re.compile("step [1-9]"))
    press(article, "Pause")
    expect(article.locator(SAYS)).to_contain_text("Paused at step")
    press(article, "Go on")
    press(article, "Pause")
    press(article, "Start over")
    expect(article.locator(SAYS)).to_have_text(first)
    expect(article.locator(".train-chart .earlier")).not_to_have_count(0)
    assert article.locator(".train-step").inner_text() == "step 0 of 10000"


def test_other_weights_are_other_weights(endless: Path, visitor: Visitor) -> None:
    article = visitor.open(endless / "handout.html")
    expect(article.locator(SAYS)).to_contain_text("The weights are random")
    first = article.locator(SAYS).inner_text()
    press(article, "Train")
    expect(article.locator(".train-step")).to_have_text(re.compile("step [1-9]"))
    press(article, "Other first weights")
    expect(article.locator(SAYS)).to_contain_text("The weights are random")
    assert article.locator(SAYS).inner_text() != first


def test_too_large_a_rate_does_not_learn(article: Page) -> None:
    slider = article.get_by_role("slider", name="Learning rate")
    slider.focus()
    article.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "1000"
    press(article, "Train")
    expect(article.locator(SAYS)).to_contain_text("Pass 3 of 3: ")
    assert int(article.locator(".train-score").inner_text()) < 30


def test_on_a_slide_its_keys_turn_no_slide_and_those_of_a_clicker_do(pages: Path, visitor: Visitor) -> None:
    deck = visitor.open(pages / "slides.html")
    deck.evaluate("Reveal.slide(Reveal.getIndices(document.querySelector('.train').closest('section')).h)")
    expect(deck.locator(SAYS)).to_contain_text("The weights are random")
    here = deck.evaluate("Reveal.getIndices().h")
    deck.get_by_role("slider").focus()
    for key in ("ArrowRight", "ArrowLeft", "Home"):
        deck.keyboard.press(key)
    deck.get_by_role("button", name="Train", exact=True).focus()
    deck.keyboard.press("Space")
    expect(deck.locator(SAYS)).to_contain_text("Pass 3 of 3: ")
    assert deck.evaluate("Reveal.getIndices().h") == here
    deck.get_by_role("slider").focus()
    deck.keyboard.press("PageDown")
    assert deck.evaluate("Reveal.getIndices().h") == here + 1


def test_nothing_is_asked_of_any_network_and_nothing_complains(article: Page, visitor: Visitor) -> None:
    press(article, "Train")
    expect(article.locator(SAYS)).to_contain_text("Pass 3 of 3: ")
    assert not visitor.loaded_from_elsewhere
    assert not visitor.complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_targets_are_large(
    pages: Path, visitor: Visitor, axe: str, scheme: str, width: int
) -> None:
    page = visitor.open(pages / "handout.html", viewport={"width": width, "height": 800}, color_scheme=scheme)
    press(page, "Train")
    expect(page.locator(SAYS)).to_contain_text("Pass 3 of 3: ")
    page.evaluate(axe)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [control.bounding_box() for control in page.locator(".train .widget-live :is(button, input)").all()]
    assert all(box and box["width"] >= 24 and box["height"] >= 24 for box in boxes)


def test_without_scripts_the_still_and_the_table_are_seen(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "handout.html", java_script_enabled=False)
    assert page.locator(".train svg.still").is_visible()
    assert page.locator(".train-table").is_visible()
    assert not page.locator(".widget-live").is_visible()


@pytest.mark.slow
def test_nine_digits_of_ten_are_right_within_a_minute(tmp_path: Path, visitor: Visitor) -> None:
    from lectures.experiments.page_training import NETWORK
    from lectures.experiments.parts.page_pictures import pack_pictures

    with np.load(ROOT / "generator" / "datasets" / "mnist.npz") as data:
        pictures, labels = data["x_train"][:2500], data["y_train"][:2500]
    packed = pack_pictures(np.rint(pictures / 85).astype(np.uint8), labels, 4)
    assert packed.nbytes * 4 / 3 < 200_000  # as it stands in the page
    page = visitor.open(written(tmp_path, facts_of(NETWORK, 2000, 500, 400, 8), packed) / "handout.html")
    began = time.monotonic()
    press(page, "Train")
    page.wait_for_function(
        "() => Number(document.querySelector('.train-score').textContent) >= 450", timeout=PATIENCE * 1000
    )
    assert time.monotonic() - began < 60


def test_it_learns_in_firefox(pages: Path, firefox: Firefox) -> None:
    firefox.open(pages / "handout.html")
    said = firefox.run(
        f"""const says = () => document.querySelector("{SAYS}").textContent, end = performance.now() + {PATIENCE * 1000};
        const until = async text => {{ while (!says().includes(text) && performance.now() < end) await new Promise(requestAnimationFrame); }};
        await until("The weights are random");
        document.querySelector(".train-go").click();
        await until("Keras, ");
        return says() + document.querySelector(".widget-fault").textContent;"""
    )
    assert re.match(r"Pass 3 of 3: (3[1-9]|40) of 40 right, held-out loss 0\.\d\d\. Keras, ", said), said
