"""A network as a table: each layer with the shape of its output, its parameters and its multiplications, and formulas.

Parameters and multiplications are two different costs: a layer may hold most of the one and little of the other. Bars
show each layer's share of the total of its column.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from figures.parts.arithmetic import read_count
from figures.parts.words import Description, count_noun, join, times, write_percent
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


NEEDED = ("name", "kind", "output_shape", "parameters", "macs", "formula", "macs_formula")
HINT = "give the layers of a network, such as mnist_convnet.layers"
MOST = 12  # layers
LARGEST = 10**12  # parameters or multiplications
HEAD, ROW, BAR = 0.72, 0.5, 0.055  # inches: bottom of the heading, largest height of a row, thickness of a bar
LEFT, RIGHT, APART = 0.15, 12.65, 0.3  # inches: ends of the table, least space between columns
NAME, KIND = 2.8, 1.7  # inches: room for the name of a layer, and for its kind where all columns are full
HEADINGS = {"parameters": "parameters", "macs": "multiplications for one image"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a layer costs in one currency, and how that is computed; no formula if it is nothing."""

    number: int
    formula: str


@dataclass(frozen=True, slots=True)
class Row:
    """One layer of the table."""

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: Cost
    macs: Cost


@dataclass(frozen=True, slots=True)
class ModelSummaryTrace:
    """The layers in their order."""

    rows: tuple[Row, ...]

    @property
    def parameters(self) -> int:
        """The parameters of all layers."""
        return sum(row.parameters.number for row in self.rows)

    @property
    def macs(self) -> int:
        """The multiplications of all layers, for one image."""
        return sum(row.macs.number for row in self.rows)

    def largest(self, column: str) -> tuple[Row, ...]:
        """Return the layers with the most `parameters` or `macs`: one, several that tie, or none if there are none."""
        costs = [getattr(row, column).number for row in self.rows]
        return tuple(row for row, cost in zip(self.rows, costs, strict=True) if cost == max(costs) > 0)


def trace(*, layers: Sequence[Mapping[str, Any]]) -> ModelSummaryTrace:
    """Return 1 to 12 layers of a network, with their costs as the model says them.

    layers: a list as `mnist_convnet.layers`, read from a Keras model. Raises ValueError if a layer lacks something, or
    a formula does not give the number that stands behind it.
    """
    is_list = isinstance(layers, Sequence) and not isinstance(layers, str)
    if not is_list:
        raise ValueError(f"layers is no list of layers; {HINT}")
    if not 1 <= len(layers) <= MOST:
        raise ValueError(f"there are {len(layers)} layers; 1 to {MOST} fit a slide, as in convnet.layers[:{MOST}]")
    return ModelSummaryTrace(tuple(_read(layer) for layer in layers))


def _read(layer: Mapping[str, Any]) -> Row:
    """Return a layer as a row; raise ValueError if it lacks something or contradicts itself."""
    if missing := [name for name in NEEDED if not isinstance(layer, Mapping) or name not in layer]:
        raise ValueError(f"a layer has no {missing[0]}; {HINT}")
    name, shape = str(layer["name"]), tuple(int(size) for size in layer["output_shape"])
    costs = [_read_cost(name, layer[key], layer[text]) for key, text in zip(NEEDED[3:5], NEEDED[5:], strict=True)]
    return Row(name, str(layer["kind"]), shape, *costs)


def _read_cost(layer: str, number: object, text: str) -> Cost:
    """Return a cost with its formula; raise ValueError if the one is not the result of the other."""
    count = 0 if number == 0 else read_count(number, f"a cost of {layer}", LARGEST)
    formula = str(text).partition("=")[0].strip()
    if compute(formula) != count:
        raise ValueError(f"{layer} has {count:,} of what '{formula}' computes; {HINT}")
    return Cost(count, formula if count else "")


