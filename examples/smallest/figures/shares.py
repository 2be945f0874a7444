"""A bar for each share."""

from typing import Any

from figures.parts.words import Description


def trace(*, shares: list[float]) -> list[float]:
    """Return shares from 0 to 1."""
    if not shares or not all(0 <= share <= 1 for share in shares):
        raise ValueError("these are not shares; give numbers from 0 to 1")
    return list(shares)


def describe(trace: list[float]) -> Description:
    """Return the words for who cannot see the bars, and what texts may quote."""
    return Description(f"Bars of {', '.join(f'{share:.0%}' for share in trace)}.", facts={"largest": max(trace)})


def draw(trace: list[float], theme: Any) -> Any:
    """Return the bars, each with its share above it."""
    from figures.parts import still

    figure = still.new_figure(theme, height=4.8)
    axes = still.add_plot(figure, theme, left=0.9, top=0.6, width=11.5, height=3.4)
    bars = axes.bar(range(len(trace)), trace, color=theme.input)
    axes.bar_label(bars, [f"{share:.0%}" for share in trace], fontproperties=still.font(), color=theme.ink)
    axes.set(ylim=(0, 1), ylabel="share", xticks=[])
    still.style_axes(axes, theme)
    return figure
