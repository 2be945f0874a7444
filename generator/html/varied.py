"""The pictures of a figure that varies: all of its states, with what they have in common in the page once.

A state is a `<g>` in the bank of its figure, an SVG of no size. Drawings of the page show it by a `<use>`: the picture
of the figure shows the one that is chosen, the table on paper each of them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from typing import Any, Final

from markupsafe import Markup

from generator.document.tree import asset_name, state_name
from generator.html.shared_images import share_images

ID_PREFIX: Final = "\ue000"  # begins each id in an SVG for pages
FEWEST_LETTERS: Final = 70  # of what is worth to be shared: naming it takes about forty
PAGE_OF_STATES: Final = 9  # small pictures on one sheet of a deck
_TAG: Final = re.compile(r"<(?P<end>/)?(?P<name>[a-zA-Z]+)(?:\"[^\"]*\"|[^\">])*?(?P<empty>/)?>")
_DEFINED: Final = re.compile(rf'<(?P<name>[a-zA-Z]+)[^>]*? id="(?P<id>{ID_PREFIX}\d+)"[^>]*?(?:/>|>.*?</(?P=name)>)')
_NAMED: Final = re.compile(rf"{ID_PREFIX}\d+")
_TEXT_SIZE: Final = re.compile(r'font-size="([\d.]+)"')


@dataclass(frozen=True, slots=True)
class ShownState:
    """A state as templates show it: its `id` in the page, its words, its text alternative, and its drawing as a file.

    x, y: where it stands in the figure's room, which is that of the largest state.
    """

    id: str
    number: int
    words: str
    alt: str
    sentence: str
    choice: str
    width: int
    height: int
    x: float
    y: float
    svg: bytes


@dataclass(frozen=True, slots=True)
class VariedPicture:
    """What a figure that varies has besides its picture.

    name: the figure's, by which a link names a state; empty without one.
    bank: the drawings of all states, to embed in a page. controls: what a reader can change, each with the id of the
    figure whose control it is, if it is that of another. printed: the states that stand on paper. smallest: the size of
    the smallest text in any state, in its own pixels; 0 without texts.
    """

    name: str
    bank: Markup
    controls: tuple[Mapping[str, Any], ...]
    states: tuple[ShownState, ...]
    printed: tuple[ShownState, ...]
    smallest: float

    @property
    def pages(self) -> list[tuple[ShownState, ...]]:
        """Return the states that stand on paper, as many together as a sheet of the deck has room for."""
        starts = range(0, len(self.printed), PAGE_OF_STATES)
        return [self.printed[start : start + PAGE_OF_STATES] for start in starts]

    @property
    def names(self) -> str:
        """Return the parameters that vary, one that is shared with `@` and the id of the figure whose control it is."""
        return " ".join(f"{each['name']}@{each['owner']}" if each["owner"] else each["name"] for each in self.controls)


def has_controls(body: str) -> bool:
    """Return whether a page with this body has a figure that varies, or a widget, whose controls look alike."""
    return 'class="bank"' in body or 'class="knob"' in body


def read_varied(cell: Any, assets: Mapping[str, Mapping[str, bytes]], theme: str, form: str) -> VariedPicture | None:
    """Return what a figure's cell says of its states, with their drawings in a theme and a form; None if it has none.

    The assets have all of their stills.
    """
    if not cell.states:
        return None
    files = [assets[asset_name(state_name(cell.id, at), theme)] for at in range(len(cell.states))]
    drawings = tuple(each.get(f"still.{form}.svg") or each["still.inline.svg"] for each in files)
    name = f"f{cell.number}".replace(".", "-")
    states = tuple(
        ShownState(
            id=f"{name}-state-{at}",
            number=at + 1,
            words=state["words"],
            alt=state["alt"],
            sentence=state["sentence"],
            choice=" ".join(map(str, state["choice"])),
            width=state["width"],
            height=state["height"],
            x=(cell.width - state["width"]) / 2,
            y=(cell.height - state["height"]) / 2,
            svg=files[at]["still.svg"],
        )
        for at, state in enumerate(cell.states)
    )
    printed = tuple(state for state, said in zip(states, cell.states, strict=True) if said["is_printed"])
    sizes = [float(size) for drawing in drawings for size in _TEXT_SIZE.findall(drawing.decode())]
    bank = write_bank(drawings, states, name)
    return VariedPicture(cell.name, bank, tuple(cell.controls), states, printed, min(sizes, default=0.0))


@lru_cache(200)
def write_bank(drawings: tuple[bytes, ...], states: tuple[ShownState, ...], name: str) -> Markup:
    """Return the inside of the SVG that holds all states: what they share, then a group for each.

    drawings: of the states, as the runner writes them for pages. name: begins the ids.
    """
    whole = "".join(f"<g>{inside(with_equal_ids(drawing.decode()))}</g>" for drawing in drawings)
    _, _, rest = share_images(f"<svg>{whole}</svg>", name).partition(">")
    images = rest[: rest.index("</defs>") + 7] if rest.startswith("<defs>") else ""
    parts = [element[3:-4] for element in elements_of(rest.removeprefix(images).removesuffix("</svg>"))]
    shared, drawn = share_elements(parts, f"{name}-part")
    groups = [
        Markup('<g id="{}" data-choice="{}" data-box="{} {}" data-words="{}" data-says="{}"').format(
            state.id, state.choice, state.width, state.height, state.words, state.sentence
        )
        + (Markup("") if state.alt == state.sentence else Markup(' data-alt="{}"').format(state.alt))
        + Markup(">")
        + Markup(f"{part}</g>")  # noqa: S704 - all text is escaped in a drawing
        for state, part in zip(states, drawn, strict=True)
    ]
    common = f"{images}<defs>{shared}</defs>".replace(ID_PREFIX, f"{name}-")
    return Markup(common) + Markup("").join(groups).replace(ID_PREFIX, f"{name}-")  # noqa: S704 - the same


def inside(svg: str) -> str:
    """Return what stands in an SVG."""
    return svg.partition(">")[2].removesuffix("</svg>")


def with_equal_ids(svg: str) -> str:
    """Return an SVG for pages in which an id is made of what bears it, so that equal elements have equal ids."""
    names: dict[str, str] = {}
    for found in _DEFINED.finditer(svg):
        same = _NAMED.sub(lambda name: names.get(name[0], "") if name[0] != found["id"] else "", found[0])  # noqa: B023
        names[found["id"]] = f"{ID_PREFIX}d{sha256(same.encode()).hexdigest()[:8]}"
    return _NAMED.sub(lambda name: names.get(name[0], name[0]), svg)


def elements_of(markup: str) -> Iterator[str]:
    """Yield the outermost elements of a drawing's markup, which has no text between them."""
    depth, start = 0, 0
    for tag in _TAG.finditer(markup):
        depth += 0 if tag["empty"] else -1 if tag["end"] else 1
        if depth == 0:
            yield markup[start : tag.end()]
            start = tag.end()


def share_elements(drawings: Sequence[str], name: str) -> tuple[str, list[str]]:
    """Return what several drawings have in common, as groups, and the drawings, which name these.

    Elements that follow each other in the same drawings are one group. What bears an id stands in the page once.
    """
    elements = [list(elements_of(drawing)) for drawing in drawings]
    holders: dict[str, set[int]] = {}
    for at, drawing in enumerate(elements):
        for element in drawing:
            holders.setdefault(element, set()).add(at)
    runs = [
        ["".join(run) for _, run in groupby(drawing, key=lambda element: frozenset(holders[element]))]
        for drawing in elements
    ]
    counts = Counter(run for drawing in runs for run in drawing)
    names = {
        run: f"{name}-{at}"
        for at, run in enumerate(counts)
        if counts[run] > 1 and (len(run) >= FEWEST_LETTERS or ' id="' in run)
    }
    shared = "".join(f'<g id="{id_}">{run}</g>' for run, id_ in names.items())
    return shared, [
        "".join(f'<use href="#{names[run]}"/>' if run in names else run for run in drawing) for drawing in runs
    ]
