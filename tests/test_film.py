"""Films, played without drawing a frame: what is written on the stage at each mark is the trace, legibly placed.

A few are drawn as well: the file is sound, the same each time, and stands still around its marks.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from figures import convolution, pooling
from generator.theme import DARK, FILM_HEIGHT, FILM_RATE, FILM_WIDTH, LIGHT

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


def play(name: str, theme: Any = LIGHT) -> SimpleNamespace:
    """Return what stands on the stage at each mark: (text, left, top, right, bottom in pixels), and the sentences."""
    from generator.runners.video import Film, studio

    kind, arguments = FILMS[name]
    trace = kind.trace(**arguments)
    marks: list[list[tuple[str, float, float, float, float]]] = []
    sentences: list[str] = []
    with studio(theme):
        film = Film(theme)
        film.mark = lambda sentence: (sentences.append(sentence), marks.append(lettering(film)))
        kind.animate(trace, film)
    return SimpleNamespace(
        trace=trace, marks=marks, sentences=sentences, steps=kind.describe(trace).steps, view=kind.look(trace)
    )


def lettering(film: Any) -> list[tuple[str, float, float, float, float]]:
    from figures.stage import PIXELS, Lettering

    found = []
    for thing in (part for top in film.mobjects for part in top.get_family()):
        if isinstance(thing, Lettering) and thing.get_fill_opacity() > 0:
            (left, bottom, _), (right, top, _) = thing.get_corner([-1, -1, 0]), thing.get_corner([1, 1, 0])
            x, y = (FILM_WIDTH / 2, FILM_HEIGHT / 2)
            found.append((thing.text, left * PIXELS + x, y - top * PIXELS, right * PIXELS + x, y - bottom * PIXELS))
    return found


@pytest.mark.parametrize("name", FILMS)
def test_a_mark_follows_the_opening_and_each_step(name: str) -> None:
    played = play(name)
    assert played.sentences[1:] == list(played.steps)


@pytest.mark.parametrize("name", [name for name in FILMS if "digit" not in name])
def test_at_the_last_mark_every_number_of_the_trace_stands_there_once(name: str) -> None:
    played = play(name)
    last = played.view.places[-1]
    columns = ["input", "output"] + (["kernel"] if played.view.kernel is not None else [])
    written = sorted(text for text, *_ in played.marks[-1])
    for number in (cell for column in columns for row in played.view.texts(column, last) for cell in row if cell):
        assert number in written, f"{number} is missing"
        written.remove(number)
    said = {str(last.formula), *played.view.notes.values(), "hatched: dropped"}
    assert all(any(word in text for text in said) for word in " ".join(written).split() if word[-1].isdigit())


@pytest.mark.parametrize("name", FILMS)
def test_no_text_leaves_the_frame(name: str) -> None:
    for mark in play(name).marks:
        for text, left, top, right, bottom in mark:
            assert (left >= 0, top >= 0, right <= FILM_WIDTH, bottom <= FILM_HEIGHT) == (True,) * 4, text


@pytest.mark.parametrize("name", FILMS)
def test_no_two_texts_overlap(name: str) -> None:
    for mark in play(name).marks:
        for k, (text, left, top, right, bottom) in enumerate(mark):
            for other, x, y, x_end, y_end in mark[k + 1 :]:
                apart = right <= x + 0.5 or x_end <= left + 0.5 or bottom <= y + 0.5 or y_end <= top + 0.5
                assert apart, f"'{text}' lies over '{other}'"


@pytest.mark.parametrize("name", FILMS)
def test_letters_are_legible_from_the_last_row(name: str) -> None:
    for mark in play(name).marks:
        for text, _, top, _, bottom in mark:
            if text.strip().isdigit():  # a digit is 0.7 of its size high; 18 px of a slide are 21.6 of a film
                assert bottom - top >= 0.69 * 21.6, text


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Draw one short film twice."""
    from generator.runners.video import run

    folders = [tmp_path_factory.mktemp("film") for _ in range(2)]
    arguments = {"input": [[1, 2, 3], [4, 5, 6]], "kernel": [[1, 0], [0, 1]]}
    facts = [
        run(convolution, arguments, folder, theme=theme) for folder, theme in zip(folders, (LIGHT, LIGHT), strict=True)
    ]
    return SimpleNamespace(facts=facts[0], files=[folder / "film.mp4" for folder in folders])


def frames(path: Path) -> list[np.ndarray]:
    import av

    with av.open(path) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_equal_films_have_equal_bytes(drawn: SimpleNamespace) -> None:
    assert drawn.files[0].read_bytes() == drawn.files[1].read_bytes()


def test_a_film_stands_still_around_each_mark(drawn: SimpleNamespace) -> None:
    pictures = frames(drawn.files[0])
    assert len(pictures) == round(drawn.facts["seconds"] * FILM_RATE)
    for mark in drawn.facts["marks"]:
        at = round(mark * FILM_RATE)
        for near in range(at - 5, at + 5):
            assert np.abs(pictures[near].astype(int) - pictures[at]).mean() < 1


def test_a_film_is_short_enough_for_a_lecture(drawn: SimpleNamespace) -> None:
    assert len(drawn.facts["marks"]) == 3
    assert 5 < drawn.facts["seconds"] < 120


def test_a_film_can_be_dark(tmp_path: Path) -> None:
    from generator.runners.video import run

    run(pooling, {"input": [[1, 2], [3, 4]]}, tmp_path, theme=DARK)
    assert frames(tmp_path / "film.mp4")[0].mean() < 80
