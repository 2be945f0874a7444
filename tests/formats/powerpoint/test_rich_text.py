"""Markdown and formulas as runs of text, for formats that are not HTML."""

import pytest

from generator.formats.powerpoint.rich_text import (
    Formula,
    Listing,
    Paragraph,
    Table,
    formula_runs,
    read_passages,
    write_plain,
)
from generator.html.markdown import mathml


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{n + 2p - k}{s} + 1", "(n + 2p − k)/s + 1"),
        (r"\frac{1}{2}", "1/2"),
        (r"\sqrt{x + y}", "√(x + y)"),
        (r"\max(0, x)", "max(0, x)"),
        (r"\mathrm{d}x", "dx"),
        (r"\sqrt{x}y", "√(x)y"),
        (r"\cancel{x} + \overline{y}", "x\u0338 + y\u0305"),
        (r"\phantom{x}y", "y"),
        (r"\hat{y} \le 3 \times 3", "y\u0302 ≤ 3 × 3"),
    ],
)
def test_a_formula_in_a_line_reads_as_one_would_type_it(latex: str, text: str) -> None:
    assert "".join(run.text for run in formula_runs(mathml(latex))) == text


def test_indices_are_lowered_and_powers_raised() -> None:
    runs = [(run.text, run.shift) for run in formula_runs(mathml("x_i^2 + n_{\\text{out}}"))]
    assert runs == [("x", 0), ("i", -1), ("2", 1), (" + ", 0), ("n", 0), ("out", -1)]


def test_markdown_becomes_passages() -> None:
    one, two, three, quoted, table = read_passages(
        "1. one\n2. two\n   - three\n\n> four\n\n| a | b |\n|:--|--:|\n| x | **1** |"
    )
    assert isinstance(table, Table)
    lists = [(part.text, part.level, part.mark) for part in (one, two, three) if isinstance(part, Paragraph)]
    assert lists == [("one", 1, "1."), ("two", 1, "2."), ("three", 2, "•")]
    assert isinstance(quoted, Paragraph)
    assert quoted.quoted
    assert [cell.align for cell in table.rows[1]] == ["left", "right"]


def test_markup_in_text_is_left_out_and_a_measured_value_is_bold() -> None:
    (paragraph,) = read_passages('It is <data class="value" value="1">97 %</data>, <i>said</i> he &amp; I.')
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text == "It is 97 %, said he & I."
    assert [run.text for run in paragraph.runs if run.bold] == ["97 %"]


def test_program_text_and_formulas_stand_apart() -> None:
    first, code, formula = read_passages("See\n\n```python\nx = 1\n```\n\n$$x^2$$\n")
    assert isinstance(first, Paragraph)
    assert code == Listing("x = 1\n", "python")
    assert formula == Formula("x^2")


def test_as_plain_text_a_list_keeps_its_marks() -> None:
    assert write_plain("Say:\n\n- *one*\n  - two\n- three `x`\n") == "Say:\n• one\n  • two\n• three x"
