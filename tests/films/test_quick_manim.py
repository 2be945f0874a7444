"""Films are drawn as Manim's own camera draws them, pixel by pixel, whatever a scene does."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from films.playing import FOREIGN, TEACHING, film, similarity

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what Manim imports

SLOW = 4  # frames a second, so that Manim's own camera draws few


def test_manim_has_the_version_whose_internals_are_known() -> None:
    import manim

    from generator.runners.quick_manim import VERSION

    assert manim.__version__ == VERSION, "compare quick_manim.py with what has changed in Manim, then raise VERSION"


@pytest.mark.parametrize("name", FOREIGN)
def test_a_scene_of_plain_manim_looks_as_manim_draws_it(name: str, tmp_path: Path) -> None:
    _, ours = film(name, tmp_path / "ours.mp4", rate=SLOW)
    _, theirs = film(name, tmp_path / "theirs.mp4", is_quick=False, rate=SLOW)
    assert len(ours) == len(theirs)
    for one, two in zip(ours, theirs, strict=True):
        assert np.abs(one.astype(int) - two).max() <= 3
    assert similarity(ours[-1], theirs[-1]) >= 0.999
    assert any((one != ours[0]).any() for one in ours), "nothing moves"


@pytest.mark.parametrize("name", TEACHING)
def test_a_scene_of_many_cells_and_numbers_looks_as_manim_draws_it(name: str, tmp_path: Path) -> None:
    _, ours = film(name, tmp_path / "ours.mp4", rate=2, steps=1)
    _, theirs = film(name, tmp_path / "theirs.mp4", is_quick=False, rate=2, steps=1)
    assert all((one == two).all() for one, two in zip(ours, theirs, strict=True))
    assert any((one != ours[0]).any() for one in ours), "nothing moves"


def test_an_equal_text_is_another_mobject_with_its_own_letters() -> None:
    import manim

    from generator.runners.film import manim_settings
    from generator.runners.quick_manim import less_work
    from generator.theme import LIGHT

    with manim_settings(LIGHT), less_work():
        one, two, other = manim.Text("ab"), manim.Text("ab"), manim.Text("ab", color=manim.RED)
        one.shift(manim.UP)
        assert np.allclose(one.get_center() - two.get_center(), manim.UP)
        assert not {id(part) for part in one.get_family()} & {id(part) for part in two.get_family()}
        assert list(two.chars) == list(two.submobjects)
        assert other[0].get_fill_color() == manim.RED != two[0].get_fill_color()


STYLES: list[dict[str, Any]] = [
    {}, {"color": "#FF0000"}, {"gradient": ("#FF0000", "#0000FF")}, {"t2c": {"1": "#00FF00"}}, {"weight": "BOLD"},
    {"font": "IBM Plex Mono"}, {"font_size": 13}, {"slant": "ITALIC"}, {"stroke_width": 2, "stroke_color": "#FF0000"},
    {"disable_ligatures": True},
]  # fmt: skip
LINES = ("i1 .8é", "max(1, 3, 2, 9) = 9", "AVAV fi ffi", "-0.5", "1 2\n3", "max 39", "a  b", "%&")


def state_of(mobject: Any) -> dict[str, Any]:
    """Return what a mobject is made of, to be compared; not its name, and where it was read from."""
    left_out = {"id_to_vgroup_dict", "original_id", "file_name", "submobjects", "chars", "path_obj", "target"}
    values = {name: value for name, value in mobject.__dict__.items() if name not in left_out}
    return {name: v.tolist() if isinstance(v, np.ndarray) else v for name, v in values.items()}


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_a_letter_that_was_read_before_is_what_manim_reads(style: dict[str, Any]) -> None:
    import manim

    from generator.runners import quick_manim
    from generator.runners.film import manim_settings
    from generator.theme import LIGHT

    with manim_settings(LIGHT):
        stock = [manim.Text(line, **style) for line in LINES]
        with quick_manim.less_work():
            manim.Text("".join(sorted({*"".join(LINES)} - {"\n"})), **style)
            ours = [manim.Text(line, **style) for line in LINES]
    for one, two in zip(ours, stock, strict=True):
        for part, other in zip(one.get_family(), two.get_family(), strict=True):
            assert type(part) is type(other)
            assert state_of(part) == state_of(other)
            assert not part.submobjects or part is one


def test_manim_reads_texts_itself_again_afterwards() -> None:
    import manim

    from generator.runners.quick_manim import less_work

    before = manim.Text.generate_mobject
    with less_work():
        assert manim.Text.generate_mobject is not before
    assert manim.Text.generate_mobject is before


def test_a_sound_is_refused(tmp_path: Path) -> None:
    from generator.runners.film import FilmScene, manim_settings
    from generator.theme import LIGHT

    with manim_settings(LIGHT), pytest.raises(NotImplementedError, match="a film has no sound"):
        FilmScene(LIGHT).add_sound("bell.wav")


def show_cloud(scene: Any) -> None:
    """Show a cloud of points, which only Manim's own camera draws."""
    import manim

    cloud = manim.PMobject(stroke_width=20).add_points(np.random.default_rng(0).uniform(-2, 2, (50, 3)))
    scene.add(manim.Square(), cloud)
    scene.mark("It stands.")
    scene.play(cloud.animate.shift(manim.LEFT), run_time=0.2)
    scene.mark("It has moved.")


