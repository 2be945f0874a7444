"""The films of the project's own figures look as Manim draws them: every tenth frame to the end of the first step."""

from dataclasses import asdict
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from films.playing import film_kind, similarity
from gallery_stills import JOB
from sample import ROOT

from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]  # of what Manim imports
EVERY_TENTH = 3  # frames a second, of thirty
# Kinds whose films are compared: Manim's own camera takes some ten seconds for each.
KINDS = (
    "convolution", "convolution_1d", "cross_entropy", "dropout_masks", "equivariance", "flatten_shift", "forward_pass",
    "gradient_step",
)  # fmt: skip


def in_gallery() -> dict[str, Any]:
    """Return the film tasks of the gallery that need no results, by kind."""
    plan = plan_lecture(read_lecture(ROOT / "docs" / "gallery.md", ROOT), ROOT, Profile())
    return {
        task.module.removeprefix("figures."): task
        for task in plan.tasks.values()
        if task.runner == "film" and all(argument.form != "result" for _, argument in task.arguments)
    }


GALLERY = in_gallery()


def arguments_of(kind: str) -> dict[str, Any]:
    """Return arguments for a kind: those of the gallery, or those of its tests."""
    from generator.runners.inputs import SOURCES

    if kind in GALLERY:
        return {name: SOURCES[one.form](asdict(one), JOB) for name, one in GALLERY[kind].arguments}
    spec = spec_from_file_location(f"{kind}_tests", ROOT / "tests" / "figures" / f"test_{kind}.py")
    assert spec
    assert spec.loader
    tests = module_from_spec(spec)
    spec.loader.exec_module(tests)
    arguments: dict[str, Any] = tests.network()  # of forward_pass
    return arguments


@pytest.mark.parametrize("kind", KINDS)
def test_a_film_of_the_project_looks_as_manim_draws_it(kind: str, tmp_path: Path) -> None:
    module, arguments = import_module(f"figures.{kind}"), arguments_of(kind)
    one, ours = film_kind(module, arguments, tmp_path / "ours.mp4", is_quick=True, rate=EVERY_TENTH, marks=2)
    two, theirs = film_kind(module, arguments, tmp_path / "theirs.mp4", is_quick=False, rate=EVERY_TENTH, marks=2)
    assert one.marks == two.marks
    assert not one.unknown
    for our, their in zip(ours, theirs, strict=True):
        assert np.abs(our.astype(np.int16) - their).max() <= 3
    assert similarity(ours[-1], theirs[-1]) >= 0.999
    assert (ours[-1] != ours[0]).any(), "nothing moves"
