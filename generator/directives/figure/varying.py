"""Reads what a figure varies: `:vary: strides = 1, 2, 3; padding = valid, same`, `:except:` and `:print:`.

A reader chooses one value of each parameter; what is shown then is a state of the figure. Each state is drawn when the
lecture is built, as the same figure with these values would be.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final, Literal

from generator.errors import SourceError, Where, suggest
from generator.lecture.blocks import Slide, walk_for
from generator.lecture.directive import Directive, Option

if TYPE_CHECKING:
    from generator.directives.figure import Figure

MOST_STATES: Final = 200  # of a figure: each is a picture of its own
SHORT: Final = 4, 36  # values, and letters in all of them, that stand side by side as buttons
FORM_HINT: Final = "write for example :vary: strides = 1, 2, 3; padding = valid, same"
NAME: Final = re.compile(r"[a-z_][a-z_0-9]*")
SHARED: Final = re.compile(r"shared\s+(?P<name>[a-z_][a-z_0-9]*)")
LABEL: Final = re.compile(r"label\s*=\s*(?P<words>.+)")
OPENING: Final = ("", "=", ",", "[", "(")  # behind which a quote begins a text; elsewhere it is an apostrophe
NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")

Selection = Mapping[str, tuple[str, ...]]  # some of the values of some parameters
Choice = tuple[int, ...]  # the place of the value that is chosen, for each parameter


@dataclass(frozen=True, slots=True)
class Control:
    """What a reader can choose: one of the `values` of a parameter, as written, under a `label`.

    is_shared: whether it is the control of another figure on the slide, whose values it then has.
    """

    name: str
    values: tuple[str, ...]
    label: str = ""
    is_shared: bool = False

    @property
    def form(self) -> Literal["range", "radio", "select"]:
        """Return what shows it: a slider for three numbers or more that rise, buttons for few and short values."""
        numbers = [float(value) for value in self.values if NUMBER.fullmatch(value)]
        if len(numbers) == len(self.values) > 2 and numbers == sorted(numbers):
            return "range"
        count, letters = SHORT
        return "radio" if len(self.values) <= count and sum(map(len, self.words)) <= letters else "select"

    @property
    def words(self) -> list[str]:
        """Return the values for readers, without the quotes around a text."""
        return [value[1:-1] if value[:1] in "'\"" and value[-1:] == value[:1] else value for value in self.values]


@dataclass(frozen=True, slots=True)
class Varying:
    """The controls of a figure; the states that are left out, and those on paper, each as what they have in common.

    left_out, printed: a state is meant by a selection if it has one of the values for each parameter in it.
    plays: the parameter whose slider a button moves from value to value; empty without one.
    """

    controls: tuple[Control, ...]
    where: Where
    left_out: tuple[Selection, ...] = ()
    printed: tuple[Selection, ...] = ()
    plays: str = ""

    @property
    def choices(self) -> list[Choice]:
        """Return all states, without those that are left out; the first is shown first."""
        every = product(*(range(len(control.values)) for control in self.controls))
        return [choice for choice in every if not self.is_among(choice, self.left_out)]

    def is_among(self, choice: Choice, selections: Sequence[Selection]) -> bool:
        """Return whether one of the selections means a state."""
        chosen = self.values_of(choice)
        return any(all(chosen[name] in values for name, values in each.items()) for each in selections)

    def is_printed(self, choice: Choice) -> bool:
        """Return whether a state stands on paper, and where no script runs."""
        return not self.printed or self.is_among(choice, self.printed)

    def values_of(self, choice: Choice) -> dict[str, str]:
        """Return the values of a state, as written, by parameter."""
        return {control.name: control.values[at] for control, at in zip(self.controls, choice, strict=True)}

    def words_of(self, choice: Choice) -> str:
        """Return a state in words, such as `strides 2, padding same`."""
        return ", ".join(f"{each.label} {each.words[at]}" for each, at in zip(self.controls, choice, strict=True))


def read_varying(directive: Directive) -> Varying | None:
    """Return what a figure varies, None if it varies nothing; raise SourceError for what cannot be carried out."""
    given = {option.name: option for option in directive.options if option.name in ("vary", "except", "print")}
    if "vary" not in given:
        if directive.switch("play", default=False):
            raise SourceError("':play:' moves a slider, and nothing varies", directive.place_of("play"), FORM_HINT)
        for option in given.values():
            raise SourceError(f"':{option.name}:' chooses among states, and nothing varies", option.where, FORM_HINT)
        return None
    vary = given["vary"]
    controls = tuple(read_control(text, vary.where) for text in split(vary.text, ";"))
    check_names(controls, directive, vary.where)
    left_out = read_selections(given.get("except"), controls)
    if left_out and any(control.is_shared for control in controls):
        problem = "states cannot be left out where a control is shared: the other figure would show what this one lacks"
        raise SourceError(problem, given["except"].where, "give each figure a control of its own")
    printed = read_selections(given.get("print"), controls)
    varying = Varying(controls, vary.where, left_out, printed, read_play(directive, controls))
    if all(not control.is_shared for control in controls):
        check_states(varying)
    return varying


def read_play(directive: Directive, controls: Sequence[Control]) -> str:
    """Return the first parameter with a slider if `:play:` asks for a button; raise SourceError if none has one."""
    if not directive.switch("play", default=False):
        return ""
    sliders = [control.name for control in controls if control.form == "range"]
    if not sliders:
        hint = "three numbers or more that rise have a slider; a shared control is played at the figure that has it"
        raise SourceError("':play:' moves a slider, and no control here is one", directive.place_of("play"), hint)
    return sliders[0]


def read_control(text: str, where: Where) -> Control:
    """Return the control that `strides = 1, 2, 3, label=Stride` or `shared strides` means; raise SourceError."""
    if shared := SHARED.fullmatch(text):
        return Control(shared["name"], (), is_shared=True)
    name, equals, values = (part.strip() for part in text.partition("="))
    if not NAME.fullmatch(name) or not equals:
        raise SourceError(f"'{text}' does not say what varies", where, FORM_HINT)
    written = split(values, ",")
    label = LABEL.fullmatch(written[-1])
    written = written[:-1] if label else written
    if len(written) < 2 or not all(written):
        raise SourceError(f"'{name}' needs two values or more to vary", where, FORM_HINT)
    if twice := next((value for value in written if written.count(value) > 1), ""):
        raise SourceError(f"'{name}' has the value {twice} twice", where, "write each value once")
    words = label["words"].strip("'\" ") if label else name.replace("_", " ")
    return Control(name, tuple(written), words)


def check_names(controls: Sequence[Control], directive: Directive, where: Where) -> None:
    """Raise SourceError for a parameter that varies twice or is given as well, and for a figure shown as a film."""
    names = [control.name for control in controls]
    for name in names:
        if names.count(name) > 1:
            raise SourceError(f"'{name}' varies twice", where, "write all of its values in one place")
    for option in directive.options:
        if option.name in names:
            problem = f"'{option.name}' has a value here, and varies"
            raise SourceError(problem, option.where, f"leave :{option.name}: away; the first value is shown first")
        if option.name == "view" and option.text == "film":
            problem = "a figure that varies is shown as pictures, and has no film"
            raise SourceError(problem, option.where, "leave :view: film away, or :vary:")


def read_selections(option: Option | None, controls: Sequence[Control]) -> tuple[Selection, ...]:
    """Return the selections in `strides = 2, 3; padding = valid | strides = 1`; raise SourceError for other values."""
    if option is None:
        return ()
    return tuple(read_selection(text, option, controls) for text in split(option.text, "|"))


def read_selection(text: str, option: Option, controls: Sequence[Control]) -> Selection:
    """Return one selection; raise SourceError for a parameter that does not vary, or a value that it does not have."""
    known = {control.name: control for control in controls}
    selection: dict[str, tuple[str, ...]] = {}
    for part in split(text, ";"):
        name, equals, values = (piece.strip() for piece in part.partition("="))
        if not equals or not values:
            raise SourceError(
                f"'{part}' names no states", option.where, f"write for example :{option.name}: strides = 2"
            )
        if name not in known:
            raise SourceError(f"'{name}' does not vary here", option.where, suggest(name, list(known)))
        selection[name] = tuple(split(values, ","))
        if not known[name].is_shared:
            check_values(known[name], selection[name], option.where)
    return selection


def check_values(control: Control, chosen: Sequence[str], where: Where) -> None:
    """Raise SourceError for a value that the parameter does not take."""
    for value in chosen:
        if value not in control.values:
            problem = f"'{control.name}' is never {value} here"
            raise SourceError(problem, where, f"its values are {', '.join(control.values)}")


def check_states(varying: Varying) -> None:
    """Raise SourceError for too many states, a first state or a value that is left out, and paper without a state."""
    counts = [len(control.values) for control in varying.controls]
    if prod(counts) > MOST_STATES:
        numbers = " × ".join(map(str, counts))
        problem = f"{numbers} = {prod(counts)} states are too many: a figure has at most {MOST_STATES}"
        raise SourceError(problem, varying.where, "leave values away, or make two figures of it")
    choices = varying.choices
    if (0,) * len(counts) not in choices:
        raise SourceError("the state that is shown first is left out", varying.where, "begin with other values")
    for place, control in enumerate(varying.controls):
        for at, value in enumerate(control.values):
            if all(choice[place] != at for choice in choices):
                problem = f"no state is left in which '{control.name}' is {value}"
                raise SourceError(problem, varying.where, f"leave {value} away, or :except: fewer states")
    if not any(map(varying.is_printed, choices)):
        raise SourceError("no state is left for paper", varying.where, "name others in :print:, or leave it away")


def split(text: str, mark: str) -> list[str]:
    """Return the parts of `text` between the marks that stand outside of brackets and quotes.

    >>> split("size = [1, 2], 'a, b', 3", ",")
    ['size = [1, 2]', "'a, b'", '3']
    """
    parts, depth, quoted = [""], 0, ""
    for letter in text:
        if quoted:
            quoted = "" if letter == quoted else quoted
        elif letter in "'\"" and parts[-1].rstrip()[-1:] in OPENING:
            quoted = letter
        depth += 0 if quoted else (letter in "([{") - (letter in ")]}")
        if letter == mark and not quoted and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def with_shared(figure: "Figure", varying: Varying, slides: Sequence[Slide]) -> tuple[Varying, str]:
    """Return what a figure varies, with the values of the controls that it shares, and whose these are, by its place.

    The other figure stands before it on the same slide, for the same readers. Raises SourceError if there is none.
    """
    names = [control.name for control in varying.controls if control.is_shared]
    if not names:
        return varying, ""
    for other in figures_before(figure, slides):
        own = (
            {} if other.varying is None else {each.name: each for each in other.varying.controls if not each.is_shared}
        )
        if all(name in own for name in names):
            found = [replace(own[each.name], is_shared=True) if each.is_shared else each for each in varying.controls]
            settled = replace(varying, controls=tuple(found))
            for selection in settled.printed:
                for name in selection:
                    check_values(next(each for each in found if each.name == name), selection[name], varying.where)
            check_states(settled)
            return settled, str(other.where)
    problem = f"no figure before this one on its slide varies {' and '.join(map(repr, names))}"
    raise SourceError(problem, varying.where, "write its values here, or put both on one slide, for the same readers")


def figures_before(figure: "Figure", slides: Sequence[Slide]) -> Iterator["Figure"]:
    """Yield the figures before this one on its slide that all of its readers see, the nearest first."""
    for slide in slides:
        placed = list(walk_for(slide.blocks))
        at = next((at for at, (block, _) in enumerate(placed) if block is figure), None)
        if at is None:
            continue
        for block, audience in reversed(placed[:at]):
            if isinstance(block, type(figure)) and audience in ("both", placed[at][1]):
                yield block
