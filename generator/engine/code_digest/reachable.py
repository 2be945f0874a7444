"""The code that a verb of a recipe can reach, statement by statement across modules, found without importing any.

A statement counts if its name is mentioned by one that counts, or if it has an effect when a module is imported that
a counting one imports. Where names are looked up at run time, all of a module counts, or all of the project:

    a module that is handed on, `globals()`, `vars()`, `__getattr__` in a module, `from x import *`   the whole module
    importlib, eval, exec, runpy, pickle, sys.modules, subprocess, inspect, `__doc__` …              the whole project

In the last case docstrings and comments count as well. Files count when a statement that counts has their path: fixed
by `__file__`, or as a text.
"""

import builtins
from collections.abc import Iterable, Iterator
from functools import cache

from generator.engine.code_digest.modules import Module, ModuleIndex, modules_run_by
from generator.engine.code_digest.statements import Alias, Statement, digest_of

Parts = dict[str, dict[str, str]]  # module, or file -> statement -> digest of it


class WholeProjectReached(Exception):  # noqa: N818 (it is found, and no error)
    """What is reached cannot be told from less than the whole project."""


# Which names are harmless at import: says of a statement whether importing it can do more than bind names.
#
# Follows names across the modules of a project. Of code from outside, only what is listed here is trusted.


class ImportSafety:
    """Remembers what it has found of each statement; a statement that waits for itself is not harmless."""

    def __init__(self, index: ModuleIndex) -> None:
        self.index = index
        self.found: dict[tuple[str, int], bool] = {}

    def is_inert(self, module: Module, place: int) -> bool:
        """Return whether importing a statement binds names and does nothing else."""
        if (module.name, place) not in self.found:
            self.found[module.name, place] = False
            statement = module.statements[place]
            self.found[module.name, place] = (
                statement.needs is not None
                and all(self.is_met(module, need) for need in statement.needs)
                and all(self.is_there(alias) for alias in statement.aliases if alias.at_import)
            )
        return self.found[module.name, place]

    def is_there(self, alias: Alias) -> bool:
        """Return whether what an import names exists; of what is outside the project, one cannot know."""
        module = self.index.find(alias.module)
        if alias.name == "*":
            return False
        if module is None:
            return self.index.find(alias.module.partition(".")[0]) is None
        if not alias.attribute:
            return self.index.find(alias.runs) is not None
        return alias.attribute in module.bindings or self.index.find(f"{alias.module}.{alias.attribute}") is not None

    def is_met(self, module: Module, need: str) -> bool:
        """Return whether a need of one of the module's statements is met."""
        how, _, name = need.partition(":")
        root, *rest = name.split(".")
        places = module.bindings.get(root, [])
        if not places:
            is_builtin = hasattr(builtins, root) and not rest and not module.stars
            return is_builtin and self.is_trusted(how, f"builtins.{root}")
        return all(
            self.is_inert(module, place) and self.serves(module.statements[place], how, root, rest) for place in places
        )

    def serves(self, statement: Statement, how: str, root: str, rest: list[str]) -> bool:
        """Return whether the name that a harmless statement binds meets a need."""
        aliases = [alias for alias in statement.aliases if alias.name == root]
        if root in statement.writes:
            return False
        if aliases:
            return all(self.leads_to_harmless(alias, how, rest) for alias in aliases)
        if rest:
            return False
        if how == "call":
            return statement.is_record
        return how == "value" or (how == "base" and statement.kind == "class")

    def leads_to_harmless(self, alias: Alias, how: str, rest: list[str]) -> bool:
        """Return whether what an import binds meets a need, as far as its attribute `rest` goes."""
        path = [*([alias.attribute] if alias.attribute else []), *rest]
        name = alias.module
        while (module := self.index.find(name)) is not None:
            if not path or "__getattr__" in module.bindings or module.stars:
                return False
            if path[0] in module.bindings:
                return self.is_met(module, f"{how}:{'.'.join(path)}")
            name, path = f"{name}.{path[0]}", path[1:]
        if self.index.find(name.partition(".")[0]) is not None:
            return False
        return self.is_trusted(how, ".".join([name, *path]))

    def is_trusted(self, how: str, name: str) -> bool:
        """Return whether something from outside the project meets a need."""
        root, _, last = name.rpartition(".")
        match how:
            case "value":
                return True
            case "call":
                return name in CALLS or root == "math" or (root == "builtins" and last in BUILTINS)
            case "decorator":
                return name in DECORATORS
            case "base":
                built_in = root == "builtins" and isinstance(getattr(builtins, last, None), type)
                return built_in or name in BASES or root == "collections.abc"
        return name.partition(".")[0] in GENERIC_ROOTS


