"""Cross-correlation beside convolution: what Keras computes, and what mathematics means by the name that Keras uses.

The two differ by half a turn of the kernel. For learned kernels that makes no difference; for numbers that are compared
with a formula or another library it does. Neither is a transposed convolution.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic, channels, keyframes
from figures.parts.arithmetic import Array, Padding, Pair
from figures.parts.keyframes import HEADING, Item, Line, Rules, say
from figures.parts.layout import Run
from figures.parts.words import Description, count_noun, equals, quote, times, write_number, write_padding

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class KernelFlipTrace:
    """The outputs of sliding a kernel over an input, as it is (`correlated`) and turned by 180° (`convolved`).

    place: the position that is written out, the first at which the two outputs differ, or else the first of all.
    """

    input: Array
    kernel: Array
    flipped: Array
    padding: Padding
    padded: Array
    correlated: Array
    convolved: Array
    place: Pair

    @property
    def differs(self) -> Array:
        """Where the two outputs differ, bool (height, width)."""
        return differ(self.correlated, self.convolved)

    @property
    def window(self) -> Array:
        """The numbers under the kernel at `place`."""
        (top, left), (height, width) = self.place, self.kernel.shape
        return self.padded[top : top + height, left : left + width]


def differ(one: Array, other: Array) -> Array:
    """Return where two outputs differ by more than floating point does when it adds in another order."""
    return np.asarray(~np.isclose(one, other, rtol=1e-9, atol=1e-9))


def trace(*, input: ArrayLike, kernel: ArrayLike, padding: str = "valid") -> KernelFlipTrace:
    """Return the cross-correlation and the convolution of a table with a kernel, exact for integers.

    The convolution is Keras's Conv2D with the kernel turned by 180°. With padding "valid" it is the middle part of what
    mathematics defines, with "full" all of it (Dumoulin & Visin 2016, section 1.1).
    """
    image, weights = arithmetic.read_matrix(input, "input"), arithmetic.read_matrix(kernel, "kernel")
    turned = weights[::-1, ::-1]
    around = arithmetic.resolve_padding(padding, image.shape, weights.shape, (1, 1))
    padded = np.pad(image, around)
    _refuse_large(padded, weights)
    correlated = arithmetic.correlate2d(image, weights, padding=around)
    convolved = arithmetic.correlate2d(image, turned, padding=around)
    most = keyframes.characters(measure_output(correlated.shape))
    for name, values in (("the output", correlated), ("the output", convolved)):
        channels.refuse_long(values, name, most)
    first = divmod(int(differ(correlated, convolved).argmax()), correlated.shape[1])
    return KernelFlipTrace(image, weights, turned, around, padded, correlated, convolved, first)


def _refuse_large(padded: Array, weights: Array) -> None:
    """Raise ValueError for an input or a kernel that does not fit on a slide."""
    for name, values in (("input", padded), ("kernel", weights)):
        channels.refuse_long(values, name, 3)
    if max(padded.shape) > 8:
        raise ValueError(f"the input with its padding is {times(padded.shape)}; at most 8 × 8 fit a slide")
    if max(weights.shape) > 3:
        raise ValueError(f"the kernel is {times(weights.shape)}; at most 3 × 3 fit a slide")


def describe(trace: KernelFlipTrace) -> Description:
    """Return the alt text and the facts: both outputs, in how many numbers they differ, and both sums as text."""
    count, size = int(trace.differs.sum()), trace.differs.size
    alt = (
        f"A kernel slides over the input, {quote(trace.input)}, with {write_padding(trace.padding)}, in two ways. "
        f"Cross-correlation, what Keras computes, takes the kernel as it is, {quote(trace.kernel)}, and gives "
        f"{quote(trace.correlated)}. "
        f"Convolution as mathematics defines it takes the kernel turned by 180°, {quote(trace.flipped)}, and gives "
        f"{quote(trace.convolved)}. {count} of {count_noun(size, 'number')} {'differs' if count == 1 else 'differ'}."
    )
    facts = {
        "differing": count,
        "numbers": size,
        "is_symmetric": bool((trace.kernel == trace.flipped).all()),
        "correlation": trace.correlated.tolist(),
        "convolution": trace.convolved.tolist(),
        "flipped": trace.flipped.tolist(),
        "sum": {"correlation": write_sum(trace, trace.kernel), "convolution": write_sum(trace, trace.flipped)},
    }
    return Description(alt, (), facts)


def write_sum(trace: KernelFlipTrace, kernel: Array) -> str:
    """Return the sum at `trace.place` as text."""
    pairs = list(zip(trace.window.flat, kernel.flat, strict=True))
    total = (trace.window * kernel).sum().item()
    terms = " + ".join(f"{write_number(value)} × {write_number(weight)}" for value, weight in pairs)
    return f"{terms} {equals([*trace.window.flat, *kernel.flat, total]).strip()} {write_number(total)}"


def draw(trace: KernelFlipTrace, theme: "Theme") -> "Figure":
    """Return the input, both kernels and both outputs, one sum of each written out."""
    from figures.parts.keyframes import draw_items

    return draw_items(compose(trace), theme)


# The layout: one input on the left, and from it one row for each of the two operations. In pixels.
INPUT, KERNEL, OUTPUT = 270.0, 770.0, 1190.0  # middles of the columns
CENTERS = 178.0, 460.0  # middles of the two rows
SUMS = 650.0, 696.0  # baselines of the two sums
CELL = 60.0  # side of a cell at most


def measure_output(shape: tuple[int, ...]) -> float:
    """Return the side of a cell of an output, in pixels."""
    return min(CELL, 190 / shape[0], 360 / shape[1])


def compose(trace: "KernelFlipTrace") -> list[Item]:
    """Return everything in the picture."""
    cell = min(CELL, 440 / max(trace.padded.shape))
    middle = (CENTERS[0] + CENTERS[1]) / 2
    table = keyframes.place("input", trace.padded, INPUT - cell * trace.padded.shape[1] / 2, middle, cell)
    real = np.pad(np.ones(trace.input.shape, dtype=bool), trace.padding)
    items: list[Item] = [
        say("heading input", "input", INPUT, table.top - 46, HEADING, "input", is_bold=True),
        say(
            "note input",
            f"{times(trace.input.shape)}, {write_padding(trace.padding)}",
            INPUT,
            table.top - 14,
            25,
            "muted",
        ),
        *keyframes.draw_input(table, trace.padded, real),
        keyframes.veil("veil", table, trace.place, _size(trace)),
        keyframes.ring("window", table, trace.place, _size(trace)),
    ]
    fork = tuple(((table.right + 30, middle), (KERNEL - 150, y)) for y in CENTERS)
    items.append(Rules("fork", fork, "muted", 2.0))
    rows = (
        ("cross-correlation", "what Keras computes: the kernel as it is", trace.kernel, trace.correlated, (0, 0)),
        (
            "convolution",
            "in mathematics: the kernel turned by 180°",
            trace.flipped,
            trace.convolved,
            _last(trace.kernel),
        ),
    )
    for row, center, y in zip(rows, CENTERS, SUMS, strict=True):
        items += [*_draw_row(trace, row, center), _write_sum(trace, row[0], row[2], y)]
    return [*items, *_write_count(trace)]


def _size(trace: "KernelFlipTrace") -> Pair:
    """Return the rows and columns of the window."""
    return trace.kernel.shape[0], trace.kernel.shape[1]


def _last(kernel: Array) -> Pair:
    """Return the cell to which the first weight of a kernel is turned."""
    return kernel.shape[0] - 1, kernel.shape[1] - 1


def _draw_row(trace: "KernelFlipTrace", row: tuple[str, str, Array, Array, Pair], center: float) -> list[Item]:
    """Return the row of one operation: its name, its kernel with the first weight framed, and its output."""
    name, note, kernel, output, corner = row
    size = min(CELL, 190 / kernel.shape[0])
    weights = keyframes.place(f"kernel {name}", kernel, KERNEL - size * kernel.shape[1] / 2, center, size)
    cell = measure_output(output.shape)
    made = keyframes.place(f"output {name}", output, OUTPUT - cell * output.shape[1] / 2, center, cell)
    left, y = KERNEL - 150, center - 122
    first = keyframes.ring(
        f"first {name}", replace(weights, left=weights.left + 5, top=weights.top + 5), corner, role="ink"
    )
    return [
        Line(f"name {name}", ((name, "ink"),), left, y, HEADING - 2, "left", is_bold=True),
        say(f"note {name}", note, left + 24 + 15 * len(name), y, 25, "muted", "left"),
        *keyframes.draw_table(weights, kernel, "kernel"),
        replace(first, width=size - 10, height=size - 10, line=2.6),
        say(f"equals {name}", "=", (weights.right + made.left) / 2, center + 13, HEADING, "muted"),
        *_draw_output(trace, made, output),
    ]


def _draw_output(trace: "KernelFlipTrace", table: keyframes.Table, output: Array) -> list[Item]:
    """Return an output; numbers that differ from the other output are bold, on the window's color."""
    items: list[Item] = keyframes.draw_frame(table, "output")
    for i, j in np.ndindex(output.shape):
        number = keyframes.write_cell(table, (i, j), output[i, j])
        differs = bool(trace.differs[i, j])
        items += [keyframes.tint_cell(table, (i, j), "window_tint")] if differs else []
        items.append(replace(number, is_bold=differs))
    return [*items, keyframes.ring(f"target {table.name}", table, trace.place)]


