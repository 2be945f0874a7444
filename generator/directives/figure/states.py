"""Composes the states of a figure that varies: their files, what each is called, and what its picture says."""

import re
from typing import TYPE_CHECKING, Any, Final

from generator.directives.figure.varying import Control, with_shared
from generator.document.compose import Composer
from generator.document.tree import asset_name, state_name

if TYPE_CHECKING:
    from generator.directives.figure import Figure

NUMBERS: Final = re.compile(r",? \[[^\[\]]*\]")  # a table of numbers in a text alternative


def compose_states(figure: "Figure", name: str, composer: Composer) -> dict[str, Any]:
    """Return what a FigureCell says of a figure that varies, and add the files of its states to the assets.

    name: the figure's id. A figure that varies has no strip of steps: that would show one of its states alone.
    """
    if figure.varying is None:
        return {}
    varying, owner = with_shared(figure, figure.varying, composer.lecture.slides)
    owners = {str(where): place.id for where, place in composer.figures.items()}
    planned = composer.plan.states[figure.where]
    states = []
    for number, (choice, state) in enumerate(zip(varying.choices, planned, strict=True)):
        themes = {"light": state.task, composer.lecture.theme: state.themed or state.task}
        for theme, task in themes.items():
            composer.document.assets[asset_name(state_name(name, number), theme)] = composer.files_of({"still": task})
        facts = composer.artifacts[state.task].facts
        states.append(
            {
                "choice": list(choice),
                "words": varying.words_of(choice),
                "sentence": sentence_of(facts["alt"]),
                "is_printed": varying.is_printed(choice),
                **{key: facts[key] for key in ("alt", "width", "height")},
            }
        )
    return {
        "name": figure.name,
        "steps": [],
        "width": max(state["width"] for state in states),
        "height": max(state["height"] for state in states),
        "controls": [describe_control(control, owners.get(owner, ""), varying.plays) for control in varying.controls],
        "states": states,
    }


def describe_control(control: Control, owner: str, plays: str) -> dict[str, Any]:
    """Return a control as plain values; `owner` is the id of the figure whose control it is, if it is shared.

    plays: the parameter whose slider a button moves.
    """
    return {
        "name": control.name,
        "label": control.label,
        "form": control.form,
        "words": control.words,
        "owner": owner if control.is_shared else "",
        "plays": control.name == plays,
    }


def sentence_of(alt: str) -> str:
    """Return what a picture says in short: its text alternative without its tables of numbers.

    >>> sentence_of("The kernel, 1 × 2 [1, 0], slides. The output is 2 × 2 [1, 2; 3, 4].")
    'The kernel, 1 × 2, slides. The output is 2 × 2.'
    """
    return NUMBERS.sub("", alt)
