"""Sets LaTeX formulas as MathML for pages: what a page cannot show of a formula is an error, never left out.

The results are cached by formula, for all lectures and builds, so that only a new formula starts Temml.
"""

import re
import sys
from functools import lru_cache
from typing import Final

from generator.disk import cached, digest_of_modules
from generator.errors import PageError
from generator.html import formula_markup, temml
from generator.html.formula_markup import NotShownError, page_markup
from generator.html.temml import TemmlError, temml_digest, to_mathml
from generator.lecture import raw_html
from generator.roots import CACHE_HOME

_MACRO_HINT: Final = r"define your own in the front matter, below macros: as in \R: \mathbb{R}"
# What Temml would take, and pages and notebooks would not show alike: a pattern, the problem, a hint.
_REFUSED: Final = tuple(
    (re.compile(pattern), problem, hint)
    for pattern, problem, hint in (
        (r"\A\Z", "is empty", "write it, or leave the dollars away"),
        (r"(?<!\\)(?:\\\\)*%", "has a % that makes the rest a comment", r"write \% for a percent sign"),
        (
            r"(\\(?:(?:re)?newcommand|providecommand|[gex]?def|let|futurelet|global))(?![A-Za-z])",
            "uses '{}', which defines a macro",
            _MACRO_HINT,
        ),
        (
            r"(\\(?:label|(?:eq)?ref))(?![A-Za-z])",
            "uses '{}', which belongs outside the formula",
            "write $$ … $$ (label), and {ref}`label` where it is meant",
        ),
        (
            r"(\\(?:cancelto|raisebox|reflectbox|bordermatrix))(?![A-Za-z])",
            "uses '{}', which pages do not draw",
            "say it in the text",
        ),
        (
            r"(\\f?colorbox)(?![A-Za-z])",
            "uses '{}', which pages do not draw",
            r"\boxed draws a frame, and \textcolor{output}{…} sets a color of the theme",
        ),
        (
            r"(\\prescript)(?![A-Za-z])",
            "uses '{}', whose indices Temml sets the wrong way round",
            r"write {}^{14}_{6}\mathrm{C}",
        ),
    )
)
_UNKNOWN_MACRO: Final = re.compile(r"Unsupported function name: (\S+)")
_UNKNOWN_ENVIRONMENT: Final = re.compile(r"No such environment: (\S+)")
# An equation gets its number from a label outside of it, so these are set as their forms without numbers.
_NUMBERED: Final = re.compile(r"(\\(?:begin|end)\s*\{\s*(?:align|alignat|equation|gather|multline))\s*\}")
# Temml wants the underscores of words escaped, as LaTeX does, and MathJax does not.
_WORDS: Final = re.compile(r"\\(?:text(?:[a-z]{2})?|textnormal|mbox)\s*\{[^{}$]*\}")
_OUTER_SPACE: Final = re.compile(r"\A\s+|(?<!\\)\s+\Z")  # but a backslash and a space, which is one
_UNDERSCORE: Final = re.compile(r"(?<!\\)_")


def mathml(latex: str, *, display: bool = False) -> str:
    """Return the MathML of a LaTeX formula; raises PageError for what is not known, not complete, or not shown."""
    return _cached_mathml(_OUTER_SPACE.sub("", latex), display)


@lru_cache(maxsize=4096)
def _cached_mathml(latex: str, display: bool) -> str:  # noqa: FBT001 - part of the key
    depends_on = (formulas_version(), str(display), latex)
    return str(cached(CACHE_HOME, "formulas", depends_on, lambda: _convert(latex, display=display)))


def formulas_version() -> str:
    """Return what the MathML of a formula depends on besides the formula: this code and Temml."""
    return digest_of_modules(formula_markup, temml, raw_html, sys.modules[__name__]) + temml_digest()


def _convert(latex: str, *, display: bool) -> str:
    try:
        _check(latex)
        return page_markup(to_mathml(_as_temml(latex), display=display))
    except TemmlError as error:
        problem, hint = _explain(str(error))
    except NotShownError as error:
        problem, hint = error.problem, error.hint
    raise PageError(f"formula '{latex}' {problem}", hint=hint)


def _as_temml(latex: str) -> str:
    """Return a formula without numbers, and with the underscores in its words escaped, as Temml wants them."""
    words = _WORDS.sub(lambda found: _UNDERSCORE.sub(r"\_", found[0]), latex)
    return _NUMBERED.sub(r"\1*}", words)


def _check(latex: str) -> None:
    """Raise NotShownError for what Temml would take, and pages and notebooks would not show alike."""
    for pattern, problem, hint in _REFUSED:
        if found := pattern.search(latex):
            raise NotShownError(problem.format(*found.groups()), hint)


def _explain(reason: str) -> tuple[str, str]:
    """Return what Temml says of a formula as a problem and a hint."""
    if found := _UNKNOWN_MACRO.search(reason):
        return f"uses '{found[1]}', which is not known", f"mend its name, or {_MACRO_HINT}"
    if found := _UNKNOWN_ENVIRONMENT.search(reason):
        hint = "there are aligned, array, cases, gathered, matrix, pmatrix, split and others of LaTeX and AMS"
        return f"uses the environment '{found[1]}', which is not known", hint
    if "Unicode text" in reason:
        return f"cannot be set: {reason}", r"write words as \text{größe}"
    return f"cannot be set: {reason or 'it is not complete'}", "look for a missing brace or argument"
