"""The code that a verb of a recipe can reach, statement by statement across modules, found without importing any.

A statement counts if its name is mentioned by one that counts, or if it has an effect when a module is imported that
a counting one imports. Where names are looked up at run time, all of a module counts, or all of the project:

    a module that is handed on, `globals()`, `vars()`, `__getattr__` in a module, `from x import *`   the whole module
    importlib, eval, exec, runpy, pickle, sys.modules, subprocess, inspect, `__doc__` …              the whole project

In the last case docstrings and comments count as well. Files count when a statement that counts has their path: fixed
by `__file__`, or as a text.
"""

from collections.abc import Iterable, Iterator

from generator.atlas import Atlas, Module, ran_by
from generator.inert import Judgement
from generator.sight import ALL_SEEING_ATTRIBUTES, REFLECTION, is_all_seeing
from generator.statement import Alias, Statement
from generator.syntax import digest_of

Parts = dict[str, dict[str, str]]  # module, or file -> statement -> digest of it


class EverythingFound(Exception):  # noqa: N818 (it is found, and no error)
    """What is reached cannot be told from less than the whole project."""


class Reach:
    """Walks from verbs to all that they reach."""

    def __init__(self, atlas: Atlas, judgement: Judgement) -> None:
        self.atlas, self.judgement = atlas, judgement
        self.imported: set[str] = set()
        self.whole: set[str] = set()
        self.taken: dict[str, set[int]] = {}
        self.files: dict[str, str] = {}
        self.asked: set[tuple[str, ...]] = set()
        self.waiting: list[tuple[Module, int]] = []

    def walk(self) -> None:
        """Follow what has been taken until nothing is new."""
        while self.waiting:
            module, place = self.waiting.pop()
            self.follow(module, module.statements[place])

    def load(self, name: str) -> None:
        """Take what importing the module `name` runs: its packages and itself, and what they import."""
        parts = name.split(".")
        for depth in range(1, len(parts) + 1):
            module = self.atlas.find(".".join(parts[:depth]))
            if module is None or module.name in self.imported:
                continue
            self.imported.add(module.name)
            self.taken.setdefault(module.name, set())
            for place, statement in enumerate(module.statements):
                if not self.judgement.is_inert(module, place):
                    self.take(module, place)
                self.load_aliases(alias for alias in statement.aliases if alias.at_import)

    def load_aliases(self, aliases: Iterable[Alias]) -> None:
        """Take what imports run."""
        for alias in aliases:
            self.load(alias.runs)
            if alias.name == "*":
                self.take_whole(alias.module)
            elif alias.attribute and self.atlas.find(alias.module) is not None:
                self.load(f"{alias.module}.{alias.attribute}")

    def take(self, module: Module, place: int) -> None:
        """Count a statement."""
        taken = self.taken.setdefault(module.name, set())
        if place not in taken:
            taken.add(place)
            self.waiting.append((module, place))

    def take_whole(self, name: str) -> None:
        """Count all of a module, and of a package all modules in it: its names may be looked up at run time."""
        module = self.atlas.find(name)
        if module is None or name in self.whole:
            return
        self.whole.add(name)
        self.load(name)
        for place, statement in enumerate(module.statements):
            self.take(module, place)
            self.take_path(statement.value_path)
            for alias in statement.aliases:
                self.follow_alias(alias, ())
        if not module.path or module.path.endswith("/__init__.py"):
            for inner in self.atlas.submodules(name):
                self.take_whole(inner)

    def take_all(self, name: str) -> None:
        """Count every statement of the module `name`, whose names nobody looks up at run time."""
        module = self.atlas.find(name)
        if module is not None:
            for place, statement in enumerate(module.statements):
                self.take(module, place)
                self.take_path(statement.value_path)

    def follow(self, module: Module, statement: Statement) -> None:
        """Take what a statement that counts mentions."""
        attributes = set(statement.attributes)
        if attributes & ALL_SEEING_ATTRIBUTES:
            raise EverythingFound
        self.load_aliases(statement.aliases)
        for ref in statement.refs:
            root, *rest = ref.split(".")
            self.resolve(module, statement, root, tuple(rest))
        leads_up = attributes & {"parent", "parents"} or any(".." in text for text in statement.texts)
        for path in statement.paths:
            self.take_path("." if leads_up else path)
        self.take_texts(module, statement.texts)

    def resolve(self, module: Module, statement: Statement, root: str, rest: tuple[str, ...]) -> None:
        """Take what a dotted name in `statement` may stand for: a local import, the file's own name, or a builtin."""
        local = [alias for alias in statement.aliases if alias.name == root]
        for alias in local:
            self.follow_alias(alias, rest)
        self.look_up(module, root, rest)
        if not local and root not in module.bindings and (root in REFLECTION or is_all_seeing(f"builtins.{root}")):
            self.use_builtin(module, root)

    def use_builtin(self, module: Module, name: str) -> None:
        """Take what a builtin function can see."""
        if name in REFLECTION:
            self.take_whole(module.name)
        self.meet(f"builtins.{name}")

    def look_up(self, module: Module, name: str, rest: tuple[str, ...]) -> None:
        """Take the statements that bind `name` in a module; where that is an import, go on from there."""
        if (module.name, name, *rest) in self.asked:
            return
        self.asked.add((module.name, name, *rest))
        for place in module.bindings.get(name, ()):
            self.take(module, place)
            for alias in module.statements[place].aliases:
                if alias.name == name:
                    self.follow_alias(alias, rest)

    def follow_alias(self, alias: Alias, rest: tuple[str, ...]) -> None:
        """Take what an imported name stands for, as far as its attributes `rest` go."""
        path = (*([alias.attribute] if alias.attribute and alias.name != "*" else []), *rest)
        self.look_into(alias.module, path)

    def look_into(self, name: str, path: tuple[str, ...]) -> None:
        """Take the attribute `path` of the module `name`; all of the module where there is none, or none is known."""
        module = self.atlas.find(name)
        if module is None:
            self.meet(".".join([name, *path]))
        elif not path or "__getattr__" in module.bindings or path[0] in ("__dict__", "__getattribute__"):
            self.take_whole(name)
        elif path[0] == "__file__":
            self.take_path(module.path.rpartition("/")[0] or ".")
        else:
            self.load(name)
            self.look_up(module, path[0], path[1:])
            for place in module.bindings.get(path[0], ()):
                self.take_path(module.statements[place].value_path)
            inner = f"{name}.{path[0]}"
            if self.atlas.find(inner) is not None:
                self.look_into(inner, path[1:])

    def meet(self, name: str) -> None:
        """Stop where a name from outside the project lets code look up what it likes."""
        if is_all_seeing(name):
            raise EverythingFound

    def take_path(self, path: str) -> None:
        """Count the bytes of a file, or of all files in a folder."""
        if path:
            self.files |= self.atlas.files(path)

    def take_texts(self, module: Module, texts: Iterable[str]) -> None:
        """Count the files that texts name, seen from the project or from the module's folder."""
        here = module.path.rpartition("/")[0]
        for text in texts:
            for path in (text, f"{here}/{text}"):
                if text.strip("./") and ".." not in path.split("/") and not path.startswith("/"):
                    self.take_path(path)

    def parts(self) -> Parts:
        """Return what counts; statements whose order matters are numbered in it."""
        found: Parts = {path: {"the file": digest} for path, digest in self.files.items()}
        loud = self.loud_modules()
        for name in sorted(self.taken):
            module = self.atlas.find(name)
            if module is not None:
                rows = dict(self.rows(module, loud))
                found |= {name: rows} if rows else {}
        return found

    def rows(self, module: Module, loud: set[str]) -> Iterator[tuple[str, str]]:
        """Yield the label and the digest of each statement of a module that counts, and the order of those that act."""
        order = []
        for place, statement in enumerate(module.statements):
            runs = [name for alias in statement.aliases if alias.at_import for name in ran_by(alias)]
            if marks := [name for name in runs if name in loud and name != module.name]:
                order.append(f"{marks}")
            if place not in self.taken[module.name]:
                continue
            if not self.is_movable(module, place):
                order.append(statement.digest)
            is_only = len(module.bindings.get(statement.label, ())) == 1
            yield statement.label if is_only else f"{statement.label} ({len(order)})", statement.digest
        if order:
            yield "the order", digest_of("\n".join(order))

    def is_movable(self, module: Module, place: int) -> bool:
        """Return whether a statement may stand anywhere in its file: a function of which nothing runs at import."""
        statement = module.statements[place]
        names = [need.partition(":")[2].partition(".")[0] for need in statement.needs or ()]
        parts = [module.statements[part] for name in names for part in module.bindings.get(name, ())]
        mine = [part for part in parts if part.kind != "import"]
        return (
            statement.kind == "function" and not mine and len(module.bindings[statement.label]) == 1
            and self.judgement.is_inert(module, place)
        )  # fmt: skip

    def loud_modules(self) -> set[str]:
        """Return the modules that have an effect when they are imported, by themselves or by what they import."""
        imports = {}
        loud = set()
        for name in self.imported:
            module = self.atlas.find(name)
            if module is None:
                continue
            imports[name] = {
                ran for part in module.statements for alias in part.aliases if alias.at_import for ran in ran_by(alias)
            }
            if not all(self.judgement.is_inert(module, place) for place in range(len(module.statements))):
                loud.add(name)
        while more := {name for name, targets in imports.items() if name not in loud and targets & loud}:
            loud |= more
        return loud
