"""Where a text has roles, images, links and comments, and that nothing else is taken for one."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.lecture.syntax import Definitions, TextPlaces, replace_spans, spans_in, text_parser

GUIDE: Definitions = (("GUIDE", "https://example.org/guide", 'the "best"'),)
ROLE = "{value}`net.accuracy`"


def written(text: str, definitions: Definitions = ()) -> list[tuple[str, str]]:
    """Return the kind of each span of a text, and what stands there."""
    return [(span.kind, text[span.start : span.end]) for span in spans_in(text, definitions)]


@pytest.mark.parametrize(
    "text",
    [
        f"of {ROLE} images",
        f"- one\n  - {ROLE}",
        f"> 1. quoted\n>    {ROLE}",
        f"| a | b |\n|---|---|\n| \\| | {ROLE} |",
        f"**{ROLE}**",
        f"[{ROLE}](https://example.org)",
        f"![{ROLE}](board.png)",
        f"$h = {ROLE}$",
        f"$$\nh = {ROLE}\n$$",
        f"Term\n: {ROLE}",
        f"1.\t{ROLE}",
        f"# {ROLE} #",
        f"~~{ROLE}~~",
    ],
)
def test_a_role_is_found_at_any_depth(text: str) -> None:
    assert ("role", ROLE) in written(text)


@pytest.mark.parametrize(
    "text",
    [
        f"`` {ROLE} ``",
        f"```\n{ROLE}\n```",
        f"- ~~~\n  {ROLE}\n  ~~~",
        f"    {ROLE}",
        "\\" + ROLE,
        "{value} `net.accuracy`",
    ],
)
def test_what_stands_in_code_or_is_escaped_is_no_role(text: str) -> None:
    assert written(text) == []


@pytest.mark.parametrize("text", [f"<!-- {ROLE} -->", f"a <!-- ![x](y.png)\n{ROLE} --> b", f"> <!-- {ROLE}\n> -->"])
def test_a_comment_names_nothing(text: str) -> None:
    assert [kind for kind, _ in written(text)] == ["comment"]


def test_equal_cells_of_a_row_are_two_places() -> None:
    text = f"| a | b |\n|---|---|\n| {ROLE} | {ROLE} |"
    assert [span.start for span in spans_in(text)] == [text.index(ROLE), text.rindex(ROLE)]


def test_a_role_knows_its_line() -> None:
    assert [span.line for span in spans_in(f"one\n\n- two\n  {ROLE}\n\n$$\n{ROLE}\n$$")] == [3, 6]


def test_a_role_in_a_formula_is_marked() -> None:
    assert [span.in_formula for span in spans_in(f"{ROLE} and $x = {ROLE}$")] == [False, True]


@pytest.mark.parametrize("text", ["$x$ is 5", "$x$ and $y$ in 2024"])
def test_a_formula_may_begin_a_paragraph_that_ends_with_a_digit(text: str) -> None:
    assert [span.in_formula for span in spans_in(text.replace("x", ROLE))] == [True]


@pytest.mark.parametrize("text", [f"5$ and 7$ {ROLE}", f"from $5 to {ROLE}$9"])
def test_money_is_no_formula(text: str) -> None:
    assert [span.in_formula for span in spans_in(text)] == [False]


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("![the range [0, 1]](board(1).png)", "![the range [0, 1]](board(1).png)"),
        ("![a][guide]", "![a](https://example.org/guide)"),
        ("[the guide][guide], [guide][] and [Guide]", "[the guide](https://example.org/guide), [guide](https://example.org/guide) and [Guide](https://example.org/guide)"),
    ],
)  # fmt: skip
def test_what_follows_a_label_is_replaced(text: str, filled: str) -> None:
    assert replace_spans(text, lambda span: f"({span.address})", GUIDE) == filled


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        (r"Let \( x \) be", "Let $x$ be"),
        ("> \\[ x =\n> y \\]", "> $$x =\n> y$$"),
        (r"| \(a\) |\n|---|".replace(r"\n", "\n"), "| $a$ |\n|---|"),
        (r"`\(x\)`, \\(x\\) and \(", r"`\(x\)`, \\(x\\) and \("),
    ],
)
def test_a_formula_in_brackets_is_marked_for_dollars(text: str, filled: str) -> None:
    assert replace_spans(text, lambda span: span.content) == filled


def test_a_value_in_a_formula_in_brackets_is_in_a_formula() -> None:
    spans = spans_in(rf"\(h = {ROLE}\)")
    assert [(span.kind, span.in_formula) for span in spans] == [("mark", False), ("role", True), ("mark", False)]


def test_a_footnote_has_its_mark_its_beginning_and_its_end() -> None:
    text = f"one[^1]\n\n[^1]: see {ROLE}\nand on\n[^b]: other"
    assert [(span.kind, text[span.start : span.end], span.line) for span in spans_in(text)] == [
        ("footnote", "[^1]", 0), ("footnote_begin", "[^1]: ", 2), ("role", ROLE, 2), ("footnote_end", "", 3),
        ("footnote_begin", "[^b]: ", 4), ("footnote_end", "", 4),
    ]  # fmt: skip


def test_a_bar_that_is_put_into_a_cell_ends_none() -> None:
    text = f"| a |\n|---|\n| {ROLE} |\n\n{ROLE}"
    assert replace_spans(text, lambda _: r"x|y\|z") == "| a |\n|---|\n| x\\|y\\|z |\n\nx|y\\|z"


def test_a_span_of_none_stays_as_it_is() -> None:
    assert replace_spans(f"a {ROLE} b", lambda _: None) == f"a {ROLE} b"


BLOCKS = st.recursive(
    st.sampled_from([
        ROLE, f"`{{value}}``{ROLE}``", f"word {ROLE} word", "plain", "```\n{value}`a`\n```", f"| a |\n|---|\n| {ROLE} |",
        f"<!-- {ROLE} -->", f"$x + {ROLE}$", "Ünïcödé 漢字 \u202e",
    ]),
    lambda inner: st.builds(
        lambda mark, blocks: "\n".join(
            (mark if number == 0 else (mark if mark == "> " else " " * len(mark))) + line
            for number, line in enumerate("\n\n".join(blocks).split("\n"))
        ),
        st.sampled_from(["- ", "1. ", "> ", "* "]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)  # fmt: skip


@settings(deadline=None, derandomize=True)
@given(st.lists(BLOCKS, min_size=1, max_size=4).map("\n\n".join))
def test_every_place_is_the_place_of_what_was_read(text: str) -> None:
    for span in spans_in(text):
        if span.kind == "role":
            assert text[span.start : span.end] == span.written
            assert span.line == text.count("\n", 0, span.start)
        else:
            assert text[span.start : span.end].startswith("<!--")


@settings(deadline=None, derandomize=True)
@given(st.text(alphabet="ab`{}[]()!<>-$|\\\n\t >*_~:#1. é漢", max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    spans = spans_in(text)
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))


MARKS = ["a", "b ", "\n", "*", "**", "_", "`", "``", "[", "]", "(", ")", "<", "> ", "&amp;", "\\", "\\*", "$", "$x$", "~~", "!", "![a](b.png)",
         "[x](y)", ROLE, "<b>", "<!-- c -->", "https://a.b", "www.a.b", "a@b.org", "<https://a.b>", "|", "- ", "  \n", "^", "[^1]",
         "{", "}", "{width=5%}", "é", "\t", "\\(x\\)", "#"]  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.lists(st.sampled_from(MARKS), max_size=14).map("".join))
def test_every_run_of_plain_text_is_where_it_is_said_to_be(text: str) -> None:
    for token in text_parser().parse(text):
        children = token.children or []
        starts = TextPlaces.starts_of(children)
        for before, child, start in zip([None, *children], children, starts, strict=False):
            is_address = before is not None and before.info == "auto" and before.nesting > 0
            assert child.type != "text" or is_address or token.content.startswith(child.content, start)
