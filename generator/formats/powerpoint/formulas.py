"""Draws the pages' MathML as SVG for presentations; what the drawing library would leave out of it is an error."""

import warnings
from typing import Final
from xml.etree.ElementTree import Element, fromstring, tostring

from generator.errors import PageError
from generator.html.formula_markup import INKS
from generator.html.titles import UNSEEN
from generator.theme import Theme

_SIZE: Final = 34.0  # the font size of a formula
_NO_GLYPH: Final = '"STIXTwoMathRegular_0"'  # the first glyph of a font is for characters that it lacks
_LINED: Final = ("tml-line-", "tml-dash-", "tml-double-")
_ATTRIBUTES: Final = {
    "tml-bold": {"mathvariant": "bold"},
    "tml-fbox": {"notation": "box"},
    "tml-jot": {"columnspacing": "0em"},
}
_DRAWN_AS: Final = {f"tml-ink-{role}": role for role in INKS}


def draw_formula(markup: str, theme: Theme) -> str:
    """Return MathML (as written by `mathml`) as SVG in the theme's colors; raises PageError for what is not drawn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it opens its font in a deprecated way
        import ziamath
    tree = fromstring(markup)  # noqa: S314 - written by us, without a document type
    for element in tree.iter():
        _prepare(element, theme)
    svg = str(ziamath.Math(tostring(tree, encoding="unicode"), size=_SIZE).svg())
    if _NO_GLYPH in svg:
        hint = "write words outside the formula; what mathematics uses is in the font"
        raise PageError("a formula has a letter that the font of presentations lacks", hint=hint)
    return svg.replace('fill="black"', f'fill="{theme.ink}"').replace('stroke="black"', f'stroke="{theme.ink}"')


def _prepare(element: Element, theme: Theme) -> None:
    """Write what the style sheet of pages does with an element as attributes that ziamath follows."""
    element.text = element.text.translate(UNSEEN) if element.text else None
    for name in element.attrib.pop("class", "").split():
        if name.startswith(_LINED):
            problem = "a formula has lines between its columns or rows, which presentations do not draw"
            raise PageError(problem, hint=r"leave | and \hline out, or put the formula into :::{handout}")
        if name in _DRAWN_AS:
            element.set("mathcolor", getattr(theme, _DRAWN_AS[name]))
        element.tag = "menclose" if name == "tml-fbox" else element.tag
        element.attrib.update(_ATTRIBUTES.get(name, {}))
    if element.tag == "mpadded":  # it would cut off what is not as high or as wide as said
        element.attrib.clear()
    if element.tag == "mo" and len(element):
        element.tag = "mrow"
