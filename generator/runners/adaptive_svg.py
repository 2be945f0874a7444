"""Merges a picture drawn light and the same drawn dark into one, whose colors follow the page that it stands in.

Both are as `inline_svg` writes them. Where they differ in a color, the merged one has `var(--ceef2f7,#16202e)`: the
light color, unless the page defines the custom property, which is named after the dark one. Images that differ, or
whole drawings that differ in more than that, stand in it twice, in elements of the classes `on-light` and `on-dark`,
of which a page shows one.
"""

import re
from collections.abc import Iterator
from typing import Final

from generator.runners.svg import NAME

_PARTS: Final = re.compile(r"<[^>]*>|[^<]+")
_COLOR: Final = re.compile(r"(?<=\")#[0-9a-f]{6}(?=\")")
_ADDRESS: Final = re.compile(r'(?<= href=")data:[^"]*')


def merge_themes(light: str, dark: str) -> str:
    """Return the picture that is `light` in a light page and `dark` in a dark one."""
    if light == dark:
        return light
    ours, theirs = _PARTS.findall(light), _PARTS.findall(dark)
    merged = [_merge_parts(one, other) for one, other in zip(ours, theirs, strict=False)]
    return "".join(merged) if len(ours) == len(theirs) and all(merged) else _both(light, dark)


def _merge_parts(light: str, dark: str) -> str:
    """Return a tag, or a text, for both themes; empty if they differ in more than colors and the data of an image."""
    if light == dark:
        return light
    if _COLOR.sub("", light) == _COLOR.sub("", dark):
        others: Iterator[str] = iter(_COLOR.findall(dark))
        return _COLOR.sub(lambda found: _either(found[0], next(others)), light)
    is_image = light.startswith("<image ") and light.endswith("/>")
    if is_image and _ADDRESS.sub("", light) == _ADDRESS.sub("", dark):
        return f'<image class="on-light"{light[6:]}<image class="on-dark"{dark[6:]}'
    return ""


def _either(light: str, dark: str) -> str:
    return light if light == dark else f"var(--c{dark[1:]},{light})"


def _both(light: str, dark: str) -> str:
    """Return a picture that holds both drawings whole; the ids of the dark one are made unlike those of the other."""
    opening, _, drawn = light.partition(">")
    other = dark.partition(">")[2].replace(NAME, f"{NAME}d")
    ours, theirs = (text.removesuffix("</svg>") for text in (drawn, other))
    return f'{opening}><g class="on-light">{ours}</g><g class="on-dark">{theirs}</g></svg>'
