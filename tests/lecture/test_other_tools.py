"""What authors write for other tools is told with what to write here, and ordinary text is not taken for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import SourceError
from generator.lecture.faults import find_faults
from generator.lecture.parser import read_lecture

HABITS = {
    "This is ==marked== so": ("this is not marked: '==marked== so'", 9),
    "> [!NOTE]\n> Careful.": ("there are no callouts: '[!NOTE]'", 3),
    "As shown [@lecun1998].": ("a work is not cited: '[@lecun1998].'", 10),
    "As shown [see @lecun1998, p. 3]": ("a work is not cited: '[see @lecun1998, p. 3]'", 10),
    "In @fig-loss it falls": ("a reference is not understood: '@fig-loss it falls'", 4),
    "% a comment": ("'% a comment' is no comment", 1),
    "See [[Another page]].": ("a link leads nowhere: '[[Another page]].'", 5),
    "See [[page|words]]": ("a link leads nowhere: '[[page|words]]'", 5),
    "[TOC]": ("there is no such list: '[TOC]'", 1),
    "Well done :tada: all": ("this is shown as it is: ':tada: all'", 11),
    ":+1:": ("this is shown as it is: ':+1:'", 1),
    ":width: 3": ("this is shown as it is: ':width: 3'", 1),
    "By :ref:`x`": ("this is shown as it is: ':ref:'", 4),
    "It is x^2^ now": ("this is not raised: '^2^ now'", 8),
    "Of H~2~O": ("this is not lowered: '~2~O'", 5),
    "A word^[with a note]": ("this is no footnote: '^[with a note]'", 7),
    "A paragraph {#id}": ("braces are not understood: '{#id}'", 13),
    "A paragraph\n{: .wide}": ("braces are not understood: '{: .wide}'", 1),
    "!!! note": ("'!!! note' is no note", 1),
    ".. image:: a.png": ("'.. image:: a.png' is no directive", 1),
    "Note:\nSay hello": ("'Note:' hides nothing from students", 1),
    "Note:\n\nSay hello": ("'Note:' hides nothing from students", 1),
    "notes:\nSay hello": ("'notes:' hides nothing from students", 1),
    "???": ("'???' hides nothing from students", 1),
    "：：：{notes}\nSay hello": ("'：：：{notes}' is no directive", 1),
    "•\tone\n•\ttwo": ("'•\tone' is no item", 1),
    "--": ("'--' ends no slide", 1),
    "*[CNN]: convnet": ("'*[CNN]: convnet' explains no abbreviation", 1),
    "!pip install keras": ("'!pip install keras' is no command", 1),
    "{value} `net.accuracy`": ("'{value}' is no role", 1),
    "![a board] (board.png)": ("an image is not understood: '![a board] (board.png)'", 1),
    "[a board] (https://example.org)": ("a link is not understood: '] ('", 9),
    "$`x^2`$": ("a formula is written between dollars alone: '`x^2`'", 1),
    "```math\nx\n```": ("'```math' is no directive", 1),
    "```mermaid\na --> b\n```": ("'```mermaid' is no directive", 1),
    "```notes\nSay hello\n```": ("'```notes' is no directive", 1),
    r"\note{Say hello}": (r"LaTeX outside a formula is shown as it is: '\note{Say hello}'", 1),
    r"\pause": (r"LaTeX outside a formula is shown as it is: '\pause'", 1),
    r"As shown \cite{a}": (r"LaTeX outside a formula is shown as it is: '\cite{a}'", 10),
    r"\textbf{Bold} words": (r"LaTeX outside a formula is shown as it is: '\textbf{Bold} words'", 1),
}


@pytest.mark.parametrize("text", HABITS)
def test_a_habit_of_another_tool_is_told_at_its_place(text: str) -> None:
    told = [(error.problem, error.where.column if error.where else 0) for error in find_faults(text, 1, "x.md")]
    assert told == [HABITS[text]]


@pytest.mark.parametrize("text", HABITS)
def test_every_hint_says_what_to_do(text: str) -> None:
    assert all(error.hint for error in find_faults(text, 1, "x.md"))


@pytest.mark.parametrize(
    "text",
    [
        "if a == b and c == d, or a==b and c==d",
        "the matrix [[1, 2], [3, 4]], the row [[a, b]], the entry x[[i]] and [[1]]",
        "from 10:30:00 to std::vector and a:b:c, Note: this; that: :",
        "x^2 + y^2, a^b^c and 2^10",
        "about ~5 to ~6, ~/folder and ~~struck~~",
        "write to a@b.org, or to me @home",
        "50 % of all, and 100%",
        "Note: a remark!!!",
        r"\% at the beginning, \:smile: and \[[wiki]]",
        "`==a==`, `:smile:`, `[[wiki]]`, `% x` and `[@key]`",
        "a .. b, and so on ...",
        "the set {a: 1} and C:\\temp",
        "[@user](https://example.org)",
        "??",
        "Note: the last window is dropped. Notes:\nand notes: too",
        "Notes:\n\n- one\n- two",
        "Notes:\n- one",
        "what???\n好：好，：好",
        "[1] (https://example.org) and (`x`), {value} and `x`, 100{%}, a -- b",
        "{{ 7 * 7 }} {% raw %} {{ name }} <% x %>",
        r"\items, \pauses and \notebook",
        "```code\nx\n```",
    ],
)
def test_ordinary_text_is_taken_for_no_other_tools(text: str) -> None:
    assert list(find_faults(text, 1, "x.md")) == []


HINTS = {
    "```{note}\nx\n```": "write > **Note.** And the words, or :::{handout} for what the slide leaves away",
    "```{figure} pooling\n```": "write :::{figure}",
    "```{math}\nx\n```": "write $$…$$, and $$…$$ (name) for an equation with a number",
    "```{r, echo=FALSE}\nx\n```": "write :::{code} for code that is run",
    "```{.python}\nx\n```": "write ```python for code that is shown, or :::{code} for code that is run",
}


@pytest.mark.parametrize("text", HINTS)
def test_a_fence_with_a_directive_leads_to_ours(text: str) -> None:
    assert [error.hint for error in find_faults(text, 1, "x.md")] == [HINTS[text]]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("note", "write > **Note.**"), (".column width=40%", "write :::{columns}"), ("figur", "did you mean")],
)
def test_a_directive_of_another_tool_leads_to_ours(
    project: Path, write_lecture: Callable[..., Path], name: str, hint: str
) -> None:
    with pytest.raises(SourceError) as caught:
        read_lecture(write_lecture(f"## A\n\n:::{{{name}}}\nx\n:::\n"), project)
    assert caught.value.hint.startswith(hint)
