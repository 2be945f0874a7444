"""A picture for light and for dark pages is, in each of them, the picture that was drawn for it."""

import re

import numpy as np
import pytest

from figures import convolution, pooling, softmax
from generator.runners.adaptive_svg import merge_themes
from generator.runners.still import render_raw
from generator.runners.svg import NAME, inline_svg
from generator.theme import DARK, LIGHT

HIDDEN = {"light": "on-dark", "dark": "on-light"}


def shown(svg: str, theme: str) -> str:
    """Return a merged picture as a page of this theme shows it."""
    shown = re.sub(rf'<image class="{HIDDEN[theme]}"[^>]*/>', "", svg)
    shown = re.sub(r"var\(--c(\w+),(#\w+)\)", lambda found: f"#{found[1]}" if theme == "dark" else found[2], shown)
    return re.sub(r'(?<=<image) class="on-\w+"', "", shown)


GRID = np.arange(36).reshape(6, 6) % 7
FIGURES = {
    "convolution": (convolution, {"input": GRID, "kernel": np.eye(3)}),
    "an image": (convolution, {"input": np.arange(784.0).reshape(28, 28) % 255, "kernel": np.eye(3)}),
    "pooling": (pooling, {"input": GRID, "pool_size": 2}),
    "softmax": (softmax, {"logits": np.array([2, 1, 0.1, -1])}),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_merged_picture_is_what_was_drawn_for_each_theme(name: str) -> None:
    kind, arguments = FIGURES[name]
    trace = kind.trace(**arguments)
    light, dark = (inline_svg(render_raw(kind.draw(trace, theme))) for theme in (LIGHT, DARK))
    merged = merge_themes(light, dark)
    assert shown(merged, "light") == light
    assert shown(merged, "dark") == dark
    assert len(merged) < 1.5 * len(light)


def test_an_image_that_differs_stands_in_it_twice() -> None:
    light, dark = (f'<svg><g fill="#000000"><image x="1" href="data:{data}"/></g></svg>' for data in ("a", "b"))
    assert merge_themes(light, dark) == (
        '<svg><g fill="#000000"><image class="on-light" x="1" href="data:a"/><image class="on-dark" x="1" href="data:b"/></g></svg>'
    )


def test_drawings_of_another_plan_stand_in_it_whole_with_ids_of_their_own() -> None:
    light, dark = (
        f'<svg viewBox="0 0 1 1"><path id="{NAME}0"/></svg>',
        f'<svg viewBox="0 0 1 1"><rect id="{NAME}0"/><g/></svg>',
    )
    assert merge_themes(light, dark) == (
        f'<svg viewBox="0 0 1 1"><g class="on-light"><path id="{NAME}0"/></g>'
        f'<g class="on-dark"><rect id="{NAME}d0"/><g/></g></svg>'
    )
