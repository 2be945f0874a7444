"""Tells whether a top-level statement may do more than bind names when its module is imported, from its syntax alone.

Why it matters: a statement that only binds names changes nothing for code that does not mention these names, so it can
be left out of the digest of that code. One with an effect counts for everybody who imports the module:

    WIDTH = 2                        binds a name
    SIZES = sorted(WIDTHS)           binds a name, if `sorted` is the builtin and `WIDTHS` a plain value
    LAYERS["conv"] = Conv            an effect: changes an object that others may read
    THEME = load_theme()             may do anything, unless the call is known to be harmless

Syntax does not tell what a name stands for, so `needs_of` answers with conditions. `None`: the statement may have an
effect whatever its names stand for (`for`, `with`, `LAYERS["conv"] = …`). Otherwise a set of needs, all of which must
be met; `reachable.ImportSafety`, which knows the modules of the project, checks them. A need is `how:name`:

    value:arithmetic.PAIR    the name stands for a plain value, a record, a function or a class
    call:Theme               calling it does nothing but make such a value
    generic:Literal          it may be subscripted, as a type
    base:Protocol            deriving a class from it registers nothing
    decorator:dataclass      decorating with it registers nothing

So `SIZES = sorted(WIDTHS)` needs `call:sorted` and `value:WIDTHS`, and `def f(x=WIDTH): ...` needs `value:WIDTH`: its
default is evaluated at import, its body is not.

A record is an object whose class has no operators, hooks or constructor of its own, so that nothing that is done with
it at import runs project code.
"""

import ast
import builtins
from collections.abc import Iterable, Sequence

# Methods that run when a class is defined, derived from or subscripted.
CLASS_HOOKS = {"__init_subclass__", "__class_getitem__", "__set_name__", "__prepare__", "__mro_entries__"}
MEMBER_HOOKS = {"__new__", "__init__", "_generate_next_value_", "__eq__", "__hash__"}  # run for the members of an enum
PLAIN_BASES = {"NamedTuple", "Protocol", "Generic", "ABC", "TypedDict"}
BUILTIN_FACTORIES = {"list", "dict", "set", "tuple"}
COMPOSITE_EXPRESSIONS = (
    ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Starred, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp,
    ast.JoinedStr, ast.FormattedValue, ast.Slice,
)  # fmt: skip


class ImpureError(Exception):
    """The statement may have an effect, whatever its names stand for."""


