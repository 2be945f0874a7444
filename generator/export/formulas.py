"""LaTeX formulas as MathML; knows nothing of Markdown or pages."""

import re
from typing import Final

from latex2mathml.converter import convert

from generator.errors import PageError

# What latex2mathml does not know it passes through with its backslash, inside an identifier.
_UNKNOWN: Final = re.compile(r"\\[A-Za-z]+|\\.")
_TEXT: Final = re.compile(r"<mtext>.*?</mtext>", re.DOTALL)


def mathml(latex: str, *, display: bool = False) -> str:
    """Return the MathML of a LaTeX formula; raises PageError for a macro or a structure that has none."""
    try:
        markup = str(convert(latex, display="block" if display else "inline"))
    except Exception as error:  # the library has a dozen exception classes and also raises IndexError and others
        problem = f"formula '{latex.strip()}' cannot be set: {type(error).__name__}"
        raise PageError(problem, hint="look for a missing brace or argument") from error
    unknown = _UNKNOWN.search(_TEXT.sub("", markup))
    if unknown:
        problem = f"formula '{latex.strip()}' uses '{unknown[0]}', which is not known"
        raise PageError(problem, hint="formulas take the LaTeX of mathematics, without packages or \\newcommand")
    return markup