class ReachableCode:
    """Walks from verbs to all that they reach."""

    def __init__(self, index: ModuleIndex, import_safety: ImportSafety) -> None:
        self.index, self.import_safety = index, import_safety
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
            module = self.index.find(".".join(parts[:depth]))
            if module is None or module.name in self.imported:
                continue
            self.imported.add(module.name)
            self.taken.setdefault(module.name, set())
            for place, statement in enumerate(module.statements):
                if not self.import_safety.is_inert(module, place):
                    self.take(module, place)
                self.load_aliases(alias for alias in statement.aliases if alias.at_import)

    def load_aliases(self, aliases: Iterable[Alias]) -> None:
        """Take what imports run."""
        for alias in aliases:
            self.load(alias.runs)
            if alias.name == "*":
                self.take_whole(alias.module)
            elif alias.attribute and self.index.find(alias.module) is not None:
                self.load(f"{alias.module}.{alias.attribute}")

    def take(self, module: Module, place: int) -> None:
        """Count a statement."""
        taken = self.taken.setdefault(module.name, set())
        if place not in taken:
            taken.add(place)
            self.waiting.append((module, place))

    def take_whole(self, name: str) -> None:
        """Count all of a module, and of a package all modules in it: its names may be looked up at run time."""
        module = self.index.find(name)
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
            for inner in self.index.submodules(name):
                self.take_whole(inner)

    def take_all(self, name: str) -> None:
        """Count every statement of the module `name`, whose names nobody looks up at run time."""
        module = self.index.find(name)
        if module is not None:
            for place, statement in enumerate(module.statements):
                self.take(module, place)
                self.take_path(statement.value_path)

    def follow(self, module: Module, statement: Statement) -> None:
        """Take what a statement that counts mentions."""
        attributes = set(statement.attributes)
        if attributes & ALL_SEEING_ATTRIBUTES:
            raise WholeProjectReached
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
        module = self.index.find(name)
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
            if self.index.find(inner) is not None:
                self.look_into(inner, path[1:])

    def meet(self, name: str) -> None:
        """Stop where a name from outside the project lets code look up what it likes."""
        if is_all_seeing(name):
            raise WholeProjectReached

    def take_path(self, path: str) -> None:
        """Count the bytes of a file, or of all files in a folder."""
        if path:
            self.files |= self.index.files(path)

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
            module = self.index.find(name)
            if module is not None:
                rows = dict(self.rows(module, loud))
                found |= {name: rows} if rows else {}
        return found

    def rows(self, module: Module, loud: set[str]) -> Iterator[tuple[str, str]]:
        """Yield the label and the digest of each statement of a module that counts, and the order of those that act."""
        order = []
        for place, statement in enumerate(module.statements):
            runs = [name for alias in statement.aliases if alias.at_import for name in modules_run_by(alias)]
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
            statement.kind == "function"
            and not mine
            and len(module.bindings[statement.label]) == 1
            and self.import_safety.is_inert(module, place)
        )

    def loud_modules(self) -> set[str]:
        """Return the modules that have an effect when they are imported, by themselves or by what they import."""
        imports = {}
        loud = set()
        for name in self.imported:
            module = self.index.find(name)
            if module is None:
                continue
            imports[name] = {
                ran
                for part in module.statements
                for alias in part.aliases
                if alias.at_import
                for ran in modules_run_by(alias)
            }
            if not all(self.import_safety.is_inert(module, place) for place in range(len(module.statements))):
                loud.add(name)
        while more := {name for name, targets in imports.items() if name not in loud and targets & loud}:
            loud |= more
        return loud


