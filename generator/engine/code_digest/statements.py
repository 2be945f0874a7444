"""The top-level statements of a file: what each binds, mentions and imports, read off the syntax; knows no project.

Docstrings, comments, layout, annotations of local variables and what stands under `if TYPE_CHECKING:` do not count,
for none of them is ever evaluated.
"""

import ast
import re
import threading
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from typing import NamedTuple

from generator.engine.code_digest.import_effects import chain, is_record, needs_of

NO_PYTHON = "a file that is not Python"
FILE_NAME = re.compile(r"(?=.*[./])[\w .+@/-]{2,200}")
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Alias(NamedTuple):
    """What an import binds: `name` to a module, or to an attribute of it; `runs` is what gets imported.

    at_import: whether it runs when the file is imported, and not in a function.
    """

    name: str
    module: str
    attribute: str
    runs: str
    at_import: bool


class Statement(NamedTuple):
    """A top-level statement; of an import with several names, one of them.

    refs: the dotted names it mentions; texts: those of its texts that may name files; paths: the fixed paths it
    mentions; value_path: the one that it binds; attributes: all names after a dot; needs: see `generator.purity`.
    """

    label: str
    kind: str
    digest: str
    names: tuple[str, ...]
    writes: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    aliases: tuple[Alias, ...] = ()
    texts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    value_path: str = ""
    attributes: tuple[str, ...] = ()
    needs: tuple[str, ...] | None = ()
    is_record: bool = False


def read_statements(text: bytes, path: str, package: str) -> list[Statement]:
    """Return the statements of a file at `path` in the project, whose relative imports start from `package`.

    A file that is not Python is one statement, which cannot be imported without effect.
    """
    tree = parse_text(text)
    if not tree.body and text.strip():
        return [Statement(NO_PYTHON, "other", sha256(text).hexdigest(), (), needs=None)]
    drop_docstrings(tree)
    reader = StatementReader(tree, path, package)
    return [statement for node in tree.body for statement in reader.read(node)]