def compute(formula: str) -> int | None:
    """Return the result of a formula of sums and products, or None if it is none.

    >>> compute("(3 · 3 · 64 + 1) · 64"), compute("2 · 1,024"), compute("lots")
    (36928, 2048, None)
    """
    try:
        node = ast.parse(formula.replace("·", "*").replace(",", ""), mode="eval").body
        return _compute(node)
    except (SyntaxError, TypeError):
        return None


def _compute(node: ast.expr) -> int:
    """Return the value of a sum, a product or a whole number; raise TypeError for anything else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mult)):
        left, right = _compute(node.left), _compute(node.right)
        return left + right if isinstance(node.op, ast.Add) else left * right
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    raise TypeError


def describe(trace: ModelSummaryTrace) -> Description:
    """Return every row in words, the totals, and which layers have most of each."""
    rows = "; ".join(_say_row(row) for row in trace.rows)
    alt = (
        f"A table of {count_noun(len(trace.rows), 'layer')}, each with the shape of its output, its parameters and its "
        f"multiplications for one image. {rows}. In all {trace.parameters:,} parameters and {trace.macs:,} "
        f"multiplications.{_say_largest(trace, 'parameters', 'parameters')}"
        f"{_say_largest(trace, 'macs', 'multiplications')}"
    )
    facts: dict[str, object] = {"layers": len(trace.rows), "parameters": trace.parameters, "macs": trace.macs}
    for column, total in (("parameters", trace.parameters), ("macs", trace.macs)):
        if found := trace.largest(column):
            number = getattr(found[0], column).number
            facts[f"most_{column}"] = {"layer": join([row.name for row in found]), "share": number / total}
    return Description(alt, (), facts)


def _say_row(row: Row) -> str:
    """Return one layer in words."""
    costs = [
        f"{cost.formula} = {cost.number:,} {noun}" if cost.number else f"no {noun}"
        for cost, noun in ((row.parameters, "parameters"), (row.macs, "multiplications"))
    ]
    return f"{row.name} ({row.kind}): {times(row.shape)}, {costs[0]}, {costs[1]}"


def _say_largest(trace: ModelSummaryTrace, column: str, noun: str) -> str:
    """Return the sentence that names the layers with most of one cost; empty if no layer costs anything."""
    found = trace.largest(column)
    if not found:
        return ""
    number, total = getattr(found[0], column).number, getattr(trace, column)
    verb, each = ("has", "") if len(found) == 1 else ("have", " each")
    share = write_percent(number / total)
    return f" {join([row.name for row in found])} {verb} the most {noun}, {number:,}{each} ({share})."


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns stand, in inches: the left end of the shapes, both ends of both costs, and the longest bar.

    formulas: whether those of the parameters, and those of the multiplications, have room.
    """

    shapes: float
    parameters: tuple[float, float]
    macs: tuple[float, float]
    formulas: tuple[bool, bool]

    @property
    def bar(self) -> float:
        """The length of a bar that stands for all of a column."""
        return min(right - left for left, right in (self.parameters, self.macs))


def draw(trace: ModelSummaryTrace, theme: Theme) -> "Figure":
    """Return the table with a line of totals, and formulas where there is room for them.

    The bar below a number is as long as its share of the total.
    """
    from figures.parts import still

    row = min(ROW, (5.9 - HEAD) / (len(trace.rows) + 1))
    figure = still.new_figure(theme, height=HEAD + row * (len(trace.rows) + 1) + 0.1)
    sheet = still.new_sheet(figure)
    columns = find_columns(trace)
    _draw_head(sheet, theme, columns)
    for place, layer in enumerate(trace.rows):
        _draw_row(sheet, trace, theme, layer, (HEAD + place * row, row, columns))
    bottom = HEAD + len(trace.rows) * row
    still.rule(sheet, [((LEFT, bottom), (RIGHT, bottom))], color=theme.ink, linewidth=still.LINE)
    y = bottom + 0.6 * row + 0.05
    still.write(sheet, LEFT, y, "in all", color=theme.ink, bold=True)
    for total, (_, right) in ((trace.parameters, columns.parameters), (trace.macs, columns.macs)):
        still.write(sheet, right, y, f"{total:,}", color=theme.ink, bold=True, align="right")
    return figure


