"""Titles where they are not headings: no sign of Markdown or of LaTeX shows."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from generator.document.compose import compose
from generator.document.tree import Document
from generator.formats import handout, notebook, slides
from generator.html.course_index import LectureCard, course_index_page
from generator.html.titles import formula_words, title_html, title_words
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\sigma_x", "σₓ"),
        (r"\sigma_{xy}", "σ_xy"),
        (r"W_\text{out}", "Wₒᵤₜ"),
        (r"3 \times 3", "3 × 3"),
        (r"\frac{a}{b}", "a/b"),
        (r"\frac{a + 1}{2}", "(a + 1)/2"),
        (r"x^2 + y^{n-1}", "x² + yⁿ⁻¹"),
        (r"x^{Q}", "x^Q"),
        (r"x^{Q+1}", "x^(Q + 1)"),
        (r"\hat{y}", "ŷ"),
        (r"\sqrt{n}", "√n"),
        (r"\sqrt{n + 1}", "√(n + 1)"),
        (r"a \le b \in \mathbb{R}", "a ≤ b ∈ ℝ"),
        (r"f(x, y)", "f(x, y)"),
        (r"\text{if } x", "if x"),
        (r"\max(0, x)", "max(0, x)"),
        (r"\mathrm{d}x", "dx"),
        (r"\bar{x} + \vec{v} + \ddot{a}", "x̄ + v⃗ + ä"),
        (r"\cancel{ab}", "a\u0338b\u0338"),
        (r"\overline{AB}", "A\u0305B\u0305"),
        (r"\phantom{x}y", "y"),
        (r"a \oplus b", "a⊕b"),
        (r"\ce{H2O}", "H₂O"),
    ],
)
def test_a_formula_is_told_in_signs_that_any_text_can_have(latex: str, words: str) -> None:
    assert formula_words(latex) == words


def test_a_title_in_words_has_no_marks_left() -> None:
    title = "The `kernel` is **small**, [see](https://keras.io) $\\sigma_x$ &amp; <b>x</b>"
    assert title_words(title) == "The kernel is small, see σₓ & x"


def test_a_title_in_a_list_of_contents_keeps_all_but_its_links() -> None:
    shown = str(title_html("The `kernel`, *[see](https://keras.io)* $x$"))
    assert shown.startswith("The <code>kernel</code>, <em>see</em> <math")
    assert "href" not in shown


def test_html_in_a_title_of_front_matter_is_text() -> None:
    assert str(title_html("Small <b>*data*</b>", tags=False)) == "Small &lt;b&gt;<em>data</em>&lt;/b&gt;"
    assert title_words("Small <b>*data*</b>", tags=False) == "Small <b>data</b>"


LECTURE = """# The $\\sigma_x$ *step*

:::{agenda}
:::

## A `slide` of $\\frac{a}{b}$

See {ref}`a-slide-of-frac-a-b` and {term}`relu`.

## Recap

:::{recap}
:::
"""


@pytest.fixture
def document(project: Path, write_lecture) -> Document:
    path = write_lecture(LECTURE)
    path.write_text(path.read_text().replace("title: Sample", "title: 'A $\\sigma_x$ *lecture*'\nsubtitle: 'Of $x^2$'"))
    plan = plan_lecture(read_lecture(path, project), project, Profile())
    assert plan.errors == []
    neighbors = {name: {"name": "other", "title": f"{name} $\\tau$ `x`"} for name in ("previous", "next")}
    return compose(plan, {}, Profile(), {}, neighbors)


def words_of(page: bytes) -> str:
    """Return all that a page says, in its text and in its attributes, without formulas."""
    tree = BeautifulSoup(page, "html.parser")
    for element in tree.select("script, style, math"):
        element.extract()
    attributes = [str(value) for tag in tree.find_all(True) for name, value in tag.attrs.items() if name != "content"]
    return " ".join([tree.get_text(" "), *attributes])


@pytest.mark.parametrize("module", [slides, handout])
def test_no_page_shows_a_sign_of_markup_of_its_titles(document: Document, module) -> None:
    page = module.export(document, ROOT)
    assert not re.search(r"[\\*`$]", words_of(page))
    assert "<title>A σₓ lecture</title>" in page.decode()


def test_the_index_shows_the_formulas_of_titles(document: Document) -> None:
    about = notebook.describe(document)
    page = course_index_page("C $x$", [LectureCard("a", about, ()), LectureCard("b", about, ())])
    assert not re.search(r"[\\*`$]", words_of(page))
    assert page.decode().count("<math") == 9  # of the course; titles, subtitles and parts of two lectures; two links


def test_a_formula_that_cannot_be_set_is_told_at_its_heading_though_an_agenda_comes_first(
    project, write_lecture
) -> None:
    lecture = read_lecture(write_lecture("# A\n\n:::{agenda}\n:::\n\n# B $\\nonsense$\n"), project)
    document = compose(plan_lecture(lecture, project, Profile()), {}, Profile(), {})
    with pytest.raises(Exception, match=r"sample\.md:9: formula"):
        handout.export(document, ROOT)


def test_a_title_holds_no_link_of_html_either():
    assert str(title_html('See <a href="#x">this</a> [too](https://a.b)')) == "See this too"
    assert "&lt;a href" in str(title_html('See <a href="#x">this</a>', tags=False))
