"""A picture in a page is the picture on its own: the same places, letters, pixels and order of painting."""

from base64 import b64decode
from io import BytesIO
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path.parser import parse_path
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from PIL import Image

from figures.parts import still
from generator.runners.still import render_raw
from generator.runners.svg import NAME, Node, group_by_style, inline_svg, may_overlap, write_nodes
from generator.runners.svg_parts import matrix_of, pack_image, place_image, shorten_curve
from generator.theme import LIGHT

PLACES = st.tuples(*[st.floats(-2000, 2000).map(lambda number: round(number, 3))] * 2)
LINES = st.lists(PLACES, min_size=1, max_size=6)
COLORS = ("#aa0000", "#00aa00", "#0000aa")


def points_of(data: str) -> list[tuple[float, float]]:
    pen = RecordingPen()
    parse_path(data, pen)
    return [point for _, points in pen.value for point in points]


def read(svg: str) -> Element:
    """Return the markup as a tree."""
    return fromstring(svg)  # noqa: S314 - our own


def draw(write: object) -> str:
    """Return the markup of a figure of 4 x 2 inches on which `write` has drawn."""
    figure = still.new_figure(LIGHT, 4, 2)
    write(still.new_sheet(figure))  # type: ignore[operator]
    return inline_svg(render_raw(figure))


@given(st.lists(st.tuples(LINES, st.booleans()), min_size=1, max_size=4))
def test_a_shortened_path_goes_through_the_same_places(outlines: list[tuple[list[tuple[float, float]], bool]]) -> None:
    data = " ".join("M " + " L ".join(f"{x} {y}" for x, y in line) + " z" * closed for line, closed in outlines)
    ours, theirs = points_of(shorten_curve(data, 1)), points_of(data)
    # What a closed outline does not say is the way back to where it began.
    remaining = iter(theirs)
    assert all(any(np.allclose(point, other, atol=0.051) for other in remaining) for point in ours)
    assert len(theirs) - len(ours) <= sum(closed for _, closed in outlines)


@pytest.mark.parametrize("data", ["M 0 0 Q 10 0 10 10", "M 0 0 C 1 2 3 4 5 6 L 7 8 z M 1 1 L 2 2"])
def test_curves_and_several_outlines_keep_their_places(data: str) -> None:
    assert np.allclose(points_of(shorten_curve(data, 2)), 2 * np.array(points_of(data)))


def test_a_path_says_no_sign_twice() -> None:
    assert shorten_curve("M 10 10 L 20 10 L 20 20.5 L 10 20.5 L 10 10 z", 1) == "M10,10h10v10.5h-10z"
    assert shorten_curve("M 0.04 1 L 0.54 -1 L 3 3", 1) == "M0,1l.5-2,2.5,4"


def test_other_path_commands_are_refused() -> None:
    with pytest.raises(ValueError, match="path data holds 'A "):
        shorten_curve("M 0 0 A 1 1 0 0 0 2 2", 1)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 2)), max_size=30))
def test_what_overlaps_is_painted_in_its_order(squares: list[tuple[int, int, int]]) -> None:
    nodes = [
        Node("path", {"d": str(number)}, {"fill": COLORS[color]}, box=(x, y, x + 3, y + 3))
        for number, (x, y, color) in enumerate(squares)
    ]
    order = [node for run in group_by_style(nodes) for node in run]
    at = {node.attributes["d"]: place for place, node in enumerate(order)}
    assert sorted(map(int, at)) == list(range(len(nodes)))
    for later, node in enumerate(nodes):
        for other in nodes[:later]:
            if may_overlap(node, other) and node.style != other.style:
                assert at[other.attributes["d"]] < at[node.attributes["d"]]


def test_lines_in_one_style_are_one_path() -> None:
    style = {"fill": "none", "stroke": "#000000"}
    assert write_nodes([Node("path", {"d": "M0,0h9"}, style), Node("path", {"d": "M0,5h9"}, style)]) == (
        '<path d="M0,0h9M0,5h9" fill="none" stroke="#000000"/>'
    )


def test_a_line_after_a_moved_path_is_a_path_of_its_own() -> None:
    style = {"fill": "none", "stroke": "#000000"}
    moved = Node("path", {"d": "M0,0h9", "transform": "rotate(9)"}, style)
    assert write_nodes([moved, Node("path", {"d": "M0,5h9"}, style)]).count("<path") == 2


def test_areas_that_touch_are_not_one_path() -> None:
    areas = [Node("path", {"d": f"M{x},0h9v9z"}, {"fill": "#000000"}, box=(x, 0, x + 9, 9)) for x in (0, 5, 20)]
    assert write_nodes(areas).count("<path") == 2


def test_a_text_is_a_text_in_the_fonts_of_the_page() -> None:
    svg = draw(lambda sheet: still.write(sheet, 1, 1, "five & fl < 3 × −1", color="#123456", points=14.4, bold=True))
    text = read(svg).find(".//text")
    assert text is not None
    assert (text.text, text.get("font-weight"), text.get("font-size")) == ("five & fl < 3 × −1", "600", "20")
    assert (float(text.get("x", 0)), float(text.get("y", 0))) == pytest.approx((100, 100), abs=0.1)


def test_single_digits_on_a_line_share_one_text_that_places_each() -> None:
    def write(sheet: Axes) -> None:
        for x, y, string in ((1, 1, "5"), (2, 1, "11"), (3, 1, "7"), (1, 2, "4")):
            still.write(sheet, x, y, string, color="#123456", points=14.4)

    texts = [(text.text, text.get("x", "").split(), text.get("y")) for text in read(draw(write)).iter("text")]
    assert [(string, len(places)) for string, places, _ in texts] == [("57", 2), ("11", 1), ("4", 1)]
    assert [float(x) for x in texts[0][1]] == pytest.approx([100, 300], abs=0.1)


