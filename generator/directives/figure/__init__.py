"""`{figure}`: a picture of a figure kind, drawn from computed numbers, with a film if the kind has one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from generator.directives.figure.asking import (
    check_asking,
    find_right,
    plan_right,
    read_choices,
    read_question,
    read_right,
)
from generator.directives.figure.states import compose_states
from generator.directives.figure.tasks import check_compared, plan_figure
from generator.directives.figure.varying import Varying, read_varying
from generator.document.cells import Cell, cell_class, markdown_field
from generator.document.compose import Composer
from generator.document.tree import asset_name, escape_alt
from generator.engine.store import Artifact
from generator.errors import LectureError, SourceError, Where
from generator.lecture.blocks import Numbered, Text
from generator.lecture.directive import Directive, Option, ReadBlocks
from generator.plan.comparisons import Varies, read_varies
from generator.plan.planner import Planner
from generator.words import say_sentences

View = Literal["auto", "film", "still"]
OWN_OPTIONS = {
    "alt", "ask", "caption", "choices", "except", "name", "play", "print", "reveal", "right", "varies", "vary", "view",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure(Numbered):
    """A figure of the given `kind`, shown as a still or a film.

    options: the arguments of the kind's `trace` function. view: which of the two a slide shows.
    reveal: whether a slide hides the figure until the next press of the clicker. varies: the parameters in which the
    experiments that it compares are meant to differ. question: what a slide asks before it shows the figure, which
    answers it; choices: the answers to choose from, if any; right: for each of them the condition under which it is
    the right one, if that is said. varying: what a reader can change in it, if anything. alt: the author's own words
    for who cannot see it, in place of the kind's.
    """

    kind: str
    options: tuple[Option, ...]
    where: Where
    caption: Text
    name: str = ""
    view: View = "auto"
    reveal: bool = False
    varies: Varies | None = None
    question: Text | None = None
    choices: tuple[Text, ...] = ()
    varying: Varying | None = None
    right: tuple[Text, ...] = ()
    alt: str = ""
    kind_of_cell: ClassVar[str] = "figure"  # the name of the directive: one with a widget has a figure for its still

    def texts(self) -> Sequence[Text]:
        """Return the caption, the question and the choices."""
        return (self.caption, *([self.question] if self.question else []), *self.choices)

    def plan(self, planner: Planner) -> None:
        """Add the still, and the film if there is one and it is shown; check that what it compares can be."""
        plan_figure(self, planner)
        check_compared(self, planner)
        check_asking(self, planner)
        plan_right(self, planner)

    def compose(self, composer: Composer) -> None:
        """Append the figure: its still is attached to the cell, and all its files are added to the assets."""
        composer.enter_figure(self)
        place, tasks = composer.figures[self.where], composer.plan.figures[self.where]
        files = self.add_assets(place.id, composer)
        film = composer.artifacts.get(tasks.get("film", ""))
        facts = self.describe(composer.artifacts[tasks["still"]], film)
        if film and (unknown := film.facts.get("unknown")):
            problem = f"the film of '{self.kind}' is drawn slowly, by Manim's own camera, since it has '{unknown}'"
            hint = "shapes and texts are drawn faster than images and clouds of points"
            composer.document.warnings.append(SourceError(problem, self.where, hint))
        asked = self.compose_question(composer)
        facts |= compose_states(self, place.id, composer) if self.varying else {}
        facts |= self.compose_live(place.id, composer)
        facts = self.say_words(facts, composer)
        made = cell_class(self.kind_of_cell)
        cell: Any = made(place.id, place.number, self.kind, caption=composer.fill(self.caption), **facts, **asked)  # type: ignore[call-arg]
        source = f"![{escape_alt(cell.alt)}](attachment:still.svg)"
        node = composer.add_cell(self.kind_of_cell, source, self.where, cell, fragment=self.reveal)
        node["attachments"] = {"still.svg": {"image/svg+xml": files["still.svg"].decode("utf-8")}}

    def say_words(self, facts: dict[str, Any], composer: Composer) -> dict[str, Any]:
        """Return what a FigureCell says with the kind's words in the language of the page.

        Where the language lacks one of them all stay in English, and the document notes it at the first such figure.
        """
        said = [
            *([] if self.alt else [facts["alt"]]),
            *facts["steps"],
            *filter(None, [facts.get("before", {}).get("alt")]),
        ]
        said += [state[key] for state in facts.get("states", ()) for key in ("alt", "sentence")]
        words = {text: say_sentences(text) for text in said}
        if None in words.values():
            if not composer.document.notes:
                problem = "what this figure says of itself, its steps and its text alternative, is in English"
                hint = ":alt: gives a figure a text alternative of your own; pages mark the rest as English"
                composer.document.notes.append(SourceError(problem, self.where, hint))
            return {**facts, "is_foreign": True}
        made = {
            **facts,
            "alt": words.get(facts["alt"], facts["alt"]),
            "steps": [words[step] for step in facts["steps"]],
        }
        if "before" in facts:
            made["before"] = {**facts["before"], "alt": words[facts["before"]["alt"]]}
        if "states" in facts:
            made["states"] = [
                {**each, **{key: words[each[key]] for key in ("alt", "sentence")}} for each in facts["states"]
            ]
        return made

    def compose_live(self, name: str, composer: Composer) -> dict[str, Any]:  # noqa: ARG002 - directives with a widget
        """Add what the widget of the figure with the id `name` reads to the assets; return what its cell says of it."""
        return {}

    def compose_question(self, composer: Composer) -> dict[str, Any]:
        """Put the question, if there is one, in place of the slide's title; return what a FigureCell says of it."""
        if self.question is None or composer.slide is None:
            return {}
        question = composer.fill(self.question)
        leads = composer.slide.blocks[0] is self and not composer.slide.continued
        choices = [composer.fill(choice) for choice in self.choices]
        asked = {"question": question, "choices": choices, "answer": composer.ask(question), "leads": leads}
        try:
            return {**asked, "right": find_right(self, composer)}
        except LectureError as error:
            composer.document.errors.append(error)
            return asked

    def add_assets(self, name: str, composer: Composer) -> dict[str, bytes]:
        """Add the figure's files to the document under `name`, also those in the theme of the slides; return them."""
        assets, plan = composer.document.assets, composer.plan
        assets[name] = composer.files_of(plan.figures[self.where])
        if themed := plan.themed.get(self.where):
            assets[asset_name(name, plan.lecture.theme)] = composer.files_of(themed)
        return assets[name]

    def describe(self, still: Artifact, film: Artifact | None) -> dict[str, Any]:
        """Return what a FigureCell says of the figure's still and its film, if it has one."""
        return {
            "view": "film" if film else "still",
            "marks": film.facts["marks"] if film else None,
            "seconds": film.facts["seconds"] if film else None,
            **{name: still.facts[name] for name in ("alt", "steps", "facts", "width", "height", "ink")},
            **({"before": still.facts["question"]} if self.question and "question" in still.facts else {}),
            **({"alt": self.alt, "has_own_alt": True} if self.alt else {}),
        }


