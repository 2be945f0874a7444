"""Finds the code that a verb of a recipe can reach, statement by statement across modules, without importing any.

The digest of that code is part of a task's key. A statement too many only rebuilds something for nothing; one too few
leaves an outdated picture in a lecture. So whenever syntax does not tell, more code counts.

A statement counts if a statement that counts mentions a name that it binds, or if it may do more than bind names at
import (see `import_effects`) and its module is imported on the way. For the verb `draw` of `figures.wave`:

    # figures/wave.py
    from figures import pen         counts: `draw` mentions `pen`
    def draw(): pen.line()          counts: the verb itself
    def animate(): pen.glide()      does not count: another verb

    # figures/pen.py
    WIDTH = 2                       counts: `line` mentions it
    def line(): return WIDTH        counts: `draw` mentions `pen.line`
    def glide(): ...                does not count: defining it only binds a name
    STYLES["pen"] = WIDTH           counts: it runs when `pen` is imported, and others may read STYLES

Where names are looked up at run time, the syntax does not say which; then all of a module or of the project counts:

    a module that is handed on, `globals()`, `vars()`, `__getattr__` in a module, `from x import *`   the whole module
    importlib, eval, exec, runpy, pickle, sys.modules, subprocess, inspect, `__doc__` …              the whole project

In the last case docstrings and comments count as well. A data file counts if a statement that counts names it: by a
path built on `__file__`, or by a string.
"""

import builtins
from collections.abc import Iterable, Iterator
from functools import cache

from generator.engine.code_digest.modules import Module, ModuleIndex, modules_run_by
from generator.engine.code_digest.statements import Alias, Statement, digest_of

Parts = dict[str, dict[str, str]]  # module or file -> label of a statement -> its digest


class WholeProjectReached(Exception):  # noqa: N818 (a finding, not an error)
    """The code may look up anything at run time, so the whole project counts."""


class ImportSafety:
    """Tells whether statements are inert, that is, do nothing but bind names at import; remembers each answer.

    A statement is inert if its needs are met (see `import_effects`). To find out, names are followed through the
    modules of the project; of names from outside the project, only those in the TRUSTED lists below meet a need.
    """

    def __init__(self, index: ModuleIndex) -> None:
        self.index = index
        self.known: dict[tuple[str, int], bool] = {}

    def is_inert(self, module: Module, place: int) -> bool:
        """Return whether the statement at index `place` of a module does nothing but bind names at import."""
        if (module.name, place) not in self.known:
            # The answer while its needs are checked: a statement that needs itself (`a = b` and `b = a`) is not inert.
            self.known[module.name, place] = False
            statement = module.statements[place]
            self.known[module.name, place] = (
                statement.needs is not None
                and all(self.is_met(module, need) for need in statement.needs)
                and all(self.exists(alias) for alias in statement.aliases if alias.at_import)
            )
        return self.known[module.name, place]

    def exists(self, alias: Alias) -> bool:
        """Return whether the name that an import binds exists; assumed of modules from outside the project.

        An import that fails is an effect: it raises, or the `except ImportError` around it runs.
        """
        module = self.index.find(alias.module)
        if alias.name == "*":
            return False
        if module is None:
            return self.index.find(alias.module.partition(".")[0]) is None
        if not alias.attribute:
            return self.index.find(alias.runs) is not None
        return alias.attribute in module.bindings or self.index.find(f"{alias.module}.{alias.attribute}") is not None

    def is_met(self, module: Module, need: str) -> bool:
        """Return whether a need of a statement of `module` is met, by every statement that binds its name."""
        how, _, name = need.partition(":")
        root, *rest = name.split(".")
        places = module.bindings.get(root, [])
        if not places:
            # Not bound in the file: a builtin, unless `from x import *` may have bound the name.
            is_builtin = hasattr(builtins, root) and not rest and not module.stars
            return is_builtin and self.is_trusted(how, f"builtins.{root}")
        return all(
            self.is_inert(module, place) and self.binding_meets(module.statements[place], how, root, rest)
            for place in places
        )

    def binding_meets(self, statement: Statement, how: str, root: str, rest: list[str]) -> bool:
        """Return whether the name `root` that an inert statement binds, with the attributes `rest`, meets a need.

        What an import binds is followed. What a function may rebind by `global` can be anything, and an attribute of a
        value may be a property that runs code: both meet no need.
        """
        aliases = [alias for alias in statement.aliases if alias.name == root]
        if root in statement.writes:
            return False
        if aliases:
            return all(self.import_meets(alias, how, rest) for alias in aliases)
        if rest:
            return False
        if how == "call":
            return statement.is_record
        return how == "value" or (how == "base" and statement.kind == "class")

    def import_meets(self, alias: Alias, how: str, rest: list[str]) -> bool:
        """Return whether the attributes `rest` of what an import binds meet a need.

        In the project, `from .inner import width` is followed to the statement that binds `width`.
        """
        attributes = [*([alias.attribute] if alias.attribute else []), *rest]
        name = alias.module
        while (module := self.index.find(name)) is not None:
            if not attributes or "__getattr__" in module.bindings or module.stars:
                return False
            if attributes[0] in module.bindings:
                return self.is_met(module, f"{how}:{'.'.join(attributes)}")
            name, attributes = f"{name}.{attributes[0]}", attributes[1:]
        if self.index.find(name.partition(".")[0]) is not None:
            return False
        return self.is_trusted(how, ".".join([name, *attributes]))

    def is_trusted(self, how: str, name: str) -> bool:
        """Return whether a name from outside the project meets a need."""
        root, _, last = name.rpartition(".")
        match how:
            case "value":
                return True
            case "call":
                return name in TRUSTED_CALLS or root == "math" or (root == "builtins" and last in TRUSTED_BUILTINS)
            case "decorator":
                return name in TRUSTED_DECORATORS
            case "base":
                built_in = root == "builtins" and isinstance(getattr(builtins, last, None), type)
                return built_in or name in TRUSTED_BASES or root == "collections.abc"
        return name.partition(".")[0] in TRUSTED_GENERIC_ROOTS


