"""Resolves the references of a lecture: what `{ref}`, `{cite}` and `{term}` name, and how each page words it.

A place has other words and another anchor on the slides, in the handout and in the teacher's edition, because a figure
or a slide may be missing from some of them. Knows no HTML.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from generator.errors import LectureError, SourceError, Where, suggest
from generator.lecture.bibliography import Bibliography, Work, read_bibliography
from generator.lecture.blocks import AUDIENCES, RESERVED, Block, Lecture, Numbered, Slide, walk_for
from generator.lecture.glossary import GLOSSARY_FILE, Glossary, Term, read_glossary
from generator.lecture.included_files import IncludedFiles
from generator.lecture.macros import expand_macros
from generator.lecture.places import in_file
from generator.lecture.roles import REFERENCE_ROLES, Role
from generator.lecture.syntax import spans_in
from generator.words import say

EXAMPLES = {"ref": "{ref}`strided`", "cite": "{cite}`lecun1998`", "term": "{term}`strides <stride>`"}
FIGURE_NAME = re.compile(r"(?!.*[-_](film|words|drawing)$)[^\W\d_][\w-]*")
# What stands for a figure, or an equation, that only other pages have.
FIGURES = {
    "slides": "figure {number} of the slides", "handout": "figure {number} of the handout",
    "teacher": "figure {number} of the teacher’s edition",
}  # fmt: skip
EQUATIONS = {
    "slides": "equation {number} of the slides", "handout": "equation {number} of the handout",
    "teacher": "equation {number} of the teacher’s edition",
}  # fmt: skip
# The anchor in each page at which it says what it was made from; slides do not say it.
MADE = {"slides": "", "handout": "made", "teacher": "made"}


@dataclass(frozen=True, slots=True)
class NumberedFigure:
    """A figure with its `number` in the lecture, the `id` that links point at, its slide and its `audience`."""

    figure: Numbered
    id: str
    number: int | str
    slide: Slide
    audience: str


def number_figures(lecture: Lecture) -> dict[Where, NumberedFigure]:
    """Return every figure of the lecture, by the place where it stands, numbered from 1 in reading order."""
    found: dict[Where, NumberedFigure] = {}
    for slide in lecture.slides:
        for block, audience in walk_for(slide.blocks):
            if isinstance(block, Numbered):
                count = len(found) + 1
                name = block.name.replace("_", "-") or str(count)
                identity, number = f"fig-{lecture.infix}{name}", lecture.number(count)
                found[block.where] = NumberedFigure(block, identity, number, slide, audience)
    return found


@dataclass(frozen=True, slots=True)
class NumberedEquation:
    """An equation with a name: its `number` in the lecture, and the `block` that it stands in, for `audience`."""

    name: str
    number: int | str
    where: Where
    block: Block
    audience: str

    @property
    def id(self) -> str:
        """The id that links to it point at."""
        return f"eq-{self.number}".replace(".", "-")


def number_equations(lecture: Lecture) -> Iterator[NumberedEquation]:
    """Yield every equation of the lecture that has a name, numbered from 1 in reading order."""
    placed = [place for slide in lecture.slides for place in walk_for(slide.blocks)]
    texts = [(block, audience, text) for block, audience in placed for text in block.texts()]
    count = 0
    for block, audience, text in texts:
        for span in (span for span in spans_in(text.source, lecture.definitions) if span.kind == "equation"):
            count += 1
            place = text.where.below(span.line, span.column)
            place = in_file(place, [(text.source, text.where)], lecture.sources)
            yield NumberedEquation(span.content, lecture.number(count), place, block, audience)


class References:
    """The targets that one lecture can refer to, and those that it does refer to (`used`, filled by `check`).

    errors: what is wrong with the names of figures and equations, the headings, the bibliography or the glossary.
    """

    def __init__(self, lecture: Lecture, files: IncludedFiles) -> None:
        self.lecture = lecture
        self.errors: list[LectureError] = []
        self.figures: dict[str, NumberedFigure] = {}
        own = {lecture.own_anchor(slide): slide for slide in lecture.slides}
        # A slide whose anchor was changed for the page's sake can be referred to by its title all the same.
        titled = {anchor.removeprefix("slide-"): slide for anchor, slide in own.items()}
        self.slides = {**{name: slide for name, slide in titled.items() if RESERVED.fullmatch(name)}, **own}
        self.works: Bibliography | None = None
        self.terms: Glossary | None = None
        self.used: dict[tuple[str, str], object] = {}
        self.equations: dict[str, NumberedEquation] = {}
        for numbered in number_figures(lecture).values():
            self.add_figure(numbered)
        for equation in number_equations(lecture):
            self.add_equation(equation)
        for read in (self.check_titles, self.read_works, self.read_terms):
            try:
                read(files)
            except LectureError as error:
                self.errors.append(error)

    def add_figure(self, numbered: NumberedFigure) -> None:
        """Add a figure by its name, if it has one; record an error for an unfit name, and for one of another figure.

        Names that differ only in `-` and `_` are the same, since they give the same id.
        """
        name, where = numbered.figure.name, numbered.figure.where
        alike = next((other for other in self.figures.values() if other.id == numbered.id), None)
        if name and not FIGURE_NAME.fullmatch(name):
            problem = f"'{name}' cannot name a figure"
            hint = "begin with a letter; then letters, digits, _; -film, -words, -drawing end the ids of its parts"
            self.errors.append(SourceError(problem, where, hint))
        elif alike:
            problem = f"the figure on line {alike.figure.line} is named '{alike.figure.name}' too"
            self.errors.append(SourceError(problem, where, "give each a name of its own"))
        elif name:
            self.figures[name] = numbered

    def add_equation(self, equation: NumberedEquation) -> None:
        """Add an equation by its name; record an error where none can be numbered, and for a name that is taken."""
        name, taken = equation.name, self.places()
        if not equation.block.numbers_equations:
            problem = f"the equation '({name})' cannot be numbered here"
            hint = "leave its name away, or write it into the text of the slide"
            self.errors.append(SourceError(problem, equation.where, hint))
        elif name in taken:
            problem, hint = f"something else is called '{name}' already", "give each its own name"
            self.errors.append(SourceError(problem, equation.where, hint))
        self.equations.setdefault(name, equation)

    def places(self) -> dict[str, object]:
        """Return everything that `{ref}` can name; of two with the same name, the figure, then the slide."""
        return {**self.lecture.experiments, **self.slides, **self.equations, **self.figures}

    def of_chapter(self, lecture: Lecture, files: IncludedFiles) -> "References":
        """Return the references of the same lecture as a chapter of a book, with the same targets in use."""
        made = References(lecture, files)
        places = made.places()
        made.used = {key: places[key[1]] if key[0] == "ref" else target for key, target in self.used.items()}
        return made

    def check_titles(self, _: IncludedFiles) -> None:
        """Raise SourceError for a heading that contains a reference, since headings are the words of other links."""
        for slide in self.lecture.slides:
            for span in spans_in(slide.title):
                if span.name in REFERENCE_ROLES:
                    problem = f"a heading cannot hold '{span.written}'"
                    raise SourceError(problem, slide.where, "write it into the text below")

    def read_works(self, files: IncludedFiles) -> None:
        """Read the lecture's bibliography, if it names one."""
        name = self.lecture.bibliography
        if name:
            self.works = read_bibliography(name, files, self.lecture.where_of("bibliography"))

    def read_terms(self, files: IncludedFiles) -> None:
        """Read the course's glossary."""
        self.terms = read_glossary(files.project)

    def check(self, role: Role, where: Where) -> None:
        """Record the targets of a reference as used; raise SourceError, at `where` it stands, if one does not exist."""
        if not all(role.targets):
            raise SourceError(f"'{role.text}' names nothing", where, f"write for example {EXAMPLES[role.name]}")
        for target in role.targets:
            if role.name == "ref":
                self.used["ref", target] = self.find_place(target, where)
            elif role.name == "cite":
                self.check_work(target, where)
            elif self.terms is not None:
                self.used["term", target] = self.terms.find(target, where)

    def check_work(self, key: str, where: Where) -> None:
        """Record that the work `key` is cited; raise SourceError if there is no such work, or no bibliography.

        A bibliography that could not be read is in `errors` already, so its works are not reported one by one.
        """
        if self.works is not None:
            self.used["cite", key] = self.works.find(key, where)
        elif not self.lecture.bibliography:
            hint = "add bibliography: lectures/references.bib to the front matter"
            raise SourceError(f"'{key}' is cited, and the lecture has no bibliography", where, hint)

    def find_place(self, name: str, where: Where) -> object:
        """Return the figure, equation, slide or experiment called `name`; raise SourceError if there is none."""
        known = self.places()
        if name not in known:
            problem = f"there is no figure, equation, slide or experiment '{name}'"
            raise SourceError(problem, where, suggest(name, list(known)))
        return known[name]

    def table(self, title_of: Callable[[Slide], str]) -> dict[str, dict[str, Any]]:
        """Return what pages write for each target in use, as plain values by role and target.

        title_of: returns the title of a slide with its values filled in.

        A place has, for each audience, its words and its anchor (empty for no link); a work has its key, its label
        and its entry; a term its word, its definition and its anchor.
        """
        result: dict[str, dict[str, Any]] = {"ref": {}, "cite": {}, "term": {}}
        for (role, name), target in self.used.items():
            if isinstance(target, (Work, Term)):
                result[role][name] = asdict(target)
                if isinstance(target, Term):
                    place = Where(GLOSSARY_FILE)
                    definition = expand_macros(target.definition, self.lecture.macros, place)
                    result[role][name]["definition"] = definition
            else:
                result[role][name] = {
                    audience: describe_place(name, target, audience, title_of) for audience in AUDIENCES
                }
        return result


