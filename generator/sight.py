"""With which names from outside the project code sees more of the project than it mentions: names, or its very text."""

from collections.abc import Iterable
from functools import cache

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


@cache
def is_all_seeing(name: str) -> bool:
    """Return whether code that has a name from outside the project can look up, or read, what it likes in it."""
    if is_below(name, HARMLESS):
        return False
    return name in DYNAMIC or is_below(name, (*DYNAMIC_ROOTS, *SOURCE_READERS))


def is_below(name: str, roots: Iterable[str]) -> bool:
    """Return whether a dotted name is one of `roots`, or an attribute of one."""
    return any(name == root or name.startswith(f"{root}.") for root in roots)
