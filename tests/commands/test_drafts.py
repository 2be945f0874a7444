"""A watched film is shown as a draft until it is there; the draft is kept nowhere."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from own_course import make_own_course
from PIL import Image

from generator.commands.watch import DraftBuilder, State, Watcher

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what Manim imports
KIND = '''"""A square that goes to the right."""

import numpy as np
from matplotlib.figure import Figure
from figures.parts.words import Description


def trace(*, number: int) -> int:
    return number


def describe(trace: int) -> Description:
    return Description("A square.", ("It goes.",), {})


def draw(trace: int, theme, step=None) -> Figure:
    return Figure((4.2, 3.2))


def animate(trace: int, scene) -> None:
    import manim

    square = manim.Square(color=scene.theme.input)
    scene.add(square)
    scene.mark("It stands.")
    scene.play(square.animate.shift(2 * manim.RIGHT), run_time=1)
    scene.mark("It has gone.")
'''
LECTURE = "---\ntitle: One\n---\n## A film\n\n:::{figure} goes\n:number: 1\n\nIt goes.\n:::\n\n:::{code}\n2 + 3\n:::\n"
OPTIONS: dict[str, Any] = {"profile": "full", "into": "build", "given": ()}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course with a film, and code."""
    folder = make_own_course(tmp_path / "course")
    (folder / "lectures" / "one.md").write_text(LECTURE)
    (folder / "figures" / "goes.py").write_text(KIND)
    return folder


@pytest.fixture
def builder(course: Path) -> Iterator[DraftBuilder]:
    """Return what builds the course while it is watched."""
    builder = DraftBuilder(str(course), ["one"], State(), OPTIONS)
    yield builder
    builder.workers.end()


def seconds_of(page: bytes) -> float:
    """Return where the film of a page stops last."""
    found = re.search(rb'data-marks="([^"]*)"', page)
    assert found
    return float(found[1].split()[-1])


def stops_in(folder: Path) -> list[Any]:
    """Return what a film shows at its marks, as pixels."""
    from generator.html.figure import read_stops

    layers = tuple(path.read_bytes() for path in sorted(folder.glob("mark_*.webp")))
    return [np.asarray(Image.open(BytesIO(stop))) for stop in read_stops(layers)]


@pytest.mark.slow
def test_a_film_is_shown_as_a_draft_then_as_it_is_and_again_as_a_draft_after_an_edit(
    builder: DraftBuilder, course: Path
) -> None:
    page, state = course / "build" / "one" / "slides.html", builder.state
    assert builder.build() == 0
    assert seconds_of(state.pages["one/slides.html"]) < 1, "a draft has no motion"
    assert {"one/handout.html", "one/teacher.html"} <= state.pages.keys()
    assert not page.parent.exists(), "a draft is not written"
    kept = (course / ".lectern" / "store" / "records").rglob("*.json")
    assert not [record for record in kept if b"film.mp4" in record.read_bytes()]

    assert builder.finish(lambda: False) == 0
    assert (state.drafts, state.pages) == (0, {})
    assert 1 < seconds_of(page.read_bytes()) < 3
    assert builder.build() == 0
    assert (state.drafts, state.pages) == (0, {}), "nothing is a draft once all is made"

    whole = page.read_bytes()
    state.opened.add("slides.html")
    (course / "figures" / "goes.py").write_text(KIND.replace("run_time=1", "run_time=2"))
    assert builder.build() == 0
    assert seconds_of(state.pages["one/slides.html"]) < 1
    assert state.pages.keys() == {"one/slides.html"}, "only what somebody looks at"
    assert state.drafts == 2, "the film, and the code, which might import what was edited"
    assert b"<code>5" in state.pages["one/slides.html"] or b">5" in state.pages["one/slides.html"]
    assert builder.finish(lambda: True) == 1, "it stops when there is something newer"
    assert (page.read_bytes(), state.drafts) == (whole, 2)
    assert builder.finish(lambda: False) == 0
    assert seconds_of(page.read_bytes()) > 2
    assert not list((course / ".lectern" / "scratch").glob("drafts-*"))


@pytest.mark.slow
def test_a_film_that_fails_is_told_at_once(builder: DraftBuilder, course: Path, capsys) -> None:
    (course / "figures" / "goes.py").write_text(KIND.replace('scene.mark("It has gone.")', "raise OSError"))
    assert builder.build() == 1
    assert "lectures/one.md:6" in capsys.readouterr().err
    assert builder.state.drafts == 0


def test_a_draft_shows_what_the_film_shows_at_its_marks_and_says_what_it_is(tmp_path: Path) -> None:
    from generator.runners import film, film_draft
    from generator.theme import LIGHT

    space: dict[str, Any] = {}
    exec(KIND, space)  # noqa: S102 - the kind above
    made = []
    for runner in (film_draft, film):
        out = tmp_path / runner.__name__
        out.mkdir()
        facts = runner.run(SimpleNamespace(**space), {"number": 1}, out)
        assert len(facts["marks"]) == 2
        assert {path.name for path in out.glob("*.mp4")} == {"film.mp4", "film_small.mp4"}
        made.append(stops_in(out))
    label = film_draft.label_of(LIGHT)[..., :3]
    assert len(np.unique(label.reshape(-1, 3), axis=0)) > 2, "there are letters"
    top, left = film_draft.place_word(made[1][0], LIGHT)
    for draft, stop in zip(*made, strict=True):
        shown = stop.copy()
        shown[top : top + label.shape[0], left : left + label.shape[1]] = label
        assert (draft == shown).all()
    assert (made[0][0] != made[0][1]).any(), "the square has gone"


def test_the_films_follow_the_drafts_unless_something_newer_is_saved(tmp_path: Path) -> None:
    state, made = State(), []
    (tmp_path / "text.md").write_text("1")

    def build() -> int:
        state.drafts = 1
        return 0

    def finish(is_outdated: Any) -> int:
        made.append(is_outdated())
        (tmp_path / "text.md").write_text("twelve")
        made.append(is_outdated())
        return 1

    watcher = Watcher(tmp_path, "build", build, state, finish)
    seen = watcher.look({})
    assert made == [False, True]
    assert (state.version, state.errors, state.building) == (1, "", False)
    assert watcher.snapshot() != seen, "so the next look builds"


def test_a_page_is_told_that_it_shows_drafts() -> None:
    assert json.loads(State(version=2, drafts=1, pages={"a": b""}).as_json()) == {
        "version": 2, "building": False, "errors": "", "drafts": 1,
    }  # fmt: skip