class ReachableCode:
    """Walks from verbs to all the code that they reach.

    imported: the modules that get imported on the way. whole_modules: those of which everything counts. reached: by
    module, the indices of the statements that count. files: data files that count, with their digests. looked_up: the
    names that have been followed. waiting: statements that count but have not been followed yet.
    """

    def __init__(self, index: ModuleIndex, import_safety: ImportSafety) -> None:
        self.index, self.import_safety = index, import_safety
        self.imported: set[str] = set()
        self.whole_modules: set[str] = set()
        self.reached: dict[str, set[int]] = {}
        self.files: dict[str, str] = {}
        self.looked_up: set[tuple[str, ...]] = set()
        self.waiting: list[tuple[Module, int]] = []

    def walk(self) -> None:
        """Follow the statements that count until no new ones are found."""
        while self.waiting:
            module, place = self.waiting.pop()
            self.follow(module, module.statements[place])

    def import_module(self, name: str) -> None:
        """Add what importing the module `name` runs: the effects of its packages, of itself and of their imports."""
        parts = name.split(".")
        for depth in range(1, len(parts) + 1):
            module = self.index.find(".".join(parts[:depth]))
            if module is None or module.name in self.imported:
                continue
            self.imported.add(module.name)
            self.reached.setdefault(module.name, set())
            for place, statement in enumerate(module.statements):
                if not self.import_safety.is_inert(module, place):
                    self.add(module, place)
                self.import_aliases(alias for alias in statement.aliases if alias.at_import)

    def import_aliases(self, aliases: Iterable[Alias]) -> None:
        """Add what some imports run."""
        for alias in aliases:
            self.import_module(alias.runs)
            if alias.name == "*":
                self.add_whole_module(alias.module)
            elif alias.attribute and self.index.find(alias.module) is not None:
                self.import_module(f"{alias.module}.{alias.attribute}")

    def add(self, module: Module, place: int) -> None:
        """Add the statement at index `place` of a module to those that count."""
        reached = self.reached.setdefault(module.name, set())
        if place not in reached:
            reached.add(place)
            self.waiting.append((module, place))

    def add_whole_module(self, name: str) -> None:
        """Add all of a module, and of a package all modules in it: any name may be looked up at run time."""
        module = self.index.find(name)
        if module is None or name in self.whole_modules:
            return
        self.whole_modules.add(name)
        self.import_module(name)
        for place, statement in enumerate(module.statements):
            self.add(module, place)
            self.add_files(statement.value_path)
            for alias in statement.aliases:
                self.follow_alias(alias, ())
        if not module.path or module.path.endswith("/__init__.py"):
            for inner in self.index.submodules(name):
                self.add_whole_module(inner)

    def add_all_statements(self, name: str) -> None:
        """Add every statement of the module `name`; unlike in `add_whole_module`, no name is looked up at run time."""
        module = self.index.find(name)
        if module is not None:
            for place, statement in enumerate(module.statements):
                self.add(module, place)
                self.add_files(statement.value_path)

    def follow(self, module: Module, statement: Statement) -> None:
        """Add what a statement that counts mentions."""
        attributes = set(statement.attributes)
        if attributes & ALL_SEEING_ATTRIBUTES:
            raise WholeProjectReached
        self.import_aliases(statement.aliases)
        for ref in statement.refs:
            root, *rest = ref.split(".")
            self.resolve(module, statement, root, tuple(rest))
        # Code that goes up from a path, by `parent` or "..", may get to any file of the project.
        leads_up = attributes & {"parent", "parents"} or any(".." in text for text in statement.texts)
        for path in statement.paths:
            self.add_files("." if leads_up else path)
        self.add_named_files(module, statement.texts)

    def resolve(self, module: Module, statement: Statement, root: str, rest: tuple[str, ...]) -> None:
        """Add what the dotted name `root.rest` in `statement` may be: a local import, a name of the file, a builtin."""
        local = [alias for alias in statement.aliases if alias.name == root]
        for alias in local:
            self.follow_alias(alias, rest)
        self.look_up(module, root, rest)
        if not local and root not in module.bindings and (root in REFLECTION or is_all_seeing(f"builtins.{root}")):
            self.use_builtin(module, root)

    def use_builtin(self, module: Module, name: str) -> None:
        """Add what a builtin function can see."""
        if name in REFLECTION:
            self.add_whole_module(module.name)
        self.check_outside_name(f"builtins.{name}")

    def look_up(self, module: Module, name: str, rest: tuple[str, ...]) -> None:
        """Add the statements that bind `name` in a module; follow imports among them to the attributes `rest`."""
        if (module.name, name, *rest) in self.looked_up:
            return
        self.looked_up.add((module.name, name, *rest))
        for place in module.bindings.get(name, ()):
            self.add(module, place)
            for alias in module.statements[place].aliases:
                if alias.name == name:
                    self.follow_alias(alias, rest)

    def follow_alias(self, alias: Alias, rest: tuple[str, ...]) -> None:
        """Add what the attributes `rest` of an imported name stand for."""
        attributes = (*([alias.attribute] if alias.attribute and alias.name != "*" else []), *rest)
        self.reach_attribute(alias.module, attributes)

    def reach_attribute(self, name: str, attributes: tuple[str, ...]) -> None:
        """Add the attribute of the module `name` that is reached by the names `attributes`, one after the other.

        `("Pen", "width")` adds what binds `Pen` in the module; if that is an import, it is followed to `width`. Without
        attributes the module itself is handed on, so all of it counts.
        """
        module = self.index.find(name)
        if module is None:
            self.check_outside_name(".".join([name, *attributes]))
        elif not attributes or "__getattr__" in module.bindings or attributes[0] in ("__dict__", "__getattribute__"):
            self.add_whole_module(name)
        elif attributes[0] == "__file__":
            self.add_files(module.path.rpartition("/")[0] or ".")
        else:
            self.import_module(name)
            self.look_up(module, attributes[0], attributes[1:])
            for place in module.bindings.get(attributes[0], ()):
                self.add_files(module.statements[place].value_path)
            inner = f"{name}.{attributes[0]}"
            if self.index.find(inner) is not None:
                self.reach_attribute(inner, attributes[1:])

    def check_outside_name(self, name: str) -> None:
        """Raise WholeProjectReached if with this name from outside the project code can look up anything."""
        if is_all_seeing(name):
            raise WholeProjectReached

    def add_files(self, path: str) -> None:
        """Add the bytes of a file, or of all files in a folder; an empty path adds nothing."""
        if path:
            self.files |= self.index.files(path)

    def add_named_files(self, module: Module, texts: Iterable[str]) -> None:
        """Add the files that strings name, relative to the project or to the module's folder."""
        here = module.path.rpartition("/")[0]
        for text in texts:
            for path in (text, f"{here}/{text}"):
                if text.strip("./") and ".." not in path.split("/") and not path.startswith("/"):
                    self.add_files(path)

    def parts(self) -> Parts:
        """Return the digests of all that counts, by module and statement and by file."""
        found: Parts = {path: {"the file": digest} for path, digest in self.files.items()}
        with_effects = self.modules_with_effects()
        for name in sorted(self.reached):
            module = self.index.find(name)
            if module is not None:
                rows = dict(self.rows(module, with_effects))
                found |= {name: rows} if rows else {}
        return found

    def rows(self, module: Module, with_effects: set[str]) -> Iterator[tuple[str, str]]:
        """Yield label and digest of each statement of a module that counts, and the digest of their order.

        Movable functions are not part of the order. All other statements are (`A = 1` before `A = 2`), and so are the
        imports of modules with effects, even where the names that they bind do not count.
        """
        order = []
        for place, statement in enumerate(module.statements):
            runs = [name for alias in statement.aliases if alias.at_import for name in modules_run_by(alias)]
            if marks := [name for name in runs if name in with_effects and name != module.name]:
                order.append(f"{marks}")
            if place not in self.reached[module.name]:
                continue
            if not self.is_movable(module, place):
                order.append(statement.digest)
            # The same label may occur twice, if a name is bound twice; the number keeps these apart.
            is_only = len(module.bindings.get(statement.label, ())) == 1
            yield statement.label if is_only else f"{statement.label} ({len(order)})", statement.digest
        if order:
            yield "the order", digest_of("\n".join(order))

    def is_movable(self, module: Module, place: int) -> bool:
        """Return whether moving a statement within its file changes nothing.

        That holds for a function bound once, whose decorators, defaults and annotations use only imports and builtins:
        `def f(x=WIDTH)` must stay below `WIDTH = 2`, while `@cache` and `def f(x=pi)` may stand anywhere.
        """
        statement = module.statements[place]
        names = [need.partition(":")[2].partition(".")[0] for need in statement.needs or ()]
        parts = [module.statements[part] for name in names for part in module.bindings.get(name, ())]
        own = [part for part in parts if part.kind != "import"]
        return (
            statement.kind == "function"
            and not own
            and len(module.bindings[statement.label]) == 1
            and self.import_safety.is_inert(module, place)
        )

    def modules_with_effects(self) -> set[str]:
        """Return the modules that have an effect when they are imported, by themselves or by what they import."""
        imports = {}
        with_effects = set()
        for name in self.imported:
            module = self.index.find(name)
            if module is None:
                continue
            imports[name] = {
                target
                for part in module.statements
                for alias in part.aliases
                if alias.at_import
                for target in modules_run_by(alias)
            }
            if not all(self.import_safety.is_inert(module, place) for place in range(len(module.statements))):
                with_effects.add(name)
        # A module that imports one with effects has effects itself; repeat until none is added.
        while more := {
            name for name, targets in imports.items() if name not in with_effects and targets & with_effects
        }:
            with_effects |= more
        return with_effects


