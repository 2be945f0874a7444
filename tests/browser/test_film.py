"""Films on slides: every press plays to the next mark and stops there, and going back is instant, whether or not it plays."""

from pathlib import Path

import pytest
from deck import go_to
from playwright.sync_api import Page, expect
from sample_lecture import MARKS, RATE, STEPS, number_at
from visitor import Visitor

pytestmark = pytest.mark.browser

FRAME = 1 / RATE
STANDS = (
    "() => { const v = document.querySelector('#fig-1 video'); return v.paused && !v.seeking && v.readyState >= 2; }"
)
TIME = "() => document.querySelector('#fig-1 video').currentTime"
# The number that the frame on show spells in its eight bars, as a camera would read it.
NUMBER = """() => {
  const screen = document.querySelector('#fig-1 .screen'), canvas = document.createElement('canvas');
  canvas.width = screen.videoWidth ?? screen.width; canvas.height = screen.videoHeight ?? screen.height;
  const pen = canvas.getContext('2d'), bar = canvas.width / 8;
  pen.drawImage(screen, 0, 0);
  return [...Array(8).keys()].reduce((sum, bit) => sum + (pen.getImageData(bar * (bit + 0.5), 300, 1, 1).data[0] < 128 ? 1 << bit : 0), 0);
}"""


def stand(page: Page) -> float:
    """Wait until the film stands, and return where."""
    for _ in range(100):
        if page.evaluate(STANDS):
            return float(page.evaluate(TIME))
        page.wait_for_timeout(50)
    raise AssertionError("the film does not come to a stand")


# What a browser without a decoder does: it says so, or it finds out when it reads the film.
UNPLAYABLE = {
    "it says so": "HTMLMediaElement.prototype.canPlayType = () => ''",
    "it finds out": "Uint8Array.fromBase64 = text => new Uint8Array(text.length)",
}


def read_number(page: Page, expected: int) -> int:
    """Return the number on show, after waiting for the one that is expected."""
    for _ in range(60):
        if (number := int(page.evaluate(NUMBER))) == expected:
            break
        page.wait_for_timeout(50)
    return number


@pytest.fixture
def film(visitor: Visitor, sample_folder: Path) -> Page:
    """Return the deck at the slide with the film."""
    page: Page = visitor.open(sample_folder / "slides.html")
    go_to(page, "window")
    return page


def test_a_film_opens_at_its_first_mark(film: Page) -> None:
    assert stand(film) == pytest.approx(MARKS[0], abs=FRAME)


def test_each_press_plays_to_the_next_mark_and_stops_within_a_frame(film: Page) -> None:
    for mark in MARKS[1:]:
        stand(film)
        film.keyboard.press("Space")
        assert film.evaluate("() => !document.querySelector('#fig-1 video').paused")
        assert stand(film) == pytest.approx(mark, abs=FRAME)
        assert film.evaluate(NUMBER) == pytest.approx(min(mark, MARKS[-1] - FRAME) * RATE, abs=1)


def test_going_back_shows_the_mark_before_at_once(film: Page) -> None:
    film.evaluate("() => Reveal.slide(Reveal.getIndices().h, 0, 2)")
    stand(film)
    for mark in reversed(MARKS[:-1]):
        film.keyboard.press("ArrowLeft")
        assert film.evaluate("() => document.querySelector('#fig-1 video').paused")
        assert stand(film) == pytest.approx(mark, abs=FRAME)


def test_a_press_during_play_goes_on_with_the_next_step(film: Page) -> None:
    stand(film)
    film.keyboard.press("Space")
    film.wait_for_timeout(150)
    film.keyboard.press("Space")
    assert float(film.evaluate(TIME)) >= MARKS[1] - FRAME
    assert stand(film) == pytest.approx(MARKS[2], abs=FRAME)


def test_coming_back_from_the_next_slide_shows_the_films_end(film: Page) -> None:
    for _ in range(len(MARKS)):
        film.keyboard.press("Space")
    film.locator("section#stride.present").wait_for()
    film.keyboard.press("ArrowLeft")
    assert stand(film) == pytest.approx(MARKS[-1], abs=FRAME)


def test_a_film_that_is_left_stops(film: Page) -> None:
    film.keyboard.press("Space")
    film.evaluate("() => Reveal.slide(0)")
    assert film.evaluate("() => document.querySelector('#fig-1 video').paused")


