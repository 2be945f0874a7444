"""The image runner writes SVG that is the same every time, and text that is as large as the figure asked for."""

import re
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

from figures import convolution
from figures.parts import still
from generator.runners.still import render_svg, run
from generator.runners.svg import compact_svg, shorten_path, shorten_style, shorten_transform
from generator.theme import DARK, LIGHT

ARGUMENTS = {"input": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "kernel": [[1, 0], [0, 1]]}


def written(text: str, points: float) -> str:
    figure = still.new_figure(LIGHT, 4, 1)
    still.write(still.new_sheet(figure), 0.1, 0.5, text, color="#000000", points=points)
    return render_svg(figure).decode()


@pytest.mark.parametrize("points", [13.0, 14.4, 17.3])
def test_letters_are_as_large_as_asked(points: float) -> None:
    svg = written("Lectern", points)
    outer = float(re.search(r"scale\(([\d.]+),-", svg)[1])
    inner = float(re.search(r'transform="scale\(([\d.]+)\)"', svg)[1])
    heights = [float(y) for y in re.findall(r"[ML]-?[\d.]+,(-?[\d.]+)", re.search(r"<path id.*?z", svg, re.S)[0])]
    # IBM Plex Sans: a capital is 698 of 1000 units high.
    assert max(heights) * inner * outer == pytest.approx(0.698 * points, rel=0.01)


def test_coordinates_keep_two_decimals() -> None:
    coordinates = re.sub(r"scale\([^)]*\)", "", written("Lectern", 13))
    assert not re.search(r"\d\.\d{3}", coordinates)


def test_a_kind_with_steps_gets_a_still_a_panel_a_step_and_its_question(tmp_path: Path) -> None:
    facts = run(convolution, ARGUMENTS, tmp_path)
    stems = ["step_00", "step_01", "step_02", "step_03", "still", "question"]
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{stem}{end}" for stem in stems for end in (".svg", ".inline.svg", ".adaptive.svg")
    }
    assert (facts["width"], facts["height"], len(facts["steps"])) == (1280, 600, 4)


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        run(convolution, ARGUMENTS, tmp_path / name)
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_a_picture_names_no_date_no_host_and_no_folder(tmp_path: Path) -> None:
    run(convolution, ARGUMENTS, tmp_path)
    text = (tmp_path / "still.svg").read_text()
    assert not re.search(r"20\d\d-|/home|/work|/tmp|<dc:|matplotlib", text, re.I)


def test_a_kind_without_steps_gets_a_still_only(tmp_path: Path) -> None:
    kind = SimpleNamespace(
        trace=lambda: None,
        describe=lambda _: SimpleNamespace(alt="A sheet.", steps=(), facts={}),
        draw=lambda _, theme: still.new_figure(theme, 2, 1),
    )
    assert run(kind, {}, tmp_path)["height"] == 100
    assert {path.name for path in tmp_path.iterdir()} == {"still.svg", "still.inline.svg", "still.adaptive.svg"}


def test_a_dark_picture_is_for_dark_slides_and_has_no_other_form(tmp_path: Path) -> None:
    run(convolution, ARGUMENTS, tmp_path, theme=DARK)
    assert not list(tmp_path.glob("*.adaptive.svg"))


def lettered(*texts: str) -> SimpleNamespace:
    def draw(_: object, theme: object) -> object:
        figure = still.new_figure(theme, 4, 1)
        for text in texts:
            still.write(still.new_sheet(figure), 0.1, 0.5, text, color="#000000")
        return figure

    alt = SimpleNamespace(alt="A sheet.", steps=(), facts={})
    return SimpleNamespace(trace=lambda: None, describe=lambda _: alt, draw=draw)


def test_letters_that_the_font_lacks_are_named_and_not_drawn_as_boxes(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"lacks 猫 \(U\+732B\), 🎉 \(U\+1F389\); write it in letters"):
        run(lettered("猫 cat", "🎉", "猫"), {}, tmp_path)


def test_a_step_whose_letters_the_font_lacks_is_refused_too(tmp_path: Path) -> None:
    kind = lettered("cat")
    kind.describe = lambda _: SimpleNamespace(alt="A sheet.", steps=("One.",), facts={})
    kind.draw = lambda trace, theme, step=None: lettered("cat" if step is None else "猫").draw(trace, theme)
    with pytest.raises(ValueError, match="lacks 猫"):
        run(kind, {}, tmp_path)


def test_other_warnings_of_a_picture_are_passed_on(tmp_path: Path) -> None:
    kind = lettered("cat")
    draw = kind.draw

    def warn(trace: object, theme: object) -> object:
        warnings.warn("the picture is old", UserWarning, stacklevel=1)
        return draw(trace, theme)

    kind.draw = warn
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        with pytest.warns(UserWarning, match="the picture is old"):
            run(kind, {}, tmp_path)


def test_paths_styles_and_transforms_lose_their_blanks() -> None:
    assert shorten_path("M 1 -2 \nL 3.5 4 \nz\n") == "M1,-2L3.5,4z"
    assert shorten_style("fill: none; stroke: #fff") == "fill:none;stroke:#fff"
    assert shorten_transform("translate(7.2 36) scale(0.144 -0.144)") == "translate(7.2,36)scale(0.144,-0.144)"


def test_a_leaner_picture_names_its_glyphs_as_it_uses_them() -> None:
    svg = b'<?xml?><svg><g id="text_1"><defs><path id="IBMPlexSans-Regular-1f" d="M 0 0"/></defs><use xlink:href="#IBMPlexSans-Regular-1f"/></g></svg>'
    assert compact_svg(svg) == b'<svg><g><defs><path id="g0" d="M0,0"/></defs><use xlink:href="#g0"/></g></svg>'


def test_a_picture_looks_as_matplotlib_drew_it(tmp_path: Path) -> None:
    """The curves are the same: the same numbers in the same order, up to a hundredth of a point."""
    import io

    import matplotlib as mpl

    figure = still.new_figure(LIGHT, 4, 1)
    still.write(still.new_sheet(figure), 0.1, 0.5, "Lectern 0123", color="#000000")
    stream = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "lectern", "svg.fonttype": "path"}):
        figure.savefig(stream, format="svg", metadata={"Date": None})
    theirs, ours = stream.getvalue().decode(), compact_svg(stream.getvalue()).decode()

    def paths(svg: str) -> list[list[float]]:
        return [[float(n) for n in re.findall(r"-?[\d.]+", d)] for d in re.findall(r'\bd="([^"]*)"', svg)]

    assert len(paths(ours)) == len(paths(theirs)) > 8
    for one, other in zip(paths(ours), paths(theirs), strict=True):
        assert one == pytest.approx(other, abs=0.0101)
