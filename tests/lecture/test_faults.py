"""What a page would show wrongly, or not at all, is an error at its line; what a lecturer means is none."""

import pytest

from generator.errors import Where
from generator.lecture.blocks import Text
from generator.lecture.faults import find_faults, find_footnote_faults

FAULTS = {
    "1. one\n\n   :::{notes}\n   Secret.\n   :::": (3, "':::{notes}' cannot stand here"),
    "> :::{solution}\n> Seven.\n> :::": (1, "':::{solution}' cannot stand here"),
    "one\n\n    :::{notes}\n    Secret.\n    :::": (3, "':::{notes}' is indented, and so shown as code"),
    "<div>\n:::{notes}\nSecret.\n:::\n</div>": (2, "':::{notes}' is in a block of HTML, and so shown as it is"),
    "- ```\n  code": (1, "'```' is never closed"),
    "~~~python\ncode\n```": (1, "'~~~python' is never closed"),
    "```{python}\n1 + 1\n```": (1, "'```{python}' is no directive"),
    "one\n\n##Title": (3, "'##Title' is no title"),
    "#Title": (1, "'#Title' is no title"),
    "- . . .": (1, "a pause cannot stand here"),
    "text\n---": (1, "the dashes below make a title of this paragraph"),
    "::{notes}": (1, "'::{notes}' is no directive"),
    "| a | b |\n| 1 | 2 |": (1, "this is no table"),
    "| a | b |\n|---|\n| 1 | 2 |": (1, "this is no table"),
    "$$\nx = 1\n\n:::{notes}\nSecret.\n:::\n\n$$": (1, "a formula is never closed, or has an empty line in it"),
    "<?x\n\nwords": (1, "'<?' is never closed"),
    '<div title="x\ny': (1, "the unfinished tag '<div' cannot be in a page"),
    "<p>As {value}`1` shows</p>": (1, "the role '{value}`…' is in a block of HTML"),
    "text\n. . .": (2, "a pause cannot stand here"),
    "- list\n| a | b |\n|---|---|": (2, "this is no table"),
    "[x](https://a.b){.btn}": (1, "braces are not understood: '{.btn}'"),
    "### Sub {minutes=2}": (1, "braces are not understood: '{minutes=2}'"),
    "{{< video x >}}": (1, "this is not understood: '{{< video x >}}'"),
    "We have $\\alpha and": (1, r"a formula is not closed: '$\a'"),
    "\\[\nz\n\ny": (1, r"'\[' begins no formula"),
    "\\begin{align}\na\n\\end{align}": (1, r"'\begin{align}' begins no formula"),
    r"\(n\)0 cells": (1, "a digit touches the formula 'n'"),
    "- ## Title": (1, "no slide can begin here"),
    "+++": (1, "'+++' stands outside columns"),
    "one\n$$x^2": (2, "a formula is not closed: '$$x^2'"),
    "Let $h = 2 be": (1, "a formula is not closed: '$h = 2 be'"),
    "Let $ h $ be": (1, "a formula begins with a space: '$ h $ be'"),
    "of {value}`net.accuracy": (1, "a role is not closed: '{value}`net.accuracy'"),
    "![a board](my board.png)": (1, "an image is not understood: '![a board](my board.png)'"),
    "[here](my page.html)": (1, "a link is not understood: '](my page.html)'"),
    "[the guide][guide]": (1, "a link leads nowhere: '[the guide][guide]'"),
    "[local](docs/gallery.md)": (1, "the link to 'docs/gallery.md' leads nowhere from a page"),
    "one[^1]\n\n[^1]: a\n\n    b": (3, "the footnote '[^1]' has more than one paragraph"),
    "one `code": (1, "code is not closed: '`code'"),
    "a <!-- comment": (1, "a comment is not closed: '<!-- comment'"),
    "<!-- a\n\nb": (1, "a comment is never closed"),
    "<pre>\ncode\n\nmore": (1, "<pre> is never closed"),
    "one\n\n<details>\n<summary>Answer</summary>\n</details>": (3, "<details> cannot be in a page"),
    'See <img src="docs/board.png" alt="a board">.': (1, "<img> cannot be in a page"),
    '<div style="color: red">red</div>': (1, "'style' of <div> cannot be in a page"),
    "| a | b |\n|---|---|\n| 1 | 2 |\n| x | y | z |": (4, "the row has 3 cells, and the head of its table 2"),
    "- | a |\n  |---|\n  | `x|y` |": (3, "the row has 2 cells, and the head of its table 1"),
    "![a](data:image/png;base64,AAAA){.wide}": (1, "an image has no '.wide'"),
    "<div>\n<![a](b)>\n</div>": (2, "<![a](b)> cannot be in a page"),
    "a <b>bold word": (1, "<b> is never closed"),
    "one <b>bold\n\nnext</b>": (1, "<b> is never closed"),
    "one\ntwo</b>": (2, "</b> closes nothing"),
    "<b><i>x</b></i>": (1, "<i> is never closed"),
    "a <b/> bold": (1, "<b/> is never closed"),
    "<div>\n\n- </div>": (1, "<div> is never closed"),
    "- <div>\n\n</div>": (1, "<div> is never closed"),
    "<td>loose</td>": (1, "<td> stands in no table"),
    "a <tr> b": (1, "<tr> stands in no table"),
    f"{'> ' * 20}deep": (1, "lists and quotes are nested too deeply here"),
    f"{'- ' * 11}deep": (1, "lists and quotes are nested too deeply here"),
    "\n".join(f"{'  ' * depth}- item" for depth in range(11)): (10, "lists and quotes are nested too deeply here"),
    "[see {ref}`x`](https://a.b)": (1, "a link cannot hold another link, or a reference"),
    '<a href="#x">see {cite}`x`</a>': (1, "a link cannot hold another link, or a reference"),
    '<a href="#x">see [b](https://a.b)</a>': (1, "a link cannot hold another link, or a reference"),
    '[a](https://a.b "c <!-- d -->")': (1, "a comment in a title or a tag is shown to readers"),
    "a <kbd title='<!-- d -->'>b</kbd>": (1, "a comment in a title or a tag is shown to readers"),
}


