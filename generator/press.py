"""The press: from a lecture's artifacts to its pages, through every exporter there is."""

import importlib
import pkgutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import generator.export
from generator.block import Figure
from generator.compose import Composer
from generator.course import Course, Profile
from generator.document import Document
from generator.errors import SourceError, suggest
from generator.export.rendered import rendering
from generator.export.site import INDEX, read_cards, site_page
from generator.fact import Scope, merge_seeds
from generator.lecture import Lecture, walk
from generator.plan import Plan
from generator.recall import recall_coverage
from generator.recipe import recipe_names
from generator.store import Artifact, installed_version, write_atomically

LIBRARIES = ("keras", "tensorflow-cpu", "tensorflow", "numpy", "matplotlib", "manim", "nbconvert")
CODE_DIGITS = 10  # of the SHA-256 that says which code an experiment ran


def compose(
    plan: Plan, artifacts: Mapping[str, Artifact], project: Path, profile: Profile, neighbors: Mapping[str, Any]
) -> Document:
    """Return the document of a planned lecture whose artifacts are all there; `neighbors` says what is around it."""
    scope = scope_of(plan, artifacts, project)
    document = Composer(plan, artifacts, scope, project, profile.name).compose()
    lecture = plan.lecture
    document.notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document.notebook.metadata["lectern"] = {
        "name": lecture.name, "title": lecture.title, "subtitle": lecture.subtitle, "author": lecture.author,
        "lang": lecture.lang, "minutes": lecture.minutes, "profile": profile.name, "theme": lecture.theme,
        "aspect": lecture.aspect, "mentions": document.mentions,
        "provenance": provenance_of(plan, neighbors["digests"], scope), "previous": neighbors["previous"],
        "next": neighbors["next"],
    }  # fmt: skip
    return document


def scope_of(plan: Plan, artifacts: Mapping[str, Artifact], project: Path) -> Scope:
    """Return what the lecture's expressions can name."""
    names: dict[str, Any] = {}
    origins, coverage = {}, recall_coverage(project)
    for name, ids in plan.experiments.items():
        names[name] = merge_seeds([artifacts[task].facts for task in ids])
        use = plan.lecture.experiments.get(name)
        seeds = [dict(plan.tasks[task].arguments).get("seed") for task in ids]
        shown = ", ".join(str(seed.value) for seed in seeds if seed is not None)
        code = coverage.of_verbs(plan.tasks[ids[0]].module, ("measure",)).digest[:CODE_DIGITS]
        seed_text = f", seed {shown}" if shown else ""
        origins[name] = f"experiment {use.recipe if use else name}{seed_text}, code {code}"
    for slide in plan.lecture.slides:
        for figure in named_figures(slide.blocks):
            names[figure.name] = artifacts[plan.figures[figure.line]["image"]].facts["facts"]
    return Scope(names, origins, tuple(recipe_names("experiment", project)))


def named_figures(blocks: Any) -> list[Any]:
    """Return the figures that have a name."""
    return [block for block in walk(blocks) if isinstance(block, Figure) and block.name]


def provenance_of(plan: Plan, digests: Mapping[str, str], scope: Scope) -> list[str]:
    """Return the lines that say what the pages were made from: experiments, data, libraries; no date, host or path."""
    versions = [f"{name} {installed_version(name)}" for name in LIBRARIES if installed_version(name)]
    dataset = plan.lecture.dataset
    names_of: dict[str, list[str]] = {}
    for name in plan.experiments:
        names_of.setdefault(scope.origins[name], []).append(name)
    lines = [f"{origin}: {', '.join(names)}" for origin, names in names_of.items()]
    lines += [f"data: {Path(dataset).stem}, SHA-256 {digests[dataset][:16]}…"] if dataset in digests else []
    return [*lines, f"made with {', '.join(versions)}"]


def neighbors_of(lecture: Lecture, course: Course, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return the lectures before and after `lecture` in the course, by name and title."""
    order = course.lectures
    place = order.index(lecture.name) if lecture.name in order else -1
    before = order[place - 1] if place > 0 else None
    after = order[place + 1] if 0 <= place < len(order) - 1 else None

    def card(name: str | None) -> dict[str, str] | None:
        return {"name": name, "title": titles[name]} if name and name in titles else None

    return {"previous": card(before), "next": card(after)}


def exporters() -> list[ModuleType]:
    """Return every output format: the modules of `generator.export` that have `export` and `FILE_NAME`.

    One with a `FORMAT` is made only for who asks for that; its `require` raises PageError where it cannot be made.
    One with a `LABEL` is for students too, and the course's index leads to it.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(generator.export.__path__))
    modules = [importlib.import_module(f"generator.export.{name}") for name in names]
    return [module for module in modules if hasattr(module, "export") and hasattr(module, "FILE_NAME")]


def format_of(module: ModuleType) -> str:
    """Return the word that asks for an output format; empty for one that every build makes."""
    return str(getattr(module, "FORMAT", ""))


def check_formats(formats: Collection[str]) -> None:
    """Raise SourceError for a format that there is not, and PageError for one that this machine cannot make."""
    modules = [module for module in exporters() if format_of(module)]
    known = sorted({format_of(module) for module in modules})
    for name in formats:
        if name not in known:
            raise SourceError(f"there is no format '{name}'", hint=suggest(name, known))
    for module in modules:
        if module.FORMAT in formats:
            module.require()


def export_document(document: Document, project: Path, formats: Collection[str] = ()) -> dict[str, bytes]:
    """Return the pages of a document, and its files in `formats`, by file name. Raises PageError."""
    asked = [module for module in exporters() if format_of(module) in {"", *formats}]
    with rendering(project, document.notebook.metadata["lectern"]["name"]):
        return {module.FILE_NAME: module.export(document.notebook, document.assets, project) for module in asked}


def drop_outdated(pages: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Remove the files in `folder` whose formats are not among `pages`, if they show old ones; return their paths.

    An old `slides.pdf` beside a new `slides.html` would be taken for a new one; a new `slides.pptx` makes none old.
    """
    formats = {module.FILE_NAME: format_of(module) for module in exporters()}
    always = {name: content for name, content in pages.items() if not formats[name]}
    changed = {Path(name).stem for name, content in always.items() if differs(folder / name, content)}
    files = [folder / name for name in formats if name not in pages]
    dropped = [path for path in files if path.is_file() and path.stem in changed]
    for path in dropped:
        path.unlink()
    return dropped


def write_site(course: Course, names: Sequence[str], folder: Path) -> list[Path]:
    """Write the index of the lectures that have pages below `folder`, in the order of `names`, if there is one.

    Return its path if it has changed. Raises PageError.
    """
    labels = {module.FILE_NAME: module.LABEL for module in exporters() if hasattr(module, "LABEL")}
    cards = list(read_cards(folder, names, labels))
    return write_changed({INDEX: site_page(course.title or "Lectures", cards)}, folder) if cards else []


def differs(path: Path, content: bytes) -> bool:
    """Whether the file at `path` has not this content, or is not there."""
    return not path.is_file() or path.read_bytes() != content


def write_changed(pages: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write the pages that differ from those in `folder`, each atomically; return the paths of these."""
    written = []
    for name, content in pages.items():
        path = folder / name
        if differs(path, content):
            write_atomically(path, content)
            written.append(path)
    return written
