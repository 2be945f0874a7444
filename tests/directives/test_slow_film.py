"""A film that only Manim's own camera could draw is told of at its line."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from generator.document.compose import compose
from generator.document.tree import Document
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ANIMATE = "\n\ndef animate(trace, scene):\n    scene.mark('It stands.')\n"


@pytest.fixture
def composed(project: Path, write_lecture: Callable[..., Path], tmp_path: Path) -> Callable[[str], Document]:
    """Return a function that composes a lecture with one film, in which there is what is not known to be drawn quickly."""

    def make(unknown: str) -> Document:
        kind = (project / "figures" / "mark.py").read_text(encoding="utf-8")
        (project / "figures" / "moving.py").write_text(kind + ANIMATE, encoding="utf-8")
        path = write_lecture("## A\n\n:::{figure} moving\n:number: 0.5\n:view: film\n:::\n")
        plan = plan_lecture(read_lecture(path, project), project, Profile())
        assert not plan.errors
        files = {name: tmp_path / name for name in ("still.svg", "still.inline.svg")}
        for drawing in files.values():
            drawing.write_text('<svg viewBox="0 0 1 1"></svg>')
        facts = {"alt": "Half.", "steps": [], "facts": {}, "width": 100, "height": 100, "ink": [0, 0, 100, 100]}
        facts |= {"marks": [0.5], "seconds": 1.0, "unknown": unknown}
        made = SimpleNamespace(files=files, facts=facts, machine="", packages={})
        return compose(plan, dict.fromkeys(plan.tasks, made), Profile(), {})  # type: ignore[arg-type]

    return make


def test_what_only_manims_camera_draws_is_told_at_the_line_of_the_film(composed: Callable[[str], Document]) -> None:
    (warning,) = composed("ImageMobject").warnings
    assert warning.problem == "the film of 'moving' is drawn slowly, by Manim's own camera, since it has 'ImageMobject'"
    assert warning.where is not None


def test_a_film_that_is_drawn_quickly_is_not_told_of(composed: Callable[[str], Document]) -> None:
    assert composed("").warnings == []