class StatementReader:
    """Reads the statements of one file."""

    def __init__(self, tree: ast.Module, path: str, package: str) -> None:
        self.path, self.package = path, package
        imported = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
        self.is_lazy = any(node.module == "__future__" for node in imported)
        names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        self.knows_checking = "TYPE_CHECKING" not in names
        self.known = {"__file__": path}
        for node in tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if names.count(name) == 1:
                    if (place := fixed_path(value, self.known)) is not None:
                        self.known[name] = place

    def is_checking(self, node: ast.AST) -> bool:
        """Return whether `node` is an `if` that only type checkers enter."""
        checks = ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        return isinstance(node, ast.If) and self.knows_checking and chain(node.test) in checks

    def read(self, node: ast.stmt) -> Iterator[Statement]:
        """Yield the statements that one in the file comes to."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in self.aliases_of(node, at_import=True):
                text = f"{alias.name} = {alias.module} {alias.attribute} {alias.runs}"
                needs = None if alias.name == "*" or alias.module == "__future__" else ()
                name = f"import of {alias.name}"
                yield Statement(name, "import", digest_of(text), (alias.name,), aliases=(alias,), needs=needs)
        elif not (isinstance(node, ast.If) and self.is_checking(node) and not node.orelse):
            yield self.read_other(node)

    def read_other(self, node: ast.stmt) -> Statement:
        """Return the statement `node`, which is no import."""
        found = Mentioned(self)
        found.visit(node, at_import=True)
        kind = {ast.FunctionDef: "function", ast.AsyncFunctionDef: "function", ast.ClassDef: "class"}
        place = fixed_path(node.value, self.known) if isinstance(node, ast.Assign) else None
        needs = () if place is not None else needs_of(node, is_lazy=self.is_lazy)
        names = tuple(sorted(found.names))
        label = ", ".join(names) or f"`{ast.unparse(node).splitlines()[0][:60]}`"
        return Statement(
            label,
            kind.get(type(node), "other"),
            digest_of(ast.dump(node)),
            names,
            tuple(sorted(found.writes)),
            tuple(sorted(found.refs)),
            tuple(found.aliases),
            tuple(sorted(found.texts)),
            () if place is not None else tuple(sorted(found.paths)),
            place or "",
            tuple(sorted(found.attributes)),
            None if needs is None else tuple(sorted(needs)),
            is_record(node),
        )

    def aliases_of(self, node: ast.Import | ast.ImportFrom, *, at_import: bool) -> Iterator[Alias]:
        """Yield what an import binds."""
        for alias in node.names:
            if isinstance(node, ast.Import):
                target = alias.name if alias.asname else alias.name.partition(".")[0]
                yield Alias(alias.asname or target, target, "", alias.name, at_import)
            else:
                source = self.source_of(node)
                yield Alias(alias.asname or alias.name, source, alias.name, source, at_import)

    def source_of(self, node: ast.ImportFrom) -> str:
        """Return the full name of the module after `from`."""
        if not node.level:
            return node.module or ""
        parts = self.package.split(".")
        above = parts[: len(parts) - node.level + 1]
        return ".".join([*above, *([node.module] if node.module else [])])


class Mentioned:
    """What one statement mentions."""

    def __init__(self, reader: StatementReader) -> None:
        self.reader = reader
        self.names: set[str] = set()
        self.writes: set[str] = set()
        self.refs: set[str] = set()
        self.texts: set[str] = set()
        self.paths: set[str] = set()
        self.attributes: set[str] = set()
        self.aliases: list[Alias] = []

    def visit(self, node: ast.AST, *, at_import: bool, is_top: bool = True) -> None:
        """Take in `node`; is_top: whether names that it binds are the file's."""
        if self.is_path(node):
            return
        match node:
            case ast.Attribute():
                self.attribute(node, at_import=at_import, is_top=is_top)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
                self.definition(node, at_import=at_import, is_top=is_top)
            case ast.Import() | ast.ImportFrom():
                self.imports(node, at_import=at_import, is_top=is_top)
            case _:
                self.leaf(node, is_top=is_top)
                self.children(node, at_import=at_import, is_top=is_top)

    def leaf(self, node: ast.AST, *, is_top: bool) -> None:
        """Take in what has no parts: a name, a text, names that a function writes."""
        match node:
            case ast.Name(id=name, ctx=context):
                self.refs.add(name)
                if is_top and not isinstance(context, ast.Load):
                    self.names.add(name)
            case ast.Constant(value=str(text)) if FILE_NAME.fullmatch(text):
                self.texts.add(text)
            case ast.Global(names=names):
                self.writes.update(names)

    def is_path(self, node: ast.AST) -> bool:
        """Take in an expression that names a fixed path, and return whether `node` is one.

        Who mentions the file itself may find its neighbors from there.
        """
        is_stored = isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)
        place = None if is_stored else fixed_path(node, self.reader.known)
        if place is None:
            return False
        self.paths.add(PurePosixPath(place).parent.as_posix() if place == self.reader.path else place)
        self.refs.update(part.id for part in ast.walk(node) if isinstance(part, ast.Name))
        return True

    def children(self, node: ast.AST, *, at_import: bool, is_top: bool) -> None:
        """Take in the parts of `node`; what only type checkers enter is left out."""
        left_out = node.body if isinstance(node, ast.If) and self.reader.is_checking(node) else []
        is_top = is_top and not isinstance(node, COMPREHENSIONS)
        bound = getattr(node, "name", None)
        if is_top and isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and bound:
            self.names.add(bound)
        for child in ast.iter_child_nodes(node):
            if child not in left_out:
                self.visit(child, at_import=at_import, is_top=is_top)

    def attribute(self, node: ast.Attribute, *, at_import: bool, is_top: bool) -> None:
        """Take in a dotted name as a whole; of another attribute, what it is taken from."""
        self.attributes.add(node.attr)
        name = chain(node)
        if name:
            self.refs.add(name)
            self.attributes.update(name.split(".")[1:])
        if not name or name.partition(".")[0] in self.reader.known:
            self.visit(node.value, at_import=at_import, is_top=is_top)

    def definition(self, node: "Defined | ast.Lambda", *, at_import: bool, is_top: bool) -> None:
        """Take in a function or a class: the body of a function does not run at import, and names in it are its own."""
        if is_top and not isinstance(node, ast.Lambda):
            self.names.add(node.name)
        runs = at_import and isinstance(node, ast.ClassDef)
        bodies = node.body if isinstance(node.body, list) else [node.body]
        for child in ast.iter_child_nodes(node):
            inside = child in bodies
            self.visit(child, at_import=runs if inside else at_import, is_top=is_top and not inside)

    def imports(self, node: ast.Import | ast.ImportFrom, *, at_import: bool, is_top: bool) -> None:
        """Take in an import inside another statement."""
        aliases = list(self.reader.aliases_of(node, at_import=at_import))
        self.aliases += aliases
        if is_top:
            self.names.update(alias.name for alias in aliases)


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
PARSING = threading.Lock()  # Python 3.11 counts the depth of all threads' trees as one, and then raises SystemError
Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


