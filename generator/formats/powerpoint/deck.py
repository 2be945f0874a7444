"""The file of a presentation: slide master, theme, slides and properties, saved as the same bytes every time."""

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
from generator.formats.powerpoint.measure import LINE_HEIGHT, SCALES, Box, count_lines
from generator.formats.powerpoint.rich_text import Paragraph, Run
from generator.html.titles import title_words
from generator.theme import Theme
from generator.words import say

HEIGHT: Final = 720
TITLE_SIZE: Final = 40.0
MAX_TITLE_HEIGHT: Final = 230.0  # of a slide
MAX_PROPERTY_LENGTH: Final = 255  # characters in a document property
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_COMPRESSED: Final = (".png", ".mp4", ".jpeg", ".jpg")  # stored in the zip file as they are


class Presentation:
    """A presentation being written; `front` is the lecture's front matter, `width` that of a slide in pixels."""

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
        """Add a slide with its title and return its canvas. A title of two lines extends below `box`."""
        place = box or self.title
        canvas = SlideCanvas(self.file.slides.add_slide(self.layout), theme or self.theme, self.front["lang"])
        fill = canvas.slide.background.fill
        fill.solid()
        fill.fore_color.rgb = rgb(canvas.theme.paper)
        runs = tuple(replace(run, bold=True) for run in title)
        size, height = fit_title(runs, place, size)
        shape = canvas.slide.shapes.title
        if box or height > place.height:
            grown = Box(place.left, place.top, place.width, height)
            shape.left, shape.top, shape.width, shape.height = canvas.emu_box(grown)
        canvas.fill(shape, [Paragraph(runs)], size, canvas.theme.ink)
        canvas.title_end = place.top + (height if box else max(height, place.height))
        if self.front["profile"] == "quick":
            place = Box(self.width - 194, 0, 130, 32)
            canvas.add_area(place, canvas.theme.kernel)
            canvas.add_text(
                place.inset(4, 4), [Paragraph((Run(say("quick build"), bold=True),))], 18, canvas.theme.paper, "center"
            )
        return canvas

    def save(self) -> bytes:
        """Return the presentation as the bytes of a file in which every date is the same."""
        raw, stream = BytesIO(), BytesIO()
        self.file.save(raw)
        with ZipFile(raw) as source, ZipFile(stream, "w") as target:
            for name in source.namelist():
                entry = ZipInfo(name, EPOCH)
                entry.compress_type = ZIP_STORED if name.endswith(_COMPRESSED) else ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                target.writestr(entry, source.read(name))
        return stream.getvalue()


def fit_title(runs: Sequence[Run], box: Box, size: float) -> tuple[float, float]:
    """Return the font size of a title and its height.

    The size is `size`, or as much smaller as the title needs to be no higher than MAX_TITLE_HEIGHT (or than `box`, if
    that is higher), so that room is left below it.
    """
    for scale in SCALES:
        height = count_lines(runs, size * scale, box.width) * LINE_HEIGHT * size * scale
        if height <= max(box.height, MAX_TITLE_HEIGHT):
            break
    return size * scale, height


def resize_slides(file: Any, width: int) -> None:
    """Set the width of the slides, and fit the slide master and the layouts to it."""
    ratio = emu(width) / file.slide_width
    file.slide_width, file.slide_height = emu(width), emu(HEIGHT)
    for layout in [file.slide_master, *file.slide_layouts]:
        for shape in layout.placeholders:
            if shape._element.spPr.xfrm is not None:
                shape.left, shape.width = Emu(int(shape.left * ratio)), Emu(int(shape.width * ratio))


def clean_theme(file: Any) -> None:
    """Set one font family, and remove the thumbnail of python-pptx's template, which shows another first slide."""
    theme = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = theme.blob.replace(b'<a:latin typeface="Calibri"/>', f'<a:latin typeface="{SANS}"/>'.encode())
    package = file.part.package
    for name, relationship in list(package._rels.items()):
        if relationship.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            package._rels.pop(name)


def set_properties(file: Any, front: Mapping[str, Any]) -> None:
    """Set the document properties; the dates are fixed, so that the same lecture gives the same file."""
    core = file.core_properties
    texts = [title_words(front[name], tags=False) for name in ("title", "subtitle")] + [front["author"], front["lang"]]
    title, subject, author, language = (text[:MAX_PROPERTY_LENGTH] for text in texts)
    core.title, core.subject, core.author, core.last_modified_by = title, subject, author, author
    core.language, core.revision = language, 1
    core.created = core.modified = datetime(*EPOCH)  # noqa: DTZ001 - the format takes UTC without a zone
