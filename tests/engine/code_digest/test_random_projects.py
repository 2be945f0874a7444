"""Random small projects and edits: what a verb reaches must change wherever what it gives does."""

import importlib
import os
import sys
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from reach_cases import digest, write

EXAMPLES = int(os.environ.get("REACH_EXAMPLES", "100"))
# Random projects of three modules, in which `m2` may use `m1` and `m0`. `{n}` is the number that an edit changes.
LINES = [
    "{x} = {n}",
    "{x} = ({n}, {n})",
    "{x} = {y}",
    "{x} = [{n}, {y}]",
    "def {x}(a={n}):\n    return a",
    "def {x}():\n    return {y}",
    "def {x}(a={y}):\n    return [a, {n}]",
    "def {x}():\n    global {y}\n    {y} = {n}",
    "def {x}():\n    from figures.{m} import {y}\n    return {y}",
    "def {x}():\n    return call({y})",
    "def {x}():\n    return globals().get('{y}')",
    "def {x}():\n    import figures.{m} as {y}\n    return getattr({y}, '{x}', {n})",
    "class {x}:\n    v = {n}\n    def f(self):\n        return {y}",
    "class {x}:\n    LOG.append({n})",
    "@note\ndef {x}():\n    return {n}",
    "class {x}({y} if isinstance({y}, type) else object):\n    v = {n}",
    "from figures.{m} import {y}",
    "from figures.{m} import {y} as {x}",
    "import figures.{m} as {x}",
    "from figures import {m}",
    "from figures.{m} import *",
    "LOG.append({n})",
    "LOG.append({y})",
    "call({y})",
    "{x} = call({y})",
    "{x} = {y} if {n} % 2 else {n}",
    "from figures import {m}\n{m}.{y} = {n}",
    "from figures import {m}\n{x} = getattr({m}, '{y}', {n})",
    "try:\n    from figures.{m} import {y}\nexcept ImportError:\n    {y} = {n}",
    "if {n} % 3:\n    {x} = {n}\nelse:\n    {x} = {y}",
    "for {x} in ({n}, {n}):\n    LOG.append({x})",
    "__all__ = ['{x}', '{y}']",
    "{x} = lambda: {y}",
    "{x} = {{'a': {y}}}['a']",
    "import dataclasses\n@dataclasses.dataclass\nclass {x}:\n    v: int = {n}\n    w: object = None",
    "del {x}",
    "def __getattr__(name):\n    if name.startswith('_'):\n        raise AttributeError(name)\n    return {n}",
]
HEAD = """
from figures.log import LOG, call, note
A = B = 0
"""
LOG = """
LOG = []
def note(f):
    LOG.append(show(f))
    return f
def call(f):
    return f() if callable(f) and len(LOG) < 30 else f
def show(x, depth=0):
    if isinstance(x, type):
        return [x.__name__, getattr(x, 'v', None)]
    if callable(x):
        return [x.__name__, depth < 3 and show(call(x), depth + 1)]
    if isinstance(x, (list, tuple)):
        return [show(y, depth + 1) for y in x] if depth < 3 else '...'
    return x if isinstance(x, (int, str, type(None))) else [type(x).__name__, getattr(x, 'v', None)]
"""
WAVE = """
from figures.log import LOG, call, show
def draw():
    from figures import m2
    from figures.m2 import A
    return [show(call(A)), show(m2.B), show(LOG)]
"""


@st.composite
def lines(draw: st.DrawFn, place: int) -> str:
    """Return a line of the module `m<place>`, its number as `{n}`."""
    text = draw(st.sampled_from(LINES))
    names = {key: draw(st.sampled_from("AAB")) for key in "xy"}
    module = f"m{draw(st.integers(0, max(0, place - 1)))}" if place else "log"
    return text.format(**names, m=module, n="{n}")


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[list[tuple[str, int]]], list[list[tuple[str, int]]]]:
    """Return the lines, with their numbers, of three modules, and the same after a random edit."""
    numbered = [st.lists(st.tuples(lines(place), st.integers(0, 3)), min_size=2, max_size=6) for place in range(3)]
    before = [draw(rows) for rows in numbered]
    after = [list(rows) for rows in before]
    rows = draw(st.sampled_from(after))
    at, other = draw(st.integers(0, len(rows) - 1)), draw(st.integers(0, len(rows) - 1))
    match draw(st.sampled_from(["number", "number", "number", "swap", "drop", "line"])):
        case "number":
            rows[at] = (rows[at][0], rows[at][1] + 1)
        case "swap":
            rows[at], rows[other] = rows[other], rows[at]
        case "drop":
            del rows[at]
        case _:
            rows[at] = (draw(lines(0)), 5)
    return before, after


def lay_lines(folder: Path, modules: list[list[tuple[str, int]]]) -> None:
    for name, text in {"__init__": "", "log": LOG, "wave": WAVE}.items():
        write(folder, f"figures/{name}.py", text)
    for place, rows in enumerate(modules):
        text = "\n".join(line.replace("{n}", str(number)) for line, number in rows)
        before = f"from figures import m{place - 1}\n" if place else ""
        write(folder, f"figures/m{place}.py", f"{HEAD}{before}{text}\n")


def draw_here(folder: Path) -> str:
    """Return what `draw` gives, its modules loaded into this process and forgotten again."""
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "figures"}
    sys.path.insert(0, str(folder))
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        return repr(importlib.import_module("figures.wave").draw())
    except Exception as error:
        return f"{type(error).__name__} {error}".replace(str(folder), "")
    finally:
        sys.dont_write_bytecode = writes
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == "figures"]:
            del sys.modules[name]
        sys.modules.update(kept)


@settings(max_examples=EXAMPLES, deadline=None)
@given(edits())
def test_an_edit_that_changes_what_a_verb_gives_changes_what_it_reaches(edit):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        before, after = Path(one), Path(other)
        lay_lines(before, edit[0])
        lay_lines(after, edit[1])
        if draw_here(before) != draw_here(after):
            assert digest(before) != digest(after)