# Syntax trees without what is never evaluated: docstrings, and the annotations of local variables.


def parse_text(text: str | bytes) -> ast.Module:
    """Return the syntax tree of `text`; of what is not Python, an empty one."""
    try:
        with PARSING:
            return ast.parse(text)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def drop_docstrings(tree: ast.Module) -> None:
    """Take from a tree the docstrings, and the annotations of local variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | Defined) and node.body and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for local in within(node):
                if isinstance(local, ast.AnnAssign):
                    local.annotation = ast.Constant(None)


def within(function: ast.AST) -> Iterator[ast.AST]:
    """Yield what a function itself consists of, the insides of other definitions left out."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node
            yield from within(node)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


SAME = {"resolve", "absolute", "abspath", "realpath", "fspath", "Path", "PurePath", "str"}  # the same file again
Known = Mapping[str, str]


# Fixed paths: what an expression on `__file__` names, read off its syntax; knows no file system.
#
# `Path(__file__).parent / "fonts"` in `generator/theme.py` is `generator/fonts`, relative to the project.


def fixed_path(node: ast.AST, known: Known) -> str | None:
    """Return the project path that `node` names, None where that is not fixed; `known` are names of paths."""
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Attribute(value=inner, attr="parent"):
            return above(fixed_path(inner, known), 1)
        case ast.Subscript(value=ast.Attribute(value=inner, attr="parents"), slice=ast.Constant(value=int(steps))):
            return above(fixed_path(inner, known), steps + 1)
        case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=str(part))):
            return below(fixed_path(left, known), [part])
        case ast.Call():
            return fixed_call(node, known)
    return None


def fixed_call(node: ast.Call, known: Known) -> str | None:
    """Return what a call of `pathlib` or `os.path` names: of a function on a path, or of a method of one."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    method = None if inner is None else call_on(fixed_path(inner, known), name, node.args)
    if method is not None or not node.args:
        return method
    return call_on(fixed_path(node.args[0], known), name, node.args[1:])


def call_on(path: str | None, name: str, arguments: list[ast.expr]) -> str | None:
    """Return what the function or the method `name` makes of a path."""
    parts = [part.value for part in arguments if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if len(parts) != len(arguments):
        return None
    if name in ("join", "joinpath"):
        return below(path, parts)
    if name == "with_name":
        return below(above(path, 1), parts)
    if name == "dirname":
        return above(path, 1)
    return path if name in SAME and not parts else None


def above(path: str | None, steps: int) -> str | None:
    """Return the folder so many steps above, the project for one further out."""
    for _ in range(steps):
        path = None if path is None else PurePosixPath(path).parent.as_posix()
    return path


def below(path: str | None, parts: list[str]) -> str | None:
    """Return what lies below a folder; not a fixed path where a part leads out of it."""
    if path is None or any(part.startswith("/") or ".." in part.split("/") for part in parts):
        return None
    return PurePosixPath(path, *parts).as_posix()
