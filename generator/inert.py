"""Which names are harmless at import: says of a statement whether importing it can do more than bind names.

Follows names across the modules of a project. Of code from outside, only what is listed here is trusted.
"""

import builtins

from generator.atlas import Atlas, Module
from generator.statement import Alias, Statement

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


class Judgement:
    """Remembers what it has found of each statement; a statement that waits for itself is not harmless."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
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
        module = self.atlas.find(alias.module)
        if alias.name == "*":
            return False
        if module is None:
            return self.atlas.find(alias.module.partition(".")[0]) is None
        if not alias.attribute:
            return self.atlas.find(alias.runs) is not None
        return alias.attribute in module.bindings or self.atlas.find(f"{alias.module}.{alias.attribute}") is not None

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
        while (module := self.atlas.find(name)) is not None:
            if not path or "__getattr__" in module.bindings or module.stars:
                return False
            if path[0] in module.bindings:
                return self.is_met(module, f"{how}:{'.'.join(path)}")
            name, path = f"{name}.{path[0]}", path[1:]
        if self.atlas.find(name.partition(".")[0]) is not None:
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