# Names from outside the project that meet a need (see `import_effects`): calling, decorating with, deriving from or
# subscripting them runs no project code and registers nothing. Any name from outside may be read as a value.
TRUSTED_CALLS = {
    "pathlib.Path", "pathlib.PurePath", "pathlib.PurePosixPath", "re.compile", "fractions.Fraction", "decimal.Decimal",
    "types.MappingProxyType", "collections.namedtuple", "collections.Counter", "collections.deque", "dataclasses.field",
    "dataclasses.replace", "functools.partial", "datetime.date", "datetime.timedelta", "string.Template",
    "typing.TypeVar", "typing.ParamSpec", "typing.NewType", "typing.NamedTuple", "typing.cast", "operator.itemgetter",
    "operator.attrgetter", "itertools.product", "itertools.chain", "numpy.array", "numpy.asarray", "numpy.zeros",
    "numpy.ones", "numpy.full", "numpy.eye", "numpy.arange", "numpy.linspace", "numpy.sqrt", "numpy.dtype",
    "numpy.float32", "numpy.float64", "numpy.int64", "numpy.uint8",
}  # fmt: skip
TRUSTED_BUILTINS = {
    "abs", "all", "any", "bool", "bytes", "chr", "complex", "dict", "divmod", "enumerate", "float", "frozenset", "hex",
    "int", "len", "list", "max", "min", "object", "ord", "pow", "property", "range", "repr", "reversed", "round", "set",
    "slice", "sorted", "str", "sum", "tuple", "zip",
}  # fmt: skip
TRUSTED_DECORATORS = {
    "dataclasses.dataclass", "functools.cache", "functools.lru_cache", "functools.cached_property", "functools.wraps",
    "functools.total_ordering", "contextlib.contextmanager", "contextlib.asynccontextmanager", "abc.abstractmethod",
    "typing.overload", "typing.final", "typing.override", "typing.runtime_checkable", "enum.unique",
    "builtins.property", "builtins.staticmethod", "builtins.classmethod",
}  # fmt: skip
TRUSTED_BASES = {
    "typing.NamedTuple", "typing.Protocol", "typing.TypedDict", "typing.Generic", "abc.ABC", "enum.Enum",
    "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag",
}  # fmt: skip
TRUSTED_GENERIC_ROOTS = ("typing", "collections", "numpy", "builtins", "typing_extensions", "os", "re", "contextlib")

