"""The code that a verb of a recipe can reach, statement by statement across modules, found without importing any.

A statement counts if its name is mentioned by one that counts, or if it has an effect when a module is imported that
a counting one imports. Where names are looked up at run time, all of a module counts, or all of the project:

    a module that is handed on, `globals()`, `vars()`, `__getattr__` in a module, `from x import *`   the whole module
    importlib, eval, exec, runpy, pickle, sys.modules, subprocess …                                   the whole project
    inspect, `__doc__`                                            the whole project with its docstrings and comments

Files count when a statement that counts has their path: fixed by `__file__`, or as a text.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256

from generator.atlas import Atlas, Module, files_below
from generator.inert import Judgement
from generator.statement import NO_PYTHON, Alias, Statement, digest_of, read_statements

Parts = dict[str, dict[str, str]]  # module, or file -> statement -> digest of it
REFLECTION = {"globals", "locals", "vars", "dir"}  # builtins that see a module's names
DYNAMIC = (
    "builtins.eval", "builtins.exec", "builtins.__import__", "builtins.compile", "builtins.__builtins__", "builtins.__loader__",
    "builtins.__spec__", "builtins.__path__", "importlib", "runpy", "pkgutil", "imp", "zipimport", "code", "codeop",
    "pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "copyreg", "subprocess", "multiprocessing", "gc",
    "builtins", "unittest", "doctest", "timeit", "pydoc", "trace", "typing.get_type_hints", "sys", "sys.modules",
    "sys.path", "sys.meta_path", "sys.path_hooks", "sys._getframe", "os.system", "os.popen", "os.posix_spawn",
    "os.execv", "os.execve", "os.execl", "os.execvp", "os.spawnv", "os.spawnl", "os.fork",
)  # fmt: skip
DYNAMIC_ROOTS = tuple(name for name in DYNAMIC if name not in ("sys", "builtins"))  # of these two, only what is listed
HARMLESS = ("importlib.metadata", "inspect.signature", "inspect.Parameter", "inspect.isfunction", "inspect.isclass")
DYNAMIC_ATTRIBUTES = {"__globals__", "__builtins__", "__subclasses__", "__loader__", "__spec__", "f_globals", "tb_frame"}
SOURCE_READERS = ("inspect", "linecache", "tokenize", "tracemalloc", "builtins.__doc__", "traceback")
SOURCE_ATTRIBUTES = {"__doc__", "__code__", "co_firstlineno", "f_lineno", "tb_lineno", "__firstlineno__"}


class Everything(Exception):  # noqa: N818 (it is found, and no error)
    """What is reached cannot be told from less than the whole project; `text`: docstrings and comments as well."""

    def __init__(self, *, text: bool = False) -> None:
        super().__init__()
        self.text = text


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

    def follow(self, module: Module, statement: Statement) -> None:
        """Take what a statement that counts mentions."""
        attributes = set(statement.attributes)
        if attributes & DYNAMIC_ATTRIBUTES:
            raise Everything
        if attributes & SOURCE_ATTRIBUTES:
            raise Everything(text=True)
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
        if not local and root not in module.bindings and (root in REFLECTION or sight_of(f"builtins.{root}")):
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
        if sees := sight_of(name):
            raise Everything(text=sees == "text")

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
        """Yield the label and the digest of each statement of a module that counts, and where loud ones are imported."""
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
        needs = [need.partition(":")[2].partition(".")[0] for need in statement.needs or ()]
        mine = [part for name in needs for part in module.bindings.get(name, ()) if module.statements[part].kind != "import"]
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


@cache
def sight_of(name: str) -> str:
    """Return how far code sees with a name from outside the project: "code" for all there is, "text" for its comments."""
    if is_below(name, HARMLESS):
        return ""
    if is_below(name, SOURCE_READERS):
        return "text"
    return "code" if name in DYNAMIC or is_below(name, DYNAMIC_ROOTS) else ""


@cache
def ran_by(alias: Alias) -> list[str]:
    """Return the modules that an import may run, packages first."""
    parts = [*alias.runs.split("."), *([alias.attribute] if alias.attribute else [])]
    return [".".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def is_below(name: str, roots: Iterable[str]) -> bool:
    """Return whether a dotted name is one of `roots`, or an attribute of one."""
    return any(name == root or name.startswith(f"{root}.") for root in roots)


class Coverage:
    """What the verbs of modules reach in a project as it is now; answers are kept."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.judgement = Judgement(atlas)
        self.known: dict[tuple[str, ...], Parts] = {}

    def parts(self, module: str, verbs: Iterable[str]) -> Parts:
        """Return what the `verbs` of `module` reach, all of the module when none is named."""
        asked = (module, *verbs)
        with self.atlas.lock:
            if asked not in self.known:
                self.known[asked] = self.find(module, asked[1:])
            return self.known[asked]

    def find(self, module: str, verbs: tuple[str, ...]) -> Parts:
        """Return what `parts` does, found anew."""
        reach = Reach(self.atlas, self.judgement)
        try:
            reach.load(module)
            for verb in verbs:
                reach.look_into(module, (verb,))
            if not verbs:
                reach.take_whole(module)
            reach.walk()
        except Everything as everything:
            return self.everything(text=everything.text)
        return reach.parts()

    def parts_of_texts(self, texts: Iterable[str]) -> Parts:
        """Return what code reaches that is in no file of the project; itself is left out."""
        reach = Reach(self.atlas, self.judgement)
        lines = (line for text in texts for line in text.split("\n"))
        code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)  # no Python, but IPython
        statements = read_statements(code.encode(), "", "")
        if any(statement.label == NO_PYTHON for statement in statements):
            return self.everything(text=False)
        try:
            with self.atlas.lock:
                for statement in statements:
                    reach.follow(Module("", "", statements), statement)
                reach.walk()
        except Everything as everything:
            return self.everything(text=everything.text)
        return reach.parts()

    def everything(self, *, text: bool) -> Parts:
        """Return all of the project's code, with docstrings and comments if `text` matters."""
        found: Parts = {}
        for path in files_below(self.atlas.project):
            if path.suffix != ".py":
                continue
            name = path.relative_to(self.atlas.project).as_posix()
            if text:
                found[name] = {"the file": sha256(path.read_bytes()).hexdigest()}
            else:
                parts = self.atlas.statements(name, "")
                found[name] = {f"{part.label} {place}": part.digest for place, part in enumerate(parts)}
        return found


def parts_digest(parts: Mapping[str, Mapping[str, str]]) -> str:
    """Return the SHA-256 of what is reached."""
    digest = sha256()
    for module in sorted(parts):
        for label in sorted(parts[module]):
            digest.update(f"{module}\0{label}\0{parts[module][label]}\n".encode())
    return digest.hexdigest()
