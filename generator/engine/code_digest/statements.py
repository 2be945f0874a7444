"""Reads the top-level statements of a file: what each binds, mentions and imports. Knows nothing of other files.

The digest of a statement is that of its syntax tree, so comments and layout do not count; neither do docstrings,
annotations of local variables and what is under `if TYPE_CHECKING:`, since none of them is ever evaluated.

Paths that code builds on `__file__` are worked out from the syntax too: `Path(__file__).parent / "fonts"` in
`generator/theme.py` is the fixed path `generator/fonts`, relative to the project; see `fixed_path`.
"""

import ast
import re
import threading
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from typing import NamedTuple

from generator.engine.code_digest.import_effects import dotted_name, is_record, needs_of

NOT_PYTHON = "a file that is not Python"
FILE_NAME = re.compile(r"(?=.*[./])[\w .+@/-]{2,200}")
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Alias(NamedTuple):
    """One name that an import binds: `name` stands for `module`, or for its `attribute`; `runs` is what gets imported.

    `import a.b` binds `a` to the module `a` and runs `a.b`; `from a import b as c` binds `c` to the attribute `b` of
    `a` and runs `a`.

    at_import: whether the import runs when the file is imported, and not only when a function is called.
    """

    name: str
    module: str
    attribute: str
    runs: str
    at_import: bool


class Statement(NamedTuple):
    """A top-level statement; an import of several names counts as one statement for each name.

    label: its names, or its code, for people. kind: function, class, import or other. digest: of its syntax tree.
    names: the names it binds. writes: the names it declares `global`. refs: the dotted names it mentions. aliases: the
    names bound by imports anywhere in it. texts: strings in it that may name files. paths: the fixed paths it mentions.
    value_path: the fixed path that it binds to a name. attributes: all names after a dot. needs, is_record: see
    `import_effects`.
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
    """Return the statements of the file at `path` in the project; `package` is what its relative imports start from.

    A file that is not valid Python gives one statement, which has an effect at import.
    """
    tree = parse_text(text)
    if not tree.body and text.strip():
        return [Statement(NOT_PYTHON, "other", sha256(text).hexdigest(), (), needs=None)]
    drop_docstrings(tree)
    reader = StatementReader(tree, path, package)
    return [statement for node in tree.body for statement in reader.read(node)]


class StatementReader:
    """Reads the statements of one file.

    known_paths: the names in it that stand for a fixed path, by name; only names that are assigned exactly once.
    """

    def __init__(self, tree: ast.Module, path: str, package: str) -> None:
        self.path, self.package = path, package
        imported = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
        self.is_lazy = any(node.module == "__future__" for node in imported)
        names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        self.trusts_type_checking = "TYPE_CHECKING" not in names
        self.known_paths = {"__file__": path}
        for node in tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if names.count(name) == 1:
                    if (fixed := fixed_path(value, self.known_paths)) is not None:
                        self.known_paths[name] = fixed

    def is_type_checking(self, node: ast.AST) -> bool:
        """Return whether `node` is `if TYPE_CHECKING:`, in a file that does not assign that name itself."""
        checks = ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        return isinstance(node, ast.If) and self.trusts_type_checking and dotted_name(node.test) in checks

    def read(self, node: ast.stmt) -> Iterator[Statement]:
        """Yield the statements that a node of the file's body stands for: one for each name of an import."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in self.aliases_of(node, at_import=True):
                text = f"{alias.name} = {alias.module} {alias.attribute} {alias.runs}"
                needs = None if alias.name == "*" or alias.module == "__future__" else ()
                name = f"import of {alias.name}"
                yield Statement(name, "import", digest_of(text), (alias.name,), aliases=(alias,), needs=needs)
        elif not (isinstance(node, ast.If) and self.is_type_checking(node) and not node.orelse):
            yield self.read_other(node)

    def read_other(self, node: ast.stmt) -> Statement:
        """Return the statement `node`, which is not an import."""
        found = Mentioned(self)
        found.visit(node, at_import=True)
        kind = {ast.FunctionDef: "function", ast.AsyncFunctionDef: "function", ast.ClassDef: "class"}
        fixed = fixed_path(node.value, self.known_paths) if isinstance(node, ast.Assign) else None
        needs = () if fixed is not None else needs_of(node, is_lazy=self.is_lazy)
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
            () if fixed is not None else tuple(sorted(found.paths)),
            fixed or "",
            tuple(sorted(found.attributes)),
            None if needs is None else tuple(sorted(needs)),
            is_record(node),
        )

    def aliases_of(self, node: ast.Import | ast.ImportFrom, *, at_import: bool) -> Iterator[Alias]:
        """Yield the names that an import binds."""
        for alias in node.names:
            if isinstance(node, ast.Import):
                target = alias.name if alias.asname else alias.name.partition(".")[0]
                yield Alias(alias.asname or target, target, "", alias.name, at_import)
            else:
                source = self.source_of(node)
                yield Alias(alias.asname or alias.name, source, alias.name, source, at_import)

    def source_of(self, node: ast.ImportFrom) -> str:
        """Return the absolute name of the module after `from`."""
        if not node.level:
            return node.module or ""
        parts = self.package.split(".")
        base = parts[: len(parts) - node.level + 1]
        return ".".join([*base, *([node.module] if node.module else [])])


