"""What networks cost: the parameters they store and the multiplications they do, each on its own scale.

Fewer parameters do not mean less work: a kernel's few weights are used again at every place of the map. The two scales
are unrelated, and multiplications are not seconds, which also depend on the machine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

from figures.parts.words import Description
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


MOST = 6  # networks
TOP, ROW, BAR = 0.85, 0.7, 0.34  # inches: top of the rows, height of a row, thickness of a bar
NUMBERS = 2.05  # inches: room for a count and its ratio after the longest bar


@dataclass(frozen=True, slots=True)
class Network:
    """One network: how many parameters it has, and how many multiplications one image takes."""

    name: str
    parameters: int
    macs: int


@dataclass(frozen=True, slots=True)
class CostTableTrace:
    """The networks in the given order; ratios are relative to the first."""

    networks: tuple[Network, ...]

    @property
    def reversal(self) -> tuple[Network, Network] | None:
        """Two networks, the first with fewer parameters but more multiplications than the second, or None.

        Of several such pairs, the one whose multiplications differ by the largest factor.
        """
        pairs = [(a, b) for a, b in permutations(self.networks, 2) if a.parameters < b.parameters and a.macs > b.macs]
        return max(pairs, key=lambda pair: pair[0].macs / max(1, pair[1].macs), default=None)


def trace(*, names: Sequence[str], parameters: Sequence[int], macs: Sequence[int]) -> CostTableTrace:
    """Return the costs of one to six networks: `parameters` (weights and biases) and `macs` for one image.

    Raises ValueError if the lists differ in length or hold anything but counts.
    """
    if not len(names) == len(parameters) == len(macs):
        raise ValueError(
            f"there are {len(names)} names, {len(parameters)} parameters and {len(macs)} macs; "
            "give one of each per network"
        )
    if not 1 <= len(names) <= MOST:
        raise ValueError(f"there are {len(names)} networks; 1 to {MOST} fit a slide")
    rows = zip(names, parameters, macs, strict=True)
    return CostTableTrace(tuple(Network(str(n), _count(p, "parameters"), _count(m, "macs")) for n, p, m in rows))


def _count(value: int, name: str) -> int:
    """Return a count as an int; raise ValueError unless it is a whole number from 1 up."""
    if isinstance(value, bool) or value != value or int(value) != value or value < 1:  # noqa: PLR0124 - NaN
        raise ValueError(f"{name} holds {value!r}; give whole numbers from 1 up, as convnet.parameters")
    return int(value)


def write_ratio(value: int, first: int) -> str:
    """Return a count as a multiple of `first`, with two significant digits (from 10 up, as a whole number).

    >>> write_ratio(407_050, 93_322), write_ratio(406_528, 2_794_240), write_ratio(7, 7), write_ratio(999, 1000)
    ('4.4 ×', '0.15 ×', '1 ×', '1.0 ×')
    """
    ratio = value / first
    if ratio == 1:
        return "1 ×"
    size = math.floor(math.log10(float(f"{ratio:.1e}")))  # of the rounded ratio: 9.96 has two digits as 10
    text = f"{ratio:,.{max(0, 1 - size)}f}"
    return f"{text.rstrip('0') if ratio < 1 and float(text) == ratio else text} ×"


def describe(trace: CostTableTrace) -> Description:
    """Return every count, its ratio to that of the first network, and the verdict."""
    first = trace.networks[0]
    each = "; ".join(
        f"{n.name}: {n.parameters:,} parameters ({write_ratio(n.parameters, first.parameters)}), "
        f"{n.macs:,} multiplications ({write_ratio(n.macs, first.macs)})"
        for n in trace.networks
    )
    alt = f"Costs of networks, in parentheses as multiples of {first.name}. {each}.{_say_verdict(trace)}"
    facts = {
        "parameter_ratios": [n.parameters / first.parameters for n in trace.networks],
        "mac_ratios": [n.macs / first.macs for n in trace.networks],
        "verdict": _say_verdict(trace).strip(),
    }
    return Description(alt, (), facts)


def _say_verdict(trace: CostTableTrace) -> str:
    """Return the sentence that names a network with fewer parameters but more work; empty if there is none."""
    if trace.reversal is None:
        return ""
    one, other = trace.reversal
    return (
        f" {one.name} has fewer parameters than {other.name} ({write_ratio(one.parameters, other.parameters)}), "
        f"but more multiplications ({write_ratio(one.macs, other.macs)})."
    )


def draw(trace: CostTableTrace, theme: Theme) -> "Figure":
    """Return two groups of bars with one row per network, and the verdict below."""
    from figures.parts import still
    from figures.parts.still import write_fitted

    names = [network.name for network in trace.networks]
    points = still.TEXT + 1
    margin = 0.45 + min(3.0, max(still.text_width(name, points, bold=True) for name in names))
    bottom = TOP + ROW * len(names)
    figure = still.new_figure(theme, height=bottom + (0.8 if trace.reversal else 0.15))
    sheet = still.new_sheet(figure)
    for place, name in enumerate(names):
        where = (margin - 0.25, TOP + ROW * (place + 0.5) + 0.08, margin - 0.35)
        write_fitted(sheet, where, name, color=theme.ink, points=points, align="right", bold=True)
    width = (12.7 - margin - 0.35) / 2
    for group, (title, color, hatch) in enumerate(
        (("parameters", theme.kernel, ""), ("multiplications for one image", theme.output, "//"))
    ):
        left = margin + group * (width + 0.35)
        still.write(sheet, left, 0.45, title, color=color, points=still.HEADING, bold=True)
        counts = [network.macs if group else network.parameters for network in trace.networks]
        _draw_bars(sheet, counts, theme, (left, width), (color, hatch))
    if trace.reversal:
        write_fitted(sheet, (6.4, bottom + 0.5, 12.6), _say_verdict(trace).strip(), color=theme.ink)
    return figure


def _draw_bars(
    sheet: "Axes", counts: Sequence[int], theme: Theme, where: tuple[float, float], style: tuple[str, str]
) -> None:
    """Draw one group of bars on its own scale, each with its count and the ratio to the first."""
    from figures.parts import still

    (left, width), (color, hatch) = where, style
    longest = width - NUMBERS
    bottom = TOP + ROW * len(counts)
    still.rule(sheet, [((left, TOP), (left, bottom))], color=theme.muted, linewidth=still.LINE)
    for place, count in enumerate(counts):
        y, long = TOP + ROW * (place + 0.5) - BAR / 2, max(0.02, longest * count / max(counts))
        tint = theme.output_tint if hatch else theme.kernel_tint
        paint = {"facecolor": tint if hatch else color, "edgecolor": color, "linewidth": still.HAIR}
        still.box(sheet, left, y, long, BAR, hatch=hatch, **paint)
        end = left + long + 0.12
        number = f"{count:,}"
        still.write(sheet, end, y + BAR / 2 + 0.07, number, color=theme.ink)
        if place:
            ratio = write_ratio(count, counts[0])
            end += still.text_width(number) + 0.16
            still.write(sheet, end, y + BAR / 2 + 0.07, ratio, color=theme.muted, points=still.MIN_TEXT)
