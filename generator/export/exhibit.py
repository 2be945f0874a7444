"""The gallery's pages: a contact sheet of all figure kinds, and a page on each, in the look of the handout."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup
from traitlets import Unicode, default

from generator.errors import Where
from generator.export.dress import TEMPLATES, Dress, make_dress, read_template
from generator.export.exporter import Resources
from generator.export.handout import SCRIPTS, STYLES, HandoutExporter
from generator.export.outline import Block, Outline
from generator.export.palette import handout_palette
from generator.export.picture import Assets, Picture, read_picture
from generator.export.typeface import font_faces
from generator.recipe import Parameter, Recipe

SHEET = "index.html"
LONGEST = 240  # characters of one fact


@dataclass(frozen=True, slots=True)
class Example:
    """One figure in every view: `lines` are those that made it, `seconds` how long its film is (0: it has none)."""

    light: Picture
    dark: Picture
    lines: str
    facts: tuple[tuple[str, str], ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A figure kind and its examples by the line they stand on; `blocks` are these and the text around them."""

    recipe: Recipe
    blocks: list[Block] = field(default_factory=list)
    examples: dict[int, Example] = field(default_factory=dict)

    @property
    def where(self) -> Where:
        """Return the kind's file, to blame for a docstring that cannot be shown."""
        return Where(self.recipe.path)

    @property
    def summary(self) -> str:
        """Return the first paragraph of the kind's docstring."""
        return " ".join(self.recipe.doc.partition("\n\n")[0].split())

    @property
    def story(self) -> str:
        """Return the rest of the kind's docstring."""
        return self.recipe.doc.partition("\n\n")[2]

    @property
    def first(self) -> Example:
        """Return the example that stands for the kind."""
        return next(iter(self.examples.values()))

    @property
    def has_film(self) -> bool:
        """Whether an example has a film."""
        return any(example.light.film for example in self.examples.values())

    @property
    def steps(self) -> int:
        """Return the most steps that an example has."""
        return max(len(example.light.panels) for example in self.examples.values())

    def default_of(self, parameter: Parameter) -> str:
        """Return a default as written, a name of the file's own spelled out."""
        return dict(self.recipe.aliases).get(parameter.default, parameter.default)


class GalleryExporter(HandoutExporter):
    """The handout's machinery with templates of the gallery's own."""

    template_name = Unicode("gallery")

    @default("template_paths")  # type: ignore[untyped-decorator]
    def _template_paths(self) -> list[str]:
        return [str(TEMPLATES / "gallery"), str(TEMPLATES / "handout"), str(TEMPLATES)]

    def dress(self, body: Markup, resources: Resources) -> Dress:  # noqa: ARG002 - as the handout's
        """Return the handout's dress with the gallery's own style sheet behind it."""
        styles = font_faces(str(body)) + handout_palette() + read_template(*STYLES, "gallery/gallery.css")
        return make_dress([styles], [read_template(*SCRIPTS)])


def gallery_pages(outline: Outline, assets: Assets, recipes: Mapping[str, Recipe], text: str) -> dict[str, bytes]:
    """Return every page of the gallery by file name.

    outline, text: the examples, read and as written; recipes: the kinds by name. assets: the files of each figure by
    its id, and those of its dark still by `<id>-dark`. Raises PageError.
    """
    exhibits = make_exhibits(outline, assets, recipes, text.split("\n"))
    environment = GalleryExporter().environment
    shared = {"outline": outline, "front": outline.front}

    def page(template: str, **fields: Any) -> bytes:
        return str(environment.get_template(template).render(**shared, **fields)).encode()

    names = [None, *exhibits, None]
    kinds = {
        f"{exhibit.recipe.name}.html": page("kind.html.j2", exhibit=exhibit, previous=before, next=after)
        for exhibit, before, after in zip(exhibits.values(), names, names[2:], strict=False)
    }
    return {SHEET: page("sheet.html.j2", exhibits=exhibits), **kinds}


def make_exhibits(
    outline: Outline, assets: Assets, recipes: Mapping[str, Recipe], lines: Sequence[str]
) -> dict[str, Exhibit]:
    """Return the exhibits by kind, in the order of the examples."""
    exhibits: dict[str, Exhibit] = {}
    for slide in (slide for part in outline.parts for slide in part.slides):
        exhibit = exhibits.setdefault(slide.title, Exhibit(recipes[slide.title]))
        exhibit.blocks.extend(slide.blocks)
        for block in slide.blocks:
            if block.kind == "figure":
                exhibit.examples[block.where.line] = make_example(block, assets, lines)
    return exhibits


def make_example(block: Block, assets: Assets, lines: Sequence[str]) -> Example:
    """Return the example that stands at a figure's block."""
    figure = block.facts["figure"]
    dark = replace(block, facts={**block.facts, "figure": {**figure, "id": f"{figure['id']}-dark", "marks": None}})
    facts = tuple(flatten(figure["facts"]))
    written = cut_directive(lines, block.where.line)
    return Example(read_picture(block, assets), read_picture(dark, assets), written, facts, figure["seconds"] or 0)


def cut_directive(lines: Sequence[str], line: int) -> str:
    """Return the directive that opens on `line` (counted from 1), up to its closing colons."""
    opening = lines[line - 1]
    fence = opening[: len(opening) - len(opening.lstrip(":"))]
    end = next((at for at in range(line, len(lines)) if lines[at].rstrip() == fence), len(lines) - 1)
    return "\n".join(lines[line - 1 : end + 1])


def flatten(facts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield every fact by the name that a lecture quotes it with, written for people."""
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", shorten(tell(value))


def tell(value: Any) -> str:
    """Return a fact as text: a list in brackets, a float with six digits that count."""
    if isinstance(value, list):
        return f"[{', '.join(tell(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {tell(item)}' for name, item in value.items())}}}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return format(value, ".6g" if isinstance(value, float) else ",").replace("-", "−")
    return str(value)


def shorten(text: str) -> str:
    """Return at most as much of a text as a table holds."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