def test_a_scene_with_what_is_not_known_is_drawn_by_manims_own_camera_and_said_so(tmp_path: Path) -> None:
    from generator.runners.film import run
    from generator.runners.quick_manim import QuickRenderer

    seen: list[Any] = []

    def animate(trace: Any, scene: Any) -> None:
        seen.append(scene)
        show_cloud(scene)

    described = SimpleNamespace(alt="A cloud.", steps=("It moves.",), facts={})
    kind: Any = SimpleNamespace(trace=lambda: None, describe=lambda trace: described, animate=animate)
    facts = run(kind, {}, tmp_path)
    assert [isinstance(scene.renderer, QuickRenderer) for scene in seen] == [True, False]
    assert (tmp_path / "film.mp4").stat().st_size > 1000
    assert facts["unknown"] == "PMobject"


def test_a_picture_that_stands_is_encoded_once_with_its_time(tmp_path: Path) -> None:
    import av

    played, _ = film("TransformShapes", tmp_path / "film.mp4")
    with av.open(tmp_path / "film.mp4") as made:
        times = [round(float(packet.pts * packet.time_base) * 30) for packet in made.demux(video=0) if packet.size]
    assert sorted(times) == played.reel.video.written
    assert sorted(times)[-1] == played.frames - 1
    assert sorted(times)[-2] < played.frames - 10  # it waits half a second at the end


def show_steps(scene: Any) -> None:
    """Show a square that stands, goes, and stands."""
    import manim

    square = manim.Square(color=manim.RED)
    scene.add(square)
    scene.mark("It stands.")
    scene.play(square.animate.shift(manim.LEFT), run_time=0.4)
    scene.wait(0.3)
    scene.mark("It has gone.")


def test_the_picture_of_each_mark_begins_with_a_key_frame_and_the_mark_is_a_frame_itself(tmp_path: Path) -> None:
    import av

    from generator.runners.film import FilmScene, check_film, manim_settings, shoot
    from generator.theme import DARK

    path = tmp_path / "film.mp4"
    with manim_settings(DARK):
        played = shoot(show_steps, DARK, path, FilmScene)
    with av.open(path) as made:
        keys = {round(float(p.pts * p.time_base) * 30): p.is_keyframe for p in made.demux(video=0) if p.size}
    check_film(path, played.marks, played.reel.written)
    assert [place for place, is_key in sorted(keys.items()) if is_key] == [0, 24], (
        "0.4 s after the first mark's 12 frames"
    )
    assert played.marks == [6, 39]
    assert all(keys.get(mark) is False for mark in played.marks)


def test_a_film_lasts_to_the_end_of_its_last_picture(tmp_path: Path) -> None:
    import av

    played, _ = film("TransformShapes", tmp_path / "film.mp4")
    for path in (tmp_path / "film.mp4", tmp_path / "film_small.mp4"):
        with av.open(path) as made:
            assert made.duration is not None
            assert 0 <= made.duration / av.time_base - played.frames / 30 < 0.04  # a frame has 1/30 s
