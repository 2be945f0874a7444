"""One job, in a process that is its own; knows no store and no lecture."""

import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module, metadata
from importlib.machinery import FileFinder, SourceFileLoader
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from generator.errors import LectureError
from generator.theme import THEMES

PAINTERS = ("still", "film")  # the runners that take a theme


class FreshLoader(SourceFileLoader):
    """Reads a module's source anew: a cached .pyc hides an edit of the same size within the same second."""

    def path_stats(self, path: Any) -> Any:
        """Raise OSError, which makes the import go without the cache."""
        raise OSError(path)


def bypass_bytecode_cache(project: Path) -> None:
    """Make imports from the project's content skip cached byte code."""
    roots = tuple(str(project / name) for name in ("figures", "lectures"))
    make = FileFinder.path_hook((FreshLoader, [".py"]))

    def hook(folder: str) -> Any:
        if not folder.startswith(roots):
            raise ImportError(folder)
        return make(folder)

    sys.path_hooks.insert(0, hook)
    for folder in [folder for folder in sys.path_importer_cache if folder.startswith(roots)]:
        del sys.path_importer_cache[folder]


@cache
def installed_packages() -> Mapping[str, list[str]]:
    """Return which distributions give which top-level modules."""
    return metadata.packages_distributions()


@cache
def version_of(distribution: str) -> str:
    """Return the version of an installed distribution, as it was when it was first asked for."""
    return metadata.version(distribution)


@cache
def owners_of(module: str) -> frozenset[str]:
    """Return the distributions that give a top-level module."""
    return frozenset(installed_packages().get(module, ()))


@cache
def loaded_at_start() -> tuple[int, str, frozenset[str]]:
    """Return how many modules were loaded when this was first called, the last of them, and what gives them all."""
    modules = list(sys.modules)
    return len(modules), modules[-1], owners_of_all(modules)


def owners_of_all(modules: Iterable[str]) -> frozenset[str]:
    """Return the distributions that give some modules."""
    return frozenset().union(*map(owners_of, {module.partition(".")[0] for module in modules}))


def used_packages() -> dict[str, str]:
    """Return the distributions whose modules this process has loaded, with their versions.

    A child looks at those alone that it has loaded itself: to look at the others is to copy them all from its parent.
    """
    count, last, names = loaded_at_start()
    later = list(islice(reversed(sys.modules), max(0, len(sys.modules) - count) + 1))
    is_known = later.pop() == last  # else modules were taken out of what was there
    names = names | owners_of_all(later) if is_known else owners_of_all(list(sys.modules))
    return {name: version_of(name) for name in sorted(names)}


def resolve(argument: dict[str, Any], job: dict[str, Any]) -> Any:
    """Return what an argument stands for: a literal, an image, an array of random integers, a result, a dataset."""
    from generator.runners import inputs

    return inputs.SOURCES[argument["form"]](argument, job)


def run_job(job: dict[str, Any], out: Path) -> dict[str, Any]:
    """Run one job, whose files go to `out`, and return its facts and the packages it used."""
    bypass_bytecode_cache(Path(job["project"]))
    recipe = import_module(job["module"]) if job["module"] else ModuleType("code")
    arguments = {name: resolve(argument, job) for name, argument in job["arguments"].items()}
    runner = import_module(f"generator.runners.{job['runner']}")
    colors = {"theme": THEMES[job["theme"]]} if job["runner"] in PAINTERS else {}
    facts = runner.run(recipe, arguments, out, **colors)
    return {"facts": facts, "packages": used_packages()}


def peak_memory() -> float:
    """Return how many megabytes this process, and the largest of those that it started, held at their peaks."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def explain(error: BaseException) -> dict[str, Any]:
    """Return what went wrong, for a person: the problem, a hint, and the traceback for who asks for it."""
    text = str(error) or type(error).__name__
    if isinstance(error, LectureError):
        problem, hint = error.problem, error.hint
    elif isinstance(error, ValueError) and "; " in text:
        problem, _, hint = text.partition("; ")
    elif hasattr(error, "cell"):
        problem, hint = text, "each block runs after those above it, in one kernel"
    else:
        problem, hint = f"{type(error).__name__}: {text}", "DEBUG=1 shows the traceback"
    trace = "".join(traceback.format_exception(error))
    return {
        "problem": " ".join(problem.split()),
        "hint": hint,
        "traceback": trace,
        "cell": getattr(error, "cell", None),
    }


def main(folder: Path, text: str) -> str:
    """Run the job that `text`, JSON, tells of in its folder; return its result, or what went wrong, as JSON."""
    job = json.loads(text)
    out = folder / "out"
    out.mkdir()
    os.chdir(folder)
    begun = time.monotonic()
    try:
        result = run_job(job, out)
        result["cost"] = [time.monotonic() - begun, peak_memory()]
        return json.dumps(result, allow_nan=False)
    except BaseException as error:
        return json.dumps(explain(error))