def describe_place(name: str, place: object, audience: str, title_of: Callable[[Slide], str]) -> dict[str, str]:
    """Return the words for a place in the pages of `audience`, and the anchor of a link to it, empty for no link."""
    if isinstance(place, NumberedFigure):
        return describe_figure(place, audience, title_of)
    if isinstance(place, NumberedEquation):
        return describe_equation(place, audience)
    if isinstance(place, Slide):
        return {
            "words": say("“{slide}”", slide=title_of(place)),
            "anchor": place.anchor if is_shown(place, audience) else "",
        }
    return {"words": say("experiment {name}", name=name), "anchor": MADE[audience]}


def describe_figure(place: NumberedFigure, audience: str, title_of: Callable[[Slide], str]) -> dict[str, str]:
    """Return the words and the anchor for a figure, which may be missing from the pages of `audience`."""
    if place.audience in AUDIENCES[audience]:
        on_slide = say("the figure on “{slide}”", slide=title_of(place.slide))
        words = on_slide if audience == "slides" else say("figure {number}", number=place.number)
        return {"words": words, "anchor": place.id}
    return {"words": say(FIGURES[place.audience], number=place.number), "anchor": ""}


def describe_equation(place: NumberedEquation, audience: str) -> dict[str, str]:
    """Return the words and the anchor for an equation, which may be missing from the pages of `audience`."""
    if place.audience in AUDIENCES[audience]:
        return {"words": say("equation {number}", number=place.number), "anchor": place.id}
    return {"words": say(EQUATIONS[place.audience], number=place.number), "anchor": ""}


def is_shown(slide: Slide, audience: str) -> bool:
    """Return whether the pages of `audience` show a slide: one with only a list of parts is shown in the deck alone."""
    seen = [
        block
        for block, block_audience in walk_for(slide.blocks)
        if block_audience in AUDIENCES[audience] and (block.is_visible or (audience == "teacher" and block.hidden_as))
    ]
    return audience == "slides" or slide.starts_part or not seen or not all(block.lists_parts for block in seen)