@dataclass(frozen=True, slots=True)
class FigureCell(Cell):
    """What the cell of a figure says.

    kind: the figure's. facts: what texts can name of it. steps: a sentence for each step. width, height: of
    the still, in pixels; ink: the left, top, right and bottom of what it shows there. marks: the times in seconds at
    which the film stops; None without one. seconds: its length.
    question: what is asked before the figure is shown, empty if nothing is; choices: the answers to choose from;
    right: the letter of the right one, empty if that is not said.
    answer: the title of its slide; leads: whether the figure stands right below the heading, which is the question.
    before: of the picture beside the question its `alt`, and where it has room for the `choices`; empty without one.
    controls, states: of a figure that varies what a reader can change, and what is seen then, the first state first
    (see `states.compose_states`); its width and height are those of the largest. name: of such a figure, for links.
    has_own_alt: whether `alt` is the author's, in the language of the lecture. is_foreign: whether the kind's words are
    in English, and the lecture is not.
    """

    id: str
    number: int | str
    kind: str
    alt: str
    steps: Sequence[str]
    width: int
    height: int
    ink: Sequence[int]
    view: str
    marks: Sequence[float] | None = None
    seconds: float | None = None
    caption: str = markdown_field()
    facts: Mapping[str, Any] = field(default_factory=dict)
    question: str = markdown_field()
    choices: Sequence[str] = markdown_field()
    answer: str = ""
    right: str = ""
    leads: bool = False
    before: Mapping[str, str] = field(default_factory=dict)
    controls: Sequence[Mapping[str, Any]] = ()
    states: Sequence[Mapping[str, Any]] = ()
    name: str = ""
    has_own_alt: bool = False
    is_foreign: bool = False

    @property
    def is_text(self) -> bool:
        """Return that the source is only the picture."""
        return False

    @property
    def fills_room(self) -> bool:
        """Return that a picture takes the room that there is."""
        return True

    @property
    def asks(self) -> bool:
        """Return whether it has a question."""
        return bool(self.question)


CELL = FigureCell


def read(directive: Directive, _: ReadBlocks) -> Figure:
    """Return a figure; its body is the caption, and options that are not a figure's own are those of `trace`."""
    if not directive.argument:
        raise SourceError("a figure needs its kind", directive.where, "write for example :::{figure} pooling")
    view = directive.option("view", "auto")
    if view not in ("auto", "film", "still"):
        raise SourceError(f"a figure has no view '{view}'", directive.place_of("view"), "the views are film and still")
    options = tuple(option for option in directive.options if option.name not in OWN_OPTIONS)
    directive = directive.without_comments()
    caption = directive.caption("figure")
    choices = read_choices(directive)
    return Figure(
        directive.argument,
        options,
        directive.where,
        caption,
        name=directive.option("name"),
        view=view,  # type: ignore[arg-type]
        reveal=directive.switch("reveal", default=False),
        varies=next(
            (read_varies(option.text, option.where) for option in directive.options if option.name == "varies"), None
        ),
        question=read_question(directive),
        choices=choices,
        varying=read_varying(directive),
        right=read_right(directive, choices),
        alt=read_alt(directive),
    )


def read_alt(directive: Directive) -> str:
    """Return the author's own text alternative, empty without one; raise SourceError where one cannot stand for all."""
    alt = directive.words("alt").strip()
    if alt and directive.option("vary"):
        hint = "leave it out: each state has a text alternative of its own"
        raise SourceError("one ':alt:' cannot stand for all states", directive.place_of("alt"), hint)
    return alt
