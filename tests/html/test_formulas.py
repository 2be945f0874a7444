"""LaTeX formulas as the MathML of pages: what is set, what is refused, and what it costs."""

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from usual_formulas import USUAL_FORMULAS

from generator.errors import PageError
from generator.html import formulas, temml
from generator.html.formula_markup import _CLASSES_OF, _KEPT
from generator.html.formulas import mathml
from generator.html.head import TEMPLATES
from generator.html.markdown import clean, render

ENVIRONMENTS = [
    *("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "cases", "dcases", "rcases"),
    *("aligned", "align", "align*", "split", "gathered", "gather", "gather*", "equation", "equation*", "multline"),
]
WITH_COLUMNS = {"array": "{cc}", "subarray": "{c}", "alignat": "{2}", "alignat*": "{2}", "alignedat": "{2}"}


@pytest.mark.parametrize("latex", USUAL_FORMULAS)
@pytest.mark.parametrize("display", [True, False])
def test_usual_formulas_pass_the_sanitizer_unchanged(latex: str, display: bool) -> None:
    markup = mathml(latex, display=display)
    assert clean(markup).replace("&nbsp;", "\xa0") == markup


@pytest.mark.parametrize("name", [*ENVIRONMENTS, *WITH_COLUMNS])
def test_an_environment_has_rows(name: str) -> None:
    rows = "a" if name.startswith("equation") else r"a \\ b"
    markup = mathml(rf"\begin{{{name}}}{WITH_COLUMNS.get(name, '')} {rows} \end{{{name}}}", display=True)
    assert markup.count("<mtr>") == rows.count("\\\\") + 1


def test_equations_have_no_numbers_of_their_own() -> None:
    assert re.search(r"\(\d\)", mathml(r"\begin{align} a &= b \\ c &= d \end{align}", display=True)) is None


def test_a_tag_stands_beside_its_equation() -> None:
    assert "<mtext>(7)</mtext>" in mathml(r"a = b \tag{7}", display=True)


def test_a_tag_belongs_to_a_formula_of_its_own_line() -> None:
    with pytest.raises(PageError, match="cannot be set"):
        mathml(r"a = b \tag{7}")


def test_space_around_a_formula_is_none_of_it() -> None:
    assert mathml("\n x \n") == mathml("x")
    assert mathml(r"x\ ") == "<math><mrow><mi>x</mi><mtext>\xa0</mtext></mrow></math>"


def test_a_long_formula_is_set_to_its_end() -> None:
    assert mathml(" + ".join(["x_1"] * 500)).count("<msub>") == 500


@pytest.mark.parametrize(
    ("latex", "problem"),
    [
        (r"\foo", r"uses '\\foo', which is not known"),
        (r"x + \newmacro{y}", r"uses '\\newmacro', which is not known"),
        (r"\begin{foo} a \end{foo}", "uses the environment 'foo', which is not known"),
        (r"\begin{aligned} a \end{align}", "cannot be set: Mismatch"),
        (r"\frac{1", "cannot be set"),
        (r"\left( x", "cannot be set"),
        (r"\begin{matrix} 1", "cannot be set"),
        ("x^", "cannot be set: it is not complete"),
        ("x^a^b", "cannot be set: Double superscript"),
        ("{" * 3000 + "}" * 3000, "cannot be set: it is not complete"),
        ("a & b", "cannot be set"),
        ("a % b", "has a % that makes the rest a comment"),
        (r"a \\% b", "has a % that makes the rest a comment"),
        (r"x_{a \\ b}", r"has a \\\\ outside of rows"),
        (r"a \\ b", r"has a \\\\ outside of rows"),
        ("", "is empty"),
        (r"\label{a} x", r"uses '\\label', which belongs outside the formula"),
        (r"\eqref{a}", r"uses '\\eqref', which belongs outside the formula"),
        (r"\newcommand{\a}{b} \a", r"uses '\\newcommand', which defines a macro"),
        (r"\def\a{\a\a} \a", r"uses '\\def', which defines a macro"),
        (r"\color{red} x", "sets the color '#ff0000', which pages do not show"),
        (r"\textcolor{nonsense}{x}", "sets the color 'nonsense', which pages do not show"),
        (r"\colorbox{yellow}{x}", r"uses '\\colorbox', which pages do not draw"),
        (r"\cancelto{0}{x}", r"uses '\\cancelto', which pages do not draw"),
        (r"\prescript{14}{6}{C}", r"uses '\\prescript'"),
        (r"\href{https://example.org}{x}", r"uses '\\href', which is not known"),
        (r"\class{reveal}{x}", "cannot be set"),
        (r"\style{color: red}{x}", "cannot be set"),
        (r"\includegraphics{a.png}", "cannot be set"),
        (r"\hspace{-3em} x", "sets the margin-left '-3em', which pages do not show"),
        (r"\Large x", "cannot be set"),
        ("x_{größe}", "cannot be set: Accented Unicode text"),
    ],
)
def test_what_cannot_be_shown_of_a_formula_is_told_with_a_hint(latex: str, problem: str) -> None:
    with pytest.raises(PageError, match=problem) as error:
        mathml(latex, display=True)
    assert error.value.hint


PIECES = [
    *(
        r"\frac",
        r"\sqrt",
        r"\left(",
        r"\right)",
        r"\begin{matrix}",
        r"\end{matrix}",
        r"\text",
        r"\ce",
        r"\color",
        r"\tag",
        r"\\",
    ),
    *(
        "{",
        "}",
        "[",
        "]",
        "^",
        "_",
        "&",
        "x",
        "1",
        " ",
        "'",
        "\x01",
        "<",
        "é",
        r"\not",
        r"\limits",
        r"\big",
        r"\hline",
        r"\kern",
        "1em",
    ),
]


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=9))
def test_a_formula_is_set_or_refused_and_never_fails_otherwise(pieces: list[str]) -> None:
    try:
        markup = formulas._convert("".join(pieces), display=True)
    except PageError:
        return
    assert clean(markup).replace("&nbsp;", "\xa0") == markup


