"""What an import of a statement may do besides binding names: nothing, provided that the names it needs are harmless.

Reads syntax alone. A need is `how:name`, for whoever knows what names stand for:

    value:arithmetic.PAIR    the name stands for a plain value, a record, a function or a class
    call:Theme               calling it does nothing but make such a value
    generic:Literal          it may be subscripted: a type
    base:Protocol            deriving from it registers nothing
    decorator:dataclass      decorating with it registers nothing

A record is an object whose class has no operators, no hooks and no constructor of its own, so that nothing that is
done with it at import runs project code.
"""

import ast
import builtins
from collections.abc import Iterable, Sequence

HOOKS = {"__init_subclass__", "__class_getitem__", "__set_name__", "__prepare__", "__mro_entries__"}
MAKERS = {"__new__", "__init__", "_generate_next_value_", "__eq__", "__hash__"}  # run for the members of an enum
QUIET_BASES = {"NamedTuple", "Protocol", "Generic", "ABC", "TypedDict"}
FACTORIES = {"list", "dict", "set", "tuple"}
COMPOSED = (
    ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Starred, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp,
    ast.JoinedStr, ast.FormattedValue, ast.Slice,
)  # fmt: skip


class ImpureError(Exception):
    """The statement may have an effect whatever its names stand for."""