def draw_narrow(trace: ModelSummaryTrace, theme: Theme) -> "Figure":
    """Return the table for a narrow page: three lines for each layer, two for one that costs nothing."""
    from figures.parts import still

    tall = [0.45 + LINE * (2 if _costs(row) else 1) for row in trace.rows]
    figure = still.new_figure(theme, NARROW_WIDTH, sum(tall) + 1.25)
    sheet = still.new_sheet(figure)
    top = 0.1
    for row, height in zip(trace.rows, tall, strict=True):
        _draw_narrow_row(sheet, trace, theme, row, top)
        top += height
        still.rule(sheet, [((LEFT, top), (NARROW_END, top))], color=theme.rule, linewidth=still.HAIR)
    still.write(sheet, LEFT, top + 0.36, "in all", color=theme.ink, bold=True)
    costs = (
        ("parameters", trace.parameters, theme.kernel),
        ("multiplications for one image", trace.macs, theme.output),
    )
    for number, (word, total, color) in enumerate(costs):
        y = top + 0.67 + LINE * number
        still.write(sheet, LEFT, y, word, color=color)
        still.write(sheet, NARROW_END, y, f"{total:,}", color=theme.ink, bold=True, align="right")
    return figure


def _costs(row: Row) -> bool:
    """Return whether a layer has parameters or multiplications."""
    return bool(row.parameters.number or row.macs.number)


def _draw_narrow_row(sheet: "Axes", trace: ModelSummaryTrace, theme: Theme, row: Row, top: float) -> None:
    """Draw one layer on a narrow page: its name, its kind and its shape, and below these what it costs."""
    from figures.parts import still

    shape = times(row.shape)
    room = NARROW_END - _wide([shape]) - 0.2
    still.write_fitted(sheet, (LEFT, top + 0.3, min(NAME, room)), row.name, color=theme.ink, align="left", bold=True)
    end = _name_end(row)
    still.write_fitted(sheet, (end, top + 0.3, max(0.6, room - end)), row.kind, color=theme.muted, align="left")
    still.write(sheet, NARROW_END, top + 0.3, shape, color=theme.ink, align="right")
    y = top + 0.3 + LINE
    if not _costs(row):
        still.write(sheet, LEFT, y, "parameters 0, multiplications 0", color=theme.muted)
        return
    costs = (("parameters", row.parameters, trace.parameters), ("multiplications", row.macs, trace.macs))
    for number, (word, cost, total) in enumerate(costs):
        below, color = y + LINE * number, (theme.kernel, theme.output)[number]
        still.write(sheet, LEFT, below, word, color=color)
        still.write(sheet, NARROW_END, below, f"{cost.number:,}", color=theme.ink, align="right")
        left = NARROW_END - _wide([f"{total:,}"]) - 0.15
        if cost.formula and left - _wide([cost.formula]) > LEFT + _wide([word]) + 0.15:
            still.write(sheet, left, below, cost.formula, color=theme.muted, align="right")
        if cost.number:
            _draw_bar(sheet, theme, (NARROW_END, below + 0.17, 2.5 * cost.number / total), number)


LINE, NARROW_END = 0.35, 5.45  # inches on a narrow page: from line to line, and where lines end


def find_columns(trace: ModelSummaryTrace) -> Columns:
    """Return the columns with as many formulas as there is room for; those of the multiplications go first."""
    names = max(_name_end(row) - LEFT + min(_wide([row.kind]), KIND) for row in trace.rows)
    shapes = _wide(["output shape"], bold=True)
    shapes = max(shapes, _wide([times(row.shape) for row in trace.rows]))
    for formulas in ((True, True), (True, False), (False, False)):
        first, second = _room(trace, "parameters", formulas[0]), _room(trace, "macs", formulas[1])
        gap = (RIGHT - LEFT - names - shapes - first - second) / 3
        if gap >= APART:
            break
    left = LEFT + names + gap
    end = RIGHT - second - gap
    return Columns(left, (end - first, end), (RIGHT - second, RIGHT), formulas)


