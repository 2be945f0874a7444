"""Draws on a slide with python-pptx: text, tables, pictures, films; knows nothing of lectures.

Lengths and font sizes are in pixels of a slide that is 720 high. `rasterize` turns SVG into PNG with resvg-py, which
is installed only for this format.
"""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from generator.errors import PageError
from generator.formats.powerpoint.measure import INDENT, LINE_HEIGHT, PARAGRAPH_GAP, Box
from generator.formats.powerpoint.rich_text import Cell, Paragraph, Run, Table
from generator.html.exporter import text_direction
from generator.theme import Theme

PIXEL: Final = 9525  # English Metric Units per pixel
POINT: Final = 0.75  # points per pixel
SANS: Final = "Arial"  # every office program has it, or a font of the same width
MONO: Final = "Consolas"
PLAIN_TABLE_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # a table without color and lines
# Marks a shape as decorative, so that screen readers skip it.
DECORATIVE: Final = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative val="1" '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"/></a:ext></a:extLst>'
)
_ALIGN: Final = {"left": PP_ALIGN.LEFT, "right": PP_ALIGN.RIGHT, "center": PP_ALIGN.CENTER}


def emu(pixels: float) -> Emu:
    """Return a length in slide pixels as English Metric Units."""
    return Emu(int(pixels * PIXEL))


def rgb(color: str) -> RGBColor:
    """Return a `#rrggbb` color as python-pptx's RGBColor."""
    return RGBColor.from_string(color.removeprefix("#").upper())


