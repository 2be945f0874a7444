"""The graph of a network, read from the facts of its layers: which layer takes the output of which.

Facts without `inputs` are those of a chain. Must not know anything about drawing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from figures.parts.words import join

Facts: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Graph:
    """The nodes of a network, each behind those whose outputs it takes: what comes from outside, then the layers.

    names: of all nodes. taken: for each node the numbers of those whose outputs it takes, in the layer's order; none
    for what comes from outside.
    """

    names: tuple[str, ...]
    taken: tuple[tuple[int, ...], ...]

    @property
    def outside(self) -> int:
        """How many nodes are no layers: the image, or the inputs of the network, or of the part that is given."""
        return sum(not taken for taken in self.taken)

    @property
    def is_chain(self) -> bool:
        """Whether there is one input, and each layer takes the output of the one before, and nothing else."""
        return all(taken == (place,) for place, taken in enumerate(self.taken[1:]))

    def takers(self, node: int) -> list[int]:
        """Return the numbers of the layers that take the output of a node."""
        return [place for place, taken in enumerate(self.taken) if node in taken]

    @property
    def edges(self) -> list[tuple[int, int]]:
        """Pairs of nodes, the second of which takes the output of the first, each once."""
        return [(source, node) for node, taken in enumerate(self.taken) for source in dict.fromkeys(taken)]

    @property
    def ends(self) -> list[int]:
        """The layers whose output no layer takes."""
        return [node for node in range(len(self.taken)) if not self.takers(node)]


def read_graph(layers: Sequence[Facts]) -> Graph:
    """Return the graph of `layers`, facts with a `name` and mostly with `inputs`; without, each takes the one before.

    Inputs that are not among the layers come from outside; that of a chain without `inputs` is called `input`. Raises
    ValueError if a layer stands before one whose output it takes.
    """
    names = [str(layer.get("name", "")) for layer in layers]
    given = [_inputs_of(layer, ["input", *names][place]) for place, layer in enumerate(layers)]
    outside: list[str] = []
    for place, inputs in enumerate(given):
        if late := [name for name in inputs if name in names[place:] and name not in names[:place]]:
            raise ValueError(
                f"{names[place]} takes the output of {late[0]}, which stands behind it; give the layers in their order"
            )
        outside += [name for name in dict.fromkeys(inputs) if name not in [*names[:place], *outside]]
    numbers = {name: number for number, name in enumerate(outside)}
    taken: list[tuple[int, ...]] = [()] * len(outside)
    for name, inputs in zip(names, given, strict=True):
        taken.append(tuple(numbers[one] for one in inputs))
        numbers[name] = len(taken) - 1
    return Graph((*outside, *names), tuple(taken))


def _inputs_of(layer: Facts, before: str) -> list[str]:
    """Return the names of what a layer takes; `before`: the layer before, for facts that do not say it."""
    inputs = [str(name) for name in layer.get("inputs", ())]
    return inputs or [before]


def input_shape(layer: Facts, place: int) -> tuple[int, ...]:
    """Return the shape of what a layer takes as its input number `place`."""
    shapes = layer.get("input_shapes", [layer["input_shape"]])
    return tuple(shapes[min(place, len(shapes) - 1)])


def refuse_branches(layers: Sequence[Facts], picture: str) -> None:
    """Raise ValueError if the layers are no chain; `picture` says what shows one path only, such as "a ladder"."""
    graph = read_graph(layers)
    if graph.is_chain:
        return
    node = next(node for node, taken in enumerate(graph.taken) if node and taken != (node - 1,))
    first = max(node, graph.outside)
    name, sources = graph.names[first], [graph.names[source] for source in graph.taken[first]]
    outputs = "output" if len(sources) == 1 else "outputs"
    count = first - graph.outside
    before = f"give the layers before, such as net.layers[:{count}], or " if count else ""
    raise ValueError(
        f"{name} takes the {outputs} of {join(sources)}, so the network branches, and {picture} shows one path; "
        f"{before}draw it with architecture"
    )