class Mentioned:
    """Collects what one statement binds and mentions; see `Statement` for the fields."""

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
        """Collect from `node`. is_top: whether names that it binds are the file's, not those of a function or class."""
        if self.visit_path(node):
            return
        match node:
            case ast.Attribute():
                self.visit_attribute(node, at_import=at_import, is_top=is_top)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
                self.visit_definition(node, at_import=at_import, is_top=is_top)
            case ast.Import() | ast.ImportFrom():
                self.visit_import(node, at_import=at_import, is_top=is_top)
            case _:
                self.visit_leaf(node, is_top=is_top)
                self.visit_children(node, at_import=at_import, is_top=is_top)

    def visit_leaf(self, node: ast.AST, *, is_top: bool) -> None:
        """Collect a name, a string that may be a file name, or the names of a `global` declaration."""
        match node:
            case ast.Name(id=name, ctx=context):
                self.refs.add(name)
                if is_top and not isinstance(context, ast.Load):
                    self.names.add(name)
            case ast.Constant(value=str(text)) if FILE_NAME.fullmatch(text):
                self.texts.add(text)
            case ast.Global(names=names):
                self.writes.update(names)

    def visit_path(self, node: ast.AST) -> bool:
        """Collect `node` if it names a fixed path, and return whether it does.

        `__file__` itself counts as the folder of the file, since code can find neighboring files from it.
        """
        is_stored = isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)
        fixed = None if is_stored else fixed_path(node, self.reader.known_paths)
        if fixed is None:
            return False
        self.paths.add(PurePosixPath(fixed).parent.as_posix() if fixed == self.reader.path else fixed)
        self.refs.update(part.id for part in ast.walk(node) if isinstance(part, ast.Name))
        return True

    def visit_children(self, node: ast.AST, *, at_import: bool, is_top: bool) -> None:
        """Collect from the children of `node`, except for the body of an `if TYPE_CHECKING:`."""
        skipped = node.body if isinstance(node, ast.If) and self.reader.is_type_checking(node) else []
        is_top = is_top and not isinstance(node, COMPREHENSIONS)
        bound = getattr(node, "name", None)
        if is_top and isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and bound:
            self.names.add(bound)
        for child in ast.iter_child_nodes(node):
            if child not in skipped:
                self.visit(child, at_import=at_import, is_top=is_top)

    def visit_attribute(self, node: ast.Attribute, *, at_import: bool, is_top: bool) -> None:
        """Collect an attribute: a dotted name as a whole (`a.b.c`), else the value that it belongs to (`f(a).b`).

        A dotted name that begins with a known path is visited as well, for its parts may name a fixed path.
        """
        self.attributes.add(node.attr)
        name = dotted_name(node)
        if name:
            self.refs.add(name)
            self.attributes.update(name.split(".")[1:])
        if not name or name.partition(".")[0] in self.reader.known_paths:
            self.visit(node.value, at_import=at_import, is_top=is_top)

    def visit_definition(self, node: "Defined | ast.Lambda", *, at_import: bool, is_top: bool) -> None:
        """Collect from a function, lambda or class; names bound in its body are not the file's.

        The body of a class runs at import, that of a function does not; decorators, defaults and bases always do.
        """
        if is_top and not isinstance(node, ast.Lambda):
            self.names.add(node.name)
        runs = at_import and isinstance(node, ast.ClassDef)
        bodies = node.body if isinstance(node.body, list) else [node.body]
        for child in ast.iter_child_nodes(node):
            inside = child in bodies
            self.visit(child, at_import=runs if inside else at_import, is_top=is_top and not inside)

    def visit_import(self, node: ast.Import | ast.ImportFrom, *, at_import: bool, is_top: bool) -> None:
        """Collect an import inside another statement."""
        aliases = list(self.reader.aliases_of(node, at_import=at_import))
        self.aliases += aliases
        if is_top:
            self.names.update(alias.name for alias in aliases)


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# One thread may parse at a time: Python 3.11 adds up the nesting depths of all threads' trees, and raises SystemError.
PARSE_LOCK = threading.Lock()
Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def parse_text(text: str | bytes) -> ast.Module:
    """Return the syntax tree of `text`; an empty one if it is not valid Python."""
    try:
        with PARSE_LOCK:
            return ast.parse(text)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def drop_docstrings(tree: ast.Module) -> None:
    """Remove from a tree what is never evaluated: docstrings, and the annotations of local variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | Defined) and node.body and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for local in own_nodes(node):
                if isinstance(local, ast.AnnAssign):
                    local.annotation = ast.Constant(None)


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below a function, without those inside nested functions, lambdas and classes."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node
            yield from own_nodes(node)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


SAME_FILE_CALLS = {
    "resolve",
    "absolute",
    "abspath",
    "realpath",
    "fspath",
    "Path",
    "PurePath",
    "str",
}  # the same file again
KnownPaths = Mapping[str, str]  # names that stand for a path relative to the project


def fixed_path(node: ast.AST, known_paths: KnownPaths) -> str | None:
    """Return the path, relative to the project, that the expression `node` names; None if it is not fixed.

    The file system is not consulted. With `__file__` known as `generator/theme.py`:

        Path(__file__).parent / "fonts"               generator/fonts
        os.path.join(os.path.dirname(__file__), "x")  generator/x
        Path(__file__).parent / name                  None: depends on a value
    """
    match node:
        case ast.Name(id=name):
            return known_paths.get(name)
        case ast.Attribute(value=inner, attr="parent"):
            return parent_path(fixed_path(inner, known_paths), 1)
        case ast.Subscript(value=ast.Attribute(value=inner, attr="parents"), slice=ast.Constant(value=int(steps))):
            return parent_path(fixed_path(inner, known_paths), steps + 1)
        case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=str(part))):
            return joined_path(fixed_path(left, known_paths), [part])
        case ast.Call():
            return fixed_call(node, known_paths)
    return None


def fixed_call(node: ast.Call, known_paths: KnownPaths) -> str | None:
    """Return the path that a call gives: of a function of `os.path` or `pathlib` on a path, or of a path's method."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    method = None if inner is None else call_on(fixed_path(inner, known_paths), name, node.args)
    if method is not None or not node.args:
        return method
    return call_on(fixed_path(node.args[0], known_paths), name, node.args[1:])


def call_on(path: str | None, name: str, arguments: list[ast.expr]) -> str | None:
    """Return the path that the function or method `name` makes of `path`; None if that is not fixed."""
    parts = [part.value for part in arguments if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if len(parts) != len(arguments):
        return None
    if name in ("join", "joinpath"):
        return joined_path(path, parts)
    if name == "with_name":
        return joined_path(parent_path(path, 1), parts)
    if name == "dirname":
        return parent_path(path, 1)
    return path if name in SAME_FILE_CALLS and not parts else None


def parent_path(path: str | None, steps: int) -> str | None:
    """Return the folder `steps` levels above `path`; the project's own (`.`) if that would lead out of the project."""
    for _ in range(steps):
        path = None if path is None else PurePosixPath(path).parent.as_posix()
    return path


def joined_path(path: str | None, parts: list[str]) -> str | None:
    """Return `path` joined with `parts`; None if a part leads out of the folder."""
    if path is None or any(part.startswith("/") or ".." in part.split("/") for part in parts):
        return None
    return PurePosixPath(path, *parts).as_posix()