def _write_sum(trace: "KernelFlipTrace", name: str, kernel: Array, y: float) -> Line:
    """Return the sum at `trace.place`, written out in colors."""
    runs: list[Run] = [(f"{name}:  ", "muted")]
    for k, (value, weight) in enumerate(zip(trace.window.flat, kernel.flat, strict=True)):
        runs += [("  +  ", "ink")] if k else []
        runs += [(write_number(value), "input"), (" × ", "ink"), (write_number(weight), "kernel")]
    total = (trace.window * kernel).sum().item()
    sign = equals([*trace.window.flat, *kernel.flat, total])
    return Line(f"sum {name}", (*runs, (sign, "ink"), (write_number(total), "output")), 768, y, 27)


def _write_count(trace: "KernelFlipTrace") -> list[Item]:
    """Return the notes on how many numbers differ, right of the outputs, and on what is framed in the kernels."""
    x, y, count = 1330.0, (CENTERS[0] + CENTERS[1]) / 2, int(trace.differs.sum())
    lines = (
        (f"{count} of {trace.differs.size}", "numbers differ", "(in bold)") if count else ("no number", "differs", "")
    )
    return [
        *(say(f"count {k}", text, x, y - 14 + 32 * k, 25, "window", "left") for k, text in enumerate(lines) if text),
        say("corner", "framed: the same weight", KERNEL, CENTERS[1] + 120, 23, "muted"),
    ]
