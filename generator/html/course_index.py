"""The course's index: which lectures there are and where their pages lie; knows the folder of the pages alone.

What it says of a lecture is taken from that lecture's notebook, so that it is true of the pages that lie there, also of
those that this build did not write.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup
from traitlets import Unicode

from generator.html.exporter import PageExporter, Resources
from generator.html.head import ARTICLE_STYLES, PageHead, font_faces, handout_palette, make_head, read_template

INDEX: Final = "index.html"
FIRST: Final = ("slides", "handout")  # what stands first among a lecture's files


@dataclass(frozen=True, slots=True)
class LectureFile:
    """A file of a lecture: its address from the index, and what it is."""

    address: str
    label: str


@dataclass(frozen=True, slots=True)
class LectureCard:
    """What the index says of a lecture; `about` is what its notebook says of itself."""

    name: str
    about: Mapping[str, Any]
    files: tuple[LectureFile, ...]

    @property
    def handout(self) -> str:
        """Return the address of the handout, empty where there is none."""
        return next((file.address for file in self.files if file.address.endswith("/handout.html")), "")


class CourseIndexExporter(PageExporter):
    """The machinery of pages with the index's own template."""

    audience = "handout"
    template_name = Unicode("course_index")

    def head(self, body: Markup, resources: Resources) -> PageHead:  # noqa: ARG002 - as every exporter
        """Return the handout's styles with the index's own behind them, and no scripts."""
        styles = read_template(*ARTICLE_STYLES, "course_index/index.css")
        return make_head([font_faces(str(body)) + handout_palette() + styles], [])


def read_lecture_cards(
    folder: Path, names: Sequence[str], labels: Mapping[str, str], notebook: str
) -> Iterator[LectureCard]:
    """Yield a card for each lecture of `names` that has pages below `folder`.

    labels: what each file is that students may have, by its name; notebook: the file that says what a lecture is.
    """
    order = sorted(labels, key=lambda name: (*file_order(name), name))
    for name in names:
        files = [LectureFile(f"{name}/{file}", labels[file]) for file in order if (folder / name / file).is_file()]
        about = read_summary(folder / name / notebook)
        if files and about:
            yield LectureCard(name, about, tuple(files))


def file_order(name: str) -> tuple[int, str]:
    """Return where a file stands among a lecture's files: by what it is, then by its format."""
    stem = Path(name).stem
    return (FIRST.index(stem) if stem in FIRST else len(FIRST)), Path(name).suffix


def read_summary(path: Path) -> Mapping[str, Any]:
    """Return what a notebook says of its lecture; nothing where it is missing or says nothing."""
    try:
        about: Mapping[str, Any] = json.loads(path.read_bytes())["metadata"]["lectern"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return about


def course_index_page(title: str, cards: Sequence[LectureCard]) -> bytes:
    """Return the index of a course. Raises PageError."""
    template = CourseIndexExporter().environment.get_template("index.html.j2")
    lang = cards[0].about["lang"] if cards else "en"
    minutes = sum(card.about["minutes"] or 0 for card in cards)
    return str(template.render(title=title, cards=cards, lang=lang, minutes=minutes)).encode()