def dotted_name(node: ast.AST) -> str:
    """Return `a.b.c` for the syntax tree of `a.b.c`; the empty string for any other expression."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def needs_of(statement: ast.stmt, *, is_lazy: bool) -> frozenset[str] | None:
    """Return the needs under which importing a top-level statement is harmless; None if it never is.

    is_lazy: whether annotations are left unevaluated, by `from __future__ import annotations`.
    """
    collector = NeedsCollector(is_lazy=is_lazy)
    try:
        collector.statement(statement)
    except ImpureError:
        return None
    return frozenset(collector.needs)


class NeedsCollector:
    """Collects the needs of one statement; raises ImpureError at syntax that may have an effect in any case.

    Each method checks one kind of syntax, and only the parts that run at import.
    """

    def __init__(self, *, is_lazy: bool) -> None:
        self.is_lazy = is_lazy
        self.needs: set[str] = set()
        self.local: list[set[str]] = []  # names of the comprehensions and class bodies around the current node

    def statement(self, node: ast.stmt) -> None:
        """Check a statement."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.function(node)
            case ast.ClassDef():
                self.class_body(node)
            case ast.Assign(targets=targets, value=value):
                self.targets(targets)
                self.value(value)
            case ast.AnnAssign(target=target, annotation=annotation, value=given):
                self.targets([target])
                self.annotations([annotation])
                self.values([given])
            case ast.If(test=test, body=body, orelse=other):
                self.value(test)
                self.statements([*body, *other])
            case ast.Try():
                self.try_statement(node)
            case ast.Pass() | ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                raise ImpureError

    def statements(self, nodes: Iterable[ast.stmt]) -> None:
        """Check several statements."""
        for node in nodes:
            self.statement(node)

    def try_statement(self, node: ast.Try) -> None:
        """Check a `try`, as around an import that may fail."""
        self.statements([*node.body, *node.orelse, *node.finalbody])
        for handler in node.handlers:
            self.values([handler.type])
            self.statements(handler.body)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Check what runs when a function is defined: decorators, defaults and annotations, but not the body."""
        arguments = node.args
        self.decorators(node.decorator_list)
        self.values([*arguments.defaults, *arguments.kw_defaults])
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        self.annotations([argument.annotation for argument in parameters if argument])
        self.annotations([node.returns])

    def class_body(self, node: ast.ClassDef) -> None:
        """Check what runs when a class is defined: its decorators, bases and body.

        Keywords (a metaclass, arguments of `__init_subclass__`) and hooks run code at definition. MEMBER_HOOKS run then
        only in a class that creates its own instances, as an enum does; with PLAIN_BASES it does not.
        """
        names = {part.name for part in node.body if isinstance(part, ast.FunctionDef | ast.ClassDef)}
        bound = names | assigned_names(node)
        if node.keywords or bound & CLASS_HOOKS or (bound & MEMBER_HOOKS and not all(map(is_plain_base, node.bases))):
            raise ImpureError
        self.decorators(node.decorator_list)
        for base in node.bases:
            inner = base.value if isinstance(base, ast.Subscript) else base
            self.add_need("base", inner)
            self.values([base.slice] if isinstance(base, ast.Subscript) else [])
        self.local.append(names)
        self.statements(node.body)
        self.local.pop()

    def decorators(self, nodes: Iterable[ast.expr]) -> None:
        """Check decorators, with or without arguments; `@size.setter` for a property of the same class is harmless."""
        for node in nodes:
            called = node.func if isinstance(node, ast.Call) else node
            if dotted_name(called).rpartition(".")[2] in ("setter", "getter", "deleter") and self.is_local(called):
                continue
            self.add_need("decorator", called)
            if isinstance(node, ast.Call):
                self.arguments(node)

    def annotations(self, nodes: Iterable[ast.expr | None]) -> None:
        """Check annotations, if they are evaluated."""
        if not self.is_lazy:
            self.values(nodes)

    def targets(self, nodes: Sequence[ast.expr]) -> None:
        """Check what is assigned to: only names, since `a.b = 1` and `a[0] = 1` change an existing object."""
        for node in nodes:
            if isinstance(node, ast.Tuple):
                self.targets(node.elts)
            elif not isinstance(node, ast.Name):
                raise ImpureError

    def add_need(self, how: str, node: ast.expr) -> None:
        """Add the need `how` of a dotted name; names from comprehensions and class bodies cannot meet one."""
        if not dotted_name(node) or self.is_local(node):
            raise ImpureError
        self.needs.add(f"{how}:{dotted_name(node)}")

    def is_local(self, node: ast.expr) -> bool:
        """Return whether a dotted name begins with a name bound in a class body or a comprehension around it."""
        return any(dotted_name(node).partition(".")[0] in names for names in self.local)

    def values(self, nodes: Iterable[ast.expr | None]) -> None:
        """Check several expressions, skipping those that are None."""
        for node in nodes:
            if node is not None:
                self.value(node)

    def value(self, node: ast.expr) -> None:
        """Check an expression."""
        match node:
            case ast.Constant():
                pass
            case ast.Name() | ast.Attribute():
                self.read_name(node)
            case ast.Lambda(args=arguments):
                self.values([*arguments.defaults, *arguments.kw_defaults])
            case ast.Subscript(value=inner, slice=index):
                self.add_need("generic", inner)
                self.value(index)
            case ast.Call():
                self.call(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self.comprehension(node)
            case _ if isinstance(node, COMPOSITE_EXPRESSIONS):
                self.values(part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))
            case _:
                raise ImpureError

    def read_name(self, node: ast.expr) -> None:
        """Check a name or attribute that is read; a local name stands for a value that has been checked already."""
        if not (isinstance(node, ast.Name) and self.is_local(node)):
            self.add_need("value", node)

    def call(self, node: ast.Call) -> None:
        """Check a call: of a method of a string literal (`"a b".split()`), or of a name that must be safe to call.

        `key=` (as of `sorted`) is refused, since it hands over a function that will be called.
        """
        if any(keyword.arg == "key" for keyword in node.keywords):
            raise ImpureError
        if not (isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant)):
            self.add_need("call", node.func)
        self.arguments(node)

    def arguments(self, node: ast.Call) -> None:
        """Check the arguments of a call."""
        self.values([*node.args, *(keyword.value for keyword in node.keywords)])

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        """Check a comprehension; its own names stand for parts of values that are checked here."""
        targets = [part for generator in node.generators for part in ast.walk(generator.target)]
        if not all(isinstance(part, ast.Name | ast.Tuple | ast.Store) for part in targets):
            raise ImpureError
        self.local.append({part.id for part in targets if isinstance(part, ast.Name)})
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self.values(part for generator in node.generators for part in (generator.iter, *generator.ifs))
        self.values(results)
        self.local.pop()


def is_plain_base(base: ast.expr) -> bool:
    """Return whether a base class is known not to create members at definition, as an enum does."""
    name = dotted_name(base.value if isinstance(base, ast.Subscript) else base)
    return hasattr(builtins, name) or name.rpartition(".")[2] in PLAIN_BASES


def assigned_names(node: ast.AST) -> set[str]:
    """Return the names that are assigned to anywhere in `node`."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}


def is_record(node: ast.stmt) -> bool:
    """Return whether `node` is a class whose calls run no project code: a plain class, dataclass or NamedTuple.

    That it is decorated and derived harmlessly is for its needs to say.
    """
    if not isinstance(node, ast.ClassDef) or any(
        dotted_name(base).rpartition(".")[2] != "NamedTuple" for base in node.bases
    ):
        return False
    defined = {part.name for part in ast.walk(node) if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)}
    names = (defined | assigned_names(node)) - {"__slots__", "__match_args__"}
    factories = [
        part.value for part in ast.walk(node) if isinstance(part, ast.keyword) and part.arg == "default_factory"
    ]
    return not any(name.startswith("__") for name in names) and all(
        dotted_name(factory) in BUILTIN_FACTORIES for factory in factories
    )