def chain(node: ast.AST) -> str:
    """Return `a.b.c` for the syntax of it, empty for anything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def needs_of(statement: ast.stmt, *, is_lazy: bool) -> frozenset[str] | None:
    """Return what makes importing a top-level statement harmless, None when nothing does.

    is_lazy: whether annotations are left unevaluated, by `from __future__ import annotations`.
    """
    judge = NeedsCollector(is_lazy=is_lazy)
    try:
        judge.statement(statement)
    except ImpureError:
        return None
    return frozenset(judge.needs)


class NeedsCollector:
    """Collects the needs of one statement; raises ImpureError at what no need excuses."""

    def __init__(self, *, is_lazy: bool) -> None:
        self.is_lazy = is_lazy
        self.needs: set[str] = set()
        self.local: list[set[str]] = []  # names of comprehensions and of class bodies

    def statement(self, node: ast.stmt) -> None:
        """Judge one statement."""
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
                self.attempt(node)
            case ast.Pass() | ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                raise ImpureError

    def statements(self, nodes: Iterable[ast.stmt]) -> None:
        """Judge several statements."""
        for node in nodes:
            self.statement(node)

    def attempt(self, node: ast.Try) -> None:
        """Judge a `try`, as around an import that may fail."""
        self.statements([*node.body, *node.orelse, *node.finalbody])
        for handler in node.handlers:
            self.values([handler.type])
            self.statements(handler.body)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Judge what runs when a function is defined."""
        arguments = node.args
        self.decorators(node.decorator_list)
        self.values([*arguments.defaults, *arguments.kw_defaults])
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        self.annotations([argument.annotation for argument in every if argument])
        self.annotations([node.returns])

    def class_body(self, node: ast.ClassDef) -> None:
        """Judge what runs when a class is defined."""
        names = {part.name for part in node.body if isinstance(part, ast.FunctionDef | ast.ClassDef)}
        bound = names | names_stored(node)
        if node.keywords or bound & HOOKS or (bound & MAKERS and not all(map(is_quiet, node.bases))):
            raise ImpureError
        self.decorators(node.decorator_list)
        for base in node.bases:
            inner = base.value if isinstance(base, ast.Subscript) else base
            self.name("base", inner)
            self.values([base.slice] if isinstance(base, ast.Subscript) else [])
        self.local.append(names)
        self.statements(node.body)
        self.local.pop()

    def decorators(self, nodes: Iterable[ast.expr]) -> None:
        """Judge decorators, with or without arguments; `@size.setter` in a class is one of its own."""
        for node in nodes:
            called = node.func if isinstance(node, ast.Call) else node
            if chain(called).rpartition(".")[2] in ("setter", "getter", "deleter") and self.is_local(called):
                continue
            self.name("decorator", called)
            if isinstance(node, ast.Call):
                self.arguments(node)

    def annotations(self, nodes: Iterable[ast.expr | None]) -> None:
        """Judge annotations that are evaluated."""
        if not self.is_lazy:
            self.values(nodes)

    def targets(self, nodes: Sequence[ast.expr]) -> None:
        """Judge what is assigned to: names only."""
        for node in nodes:
            if isinstance(node, ast.Tuple):
                self.targets(node.elts)
            elif not isinstance(node, ast.Name):
                raise ImpureError

    def name(self, how: str, node: ast.expr) -> None:
        """Note a need of a dotted name."""
        if not chain(node) or self.is_local(node):
            raise ImpureError
        self.needs.add(f"{how}:{chain(node)}")

    def is_local(self, node: ast.expr) -> bool:
        """Return whether a dotted name begins with one of a class body or a comprehension."""
        return any(chain(node).partition(".")[0] in names for names in self.local)

    def values(self, nodes: Iterable[ast.expr | None]) -> None:
        """Judge several expressions, of which some may be left out."""
        for node in nodes:
            if node is not None:
                self.value(node)

    def value(self, node: ast.expr) -> None:
        """Judge an expression."""
        match node:
            case ast.Constant():
                pass
            case ast.Name() | ast.Attribute():
                self.loaded(node)
            case ast.Lambda(args=arguments):
                self.values([*arguments.defaults, *arguments.kw_defaults])
            case ast.Subscript(value=inner, slice=index):
                self.name("generic", inner)
                self.value(index)
            case ast.Call():
                self.call(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self.comprehension(node)
            case _ if isinstance(node, COMPOSED):
                self.values(part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))
            case _:
                raise ImpureError

    def loaded(self, node: ast.expr) -> None:
        """Judge a name or an attribute that is read."""
        if not (isinstance(node, ast.Name) and self.is_local(node)):
            self.name("value", node)

    def call(self, node: ast.Call) -> None:
        """Judge a call: of a method of a text, or of a name that must be harmless."""
        if any(keyword.arg == "key" for keyword in node.keywords):
            raise ImpureError
        if not (isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant)):
            self.name("call", node.func)
        self.arguments(node)

    def arguments(self, node: ast.Call) -> None:
        """Judge the arguments of a call."""
        self.values([*node.args, *(keyword.value for keyword in node.keywords)])

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        """Judge a comprehension, whose own names stand for parts of what has been judged."""
        targets = [part for generator in node.generators for part in ast.walk(generator.target)]
        if not all(isinstance(part, ast.Name | ast.Tuple | ast.Store) for part in targets):
            raise ImpureError
        self.local.append({part.id for part in targets if isinstance(part, ast.Name)})
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self.values(part for generator in node.generators for part in (generator.iter, *generator.ifs))
        self.values(results)
        self.local.pop()


def is_quiet(base: ast.expr) -> bool:
    """Return whether a base is known to make no members when a class is derived from it, as an enum does."""
    name = chain(base.value if isinstance(base, ast.Subscript) else base)
    return hasattr(builtins, name) or name.rpartition(".")[2] in QUIET_BASES


def names_stored(node: ast.AST) -> set[str]:
    """Return the names that are assigned anywhere in `node`."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}


def is_record(node: ast.stmt) -> bool:
    """Return whether calling a class runs no project code, if decorating it and deriving from its bases does not."""
    if not isinstance(node, ast.ClassDef) or any(chain(base).rpartition(".")[2] != "NamedTuple" for base in node.bases):
        return False
    defined = {part.name for part in ast.walk(node) if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)}
    names = (defined | names_stored(node)) - {"__slots__", "__match_args__"}
    made = [part.value for part in ast.walk(node) if isinstance(part, ast.keyword) and part.arg == "default_factory"]
    return not any(name.startswith("__") for name in names) and all(chain(factory) in FACTORIES for factory in made)
