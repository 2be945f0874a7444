"""The picture beside a question: it says nothing of what was measured, and lies exactly over the picture after it."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text

from figures import (
    comparison,
    confusion,
    convolution,
    corner_bars,
    corner_test,
    coverage,
    forward_pass,
    pooling,
    shift_curves,
    tied_weights,
    training_curves,
)
from figures.parts import still
from figures.parts.words import Description, QuestionWords, quote
from generator.runners.still import render_svg, run
from generator.theme import LIGHT

DIGIT = np.pad(np.full((12, 12), 200.0), 8)
LOW, HIGH = (0.1, 0.2, 0.3), (0.7, 0.8, 0.9)
FALLING, STEADY = np.linspace(0.9, 0.1, 9).reshape(3, 3), np.full((3, 3), 0.8)
NAMES = ["one", "other"]


def history(training: list[float], validation: list[float]) -> dict[str, list[float]]:
    return {"epochs": [0.0, 1.0, 2.0], "loss": training, "accuracy": training[::-1],
            "validation_loss": validation, "validation_accuracy": validation[::-1]}  # fmt: skip


def shifts(*accuracy: float) -> Mapping[str, list[float]]:
    return {"pixels": [0, 1, 2], "accuracy": list(accuracy), "ink_lost": [0.0, 0.1, 0.2]}  # type: ignore[dict-item]


def passes(seed: int) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    maps = {"input": DIGIT, "conv1": random.random((26, 26, 4)), "softmax": random.dirichlet(np.ones(10))}
    layers = [
        {"name": "conv1", "inputs": ["input"], "parameters": 40},
        {"name": "softmax", "inputs": ["conv1"], "parameters": 9},
    ]
    return {"maps": maps, "layers": layers}


# By the kind: arguments that differ in what was measured, and in nothing that is known before.
MEASURED: dict[Any, list[dict[str, Any]]] = {
    comparison: [{"names": NAMES, "first": LOW, "second": HIGH}, {"names": NAMES, "first": HIGH, "second": LOW}],
    confusion: [{"matrix": [[9, 1], [0, 10]]}, {"matrix": [[2, 8], [5, 5]]}],
    corner_bars: [
        {"image": DIGIT, "names": NAMES, "first": one, "first_off": LOW, "second": other, "second_off": HIGH}
        for one, other in ((FALLING, STEADY), (STEADY, FALLING))
    ],
    corner_test: [{"names": NAMES, "first": FALLING, "second": STEADY}, {"names": NAMES, "first": STEADY, "second": FALLING}],
    coverage: [
        {"influence": influence, "image": DIGIT} for influence in (np.eye(28), np.ones((28, 28)) - np.eye(28))
    ],
    forward_pass: [passes(0), passes(1)],
    shift_curves: [
        {"names": NAMES, "first": shifts(*one), "second": shifts(*other)} for one, other in ((LOW, HIGH), (HIGH, LOW))
    ],
    training_curves: [
        {"history": history([0.9, 0.5, 0.2], [0.8, 0.6, 0.4])}, {"history": history([0.8, 0.6, 0.4], [0.9, 0.5, 0.2])},
    ],
}  # fmt: skip
# By the kind: arguments of which the output follows.
COMPUTED: dict[Any, dict[str, Any]] = {
    convolution: {"input": [[2, 2, 3], [0, 1, 3], [2, 3, 0]], "kernel": [[7, 0], [0, 11]]},
    pooling: {"input": [[2, 2, 30, 3], [0, 1, 3, 0]], "mode": "average"},
    tied_weights: {"input": [[2, 2, 3, 4], [0, 1, 3, 5], [2, 3, 0, 6]], "kernel": [[7, 0], [0, 2]]},
}
KINDS = pytest.mark.parametrize("kind", MEASURED, ids=lambda kind: kind.__name__.removeprefix("figures."))


def texts_of(figure: Any) -> set[tuple[str, float, float]]:
    """Return the texts in a figure, with their places in pixels."""
    figure.canvas.draw()
    placed = [
        (text, text.get_window_extent()) for text in figure.findobj(Text) if text.get_text() and text.get_visible()
    ]
    return {(text.get_text(), round(box.x0), round(box.y0)) for text, box in placed}


def test_every_kind_with_such_a_picture_is_here() -> None:
    folder = Path(comparison.__file__).parent
    drawing = {path.stem for path in folder.glob("*.py") if "def draw_question(" in path.read_text()}
    assert {kind.__name__.removeprefix("figures.") for kind in (*MEASURED, *COMPUTED)} == drawing


@KINDS
def test_the_picture_is_the_same_whatever_was_measured(kind: Any) -> None:
    pictures = {render_svg(kind.draw_question(kind.trace(**arguments), LIGHT)) for arguments in MEASURED[kind]}
    assert len(pictures) == 1


@KINDS
def test_its_words_are_the_same_whatever_was_measured(kind: Any) -> None:
    assert len({kind.describe_question(kind.trace(**arguments)) for arguments in MEASURED[kind]}) == 1


@KINDS
def test_what_it_says_stands_at_the_same_place_after_the_answer(kind: Any) -> None:
    trace = kind.trace(**MEASURED[kind][0])
    before, after = texts_of(kind.draw_question(trace, LIGHT)), texts_of(kind.draw(trace, LIGHT))
    assert {text for text in before - after if text[0] not in ("trained", "here")} == set()


@pytest.mark.parametrize("kind", COMPUTED, ids=lambda kind: kind.__name__.removeprefix("figures."))
def test_where_the_output_can_be_computed_a_sign_takes_its_place(kind: Any) -> None:
    trace = kind.trace(**COMPUTED[kind])
    before, after = texts_of(kind.draw_question(trace, LIGHT)), texts_of(kind.draw(trace, LIGHT))
    assert [text[0] for text in before - after] == ["?"]
    assert len(after - before) > trace.output.size
    assert quote(trace.output) not in kind.describe_question(trace).alt


@KINDS
def test_it_is_less_than_the_picture_after_it(kind: Any, tmp_path: Path) -> None:
    facts = run(kind, MEASURED[kind][0], tmp_path)
    assert facts["question"]["alt"]
    assert len((tmp_path / "question.svg").read_bytes()) < len((tmp_path / "still.svg").read_bytes())


def test_a_picture_of_another_size_than_the_still_is_refused(tmp_path: Path) -> None:
    kind = SimpleNamespace(
        trace=lambda: None,
        describe=lambda _: Description("A square."),
        draw=lambda _, theme: still.new_figure(theme, 4, 2),
        describe_question=lambda _: QuestionWords("Nothing yet."),
        draw_question=lambda _, theme: still.new_figure(theme, 4, 3),
    )
    with pytest.raises(ValueError, match="has another size than the still; draw both alike"):
        run(kind, {}, tmp_path)  # type: ignore[arg-type]