def test_an_unknown_macro_in_a_text_is_refused() -> None:
    with pytest.raises(PageError, match=r"uses '\\foo', which is not known"):
        render("It is $\\foo$.")


def test_a_style_becomes_classes_since_the_policy_of_pages_forbids_it() -> None:
    markup = mathml(r"\begin{array}{c|c} a\!b & \boxed{c} \\ \hline \cancel{d} & e \end{array}", display=True)
    assert " style=" not in markup
    assert {"tml-line-right", "tml-line-bottom", "tml-back-3", "tml-fbox", "upstrike"} <= set(
        re.findall(r"[\w-]+", markup)
    )


def test_the_style_sheet_has_a_rule_for_each_class() -> None:
    styles = (TEMPLATES / "shared" / "formulas.css").read_text(encoding="utf-8")
    given = {name for names in _CLASSES_OF.values() for name in names.split()}
    assert sorted((given | _KEPT) - set(re.findall(r"\.([a-z][\w-]+)", styles))) == []


def test_signs_in_an_index_stand_close() -> None:
    assert '<mo lspace="0" rspace="0">=</mo>' in mathml(r"\sum_{i=1} x")
    assert "<mo>=</mo>" in mathml("i=1")


def test_the_formulas_of_the_last_build_need_no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formulas, "CACHE_HOME", tmp_path)
    first = mathml("x + 1", display=True)
    monkeypatch.setattr(temml, "_set_function", lambda: pytest.fail("the engine was started"))
    formulas._cached_mathml.cache_clear()
    assert mathml("x + 1", display=True) == first
    assert len(list((tmp_path / ".lectern" / "cache" / "formulas").iterdir())) == 1


def test_another_version_of_temml_sets_a_formula_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formulas, "CACHE_HOME", tmp_path)
    for version in ("1", "2"):
        monkeypatch.setattr(formulas, "temml_digest", lambda version=version: version)
        formulas._cached_mathml.cache_clear()
        mathml("x + 1")
    assert len(list((tmp_path / ".lectern" / "cache" / "formulas").iterdir())) == 2


def test_a_missing_installation_is_an_error_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temml, "_PACKAGE", tmp_path)
    temml.temml_digest.cache_clear()
    with pytest.raises(PageError, match="Temml, which sets formulas, is not installed") as error:
        temml.temml_digest()
    assert error.value.hint == "run make setup"


def test_a_missing_engine_is_an_error_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "_quickjs", None)
    temml._set_function.cache_clear()
    with pytest.raises(PageError, match="QuickJS, which formulas need, is not installed") as error:
        temml.to_mathml("x", display=True)
    assert error.value.hint == "run make setup"
