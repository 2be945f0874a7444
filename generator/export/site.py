"""The course's index: what lectures there are and where their pages lie; knows the folder of the pages alone.

What it says of a lecture stands in that lecture's notebook, so that it is true of the pages that lie there, also of
those that this build did not write.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup
from traitlets import Unicode, default

from generator.export import notebook
from generator.export.dress import TEMPLATES, Dress, make_dress, read_template
from generator.export.exporter import Resources
from generator.export.handout import STYLES, HandoutExporter
from generator.export.palette import handout_palette
from generator.export.typeface import font_faces

INDEX: Final = "index.html"
FIRST: Final = ("slides", "handout")  # what stands first among a lecture's files


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