@pytest.mark.parametrize("text", [text for text, fault in FAULTS.items() if fault])
def test_a_fault_is_told_at_its_line(text: str) -> None:
    line, problem = FAULTS[text] or (0, "")
    first = next(find_faults(text, 10, "lectures/x.md"))
    assert (first.problem, first.where.line if first.where else 0) == (problem, 9 + line)


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5, or 7$, and US\\$ 9.",
        "$x$ and $$y$$, `$h` and `{value}` and `:::{notes}`",
        "```python\n:::{notes}\n##Title {value}`x` $x\n```",
        "a[i][j] is a number",
        "The list [1, 2] and the index [i].",
        "#1 is the first, # is a sign, C# too",
        "| a | b |\n|---|---|\n| 1 \\| 2 | 3 |\n| 4 |",
        "<kbd>Space</kbd> &rarr; <br> a < b <!-- a comment with :::{notes} -->",
        "<!-- a comment\n\n##with anything -->",
        "[mail](mailto:a@b.org), <https://example.org>, https://example.org/a_b and [here](#stride)",
        "- [ ] open\n- [x] done",
        "one[^1]\n\n[^1]: its text,\nin two lines\n[^2]: another\n",
        "Term\n: Its definition",
        "~~struck~~",
        "1 < 2 and 3 > 2",
        r"\[note\] and \(see below\), \(x\) and \(a = b\)",
        "$$\nx\n$$",
        "<div>\n\n*words* and <b>bold</b>\n\n</div>",
        "<table><tr><td>a<td>b\n<tr><td>c</table>",
        "<table>\n<tr>\n\n<td>\n\n*words*\n\n</td>\n\n</tr>\n</table>",
        "<ul><li>one<li>two</ul> a<br/>b<wbr>c",
        "<math><mi>x</mi><mspace width='1em'/></math>",
        f"{'> ' * 19}deep",
        "[a](https://a.b), {ref}`x` and [c](https://a.b)",
    ],
)
def test_what_is_meant_is_no_fault(text: str) -> None:
    assert list(find_faults(text, 1, "lectures/x.md")) == []


def test_a_footnote_and_its_text_are_on_one_slide() -> None:
    texts = [("one[^1] and[^a]", 4), ("[^a]: A.\n[^b]: B.\n[^a]: C.", 8)]
    errors = find_footnote_faults(Text(source, Where("lectures/x.md", line)) for source, line in texts)
    assert {(error.problem, error.where.line if error.where else 0) for error in errors} == {
        ("the footnote '[^1]' has no text", 4),
        ("the footnote '[^a]' has two texts", 10),
        ("nothing refers to the footnote '[^b]'", 9),
    }
