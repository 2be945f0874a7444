"""Takes out of Matplotlib's SVG what changes nothing on the page, where pictures stand as text by the hundred."""

import re
from collections.abc import Callable

# A coordinate keeps two decimals of a point; a scale keeps all of its own, for it multiplies thousands of units.
DECIMALS = re.compile(r"(scale\([^)]*\))|(?<=\d\.\d\d)\d+")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
GROUP_NAME = re.compile(r'<g id="[^"]*"')
BETWEEN_TAGS = re.compile(r">\s+<")
ALONE = re.compile(r"<g>(<(?:path|use|image)\b[^>]*/>)</g>")
GLYPH = re.compile(r'(?<=id=")[A-Za-z0-9_ -]*-[0-9a-f]+(?=")')


def attribute(name: str, shorten: Callable[[str], str]) -> Callable[[str], str]:
    """Return a function that shortens every attribute `name` of an SVG."""
    pattern = re.compile(rf'(?<=\s){name}="([^"]*)"')
    return lambda text: pattern.sub(lambda match: f'{name}="{shorten(match[1])}"', text)


def shorten_path(data: str) -> str:
    """Return path data with commas for blanks, and none around letters: `M 1 2 L 3 4` is `M1,2L3,4`."""
    return re.sub(r"\s+", ",", re.sub(r"\s*([A-Za-z])\s*", r"\1", data.strip()))


def shorten_transform(data: str) -> str:
    """Return a transform, or a view box, with commas for blanks: `scale(1 -1) translate(0 5)`."""
    return re.sub(r"\s+", ",", re.sub(r"\)\s+", ")", data.strip()))


def shorten_style(data: str) -> str:
    """Return declarations without blanks around their signs."""
    return re.sub(r"\s*([:;,])\s*", r"\1", data.strip())


SHORTEN = (
    attribute("d", shorten_path),
    attribute("transform", shorten_transform),
    attribute("viewBox", shorten_transform),
    attribute("style", shorten_style),
)


def rename_glyphs(text: str) -> str:
    """Return an SVG whose glyphs have short names, in the order of their appearance."""
    for number, name in enumerate(dict.fromkeys(GLYPH.findall(text))):
        text = text.replace(f'id="{name}"', f'id="g{number}"').replace(f'href="#{name}"', f'href="#g{number}"')
    return text


def lean(svg: bytes) -> bytes:
    """Return a picture that looks the same to a hundredth of a point, from `<svg` on and on one line."""
    text = DECIMALS.sub(r"\1", svg.decode("utf-8"))
    text = GROUP_NAME.sub("<g", COMMENT.sub("", text[text.index("<svg") :]))
    for shorten in SHORTEN:
        text = shorten(text)
    text = rename_glyphs(BETWEEN_TAGS.sub("><", text))
    while ALONE.search(text):
        text = ALONE.sub(r"\1", text)
    return re.sub(r"\s+", " ", text).strip().encode()
