"""All texts and lines of every kind stand out from what lies below them, as `lectern check` demands of a page."""

import inspect
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import test_architecture
import test_arrows
import test_careless_ascent
import test_dense
import test_embedding
import test_error_gallery
import test_feature_maps
import test_freeze
import test_global_pooling
import test_kernels
import test_layer_tour
import test_lift_off
import test_maximized
import test_model_summary
import test_occlusion
import test_receptive_field
import test_shift_curves
import test_size_ladder
import test_top_patches
import test_training_moment
import test_unfreeze
import test_unit_trace
from gallery_stills import JOB, STILLS
from matplotlib.figure import Figure
from test_questions import COMPUTED, MEASURED

from generator.check.pictures import faint_marks
from generator.runners.job import resolve
from generator.runners.still import render_raw
from generator.runners.svg import inline_svg
from generator.theme import THEMES, Theme

KINDS = Path(test_layer_tour.layer_tour.__file__).parent
# By the kind: arguments in the place of what an experiment finds.
FOUND: dict[str, dict[str, Any]] = {
    "architecture": {"layers": test_architecture.LAYERS, "maps": test_architecture.maps()},
    "arrows": {"layers": test_arrows.NETWORK},
    "careless_ascent": {"found": test_careless_ascent.found(8, 3)},
    "dense": {"input": test_dense.DIGIT, "weights": test_dense.WEIGHTS},
    "embedding": {"found": test_embedding.found(), "count": 40},
    "error_gallery": {"mistakes": test_error_gallery.TWO, "count": 2},
    "feature_maps": {"maps": test_feature_maps.four_channels(), "pick": "all"},
    "freeze": {"layers": test_freeze.LAYERS, "frozen": test_freeze.BASE},
    "unfreeze": test_unfreeze.TWO,
    "shift_curves": {
        "names": ["a", "b"],
        "first": [test_shift_curves.CONV, test_shift_curves.WORSE],
        "second": [test_shift_curves.DENSE] * 2,
        "cost_at": 2,
    },
    "global_pooling": {"maps": test_global_pooling.SMALL},
    "kernels": {"kernels": test_kernels.KERNELS, "count": 4},
    "layer_tour": {"found": test_layer_tour.found()},
    "lift_off": test_lift_off.CASES["digit"],
    "maximized": {"found": test_maximized.found(), "channels": 4},
    "model_summary": {"layers": test_model_summary.LAYERS},
    "occlusion": {"found": test_occlusion.found(), "count": 2},
    "receptive_field": {"layers": test_receptive_field.CONVNET, "image": test_receptive_field.IMAGE},
    "receptive_pyramid": {"layers": test_receptive_field.CONVNET},
    "relu": {"input": np.linspace(-9, 9, 16).reshape(4, 4)},
    "size_ladder": {"layers": test_size_ladder.LECTURE},
    "top_patches": {"found": test_top_patches.found(), "channels": 2, "count": 3},
    "training_moment": {"record": test_training_moment.RECORD, "step": 5},
    "unit_trace": {"found": test_unit_trace.found()},
}


def name_of(kind: Any) -> str:
    return str(kind.__name__.removeprefix("figures."))


EXAMPLES: list[tuple[str, dict[str, Any]]] = [
    *FOUND.items(),
    *((name_of(kind), examples[0]) for kind, examples in MEASURED.items()),
    *((name_of(kind), arguments) for kind, arguments in COMPUTED.items()),
    # Small text on the darkest shade of a table, and a window of so many numbers that they are not all written out.
    ("transposed_convolution", {"input": [[1, 2], [3, 1]], "kernel": [[1, 0, 2], [0, 1, 0], [2, 0, 1]], "strides": 3}),
    ("pooling", {"input": np.arange(676).reshape(26, 26) / 100, "pool_size": 6, "mode": "strided"}),
]
GALLERY = {name: task.module.removeprefix("figures.") for name, task in STILLS.items()}


def pictures_of(kind: Any, arguments: dict[str, Any], theme: Theme) -> Iterator[tuple[str, Figure]]:
    """Yield the still, the panels, the picture beside a question and the narrow drawing, each with its name."""
    trace = kind.trace(**arguments)
    yield "still", kind.draw(trace, theme)
    if "step" in inspect.signature(kind.draw).parameters:
        for step in range(len(kind.describe(trace).steps)):
            yield f"step {step}", kind.draw(trace, theme, step=step)
    if hasattr(kind, "draw_question"):
        yield "question", kind.draw_question(trace, theme)
    if hasattr(kind, "draw_narrow"):
        yield "narrow", kind.draw_narrow(trace, theme)


def faults_of(name: str, arguments: dict[str, Any], theme: Theme) -> list[str]:
    """Return what is faint in the pictures of a kind, which is given by its name."""
    pictures = pictures_of(import_module(f"figures.{name}"), arguments, theme)
    return [f"{which}: {fault}" for which, figure in pictures for fault in faint_marks(inline_svg(render_raw(figure)))]


def test_every_kind_is_here() -> None:
    drawing = {path.stem for path in KINDS.glob("*.py") if "def draw(" in path.read_text()}
    assert {name for name, _ in EXAMPLES} | set(GALLERY.values()) == drawing


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("name", "arguments"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_nothing_in_the_pictures_of_a_kind_is_faint(name: str, arguments: dict[str, Any], theme: str) -> None:
    assert faults_of(name, arguments, THEMES[theme]) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", STILLS)
def test_nothing_in_the_gallery_is_faint(name: str, theme: str) -> None:
    arguments = {argument: resolve(asdict(value), JOB) for argument, value in STILLS[name].arguments}
    assert faults_of(GALLERY[name], arguments, THEMES[theme]) == []