def _name_end(row: Row) -> float:
    """Return where the kind of a layer begins, behind its name."""
    return LEFT + min(_wide([row.name], bold=True), NAME) + 0.14


def _room(trace: ModelSummaryTrace, column: str, with_formulas: bool) -> float:  # noqa: FBT001
    """Return how wide a column of costs is: its heading, or its formulas and its numbers."""
    formulas = [getattr(row, column).formula for row in trace.rows] if with_formulas else [""]
    total = f"{getattr(trace, column):,}"
    return max(_wide([HEADINGS[column]], bold=True), _wide(formulas) + 0.15 + _wide([total], bold=True))


def _wide(texts: Sequence[str], *, bold: bool = False) -> float:
    """Return the width of the widest text in inches."""
    from figures.parts import still

    return max(still.text_width(text, bold=bold) for text in texts)


def _draw_head(sheet: "Axes", theme: Theme, columns: Columns) -> None:
    """Write what the columns are."""
    from figures.parts import still

    for x, word, color, align in (
        (LEFT, "layer", theme.ink, "left"),
        (columns.shapes, "output shape", theme.ink, "left"),
        (columns.parameters[1], HEADINGS["parameters"], theme.kernel, "right"),
        (columns.macs[1], HEADINGS["macs"], theme.output, "right"),
    ):
        still.write(sheet, x, HEAD - 0.24, word, color=color, bold=True, align=align)
    still.rule(sheet, [((LEFT, HEAD), (RIGHT, HEAD))], color=theme.ink, linewidth=still.LINE)


def _draw_row(
    sheet: "Axes", trace: ModelSummaryTrace, theme: Theme, row: Row, where: tuple[float, float, Columns]
) -> None:
    """Draw one layer: its name and kind, its shape, and both costs."""
    from figures.parts import still

    top, height, columns = where
    y, bottom = top + 0.56 * height, top + height
    if row is not trace.rows[0]:
        still.rule(sheet, [((LEFT, top), (RIGHT, top))], color=theme.rule, linewidth=still.HAIR)
    still.write_fitted(sheet, (LEFT, y, NAME), row.name, color=theme.ink, align="left", bold=True)
    end = _name_end(row)
    still.write_fitted(sheet, (end, y, columns.shapes - end - 0.1), row.kind, color=theme.muted, align="left")
    still.write(sheet, columns.shapes, y, times(row.shape), color=theme.ink)
    for number, (cost, total) in enumerate(((row.parameters, trace.parameters), (row.macs, trace.macs))):
        right = (columns.parameters, columns.macs)[number][1]
        still.write(sheet, right, y, f"{cost.number:,}", color=theme.ink if cost.number else theme.muted, align="right")
        if columns.formulas[number]:
            end = right - _wide([f"{total:,}"], bold=True) - 0.15
            still.write(sheet, end, y, cost.formula, color=theme.muted, align="right")
        if cost.number:
            _draw_bar(sheet, theme, (right, bottom, columns.bar * cost.number / total), number)


def _draw_bar(sheet: "Axes", theme: Theme, where: tuple[float, float, float], number: int) -> None:
    """Draw the bar of a share, from its right end on the bottom of a row: full for parameters, hatched for macs."""
    from figures.parts import still

    right, bottom, wide = where
    color, tint = ((theme.kernel, theme.kernel), (theme.output, theme.output_tint))[number]
    paint = {"facecolor": tint, "edgecolor": color, "linewidth": still.HAIR}
    still.box(sheet, right - wide, bottom - BAR - 0.05, wide, BAR, hatch="////" if number else "", **paint)
