"""A film stops at its marks, within its length, at pictures that stand still; a mark where it does not is found."""

from base64 import b64encode
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import PictureType
from made_page import write_page

from generator.check.films import find_misplaced_marks


def film(positions: list[int], keys: tuple[int, ...]) -> str:
    """Return a film as a page holds it: a bar that stands at these places, with key frames where asked for."""
    stream = BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        video: Any = container.add_stream("libx264", rate=30, options={"threads": "1", "forced-idr": "1", "g": "300"})
        video.width, video.height, video.pix_fmt, video.time_base = 64, 48, "yuv420p", Fraction(1, 30)
        for number, place in enumerate(positions):
            pixels = np.full((48, 64, 3), 255, np.uint8)
            pixels[:, place : place + 8] = 0
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
            frame.pts = number
            frame.pict_type = PictureType.I if number in keys else PictureType.NONE
            container.mux(video.encode(frame))
        container.mux(video.encode())
    return b64encode(stream.getvalue()).decode()


STOPS = [0] * 10 + list(range(1, 11)) + [20] * 10  # stands, moves, stands


def marks_said(tmp_path: Path, marks: str, content: str, sentences: int = 1) -> list[str]:
    words = "<li>x</li>" * sentences
    figure = f'<figure id="fig-1" data-film="f" data-marks="{marks}"><figcaption><ol>{words}</ol></figcaption></figure>'
    page = write_page(tmp_path, f'{figure}<script type="text/plain" id="f">{content}</script>')
    return [finding.problem for finding in find_misplaced_marks(page)]


def test_marks_at_pictures_that_stand_still_pass(tmp_path: Path) -> None:
    assert marks_said(tmp_path, "0.1 0.8", film(STOPS, (3, 24))) == []


def test_a_key_frame_right_before_a_mark_is_enough_to_go_back_to(tmp_path: Path) -> None:
    assert marks_said(tmp_path, "0.1 0.8", film(STOPS, (2, 23))) == []


@pytest.mark.parametrize(
    ("marks", "keys", "said"),
    [
        ("0.1 0.8 3.0", (3, 24), "lasts 1.0 s and has a mark at 3.0 s"),
        ("0.1 0.5", (3, 15), "still moves at its mark 0.5 s"),
        ("0.1 0.8", (3,), "has no picture to go back to at its mark 0.8 s"),
        ("0.8 0.1", (3, 24), "has marks out of order"),
    ],
)
def test_a_false_mark_is_told(tmp_path: Path, marks: str, keys: tuple[int, ...], said: str) -> None:
    (problem,) = marks_said(tmp_path, marks, film(STOPS, keys), marks.count(" "))
    assert problem == f"slide 'Stride': the film of 'fig-1' {said}"


def test_a_mark_without_a_sentence_is_told(tmp_path: Path) -> None:
    assert "has 2 marks and 4 sentences" in marks_said(tmp_path, "0.1 0.8", film(STOPS, (3, 24)), 4)[0]


def test_a_film_that_is_none_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in marks_said(tmp_path, "0.1 0.8", b64encode(b"no film").decode())[0]
