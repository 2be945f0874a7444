"""Writes Temml's MathML as that of pages: with classes in place of style attributes, which the pages' policy forbids.

The classes are those of `templates/shared/formulas.css`. What has no class there is refused, never left out.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

from generator.lecture.raw_html import MATH_TAGS, find_lost


class NotShownError(Exception):
    """What a page cannot show of a formula: the problem, worded to follow "formula '…'", and a hint."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.problem, self.hint = problem, hint


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


INKS: Final = ("input", "kernel", "output", "window", "wrong", "muted")  # the theme's roles that text may have
_HINTS: Final = {
    "color": rf"colors are roles of the theme: \textcolor{{output}}{{y}}; there are {', '.join(INKS)}",
    "margin-left": r"negative spaces are \!, \negmedspace and \negthickspace",
}
_SIDES: Final = ("left", "right", "top", "bottom")
_PADDINGS: Final = {
    "0": ("0em", "0pt"), "1": ("0.1389em",), "2": ("0.25em",), "3": ("0.4em",), "4": ("5.9776pt",), "5": ("1em",),
}  # fmt: skip
_LINES: Final = {"line": "0.06em solid", "dash": "0.06em dashed", "double": "0.15em double"}
_BACK: Final = {"3": "0.1667em", "4": "0.2222em", "5": "0.2778em", "9": "0.5em", "18": "1em"}  # in 18ths of an em
# Temml's style declarations, and the classes that stand for them; none where Chromium needs none, or where only a
# property would do that validators of CSS do not know yet: math-depth, which makes a brace below a term heavier.
_CLASSES_OF: Final[Mapping[str, str]] = {
    "display:block math": "",
    "width:100%": "tml-wide",
    "width:50%": "tml-half",
    "padding:0": "tml-left-0 tml-right-0",
    "math-depth:0": "",
    "font-weight:bold": "tml-bold",
    "padding:3pt": "tml-fbox",
    "border:1px solid": "",
    "display:flex": "tml-clap",
    "justify-content:center": "",
    "height:1em": "tml-high",
    "text-align:left": "",
    "padding:0.035em 0 0 0": "tml-colon",
    **{f"padding-{side}:{width}": f"tml-{side}-{step}"
       for side in _SIDES[:2] for step, widths in _PADDINGS.items() for width in widths},
    **{f"border-{side}:{line}": f"tml-{name}-{side}" for side in _SIDES for name, line in _LINES.items()},
    **{f"margin-left:-{width}": f"tml-back-{step}" for step, width in _BACK.items()},
    **{f"color:{role}": f"tml-ink-{role}" for role in INKS},
}  # fmt: skip
# Temml's own classes that the style sheet knows, and those that Chromium needs no rule for.
_KEPT: Final = _names("""
    tml-jot tml-small tml-prime tml-sml-pad tml-med-pad tml-lrg-pad tml-shift-left tml-fbox mathscr
    chr-sml chr-med chr-lrg chr-sml-vec chr-med-vec chr-lrg-vec tml-hat-1 tml-hat-2 tml-hat-3 tml-hat-4
    tml-tilde-2 tml-tilde-3 tml-tilde-4 tml-overline tml-underline tml-cancel upstrike downstrike sout tml-xcancel
    longdiv-top longdiv-arc phasor-bottom phasor-angle actuarial circle-pad textcircle
""")
_NEEDLESS: Final = _names("tml-display tml-vec special-fraction tml-tageqn tml-tag mathcal")
_OTHER_BROWSERS: Final = ("wbk-", "ff-")
_ALIGNMENTS: Final = {"tml-left": "left", "tml-right": "right"}
_GIVEN: Final = frozenset(name for names in _CLASSES_OF.values() for name in names.split())
FORMULA_CLASSES: Final = {tag: set(_KEPT | _GIVEN) for tag in MATH_TAGS}  # for the sanitizer
_INDEXED: Final = _names("msub msup msubsup munder mover munderover")
# Temml's least height of what is below a root. With more, the sign hangs down less: browsers do not center it.
_STRUT: Final = {"width": "0pt", "height": "0.5em"}
_CLASS: Final = re.compile(r' class="[^"]*"')


def page_markup(markup: str) -> str:
    """Return a formula of Temml's as a page shows it; raises NotShownError for what it cannot show."""
    try:
        tree = fromstring(markup)  # noqa: S314 - written by Temml, without a document type
    except ParseError:
        raise NotShownError(
            "holds a character that no page can have", "write it anew, without control characters"
        ) from None
    for element in tree.iter():
        element.tag = _plain_tag(element)
        if element.tag == "mo" and not element.text and element.attrib.keys() <= {"linebreak"} and len(element) == 0:
            raise NotShownError(r"has a \\ outside of rows", r"write \begin{aligned} … \\ … \end{aligned}")
        _write_classes(element)
    for element in tree.iter():
        if element.tag in _INDEXED:
            _tighten(element[1:])
        if element.tag == "mspace" and element.attrib == _STRUT:
            element.set("height", "0.7em")
    written = tostring(tree, encoding="unicode", short_empty_elements=False)
    for _, what, _ in find_lost(_CLASS.sub("", written)):
        raise NotShownError(f"sets {what}, which pages do not show", "leave it away")
    return written


def _plain_tag(element: Element) -> str:
    """Return the tag of an element as MathML Core has it, without a namespace."""
    name = str(element.tag.rpartition("}")[2])
    if name == "none":  # an empty index, which MathML Core has dropped
        return "mrow"
    # Browsers take these attributes on any element, validators on <mstyle> alone.
    return "mstyle" if name == "mrow" and {"displaystyle", "scriptlevel"} & element.attrib.keys() else name


def _tighten(indices: Sequence[Element]) -> None:
    """Take the space around the signs in indices away, as LaTeX does: browsers set them as wide as in a line."""
    for sign in (sign for index in indices if index.tag != "mo" for sign in index.iter("mo")):
        sign.attrib = {"lspace": "0", "rspace": "0", **sign.attrib}


def _write_classes(element: Element) -> None:
    """Write the style and the classes of an element as classes of ours, and its alignment as an attribute."""
    names = []
    for name in element.attrib.pop("class", "").split():
        if name in _ALIGNMENTS:
            element.set("columnalign", _ALIGNMENTS[name])  # which presentations follow, and a rule for pages
        elif name in _KEPT:
            names.append(name)
        elif name not in _NEEDLESS and not name.startswith(_OTHER_BROWSERS):
            raise NotShownError(f"uses '{name}', which pages do not show", "leave it away")
    for declaration in element.attrib.pop("style", "").split(";"):
        names += _classes_of(declaration.replace(": ", ":").strip()).split()
    if names:
        element.set("class", " ".join(dict.fromkeys(names)))


def _classes_of(declaration: str) -> str:
    """Return the classes for one declaration of a style; raises NotShownError if there are none."""
    name, _, value = declaration.partition(":")
    if declaration and declaration not in _CLASSES_OF:
        raise NotShownError(f"sets the {name} '{value}', which pages do not show", _HINTS.get(name, "leave it away"))
    return _CLASSES_OF.get(declaration, "")
