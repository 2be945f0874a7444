"""A presentation as a file: its master, its slides, its notes, and bytes that are the same each time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pptx
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Emu

from generator.formats.powerpoint.draw import SANS, SlideCanvas, emu, rgb
from generator.formats.powerpoint.measure import LINE, SCALES, Box, count_lines
from generator.formats.powerpoint.rich_text import Paragraph, Run
from generator.theme import Theme

HEIGHT: Final = 720
TITLE_SIZE: Final = 40.0
TALLEST: Final = 230.0  # what a title may take of a slide
LONGEST: Final = 255  # characters that a property holds
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_PACKED: Final = (".png", ".mp4", ".jpeg", ".jpg")


class Presentation:
    """A presentation that is being written; `front` is the lecture's front matter, `width` that of a slide."""

    def __init__(self, front: Mapping[str, Any], theme: Theme, width: int) -> None:
        self.front, self.theme, self.width = front, theme, width
        self.title = Box(64, 34, width - 128, 52)
        self.file = pptx.Presentation()
        resize_slides(self.file, width)
        clean_theme(self.file)
        self.layout = self.file.slide_layouts.get_by_name("Title Only")
        for shape in self.layout.placeholders:
            if shape.placeholder_format.idx == 0:
                shape.left, shape.top, shape.width, shape.height = (
                    emu(side) for side in (self.title.left, self.title.top, self.title.width, self.title.height)
                )
        set_properties(self.file, front)

    def add(
        self, title: Sequence[Run], theme: Theme | None = None, box: Box | None = None, size: float = TITLE_SIZE
    ) -> SlideCanvas:
        """Add a slide with its title and return it; a title of two lines reaches below `box`."""
        place = box or self.title
        sheet = SlideCanvas(self.file.slides.add_slide(self.layout), theme or self.theme, self.front["lang"])
        fill = sheet.slide.background.fill
        fill.solid()
        fill.fore_color.rgb = rgb(sheet.theme.paper)
        runs = tuple(replace(run, bold=True) for run in title)
        size, height = fit_title(runs, place, size)
        shape = sheet.slide.shapes.title
        if box or height > place.height:
            own = Box(place.left, place.top, place.width, height)
            shape.left, shape.top, shape.width, shape.height = sheet.place(own)
        sheet.fill(shape, [Paragraph(runs)], size, sheet.theme.ink)
        sheet.floor = place.top + (height if box else max(height, place.height))
        if self.front["profile"] == "quick":
            place = Box(self.width - 194, 0, 130, 32)
            sheet.add_area(place, sheet.theme.kernel)
            sheet.add_text(
                place.inset(4, 4), [Paragraph((Run("quick build", bold=True),))], 18, sheet.theme.paper, "center"
            )
        return sheet

    def save(self) -> bytes:
        """Return the presentation as a file, in which every date is one day."""
        raw, stream = BytesIO(), BytesIO()
        self.file.save(raw)
        with ZipFile(raw) as source, ZipFile(stream, "w") as target:
            for name in source.namelist():
                entry = ZipInfo(name, EPOCH)
                entry.compress_type = ZIP_STORED if name.endswith(_PACKED) else ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                target.writestr(entry, source.read(name))
        return stream.getvalue()


def fit_title(runs: Sequence[Run], box: Box, size: float) -> tuple[float, float]:
    """Return the size of a title's letters, `size` where that can be, and its height, which leaves room below it."""
    for scale in SCALES:
        height = count_lines(runs, size * scale, box.width) * LINE * size * scale
        if height <= max(box.height, TALLEST):
            break
    return size * scale, height


def resize_slides(file: Any, width: int) -> None:
    """Give the presentation slides of this width, and its master and layouts the same shape."""
    ratio = emu(width) / file.slide_width
    file.slide_width, file.slide_height = emu(width), emu(HEIGHT)
    for layout in [file.slide_master, *file.slide_layouts]:
        for shape in layout.placeholders:
            if shape._element.spPr.xfrm is not None:
                shape.left, shape.width = Emu(int(shape.left * ratio)), Emu(int(shape.width * ratio))


def clean_theme(file: Any) -> None:
    """Give the presentation one family of letters, and no picture of a first slide that is not its own."""
    theme = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = theme.blob.replace(b'<a:latin typeface="Calibri"/>', f'<a:latin typeface="{SANS}"/>'.encode())
    package = file.part.package
    for name, relationship in list(package._rels.items()):
        if relationship.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            package._rels.pop(name)


def set_properties(file: Any, front: Mapping[str, Any]) -> None:
    """Write down what the presentation is; no date, for the same lecture is the same file."""
    about = file.core_properties
    title, subject, author, language = (front[name][:LONGEST] for name in ("title", "subtitle", "author", "lang"))
    about.title, about.subject, about.author, about.last_modified_by = title, subject, author, author
    about.language, about.revision = language, 1
    about.created = about.modified = datetime(*EPOCH)  # noqa: DTZ001 - the format takes UTC without a zone