CALLS = {
    "pathlib.Path", "pathlib.PurePath", "pathlib.PurePosixPath", "re.compile", "fractions.Fraction", "decimal.Decimal",
    "types.MappingProxyType", "collections.namedtuple", "collections.Counter", "collections.deque", "dataclasses.field",
    "dataclasses.replace", "functools.partial", "datetime.date", "datetime.timedelta", "string.Template",
    "typing.TypeVar", "typing.ParamSpec", "typing.NewType", "typing.NamedTuple", "typing.cast", "operator.itemgetter",
    "operator.attrgetter", "itertools.product", "itertools.chain", "numpy.array", "numpy.asarray", "numpy.zeros",
    "numpy.ones", "numpy.full", "numpy.eye", "numpy.arange", "numpy.linspace", "numpy.sqrt", "numpy.dtype",
    "numpy.float32", "numpy.float64", "numpy.int64", "numpy.uint8",
}  # fmt: skip
BUILTINS = {
    "abs", "all", "any", "bool", "bytes", "chr", "complex", "dict", "divmod", "enumerate", "float", "frozenset", "hex",
    "int", "len", "list", "max", "min", "object", "ord", "pow", "property", "range", "repr", "reversed", "round", "set",
    "slice", "sorted", "str", "sum", "tuple", "zip",
}  # fmt: skip
DECORATORS = {
    "dataclasses.dataclass", "functools.cache", "functools.lru_cache", "functools.cached_property", "functools.wraps",
    "functools.total_ordering", "contextlib.contextmanager", "contextlib.asynccontextmanager", "abc.abstractmethod",
    "typing.overload", "typing.final", "typing.override", "typing.runtime_checkable", "enum.unique",
    "builtins.property", "builtins.staticmethod", "builtins.classmethod",
}  # fmt: skip
BASES = {
    "typing.NamedTuple", "typing.Protocol", "typing.TypedDict", "typing.Generic", "abc.ABC", "enum.Enum",
    "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag",
}  # fmt: skip
GENERIC_ROOTS = ("typing", "collections", "numpy", "builtins", "typing_extensions", "os", "re", "contextlib")

REFLECTION = {"globals", "locals", "vars", "dir"}  # builtins that see a module's names
DYNAMIC = (
    "builtins.eval", "builtins.exec", "builtins.__import__", "builtins.compile", "builtins.__builtins__",
    "builtins.__loader__", "builtins.__spec__", "builtins.__path__", "importlib", "runpy", "pkgutil", "imp",
    "zipimport", "code", "codeop", "pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "copyreg",
    "subprocess", "multiprocessing", "gc", "builtins", "unittest", "doctest", "timeit", "pydoc", "trace",
    "typing.get_type_hints", "sys", "sys.modules", "sys.path", "sys.meta_path", "sys.path_hooks", "sys._getframe",
    "os.system", "os.popen", "os.posix_spawn", "os.execv", "os.execve", "os.execl", "os.execvp", "os.spawnv",
    "os.spawnl", "os.fork",
)  # fmt: skip
DYNAMIC_ROOTS = tuple(name for name in DYNAMIC if name not in ("sys", "builtins"))  # of these, only what is listed
HARMLESS = ("importlib.metadata", "inspect.signature", "inspect.Parameter", "inspect.isfunction", "inspect.isclass")
SOURCE_READERS = ("inspect", "linecache", "tokenize", "tracemalloc", "builtins.__doc__", "traceback")
ALL_SEEING_ATTRIBUTES = {
    "__globals__", "__builtins__", "__subclasses__", "__loader__", "__spec__", "f_globals", "tb_frame",
    "__doc__", "__code__", "co_firstlineno", "f_lineno", "tb_lineno", "__firstlineno__",
}  # fmt: skip


# With which names from outside the project code sees more of the project than it mentions: names, or its very text.


@cache
def is_all_seeing(name: str) -> bool:
    """Return whether code that has a name from outside the project can look up, or read, what it likes in it."""
    if is_below(name, HARMLESS):
        return False
    return name in DYNAMIC or is_below(name, (*DYNAMIC_ROOTS, *SOURCE_READERS))


def is_below(name: str, roots: Iterable[str]) -> bool:
    """Return whether a dotted name is one of `roots`, or an attribute of one."""
    return any(name == root or name.startswith(f"{root}.") for root in roots)
