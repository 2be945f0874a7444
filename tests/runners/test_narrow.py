"""A figure is drawn once more for phones, as the kind draws it, and no wider than a phone can show."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from figures import comparison
from figures.parts import still
from generator.runners.narrow import run
from generator.theme import LIGHT, NARROW_WIDTH

ARGUMENTS = {"names": ["a", "b"], "first": [0.9, 0.8], "second": [0.7]}


def kind_as_wide_as(inches: float) -> Any:
    return SimpleNamespace(
        trace=lambda: None, draw_narrow=lambda _, theme: still.new_figure(theme, width=inches, height=2)
    )


def test_the_narrow_drawing_has_the_forms_that_a_page_can_show(tmp_path: Path) -> None:
    facts = run(comparison, ARGUMENTS, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        f"narrow{end}" for end in (".svg", ".inline.svg", ".adaptive.svg")
    }
    assert facts["width"] == round(100 * NARROW_WIDTH)


def test_a_kind_may_have_no_narrow_drawing_for_some_arguments(tmp_path: Path) -> None:
    kind: Any = SimpleNamespace(trace=lambda: None, draw_narrow=lambda _, theme: None)
    assert (run(kind, {}, tmp_path), list(tmp_path.iterdir())) == ({"width": 0, "height": 0}, [])


def test_a_narrow_drawing_that_is_wide_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"the narrow drawing is 8 inches wide; draw it at most 5.6 inches wide"):
        run(kind_as_wide_as(8), {}, tmp_path, theme=LIGHT)
