"""Joins ES modules of ours into one script that a page holds: a browser loads no module from a file beside the page.

Each module becomes a function that runs once and returns what the module exports, so that its own names stay its own.
The files stay plain modules, which node runs as they are. Taken are named imports of files, and exports of
declarations; the rest of the language's forms of `import` and `export` is refused.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from generator.html.head import squeeze_script
from generator.words import say_file, spoken

_IMPORT: Final = re.compile(r'^import \{(?P<names>[^{}]*)\} from "(?P<path>\.[^"]*)";$\n?', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:(?:async )?function\*?|class|const) (?P<name>[\w$]+))", re.MULTILINE)
_OTHER: Final = re.compile(r"^\s*(?:import\b(?!\()|export\b).*$|\bimport\(", re.MULTILINE)


@dataclass(slots=True)
class _Joiner:
    """Collects modules, each behind those that it imports; `open` are those whose imports are being read."""

    texts: list[str] = field(default_factory=list)
    names: dict[Path, str] = field(default_factory=dict)
    exports: dict[Path, frozenset[str]] = field(default_factory=dict)
    open: list[Path] = field(default_factory=list)

    def add(self, path: Path) -> str:
        """Add the module at `path` unless it is there, and return the name of what it exports."""
        if path in self.open:
            way = " -> ".join(each.name for each in [*self.open[self.open.index(path) :], path])
            raise ValueError(f"modules import each other: {way}")
        if path not in self.names:
            self.open.append(path)
            text = _IMPORT.sub(
                lambda found: self.take(path, found), say_file(short_name(path), path.read_text(encoding="utf-8"))
            )
            self.open.pop()
            self.finish(path, text)
        return self.names[path]

    def take(self, path: Path, found: re.Match[str]) -> str:
        """Return the line that stands for an import of the module at `path`."""
        source = (path.parent / found["path"]).resolve()
        module = self.add(source)
        parts = [part.strip() for part in found["names"].split(",") if part.strip()]
        for part in parts:
            if (name := part.split(" as ")[0]) not in self.exports[source]:
                raise ValueError(f"{path.name} imports '{name}', which {source.name} does not export")
        return f"const {{ {', '.join(part.replace(' as ', ': ') for part in parts)} }} = {module};\n"

    def finish(self, path: Path, text: str) -> None:
        """Add the text of a module whose imports are written."""
        exported = [found["name"] for found in _EXPORT.finditer(text)]
        text = _EXPORT.sub("", text)
        if other := _OTHER.search(text):
            raise ValueError(f"{path.name} has '{other[0].strip()}', which cannot be joined")
        self.names[path], self.exports[path] = f"module{len(self.names)}", frozenset(exported)
        self.texts.append(
            f"const {self.names[path]} = (() => {{\n{text}\nreturn {{ {', '.join(exported)} }};\n}})();\n"
        )


def join_modules(paths: Iterable[Path]) -> str:
    """Return one script that runs the modules at `paths`, in this order, and once each of those that they import.

    Raises ValueError for a form of import or export that is not taken, a name that is not exported, and a circle.
    """
    return _join(tuple(path.resolve() for path in paths), spoken().lang)


def short_name(path: Path) -> str:
    """Return what the catalogs of languages call a script: its folder and its name."""
    return f"{path.parent.name}/{path.name}"


@lru_cache(50)
def _join(paths: Sequence[Path], _lang: str) -> str:
    joiner = _Joiner()
    for path in paths:
        joiner.add(path)
    return squeeze_script("".join(joiner.texts))