def test_under_reduced_motion_a_film_jumps_and_never_plays(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html", reduced_motion="reduce")
    go_to(page, "window")
    page.evaluate(
        "() => document.querySelector('#fig-1 video').addEventListener('play', () => document.title = 'played')"
    )
    page.keyboard.press("Space")
    assert stand(page) == pytest.approx(MARKS[1], abs=FRAME)
    assert page.title() != "played"


def test_each_step_is_said_to_a_screen_reader(film: Page) -> None:
    says = film.locator("#fig-1 .film-says")
    for sentence in STEPS:
        film.keyboard.press("Space")
        expect(says).to_have_text(sentence)


def test_a_film_follows_in_the_speaker_view(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html", "#/window")
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    current = popup.value.frame_locator("#current-slide iframe")
    current.locator("section#window.present").wait_for()
    page.keyboard.press("Space")
    current.locator(".film-step.visible").first.wait_for(state="attached")
    video = current.locator("#fig-1 video")
    for _ in range(100):
        if video.evaluate("v => v.paused && !v.seeking && v.currentTime") == pytest.approx(MARKS[1], abs=FRAME):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the speaker's film does not follow")


def test_a_pointer_over_a_film_changes_nothing_of_it(film: Page) -> None:
    stand(film)
    screen = film.locator("#fig-1 video")
    film.mouse.move(2, 2)
    film.wait_for_timeout(400)  # as long as a player's buttons would take to come or to go
    without = screen.screenshot()
    screen.hover()
    film.wait_for_timeout(400)
    assert screen.screenshot() == without


def test_a_click_on_a_film_is_a_press_of_the_clicker(film: Page) -> None:
    for mark in MARKS[1:]:
        stand(film)
        film.locator("#fig-1 video").click()
        assert stand(film) == pytest.approx(mark, abs=FRAME)
    film.locator("#fig-1 video").click()
    film.locator("section#stride.present").wait_for()


def test_clicks_in_haste_never_pass_a_mark(film: Page) -> None:
    stand(film)
    for _ in MARKS[1:]:
        film.locator("#fig-1 video").click(force=True, no_wait_after=True)
    assert stand(film) == pytest.approx(MARKS[-1], abs=FRAME)
    assert film.evaluate("() => Reveal.getIndices().f") == len(MARKS) - 2


def test_a_click_beside_a_film_changes_nothing(film: Page) -> None:
    stand(film)
    film.locator("section#window h2").click()
    assert film.evaluate("() => Reveal.getIndices().f") == -1


@pytest.mark.parametrize("script", UNPLAYABLE.values(), ids=UNPLAYABLE)
def test_a_film_that_cannot_be_played_steps_through_the_pictures_of_its_marks(
    visitor: Visitor, sample_folder: Path, script: str
) -> None:
    page = visitor.open(sample_folder / "slides.html", init_script=script)
    go_to(page, "window")
    canvas = page.locator("#fig-1 canvas.screen")
    canvas.wait_for()
    assert read_number(page, number_at(MARKS[0])) == number_at(MARKS[0])
    for mark in MARKS[1:]:
        page.keyboard.press("Space")
        assert read_number(page, number_at(mark)) == number_at(mark)
    page.keyboard.press("ArrowLeft")
    assert read_number(page, number_at(MARKS[-2])) == number_at(MARKS[-2])
    canvas.click()
    canvas.click()
    page.locator("section#stride.present").wait_for()
    assert not visitor.complaints


def test_the_pictures_of_marks_stand_where_the_film_would(visitor: Visitor, sample_folder: Path, film: Page) -> None:
    other = visitor.open(sample_folder / "slides.html", init_script=UNPLAYABLE["it says so"])
    go_to(other, "window")
    stand(film)
    read_number(other, number_at(MARKS[0]))
    assert other.locator("#fig-1 .screen").bounding_box() == film.locator("#fig-1 .screen").bounding_box()
    assert other.locator("#fig-1 .screen").get_attribute("aria-label") == film.locator("#fig-1 .screen").get_attribute(
        "aria-label"
    )


@pytest.mark.parametrize("script", UNPLAYABLE.values(), ids=UNPLAYABLE)
def test_a_handout_keeps_the_still_of_a_film_that_cannot_be_played(
    visitor: Visitor, sample_folder: Path, script: str
) -> None:
    page = visitor.open(sample_folder / "handout.html", init_script=script)
    button = page.locator(".film .play").first
    if button.is_visible():
        button.click()
    expect(button).to_be_hidden()
    expect(page.locator(".film .still").first).to_be_visible()
    expect(page.locator(".film video").first).to_be_hidden()


def test_a_film_of_a_handout_is_played_with_the_keyboard(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "handout.html")
    page.locator(".film .play").first.press("Enter")
    video = page.locator(".film video").first
    expect(video).to_be_focused()
    assert video.get_attribute("controls") is not None


def test_who_asks_for_less_motion_has_a_player_and_nobody_else(visitor: Visitor, sample_folder: Path) -> None:
    controls = "() => [...document.querySelectorAll('.stage > video')].map(video => video.controls)"
    for motion, has_player in (("reduce", True), ("no-preference", False)):
        found = visitor.open(sample_folder / "slides.html", reduced_motion=motion).evaluate(controls)
        assert found
        assert set(found) == {has_player}
