"""Cross-correlation beside convolution: what Keras computes, and what mathematics calls by the name that Keras uses.

The two differ by half a turn of the kernel. For learned kernels that changes nothing; for numbers that are compared
with a formula or another library it does. It must not be mistaken for a transposed convolution.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures import arithmetic, channels, tableau
from figures.arithmetic import Array, Padding, Pair
from figures.description import Description
from figures.kernel_flip_plate import measure_output
from figures.sliding import equals, quote, times, write_number, write_padding

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class KernelFlipTrace:
    """An input slid over by a kernel as it is (`correlated`) and by the kernel turned by 180° (`convolved`).

    differs: where the two outputs differ, bool (height, width). place: the first such place, else the first.
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
        """Where the two outputs differ."""
        return np.asarray(self.correlated != self.convolved)

    @property
    def window(self) -> Array:
        """What the kernel sees at `place`."""
        (top, left), (height, width) = self.place, self.kernel.shape
        return self.padded[top : top + height, left : left + width]


def trace(*, input: ArrayLike, kernel: ArrayLike, padding: str = "valid") -> KernelFlipTrace:
    """Return the cross-correlation and the convolution of a table with a kernel, exact for integers.

    Convolution is Keras's Conv2D with the kernel turned by 180°; with padding "valid" it is the middle part of what
    mathematics defines, with "full" all of it (Dumoulin & Visin 2016, section 1.1).
    """
    image, weights = arithmetic.read_matrix(input, "input"), arithmetic.read_matrix(kernel, "kernel")
    turned = weights[::-1, ::-1]
    around = arithmetic.resolve_padding(padding, image.shape, weights.shape, (1, 1))
    padded = np.pad(image, around)
    _refuse_large(padded, weights)
    correlated = arithmetic.correlate2d(image, weights, padding=around)
    convolved = arithmetic.correlate2d(image, turned, padding=around)
    most = tableau.characters(measure_output(correlated.shape))
    for name, values in (("the output", correlated), ("the output", convolved)):
        channels.refuse_long(values, name, most)
    first = divmod(int((correlated != convolved).argmax()), correlated.shape[1])
    return KernelFlipTrace(image, weights, turned, around, padded, correlated, convolved, first)


def _refuse_large(padded: Array, weights: Array) -> None:
    """Raise ValueError for an input or a kernel that does not fit a slide."""
    for name, values in (("input", padded), ("kernel", weights)):
        channels.refuse_long(values, name, 3)
    if max(padded.shape) > 8:
        raise ValueError(f"the input with its padding is {times(padded.shape)}; at most 8 × 8 fit a slide")
    if max(weights.shape) > 3:
        raise ValueError(f"the kernel is {times(weights.shape)}; at most 3 × 3 fit a slide")


def describe(trace: KernelFlipTrace) -> Description:
    """Return the text alternative and the facts: both outputs, in how many numbers they differ, both sums as text."""
    count, size = int(trace.differs.sum()), trace.differs.size
    alt = (
        f"The input, {quote(trace.input)}, with {write_padding(trace.padding)}, is slid over twice. Cross-correlation, "
        f"what Keras computes, takes the kernel as it is, {quote(trace.kernel)}, and gives {quote(trace.correlated)}. "
        f"Convolution as mathematics defines it takes the kernel turned by 180°, {quote(trace.flipped)}, and gives "
        f"{quote(trace.convolved)}. {count} of {size} numbers differ."
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
    """Return the sum at the trace's place, written out."""
    pairs = list(zip(trace.window.flat, kernel.flat, strict=True))
    total = (trace.window * kernel).sum().item()
    terms = " + ".join(f"{write_number(value)} × {write_number(weight)}" for value, weight in pairs)
    return f"{terms} {equals([*trace.window.flat, *kernel.flat, total]).strip()} {write_number(total)}"


def draw(trace: KernelFlipTrace, theme: "Theme") -> "Figure":
    """Return the input, both kernels and both outputs, one sum of each written out."""
    from figures.kernel_flip_plate import compose
    from figures.tableau_still import draw_tableau

    return draw_tableau(compose(trace), theme)