class SlideCanvas:
    """One slide to draw on, with its theme and the language of its text. All lengths and font sizes are pixels."""

    def __init__(self, slide: Any, theme: Theme, lang: str) -> None:
        self.slide, self.theme, self.lang = slide, theme, lang
        self.title_end = 0.0  # where the title ends

    def emu_box(self, box: Box) -> tuple[Emu, Emu, Emu, Emu]:
        """Return left, top, width and height of a box in English Metric Units."""
        return emu(box.left), emu(box.top), emu(box.width), emu(box.height)

    def add_text(
        self, box: Box, paragraphs: Sequence[Paragraph], size: float, color: str = "", align: str = "left"
    ) -> Any:
        """Add a text box, whose lines wrap at its width, and return its shape."""
        shape = self.slide.shapes.add_textbox(*self.emu_box(box))
        self.fill(shape, paragraphs, size, color or self.theme.ink, align)
        return shape

    def add_code(self, box: Box, lines: Sequence[Paragraph], size: float) -> Any:
        """Add program text, without gaps between its lines, and return its shape."""
        shape = self.add_text(box, lines, size)
        for line in shape.text_frame.paragraphs:
            line.space_before = Pt(0)
        return shape

    def fill(self, shape: Any, paragraphs: Sequence[Paragraph], size: float, color: str, align: str = "left") -> None:
        """Write paragraphs into a shape, without margins."""
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.auto_size = MSO_AUTO_SIZE.NONE
        frame.vertical_anchor = MSO_ANCHOR.TOP
        self.write(frame, paragraphs, size, color, align)

    def add_area(self, box: Box, color: str) -> Any:
        """Add a filled rectangle without an outline, marked as decorative, and return its shape."""
        shape = self.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *self.emu_box(box))
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(color)
        shape.line.fill.background()
        shape.shadow.inherit = False
        shape._element.nvSpPr.cNvPr.append(parse_xml(DECORATIVE))
        return shape

    def add_picture(self, box: Box, png: bytes, alt: str) -> Any:
        """Add a picture with alternative text and return its shape."""
        shape = self.slide.shapes.add_picture(BytesIO(png), *self.emu_box(box))
        shape._element.nvPicPr.cNvPr.set("descr", alt)
        return shape

    def add_backdrop(self, box: Box, image: bytes) -> None:
        """Add a picture behind all else on the slide, without words: it is decoration."""
        shape = self.add_picture(box, image, "")
        self.slide.shapes._spTree.insert(2, shape._element)  # before all shapes; the first two elements are properties

    def add_film(self, box: Box, film: bytes, poster: bytes, alt: str) -> Any:
        """Add a film that plays when it is clicked and shows its poster until then; return its shape."""
        shape = self.slide.shapes.add_movie(
            BytesIO(film), *self.emu_box(box), poster_frame_image=BytesIO(poster), mime_type="video/mp4"
        )
        shape._element.nvPicPr.cNvPr.set("descr", alt)
        shape._element.nvPicPr.cNvPr.set("name", "FilmScene")
        return shape

    def add_table(self, box: Box, table: Table, widths: Sequence[float], heights: Sequence[float], size: float) -> Any:
        """Add a table with a line under each row and return its frame. The first row may be a header."""
        frame = self.slide.shapes.add_table(len(heights), len(widths), *self.emu_box(box))
        grid = frame.table
        grid._tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN_TABLE_STYLE
        grid.first_row, grid.horz_banding = table.rows[0][0].is_header, False
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = emu(width)
        for at, (row, height) in enumerate(zip(table.rows, heights, strict=True)):
            grid.rows[at].height = emu(height)
            for number, cell in enumerate(row[: len(widths)]):
                self.write_cell(grid.cell(at, number), cell, size)
        return frame

    def write_cell(self, target: Any, cell: Cell, size: float) -> None:
        """Write one cell of a table and draw the line under it."""
        target.margin_left, target.margin_right = 0, emu(size * 0.9)
        target.margin_top = target.margin_bottom = emu(size * 0.25)
        target.vertical_anchor = MSO_ANCHOR.BOTTOM if cell.is_header else MSO_ANCHOR.MIDDLE
        color = self.theme.muted if cell.is_header else self.theme.ink
        self.write(target.text_frame, [Paragraph(cell.runs)], size, color, cell.align)
        line = target._tc.get_or_add_tcPr().makeelement(qn("a:lnB"), {"w": str(PIXEL * (2 if cell.is_header else 1))})
        fill = line.makeelement(qn("a:solidFill"), {})
        edge = self.theme.ink if cell.is_header else self.theme.rule
        fill.append(fill.makeelement(qn("a:srgbClr"), {"val": edge.removeprefix("#")}))
        line.append(fill)
        target._tc.get_or_add_tcPr().append(line)

    def write(self, frame: Any, paragraphs: Sequence[Paragraph], size: float, color: str, align: str = "left") -> None:
        """Write paragraphs into a text frame, with a fixed line height."""
        frame.word_wrap = True
        for at, paragraph in enumerate(paragraphs):
            target = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            target.alignment = _ALIGN["right" if align == "left" and text_direction(self.lang) else align]
            target.line_spacing = Pt(size * LINE_HEIGHT * POINT)
            target.space_before = Pt(size * PARAGRAPH_GAP * POINT if at else 0)
            self.mark(target, paragraph, size)
            for run in paragraph.runs:
                self.write_run(target, run, size, self.theme.muted if paragraph.quoted else color)

    def mark(self, target: Any, paragraph: Paragraph, size: float) -> None:
        """Set a paragraph's indent, and its bullet or number as a real list item, so that the list can be edited."""
        properties = target._p.get_or_add_pPr()
        if text_direction(self.lang):
            properties.set("rtl", "1")
        indent = int(INDENT * size * PIXEL)
        margin = indent * paragraph.level + (int(size * PIXEL) if paragraph.quoted else 0)
        properties.set("marL", str(margin))
        properties.set("indent", str(-indent if paragraph.mark else 0))
        kind, attributes = "a:buNone", {}
        if paragraph.mark == "•":
            kind, attributes = "a:buChar", {"char": "•"}
        elif paragraph.mark:
            style = "arabicPeriod" if paragraph.mark[0].isdigit() else "alphaUcPeriod"
            number = paragraph.mark.rstrip(".")
            start = number if number.isdigit() else str(ord(number) - ord("A") + 1)
            kind, attributes = "a:buAutoNum", {"type": style, "startAt": start}
        properties.append(properties.makeelement(qn(kind), attributes))

    def write_run(self, target: Any, run: Run, size: float, color: str) -> None:
        """Write one run of text, in which a vertical tab is a line break."""
        for at, piece in enumerate(run.text.split("\v")):
            if at:
                target.add_line_break()
            if not piece:
                continue
            written = target.add_run()
            written.text = piece
            font = written.font
            font.size, font.bold, font.italic = Pt(round(size * POINT, 1)), run.bold, run.italic
            font.name = MONO if run.code else SANS
            font.color.rgb = rgb(run.color or color)
            font._element.set("lang", self.lang)
            if run.shift:
                font._element.set("baseline", "30000" if run.shift > 0 else "-25000")
            if run.link.startswith(("http://", "https://")):
                written.hyperlink.address = run.link


@lru_cache(maxsize=128)
def rasterize(svg: bytes, width: int, background: str = "#ffffff") -> bytes:
    """Return an SVG as PNG, `width` pixels wide, on a background of this color.

    Raises PageError for anything that is not an SVG with a size.
    """
    import resvg_py

    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg.decode("utf-8"), width=width, dpi=96.0, background=background, skip_system_fonts=True
            )
        )
    except ValueError as error:
        raise PageError(f"a picture cannot be drawn: {error}", hint="build the lecture again") from error


def draw_clear(svg: bytes, width: int) -> bytes:
    """Return an SVG as PNG, `width` pixels wide, on no ground; its text is drawn in fonts of this machine, if any.

    Raises PageError for anything that is not an SVG with a size.
    """
    import resvg_py

    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=svg.decode("utf-8"), width=width, dpi=96.0))
    except ValueError as error:
        raise PageError(f"the logo cannot be drawn: {error}", hint="is it an SVG with a size?") from error
