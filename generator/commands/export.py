"""The press: from a lecture's artifacts to its pages, through every exporter there is."""

import importlib
import json
import pkgutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from markupsafe import Markup
from traitlets import Unicode, default

import generator.formats
from generator.disk import write_atomically
from generator.document.tree import Document
from generator.errors import SourceError, suggest
from generator.formats import notebook
from generator.formats.handout import STYLES, HandoutExporter
from generator.html.exporter import Resources
from generator.html.head import TEMPLATES, Dress, font_faces, handout_palette, make_dress, read_template
from generator.html.markdown import rendering
from generator.lecture.course import Course


def exporters() -> list[ModuleType]:
    """Return every output format: the modules of `generator.formats` that have `export` and `FILE_NAME`.

    One with a `FORMAT` is made only for who asks for that; its `require` raises PageError where it cannot be made.
    One with a `LABEL` is for students too, and the course's index leads to it.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(generator.formats.__path__))
    modules = [importlib.import_module(f"generator.formats.{name}") for name in names]
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


INDEX: Final = "index.html"
FIRST: Final = ("slides", "handout")  # what stands first among a lecture's files


# The course's index: what lectures there are and where their pages lie; knows the folder of the pages alone.
#
# What it says of a lecture stands in that lecture's notebook, so that it is true of the pages that lie there, also of
# those that this build did not write.


@dataclass(frozen=True, slots=True)
class File:
    """A file of a lecture: its address from the index, and what it is."""

    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Card:
    """What the index says of a lecture; `about` is what its notebook says of itself."""

    name: str
    about: Mapping[str, Any]
    files: tuple[File, ...]

    @property
    def handout(self) -> str:
        """Return the address of the handout, empty where there is none."""
        return next((file.address for file in self.files if file.address.endswith("/handout.html")), "")


class SiteExporter(HandoutExporter):
    """The handout's machinery with the index's own template."""

    template_name = Unicode("site")

    @default("template_paths")  # type: ignore[untyped-decorator]
    def _template_paths(self) -> list[str]:
        return [str(TEMPLATES / "site"), str(TEMPLATES)]

    def dress(self, body: Markup, resources: Resources) -> Dress:  # noqa: ARG002 - as the handout's
        """Return the handout's dress with the index's own style sheet behind it, and without scripts."""
        return make_dress([font_faces(str(body)) + handout_palette() + read_template(*STYLES, "site/site.css")], [])


def read_cards(folder: Path, names: Sequence[str], labels: Mapping[str, str]) -> Iterator[Card]:
    """Yield a card for each lecture of `names` that has pages below `folder`.

    labels: what each file is that students may have, by its name.
    """
    order = sorted(labels, key=lambda name: (*place_of(name), name))
    for name in names:
        files = [File(f"{name}/{file}", labels[file]) for file in order if (folder / name / file).is_file()]
        about = read_about(folder / name / notebook.FILE_NAME)
        if files and about:
            yield Card(name, about, tuple(files))


def place_of(name: str) -> tuple[int, str]:
    """Return where a file stands among a lecture's files: by what it is, then by its format."""
    stem = Path(name).stem
    return (FIRST.index(stem) if stem in FIRST else len(FIRST)), Path(name).suffix


def read_about(path: Path) -> Mapping[str, Any]:
    """Return what a notebook says of its lecture; nothing where it is missing or says nothing."""
    try:
        about: Mapping[str, Any] = json.loads(path.read_bytes())["metadata"]["lectern"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return about


def site_page(title: str, cards: Sequence[Card]) -> bytes:
    """Return the index of a course. Raises PageError."""
    template = SiteExporter().environment.get_template("index.html.j2")
    lang = cards[0].about["lang"] if cards else "en"
    minutes = sum(card.about["minutes"] or 0 for card in cards)
    return str(template.render(title=title, cards=cards, lang=lang, minutes=minutes)).encode()
