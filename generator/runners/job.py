"""Runs one job in its own process and returns its result as JSON; knows neither the store nor any lecture.

A job names a recipe (an experiment or a figure kind), its arguments and a runner. The result holds the runner's facts,
the installed packages that were used, the files of the project that were read, and the time and memory taken; or, if
the job failed, a description of the error.
"""

import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module, metadata
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from generator.errors import LectureError
from generator.roots import roots_of
from generator.runners.forks import check_forks, keep_to_one_process, note_forks, one_process
from generator.runners.fresh_imports import bypass_bytecode_cache, project_name
from generator.runners.limits import within_limits
from generator.runners.machine import describe_machine
from generator.runners.observing import observe, read_notes
from generator.runners.randomness import seed_what_has_no_seed
from generator.theme import THEMES, recolor

THEMED_RUNNERS = ("still", "narrow", "film", "film_draft")  # those whose `run` takes a theme
LATEX_PROGRAMS = ("latex", "pdflatex", "xelatex", "lualatex", "dvisvgm")  # what Manim's MathTex and DecimalNumber start
WITHOUT_LATEX = (
    "use Text, or for formulas MathTypst (pip install typst); in place of DecimalNumber a Text of the number"
)

WITHOUT_TYPST = "pip install typst, or use Text"


@cache
def installed_packages() -> Mapping[str, list[str]]:
    """Return the distributions that provide each top-level module."""
    return metadata.packages_distributions()


@cache
def version_of(distribution: str) -> str:
    """Return the version of an installed distribution, cached from the first call."""
    return metadata.version(distribution)


@cache
def owners_of(module: str) -> frozenset[str]:
    """Return the distributions that provide a top-level module."""
    return frozenset(installed_packages().get(module, ()))


@cache
def loaded_at_start() -> tuple[int, str, frozenset[str]]:
    """Return the number of modules loaded at the first call, the last of them, and the distributions of them all."""
    modules = list(sys.modules)
    return len(modules), modules[-1], owners_of_all(modules)


def owners_of_all(modules: Iterable[str]) -> frozenset[str]:
    """Return the distributions that provide any of `modules`."""
    return frozenset().union(*map(owners_of, {module.partition(".")[0] for module in modules}))


def used_packages() -> dict[str, str]:
    """Return the versions of all distributions from which this process has loaded modules.

    A child looks only at the modules that it has loaded itself, at the end of `sys.modules`. Touching the others would
    copy the memory pages that it shares with its parent.
    """
    count, last, names = loaded_at_start()
    later = list(islice(reversed(sys.modules), max(0, len(sys.modules) - count) + 1))
    is_known = later.pop() == last  # else modules were removed, and positions have shifted
    names = names | owners_of_all(later) if is_known else owners_of_all(list(sys.modules))
    return {name: version_of(name) for name in sorted(names)}


def resolve(argument: dict[str, Any], job: dict[str, Any]) -> Any:
    """Return the value of an argument: a literal, an image, random integers, a file's path, a result, or data."""
    from generator.runners import inputs

    # Data of a course's own are none of the SOURCES: only tasks that take some have their reader in the key.
    if argument["form"] == "data":
        from generator.runners.own_data import load_own_data

        return load_own_data(Path(job["dataset"]), argument["value"])
    return inputs.SOURCES[argument["form"]](argument, job)


def run_job(job: dict[str, Any], out: Path) -> dict[str, Any]:
    """Run one job, which writes its files to `out`; return its facts, and the packages, files and machine it used."""
    project = Path(job["project"])
    recolor(job.get("colors", {}))
    bypass_bytecode_cache(project)
    observe(job, out.parent)
    note_forks()
    with one_process(out.parent):
        recipe = import_module(job["module"]) if job["module"] else ModuleType("code")
    keep_to_one_process(recipe, out.parent)
    arguments = {name: resolve(argument, job) for name, argument in job["arguments"].items()}
    runner = import_module(f"generator.runners.{job['runner']}")
    if job["runner"] == "experiment":
        seed_what_has_no_seed(arguments.get("seed", 0))
    colors = {"theme": THEMES[job["theme"]]} if job["runner"] in THEMED_RUNNERS else {}
    facts = runner.run(recipe, arguments, out, **colors)
    check_forks(project, out.parent)
    used = {"packages": used_packages(), "observed": read_notes(project, out.parent), "machine": describe_machine()}
    return {"facts": facts, **used}


def peak_memory() -> float:
    """Return the peak memory in megabytes of this process plus that of the largest process it has started."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def place_of(error: BaseException, project: Path) -> str:
    """Return the place in the project's own code that an error comes from, as `folder/file.py:14`; empty if none does.

    It is the last one on the way to the error, and code of the project comes before that of its library.
    """
    roots = [os.path.realpath(root) for root in roots_of(project)]
    frames = traceback.extract_tb(error.__traceback__)
    for root in roots:
        for frame in reversed(frames):
            name = project_name(os.path.realpath(frame.filename), root)
            if name and name.partition("/")[0] != "generator":
                return f"{name}:{frame.lineno}"
    return ""


def explain(error: BaseException, project: Path | None = None) -> dict[str, Any]:
    """Return an error for people to read: problem, hint and traceback, and the cell if it was one that failed.

    project: in whose code the place of an error is looked for that nobody has put into words.
    """
    text = str(error) or type(error).__name__
    place = place_of(error, project) if project else ""
    at = f"{place}: " if place else ""
    if isinstance(error, LectureError):
        problem, hint = error.problem, error.hint
    elif isinstance(error, FileNotFoundError) and error.filename in LATEX_PROGRAMS:
        problem, hint = f"{at}LaTeX is not there, and Manim calls its '{error.filename}'", WITHOUT_LATEX
    elif isinstance(error, ImportError) and "typst" in text:
        problem, hint = f"{at}a formula of Manim needs the package typst, which is not there", WITHOUT_TYPST
    elif isinstance(error, NotImplementedError) and "; " in text:
        problem, _, hint = f"{at}{text}".partition("; ")
    elif isinstance(error, ValueError) and "; " in text:
        problem, _, hint = text.partition("; ")
    elif hasattr(error, "cell"):
        problem, hint = text, "each block runs after those above it, in one kernel"
    else:
        problem = f"{at}{type(error).__name__}: {text}"
        hint = "DEBUG=1 shows the traceback"
    trace = "".join(traceback.format_exception(error))
    return {
        "problem": " ".join(problem.split()),
        "hint": hint,
        "traceback": trace,
        "cell": getattr(error, "cell", None),
    }


def main(folder: Path, text: str) -> str:
    """Run the job described by `text` (JSON) in `folder`; return its result, or the error that stopped it, as JSON."""
    job = json.loads(text)
    out = folder / "out"
    out.mkdir()
    os.chdir(folder)
    begun = time.monotonic()
    try:
        with within_limits(job.get("limits", {})):
            result = run_job(job, out)
        result["cost"] = [time.monotonic() - begun, peak_memory()]
        return json.dumps(result, allow_nan=False)
    except BaseException as error:
        return json.dumps(explain(error, Path(job["project"])))
