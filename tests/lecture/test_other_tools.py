"""What authors write for other tools is told with what to write here, and ordinary text is not taken for it."""

import pytest

from generator.lecture.faults import find_faults

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
    ],
)
def test_ordinary_text_is_taken_for_no_other_tools(text: str) -> None:
    assert list(find_faults(text, 1, "x.md")) == []
