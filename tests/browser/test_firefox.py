"""Films in Debian's Firefox: with the decoder of the system they play, without it the pictures of their marks are shown."""

import sys
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path

import pytest
from firefox import IS_SET_UP, PROGRAM, Firefox
from processes import PATIENCE
from sample_lecture import MARKS, STEPS, number_at
from test_film import NUMBER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PROGRAM is None and not IS_SET_UP, reason="this is not Debian, and has no firefox-esr"),
]
SCREEN = "document.querySelector('#fig-1 .screen')"
# Waits until what is shown stands still at the number that is wanted; returns the number that is shown.
SHOWN = f"""
  const read = {NUMBER}, end = performance.now() + {PATIENCE * 1000};
  const stands = screen => !(screen.seeking || screen.readyState < 2 || screen.paused === false);
  const shown = () => {{ const screen = {SCREEN}; return screen.width && stands(screen) ? read() : -1; }};
  let number = shown();
  while (Math.abs(number - WANTED) > 1 && performance.now() < end) {{
    await new Promise(requestAnimationFrame);
    number = shown();
  }}
  return number;
"""


@pytest.fixture(scope="module", params=[True, False], ids=["with libavcodec", "without libavcodec"])
def firefox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Start Firefox, which may use libavcodec or may not."""
    if request.param and not find_library("avcodec") and sys.platform == "linux":
        assert not IS_SET_UP, "libavcodec is not installed"
        pytest.skip("this is not Debian, and has no libavcodec")
    with Firefox(tmp_path_factory.mktemp("profile"), decodes=request.param) as started:
        yield started


@pytest.fixture
def film(firefox: Firefox, sample_folder: Path) -> Firefox:
    """Return Firefox at the slide with the film, with no step of it shown."""
    firefox.open(sample_folder / "slides.html")
    firefox.run("while (!document.querySelector('.reveal.ready')) await new Promise(requestAnimationFrame)")
    firefox.run("Reveal.slide(Reveal.getIndices(document.getElementById('window')).h, 0, -1)")
    return firefox


def middle(film: Firefox) -> tuple[int, int]:
    """Return the middle of what shows the film, in pixels of the window."""
    x, y = film.run(f"const b = {SCREEN}.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]")
    return int(x), int(y)


def read_number(film: Firefox, mark: float) -> int:
    """Return the number on show, after waiting for that of `mark`."""
    return int(film.run(SHOWN.replace("WANTED", str(number_at(mark)))))


def test_the_film_plays_only_where_there_is_a_decoder(film: Firefox) -> None:
    assert film.run(f"return {SCREEN}.tagName") == ("VIDEO" if film.decodes else "CANVAS")


def test_every_click_goes_one_mark_on_and_then_to_the_next_slide(film: Firefox) -> None:
    assert read_number(film, MARKS[0]) == pytest.approx(number_at(MARKS[0]), abs=1)
    for mark, sentence in zip(MARKS[1:], STEPS, strict=True):
        film.click(*middle(film))
        assert read_number(film, mark) == pytest.approx(number_at(mark), abs=1)
        assert film.run("return document.querySelector('#fig-1 .film-says').textContent") == sentence
    film.click(*middle(film))
    assert film.run("return Reveal.getCurrentSlide().id") == "stride"


def test_nothing_lies_over_a_film_and_a_pointer_changes_nothing(film: Firefox) -> None:
    assert not film.run(f"return {SCREEN}.controls ?? false")
    read_number(film, MARKS[0])
    x, y = middle(film)
    seen = []
    for place in ((2, 2), (x, y)):
        film.move_to(*place)
        film.run("await new Promise(done => setTimeout(done, 400))")  # as a player's buttons would take to come or go
        seen.append(film.picture("#fig-1 .screen"))
    assert seen[0] == seen[1]
