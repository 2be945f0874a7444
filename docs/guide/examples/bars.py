"""A bar for each class: how large a share of it is named correctly."""

from typing import Any

from figures.parts.words import Description
from generator.theme import NARROW_WIDTH


def trace(*, shares: list[float]) -> list[float]:
    """Return shares from 0 to 1, one for each class."""
    if not shares or not all(0 <= share <= 1 for share in shares):
        raise ValueError("these are not shares; give numbers from 0 to 1")
    return list(shares)


def describe(trace: list[float]) -> Description:
    """Return the text alternative and the facts; this picture has no steps."""
    words = ", ".join(f"class {place} {share:.0%}" for place, share in enumerate(trace))
    return Description(f"Bars: {words}.", facts={"lowest": trace.index(min(trace))})


def draw(trace: list[float], theme: Any) -> Any:
    """Return the bars, each with its share above it."""
    from figures.parts import still

    figure = still.new_figure(theme, height=4.8)
    axes = still.add_plot(figure, theme, left=0.9, top=0.6, width=11.5, height=3.4)
    bars = axes.bar(range(len(trace)), trace, color=theme.input)
    axes.bar_label(bars, [f"{share:.0%}" for share in trace], fontproperties=still.font(), color=theme.ink)
    axes.set(ylim=(0, 1), xlabel="class", ylabel="share", xticks=range(len(trace)))
    still.style_axes(axes, theme)
    return figure


def draw_narrow(trace: list[float], theme: Any) -> Any:
    """Return the bars lying, one below the other, each with its share beside it."""
    from figures.parts import still

    figure = still.new_figure(theme, width=NARROW_WIDTH, height=0.9 + 0.4 * len(trace))
    axes = still.add_plot(figure, theme, left=0.5, top=0.1, width=4.2, height=0.4 * len(trace))
    bars = axes.barh(range(len(trace)), trace, color=theme.input)
    axes.bar_label(bars, [f"{share:.0%}" for share in trace], padding=4, fontproperties=still.font(), color=theme.ink)
    axes.set(xlim=(0, 1), ylim=(len(trace) - 0.5, -0.5), xlabel="share", yticks=range(len(trace)))
    still.style_axes(axes, theme)
    return figure