REFLECTION = {"globals", "locals", "vars", "dir"}  # builtins that see all names of their module
# Names from outside with which code can look up anything in the project: other names (DYNAMIC) or source text itself
# (SOURCE_READERS), where even comments count.
DYNAMIC = (
    "builtins.eval", "builtins.exec", "builtins.__import__", "builtins.compile", "builtins.__builtins__",
    "builtins.__loader__", "builtins.__spec__", "builtins.__path__", "importlib", "runpy", "pkgutil", "imp",
    "zipimport", "code", "codeop", "pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "copyreg",
    "subprocess", "multiprocessing", "gc", "builtins", "unittest", "doctest", "timeit", "pydoc", "trace",
    "typing.get_type_hints", "sys", "sys.modules", "sys.path", "sys.meta_path", "sys.path_hooks", "sys._getframe",
    "os.system", "os.popen", "os.posix_spawn", "os.execv", "os.execve", "os.execl", "os.execvp", "os.spawnv",
    "os.spawnl", "os.fork",
)  # fmt: skip
DYNAMIC_ROOTS = tuple(name for name in DYNAMIC if name not in ("sys", "builtins"))  # `sys.version` is harmless
# Exceptions to both lists.
HARMLESS = ("importlib.metadata", "inspect.signature", "inspect.Parameter", "inspect.isfunction", "inspect.isclass")
SOURCE_READERS = ("inspect", "linecache", "tokenize", "tracemalloc", "builtins.__doc__", "traceback")
ALL_SEEING_ATTRIBUTES = {
    "__globals__", "__builtins__", "__subclasses__", "__loader__", "__spec__", "f_globals", "tb_frame",
    "__doc__", "__code__", "co_firstlineno", "f_lineno", "tb_lineno", "__firstlineno__",
}  # fmt: skip


@cache
def is_all_seeing(name: str) -> bool:
    """Return whether code with this name from outside the project can look up, or read as text, anything in it."""
    if is_below(name, HARMLESS):
        return False
    return name in DYNAMIC or is_below(name, (*DYNAMIC_ROOTS, *SOURCE_READERS))


def is_below(name: str, roots: Iterable[str]) -> bool:
    """Return whether a dotted name is one of `roots` or an attribute of one."""
    return any(name == root or name.startswith(f"{root}.") for root in roots)
