"""LaTeX formulas as MathML; knows nothing of Markdown or pages."""

import re
from typing import Final
from xml.etree.ElementTree import ParseError, fromstring

from latex2mathml.converter import convert

from generator.errors import PageError

# What latex2mathml does not know it passes through with its backslash, inside an identifier.
_UNKNOWN: Final = re.compile(r"\\[A-Za-z]+|\\.")
_TEXT: Final = re.compile(r"<mtext>.*?</mtext>", re.DOTALL)
# An argument that is missing it leaves out, and a browser then shows the formula as an error or not at all.
_CHILDREN: Final = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3,
}  # fmt: skip


def mathml(latex: str, *, display: bool = False) -> str:
    """Return the MathML of a LaTeX formula; raises PageError for a macro or a structure that has none."""
    formula = f"formula '{latex.strip()}'"
    try:
        markup = str(convert(latex, display="block" if display else "inline"))
    except Exception as error:  # the library has a dozen exception classes and also raises IndexError and others
        raise _refuse(f"{formula} cannot be set: {type(error).__name__}") from error
    unknown = _UNKNOWN.search(_TEXT.sub("", markup))
    if unknown:
        hint = "formulas take the LaTeX of mathematics, without packages or \\newcommand"
        raise PageError(f"{formula} uses '{unknown[0]}', which is not known", hint=hint)
    if not _is_complete(markup):
        raise _refuse(f"{formula} is not complete")
    return markup


def _is_complete(markup: str) -> bool:
    try:
        tree = fromstring(markup)  # noqa: S314 - written by latex2mathml, and without a document type
    except ParseError:
        return False
    names = ((element.tag.rpartition("}")[2], len(element)) for element in tree.iter())
    return all(count == _CHILDREN.get(name, count) for name, count in names)


def _refuse(problem: str) -> PageError:
    return PageError(problem, hint="look for a missing brace or argument")
