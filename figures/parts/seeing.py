"""What one value of a network that branches sees of the image: the views along all paths that lead to it.

Layers are told by their place in the list of facts, the image by `IMAGE`. Must not know anything about drawing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from figures.parts.arithmetic import Pair, look_below, padding_before, read_side, window_span
from figures.parts.graph import Graph, input_shape, read_graph
from figures.parts.words import join

IMAGE = -1
Facts: TypeAlias = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class View:
    """A square of pixels: what the first value of a layer can see, and how far apart the views of neighbors are."""

    size: int
    jump: int
    top: int
    left: int


def find_views(layers: Facts) -> dict[int, View]:
    """Return the views of the layers with a window or several inputs, and of those between them.

    Raises ValueError if there is more than one image, or a layer has no view: its inputs have lost their places, or no
    square moves as they do.
    """
    graph = read_graph(layers)
    if graph.outside > 1:
        inputs = join(graph.names[: graph.outside])
        raise ValueError(
            f"the layers take {graph.outside} inputs ({inputs}), and boxes stand on one image; give others"
        )
    views = {IMAGE: View(1, 1, 0, 0)}
    for place, layer in enumerate(layers):
        sources = sources_of(graph, place)
        if not _keeps_places(layer, len(sources)):
            continue
        if lost := [source for source in sources if source not in views]:
            raise ValueError(
                f"{layer['name']} takes what {layers[lost[0]]['name']} has made of the whole image; "
                f"give the layers before it, such as net.layers[:{place}]"
            )
        views[place] = _view_of(layer, [views[source] for source in sources])
    marked = [place for place in views if place != IMAGE and is_marked(layers[place], len(sources_of(graph, place)))]
    return {place: view for place, view in views.items() if IMAGE < place <= max(marked)}


def is_marked(layer: Mapping[str, Any], inputs: int) -> bool:
    """Return whether a layer can see more than each of those below it: it has a window, or several inputs."""
    return "kernel_size" in layer or inputs > 1


def sources_of(graph: Graph, place: int) -> list[int]:
    """Return the places of the layers whose outputs a layer takes, in a network with one image."""
    return [node - 1 for node in graph.taken[place + 1]]


def _keeps_places(layer: Mapping[str, Any], inputs: int) -> bool:
    """Return whether a layer gives feature maps whose places correspond to those of its inputs."""
    if len(layer.get("output_shape", ())) != 3 or str(layer.get("kind", "")).startswith("Global"):
        return False
    shapes = [input_shape(layer, number) for number in range(inputs)]
    if layer.get("kind") == "Reshape":
        return shapes[0] == tuple(layer["output_shape"])
    return "kernel_size" in layer or all(shape[:2] == tuple(layer["output_shape"][:2]) for shape in shapes)


def _view_of(layer: Mapping[str, Any], below: Sequence[View]) -> View:
    """Return a layer's view: what the views below it span together, widened by its window."""
    top, left, jump = min(view.top for view in below), min(view.left for view in below), below[0].jump
    size, width = (max(view.size + getattr(view, side) for view in below) - start
                   for side, start in (("top", top), ("left", left)))  # fmt: skip
    hint = "give the layers before it"
    if jumps := {view.jump for view in below} - {jump}:
        raise ValueError(
            f"the paths to {layer['name']} move by {jump} and {min(jumps)} pixels, so no box spans them; {hint}"
        )
    if size != width:
        raise ValueError(f"{layer['name']} sees {size} × {width} pixels, and only squares can be drawn here; {hint}")
    if "kernel_size" not in layer:
        return View(size, jump, top, left)
    above, before = padding_before(layer)
    size += (window_span(layer) - 1) * jump
    return View(size, jump * read_side(layer, "strides"), top - above * jump, left - before * jump)


def see(layers: Facts, place: int, unit: Pair) -> set[Pair]:
    """Return the pixels (row, column) that one unit of a layer is made from, along any path."""
    graph = read_graph(layers)
    seen: dict[int, set[Pair]] = {place: {unit}}
    for at in range(place, IMAGE, -1):
        units = seen.get(at, set())
        below = _units_below(layers[at], units) if "kernel_size" in layers[at] else units
        for source in sources_of(graph, at):
            seen[source] = seen.get(source, set()) | below
    return seen[IMAGE]


def _units_below(layer: Mapping[str, Any], units: set[Pair]) -> set[Pair]:
    """Return the places of its input that some units of a layer with a window are made from."""
    lines = {row: {column for at, column in units if at == row} for row, _ in units}
    return {
        (row, column)
        for at, columns in lines.items()
        for row in look_below(layer, [at], 0)
        for column in look_below(layer, columns, 1)
    }


def middle_units(layers: Facts, last: int) -> dict[int, Pair]:
    """Return row and column of one unit of each layer below `last`: its middle, then the middle of each window below.

    From the last layer down. Of a layer whose output goes two ways, it is the unit that the last taker looks at.
    """
    graph = read_graph(layers)
    rows, columns = layers[last]["output_shape"][:2]
    units = {last: (rows // 2, columns // 2)}
    for at in range(last, IMAGE, -1):
        if at in units:
            below = _middle_below(layers[at], units[at]) if "kernel_size" in layers[at] else units[at]
            units = {**{source: below for source in sources_of(graph, at) if source != IMAGE}, **units}
    return {place: units[place] for place in sorted(units, reverse=True)}


def _middle_below(layer: Mapping[str, Any], unit: Pair) -> Pair:
    """Return the middle of the window of a unit, in its input; at the border, the nearest place."""
    middle, strides = (window_span(layer) - 1) // 2, read_side(layer, "strides")
    row, column = (
        min(max(0, at * strides - pad + middle), size - 1)
        for at, pad, size in zip(unit, padding_before(layer), layer["input_shape"][:2], strict=True)
    )
    return row, column
