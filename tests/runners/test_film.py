"""A film stops where there is a sentence to say, and its texts can be read."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.html.figure import read_stops
from generator.theme import FILM_HEIGHT, FILM_WIDTH

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what Manim imports


@pytest.mark.parametrize(
    ("marks", "sentences", "counts"),
    [
        (0, 2, "0 marks and 2 sentences"),
        (2, 2, "2 marks and 2 sentences"),
        (4, 2, "4 marks and 2 sentences"),
        (1, 0, "1 mark and 0 sentences"),
        (0, 1, "0 marks and 1 sentence;"),
    ],
)
def test_a_film_whose_marks_do_not_fit_its_sentences_is_refused_with_both_numbers(marks, sentences, counts):
    from generator.runners.film import check_marks

    with pytest.raises(ValueError, match=f"the film has {counts}"):
        check_marks(marks, sentences)


def test_a_film_may_have_one_mark_more_than_sentences():
    from generator.runners.film import check_marks

    check_marks(3, 2)


def test_letters_that_the_font_of_films_lacks_are_named():
    from figures.parts.film import write

    with pytest.raises(ValueError, match="lacks 猫; write '猫 cat' in letters"):
        write("猫 cat", 0, 0, 20, "#000000")


def test_pictures_of_marks_laid_over_each_other_are_what_stood_on_the_stage(tmp_path: Path) -> None:
    from generator.runners.film import FrameEncoder

    reel, shown = FrameEncoder.__new__(FrameEncoder), []
    reel.open(tmp_path / "film.mp4")
    pixels = np.full((FILM_HEIGHT, FILM_WIDTH, 4), 255, np.uint8)
    for mark in range(3):
        pixels[100 * mark : 100 * mark + 150, 40:300, :3] = (20 * mark, 0, 90)
        reel.write_frame(pixels)
        reel.keep_still(tmp_path / f"mark_{mark:02}.webp")
        shown.append(pixels[..., :3].copy())
    reel.close()
    layers = tuple(path.read_bytes() for path in sorted(tmp_path.glob("mark_*.webp")))
    for picture, stop in zip(shown, read_stops(layers), strict=True):
        assert (np.asarray(Image.open(BytesIO(stop))) == picture).all()
