"""nbconvert's two exporters that ours extend, without the rest of nbconvert.

`import nbconvert` loads every exporter, and with them a client of kernels, a web server and parsers of HTML: a tenth of
a short build. Here nothing is loaded but the modules that the two exporters import. The `__init__` of the packages that
they are in runs once somebody asks for more, so that for everybody else nothing changes.
"""

import sys
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any, cast


class DeferredPackage(ModuleType):
    """A package whose `__init__` runs when an attribute is asked for that the package does not have yet."""

    def __getattr__(self, name: str) -> Any:
        spec = cast(Any, self.__spec__)
        # From here on it is a package like any other.
        self.__class__ = ModuleType  # type: ignore[assignment]
        self.__path__ = spec.submodule_search_locations
        spec.loader.exec_module(self)
        return getattr(self, name)


def defer(name: str) -> None:
    """Put a package among the loaded modules without running its `__init__`, so that its modules can be imported alone.

    A package that has been imported already stays as it is.
    """
    if name in sys.modules:
        return
    package = module_from_spec(cast(Any, find_spec(name)))
    package.__class__ = DeferredPackage
    sys.modules[name] = package
    parent, _, own_name = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], own_name, package)


def close(name: str) -> None:
    """Let also an import of any other module of a deferred package run its `__init__` before."""
    if isinstance(package := sys.modules[name], DeferredPackage):
        del package.__path__  # the import system asks for it before it looks for a module


_PACKAGES = ("nbconvert", "nbconvert.exporters", "nbconvert.preprocessors")
_RARELY_USED = "bs4"  # nbconvert's filters import it, and use it only when they are called
for _name in (*_PACKAGES, _RARELY_USED):
    defer(_name)
close(_RARELY_USED)

import nbconvert.filters  # noqa: E402, F401 - before the exporters ask nbconvert for it as an attribute
from nbconvert.exporters.notebook import NotebookExporter  # noqa: E402
from nbconvert.exporters.templateexporter import TemplateExporter  # noqa: E402

for _name in _PACKAGES:
    close(_name)

__all__ = ["NotebookExporter", "TemplateExporter"]
