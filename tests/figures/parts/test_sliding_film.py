"""Films, played without drawing a frame: what is written on the stage at each mark is the trace, legibly placed.

A few are drawn as well: the file is sound, the same each time, and stands still around its marks.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play

from figures import convolution, pooling
from generator.theme import DARK, LIGHT

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

INPUT = [[2, 2, 3, 3, 3], [0, 1, 3, 0, 3], [2, 3, 0, 1, 3], [3, 3, 2, 1, 2], [3, 3, 0, 2, 3]]
KERNEL = [[2, 0, 1], [1, 0, 0], [0, 1, 1]]
DIGIT = np.kron(np.eye(7, dtype=np.uint8) * 200, np.ones((4, 4), np.uint8))
FILMS: dict[str, tuple[Any, dict[str, Any]]] = {
    "convolution, strided": (convolution, {"input": INPUT, "kernel": KERNEL, "strides": 2, "padding": 1}),
    "convolution, dilated": (convolution, {"input": np.arange(36).reshape(6, 6), "kernel": [[1, -1], [2, 0]], "dilation_rate": 2}),
    "convolution, bias and relu": (convolution, {"input": INPUT, "kernel": KERNEL, "bias": -8, "activation": "relu"}),
    "convolution, fractions": (convolution, {"input": np.arange(12).reshape(3, 4) / 7, "kernel": [[0.25, -0.5]]}),
    "convolution, digit": (convolution, {"input": DIGIT, "kernel": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]}),
    "pooling, max": (pooling, {"input": INPUT}),
    "pooling, average": (pooling, {"input": np.arange(36).reshape(6, 6), "mode": "average"}),
    "pooling, strided": (pooling, {"input": np.arange(36).reshape(6, 6), "mode": "strided"}),
    "pooling, same": (pooling, {"input": np.arange(49).reshape(7, 7), "padding": "same", "pool_size": 3, "strides": 2}),
}  # fmt: skip


@pytest.fixture(scope="module", params=FILMS)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def played(name: str) -> Played:
    return play(*FILMS[name])


def test_a_mark_follows_the_opening_and_each_step(name: str, played: Played) -> None:
    assert played.sentences[1:] == list(FILMS[name][0].describe(played.trace).steps)


def test_at_the_last_mark_every_number_of_the_trace_stands_there_once(name: str, played: Played) -> None:
    view = FILMS[name][0].look(played.trace)
    last = view.places[-1]
    columns = ["input", "output"] + (["kernel"] if view.kernel is not None else [])
    columns = [column for column in columns if "digit" not in name or column == "kernel"]
    written = [text.text for text in played.marks[-1]]
    for number in (cell for column in columns for row in view.texts(column, last) for cell in row if cell):
        assert number in written, f"{number} is missing"
        written.remove(number)
    said = " ".join([str(last.formula), str(last.short), *view.notes.values()])
    numbers = [word for text in written for word in text.split() if word[-1].isdigit()]
    assert "digit" in name or [number for number in numbers if number not in said] == []


def test_all_writing_is_in_the_frame_apart_and_legible(played: Played) -> None:
    assert faults(played) == []


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Draw one short film twice."""
    from generator.runners.film import run

    folders = [tmp_path_factory.mktemp("film") for _ in range(2)]
    arguments = {"input": [[1, 2, 3], [4, 5, 6]], "kernel": [[1, 0], [0, 1]]}
    facts = [
        run(convolution, arguments, folder, theme=theme) for folder, theme in zip(folders, (LIGHT, LIGHT), strict=True)
    ]
    return SimpleNamespace(facts=facts[0], files=[folder / "film.mp4" for folder in folders])


def frames(path: Path) -> list[np.ndarray]:
    """Return what is seen at each thirtieth of a second; a picture that stands is one frame of the file."""
    import av

    seen: list[np.ndarray] = []
    with av.open(path) as container:
        for frame in container.decode(video=0):
            seen += seen[-1:] * (round(frame.time * 30) - len(seen))
            seen.append(frame.to_ndarray(format="rgb24"))
    return seen


def test_equal_films_have_equal_bytes(drawn: SimpleNamespace) -> None:
    assert drawn.files[0].read_bytes() == drawn.files[1].read_bytes()


def test_a_film_stands_still_around_each_mark(drawn: SimpleNamespace) -> None:
    from generator.runners.film import FRAME_RATE

    pictures = frames(drawn.files[0])
    assert len(pictures) == round(drawn.facts["seconds"] * FRAME_RATE)
    for mark in drawn.facts["marks"]:
        at = round(mark * FRAME_RATE)
        for near in range(at - 5, at + 5):
            assert np.abs(pictures[near].astype(int) - pictures[at]).mean() < 1


def test_a_film_is_short_enough_for_a_lecture(drawn: SimpleNamespace) -> None:
    assert len(drawn.facts["marks"]) == 3
    assert 5 < drawn.facts["seconds"] < 120


def test_a_film_can_be_dark(tmp_path: Path) -> None:
    from generator.runners.film import run

    run(pooling, {"input": [[1, 2], [3, 4]]}, tmp_path, theme=DARK)
    assert frames(tmp_path / "film.mp4")[0].mean() < 80
