"""Sets LaTeX as MathML by Temml, in a JavaScript engine inside this process; knows nothing of pages.

Starting the engine takes 20 ms and each formula 0.3 ms, so the engine starts only for a formula that is new.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Final, cast

from generator.errors import PageError
from generator.html.reveal import NODE_MODULES
from generator.roots import LIBRARY

_PACKAGE: Final = LIBRARY / NODE_MODULES / "temml"
_SCRIPTS: Final = ("dist/temml.min.js", "contrib/mhchem/mhchem.min.js")  # mhchem is \ce and \pu, for chemistry
# strict: what LaTeX does not take is an error; trust, which is off, would let formulas set links, classes and styles.
# A long text is a rope in QuickJS, which its Python wrapper cannot read: `join` makes one piece of it.
_FUNCTION: Final = r"""
const console = {log(text) { throw new Error(text.replace(/^Temml [^:]*: /, "")); }};
function set(latex, display) {
  const macros = {"\\mbox": "\\text{#1}", "\\allowbreak": "", "\\nobreak": ""};
  const settings = {displayMode: display, throwOnError: true, strict: true, xml: true, macros};
  return [temml.renderToString(latex, settings)].join("");
}
"""
_SECONDS: Final = 5  # far more than any formula takes


class TemmlError(Exception):
    """A formula that Temml cannot set; the text says why."""


def to_mathml(latex: str, *, display: bool) -> str:
    """Return a formula as Temml writes it, with styles and classes of its own; raises TemmlError if it cannot.

    Raises PageError if Temml or the engine is not installed.
    """
    set_formula = _set_function()
    try:
        return set_formula(latex, display)
    except Exception as error:  # the engine's own classes, one for each kind of failure
        raise TemmlError(_reason(str(error))) from None


def _reason(message: str) -> str:
    """Return why Temml cannot set a formula; empty if it failed without a reason, over a missing part or for depth."""
    kind, _, reason = message.partition("\n")[0].partition(":")
    if kind not in {"ParseError", "Error"}:
        return ""
    return reason.partition(" at position ")[0].partition(" at end of input")[0].strip().removesuffix(":")


@cache
def temml_digest() -> str:
    """Return the SHA-256 of Temml's files, which changes with its version; raises PageError if it is not installed."""
    return sha256("\0".join(_read_scripts()).encode()).hexdigest()


def _read_scripts() -> list[str]:
    try:
        return [(_PACKAGE / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    except FileNotFoundError as error:
        raise PageError("Temml, which sets formulas, is not installed", hint="run make setup") from error


@cache
def _set_function() -> Callable[[str, bool], str]:
    try:
        from _quickjs import Context  # `quickjs` is the same, and starts a thread when it is imported
    except ImportError as error:
        raise PageError("QuickJS, which formulas need, is not installed", hint="run make setup") from error
    context = Context()
    context.set_time_limit(_SECONDS)
    for script in [*_read_scripts(), _FUNCTION]:
        context.eval(script)
    return cast(Callable[[str, bool], str], context.get("set"))