def test_the_ticks_of_an_axis_are_one_path() -> None:
    def write(sheet: Axes) -> None:
        axes = sheet.figure.add_axes((0.2, 0.2, 0.6, 0.6))
        axes.set(xticks=[0, 0.5, 1], xticklabels=[], yticks=[])
        axes.spines[:].set_visible(False)

    svg = draw(write)
    assert "<use" not in svg
    (ticks,) = [path for path in read(svg).iter("path") if path.get("stroke") and not path.get("id")]
    assert ticks.get("d", "").count("M") == 3


def test_the_markers_of_a_cloud_stand_at_whole_pixels() -> None:
    places = np.random.default_rng(0).uniform(0.2, 1.8, (40, 2))
    svg = draw(lambda sheet: sheet.scatter(*places.T, s=4))
    (cloud,) = [path for path in read(svg).iter("path") if path.get("marker-mid")]
    assert "." not in cloud.get("d", "")


def test_a_text_in_another_font_keeps_its_outlines() -> None:
    svg = draw(lambda sheet: sheet.text(1, 1, "A", family="DejaVu Serif"))
    assert "<text" not in svg
    assert svg.count("<path") == 2
    letters = read(svg).find(".//g[@class='letters']")
    assert letters is not None
    assert letters.get("font-size") == "13.89"  # Matplotlib's ten points


@pytest.mark.parametrize(
    ("second", "texts"), [("translate(60 0)", 1), ("translate(60 40)", 0), ("translate(60 0) scale(0.7)", 0)]
)
def test_a_raised_or_smaller_letter_keeps_its_outline(second: str, texts: int) -> None:
    glyph = '<path id="IBMPlexSans-Regular-3c" d="M 0 0 L 9 9"/>'
    uses = (
        f'<use xlink:href="#IBMPlexSans-Regular-3c"/><use xlink:href="#IBMPlexSans-Regular-3c" transform="{second}"/>'
    )
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    group = f'<g transform="translate(9 9) scale(0.2 -0.2)"><defs>{glyph}</defs>{uses}</g>'
    svg = inline_svg(f'<svg {spaces} viewBox="0 0 72 72">{group}</svg>'.encode())
    assert svg.count("<text") == texts
    assert svg.count("<path") == 2 * (1 - texts)


def test_a_line_without_points_and_a_blank_in_outlines_are_nothing() -> None:
    assert draw(lambda sheet: sheet.plot([], [])).count("<path") == 1
    assert draw(lambda sheet: sheet.text(1, 1, "A B", family="DejaVu Serif")).count("<path") == 3


def test_a_turned_text_stays_turned() -> None:
    svg = draw(lambda sheet: still.write(sheet, 1, 1, "up", color="#123456").set_rotation(90))
    text = read(svg).find(".//text")
    assert text is not None
    assert matrix_of(text.get("transform", ""))[:2, :2] == pytest.approx(np.array([[0, 1], [-1, 0]]), abs=1e-4)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_an_image_keeps_every_pixel(mode: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (9, 7, 4), np.uint8)
    image = Image.fromarray(noise, "RGBA").convert(mode) if mode != "RGBA" else Image.fromarray(noise)
    packed = Image.open(BytesIO(pack_image(image))).convert("RGBA")
    assert np.array_equal(np.asarray(packed), np.asarray(image.convert("RGBA")))


def test_an_image_stands_upright_in_its_box() -> None:
    pixels = np.arange(6, dtype=float).reshape(2, 3)
    svg = draw(lambda sheet: sheet.imshow(pixels, extent=(1, 2.5, 1.5, 0.5), cmap="gray", interpolation="none"))
    image = read(svg).find(".//image")
    assert image is not None
    assert [float(image.get(name, 0)) for name in ("x", "y", "width", "height")] == pytest.approx(
        [100, 50, 150, 100], abs=0.2
    )
    shown = Image.open(BytesIO(b64decode(image.get("href", "").partition(",")[2]))).convert("L")
    assert np.asarray(shown).tolist() == [[0, 51, 102], [153, 204, 255]]


def test_a_rotated_image_is_refused() -> None:
    with pytest.raises(ValueError, match="rotated image"):
        place_image("", matrix_of("rotate(30)"), 1, 1)


def test_many_equal_markers_are_one_path() -> None:
    svg = draw(lambda sheet: sheet.plot([1, 2, 3, 1, 2], [1, 1, 1, 0.5, 0.5], "s", color="#123456"))
    root = read(svg)
    crowd = root.find(".//path[@marker-mid]")
    assert crowd is not None
    assert points_of(crowd.get("d", "")) == [(100, 100), (200, 100), (300, 100), (100, 50), (200, 50)]
    name = root.find(".//marker").get("id")  # type: ignore[union-attr]
    assert crowd.get("marker-mid") == f"url(#{name})"


def test_a_hatch_has_a_name_that_a_page_can_make_its_own() -> None:
    def write(sheet: object) -> None:
        sheet.add_patch(Rectangle((1, 1), 1, 0.5, hatch="//", facecolor="none", edgecolor="#123456"))  # type: ignore[attr-defined]

    svg = draw(write)
    (pattern,) = read(svg).iter("pattern")
    assert pattern.get("id", "").startswith(NAME)
    assert svg.count(f'fill="url(#{pattern.get("id")})"') == 1


def test_a_picture_needs_no_exception_from_a_strict_policy() -> None:
    svg = draw(lambda sheet: still.box(sheet, 1, 1, 1, 0.5, edgecolor="#123456", linestyle=(0, (3, 2))))
    assert "style=" not in svg
    assert "<style" not in svg
    assert 'stroke-dasharray="' in svg
