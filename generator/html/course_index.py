"""Writes the course's index page: a card for each lecture, with links to its files.

It reads only the folder of built pages. What a card says about a lecture comes from the lecture's built notebook, so it
matches the pages in the folder, including those that this build did not write. A lecture of the course that has no
pages there has a card without links: other pages lead to it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup
from traitlets import Unicode

from generator.disk import read_file
from generator.html.exporter import PageExporter, Resources
from generator.html.head import ARTICLE_STYLES, PageHead, font_faces, handout_palette, make_head, read_template
from generator.html.own_looks import with_own_fonts
from generator.lecture.blocks import LectureTitle
from generator.lecture.page_looks import NO_LOOKS, Looks
from generator.words import spoken

INDEX: Final = "index.html"
FIRST_STEMS: Final = ("slides", "handout")  # listed first among a lecture's files, in this order


@dataclass(frozen=True, slots=True)
class LectureFile:
    """A file of a lecture: its address relative to the index, and the label of the link to it."""

    address: str
    label: str


@dataclass(frozen=True, slots=True)
class LectureCard:
    """A lecture in the index; `about` is the summary in its notebook's metadata (title, minutes, parts, ...).

    picture: the data address of its first figure, and what that shows in words; empty if it has none.
    """

    name: str
    about: Mapping[str, Any]
    files: tuple[LectureFile, ...] = ()
    picture: str = ""
    alt: str = ""

    @property
    def handout(self) -> str:
        """Return the address of the handout; empty if there is none."""
        return next((file.address for file in self.files if file.address.endswith("/handout.html")), "")


class CourseIndexExporter(PageExporter):
    """A page exporter with the template of the course's index."""

    audience = "handout"
    template_name = Unicode("course_index")

    def head(self, body: Markup, resources: Resources) -> PageHead:  # noqa: ARG002 - the signature of every exporter
        """Return the handout's styles followed by the index's own, and no scripts."""
        styles = with_own_fonts(read_template(*ARTICLE_STYLES, "course_index/index.css"), self.looks, str(body))
        return make_head([font_faces(str(body)) + handout_palette() + styles], [])


def read_lecture_cards(
    folder: Path, names: Sequence[str], labels: Mapping[str, str], notebook: str, titles: Mapping[str, LectureTitle]
) -> Iterator[LectureCard]:
    """Yield a card for each lecture of `names` that has pages below `folder`, or a title.

    labels: the link label of each file that students may have, by file name; notebook: the name of the notebook file,
    from which the lecture's summary and its picture are read; titles: those of the lectures of the course.
    """
    order = sorted(labels, key=lambda name: (*file_order(name), name))
    for name in names:
        files = [LectureFile(f"{name}/{file}", labels[file]) for file in order if (folder / name / file).is_file()]
        written = read_notebook(folder / name / notebook)
        if files and (about := summary_of(written)):
            yield LectureCard(name, about, tuple(files), *first_picture(written))
        elif name in titles:
            yield LectureCard(name, {**asdict(titles[name]), "parts": [], "profile": "full"})


def file_order(name: str) -> tuple[int, str]:
    """Return the sort key of a file among a lecture's files: slides, handout, others; then by suffix."""
    stem = Path(name).stem
    return (FIRST_STEMS.index(stem) if stem in FIRST_STEMS else len(FIRST_STEMS)), Path(name).suffix


def read_notebook(path: Path) -> Any:
    """Return the notebook in a file; None if it is missing or damaged."""
    try:
        return json.loads(read_file(path))
    except (OSError, ValueError):
        return None


def summary_of(notebook: Any) -> Mapping[str, Any]:
    """Return the summary of a lecture in its notebook's metadata; empty if it is missing."""
    try:
        about: Mapping[str, Any] = notebook["metadata"]["lectern"]
    except (KeyError, TypeError):
        return {}
    return about


def first_picture(notebook: Any) -> tuple[str, str]:
    """Return the data address of the first picture in a notebook, and what it shows in words; empty if there is none.

    Figures are attached to cells as SVG, and what is embedded with its poster, a JPEG. Before a figure that asks stand
    its choices.
    """
    for cell in notebook["cells"]:
        for name, pictures in cell.get("attachments", {}).items():
            kind, picture = next(iter(pictures.items()))
            alt = re.search(rf"!\[((?:\\.|[^\]\\])*)\]\(attachment:{re.escape(name)}", "".join(cell["source"]))
            address = f"data:{kind};base64,{''.join(picture)}"  # a notebook has its texts as lists of lines
            return address, re.sub(r"\\(.)", r"\1", alt[1]) if alt else ""
    return "", ""


def course_index_page(title: str, cards: Sequence[LectureCard], looks: Looks = NO_LOOKS) -> bytes:
    """Return the HTML of a course's index. Raises PageError."""
    exporter = CourseIndexExporter()
    exporter.looks = looks
    template = exporter.environment.get_template("index.html.j2")
    lang = cards[0].about["lang"] if cards and spoken().is_english else spoken().lang
    minutes = sum(card.about["minutes"] or 0 for card in cards)
    return str(template.render(title=title, cards=cards, lang=lang, minutes=minutes)).encode()
