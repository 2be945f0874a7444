"""Macros of a lecture and of its course: what they become in a formula, and which are refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import SourceError, Where
from generator.lecture.course import read_course
from generator.lecture.macros import expand_macros, read_macros
from generator.lecture.parser import read_lecture

WHERE = Where("lectures/sample.md", 9)
MACROS = read_macros(
    {
        r"\R": r"\mathbb{R}",
        r"\norm": r"\left\lVert #1 \right\rVert",
        r"\abs": "|#1|",
        r"\pair": "(#1, #2)",
        r"\second": "#2",
        r"\a": r"\alpha",
        r"\deep": r"\norm{\R_{#1}}",
        r"\sq": r"\sqrt#1",
    },
    lambda name: WHERE,
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (r"$x \in \R$", r"$x \in \mathbb{R}$"),
        (r"$\R^n$", r"$\mathbb{R}^n$"),
        (r"$\Re$", r"$\Re$"),
        (r"$\norm{x}$", r"$\left\lVert x \right\rVert$"),
        (r"$\norm x$", r"$\left\lVert x \right\rVert$"),
        (r"$\norm{\frac{a}{b}}$", r"$\left\lVert \frac{a}{b} \right\rVert$"),
        (r"$\norm{\norm{x}}$", r"$\left\lVert \left\lVert x \right\rVert \right\rVert$"),
        (r"$\norm\R$", r"$\left\lVert \mathbb{R} \right\rVert$"),
        (r"$\pair{a}b$", "$(a, b)$"),
        (r"$\second{a}{b}$", "$b$"),
        (r"$\deep{n}$", r"$\left\lVert \mathbb{R}_{n} \right\rVert$"),
        (r"$\a x$", r"$\alpha x$"),
        (r"$\sq\a x$", r"$\sqrt{\alpha} x$"),
        (r"$\sq x y$", r"$\sqrt x y$"),
        (r"$\pair\a x$", r"$(\alpha, x)$"),
        (r"$x^\R$", r"$x^{\mathbb{R}}$"),
        (r"$\frac\R2$", r"$\frac{\mathbb{R}}2$"),
        (r"$\hat\a$", r"$\hat{\alpha}$"),
        (r"$$\norm{x}$$", r"$$\left\lVert x \right\rVert$$"),
        ("$$\n\\norm{x\n}\n$$", "$$\n\\left\\lVert x\n \\right\\rVert\n$$"),
        ("> - $\\R$ and\n>   $\\R$", "> - $\\mathbb{R}$ and\n>   $\\mathbb{R}$"),
        ("| a | b |\n|---|---|\n| $\\abs{x}$ | $\\R \\|$ |", "| a | b |\n|---|---|\n| $\\|x\\|$ | $\\mathbb{R} \\|$ |"),
        (r"![the set $\R$](data:image/png;base64,AA==)", r"![the set $\mathbb{R}$](data:image/png;base64,AA==)"),
        (r"[the set $\R$](https://example.org)", r"[the set $\mathbb{R}$](https://example.org)"),
        (r"`$\R$`", r"`$\R$`"),
        ("```tex\n$\\R$\n```", "```tex\n$\\R$\n```"),
        (r"\R costs \$5", r"\R costs \$5"),
    ],
)
def test_a_macro_is_written_out_in_formulas_alone(text: str, written: str) -> None:
    assert expand_macros(text, MACROS, WHERE) == written


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (r"$\norm$", r"the macro '\norm' lacks an argument"),
        (r"$\pair{a}$", r"the macro '\pair' lacks an argument"),
        (r"$\frac{\norm}{x}$", r"the macro '\norm' lacks an argument"),
        (r"$\norm{x$", r"an argument of the macro '\norm' is not closed"),
    ],
)
def test_a_macro_without_its_arguments_is_told(text: str, problem: str) -> None:
    with pytest.raises(SourceError) as error:
        expand_macros(text, MACROS, WHERE)
    assert (error.value.problem, error.value.where) == (problem, WHERE)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"R": r"\mathbb{R}"}, "'R' cannot name a macro"),
        ({r"\R1": "x"}, r"'\\R1' cannot name a macro"),
        ({"\norm": "x"}, r"'\norm' cannot name a macro"),
        ({r"\begin": "x"}, r"'\\begin' cannot name a macro"),
        ({r"\R": 3}, r"the macro '\R' is defined as 3, which is no LaTeX"),
        ({r"\R": ""}, r"the macro '\R' is defined as '', which is no LaTeX"),
        ({r"\R": "\frac"}, r"the macro '\R' is defined as '\x0crac', which is no LaTeX"),
        ({r"\R": r"\mathbb{R"}, r"the macro '\R' has braces that are not closed, or not opened"),
        ({r"\R": "}{"}, r"the macro '\R' has braces that are not closed, or not opened"),
        ({r"\R": "$x$"}, r"the macro '\R' holds a '$', which would end the formula"),
        ({r"\R": "x % y"}, r"the macro '\R' holds a '%', which would end the formula"),
        ({r"\R": "#x"}, r"the macro '\R' holds a # without a number"),
        ({r"\R": r"\R"}, r"the macro '\R' is defined by itself"),
        ({r"\a": r"\b", r"\b": r"\c", r"\c": r"\a"}, r"the macro '\a' is defined by itself"),
    ],
)
def test_an_ill_formed_macro_is_told(fields: dict[str, object], problem: str) -> None:
    with pytest.raises(SourceError) as error:
        read_macros(fields, lambda name: WHERE)
    assert (error.value.problem, error.value.where) == (problem, WHERE)
    assert error.value.hint


def test_macros_that_multiply_end_in_an_error() -> None:
    names = [rf"\{letter}" for letter in "abcdefghijklmnop"]
    doubling = {name: after * 4 for name, after in zip(names, [*names[1:], "x"], strict=True)}
    with pytest.raises(SourceError, match="makes a formula too long"):
        expand_macros(r"$\a$", read_macros(doubling, lambda name: WHERE), WHERE)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([r"\norm", r"\pair", r"\a", r"\R", "{", "}", "x", " ", "^", r"\|", "&"]), max_size=12))
def test_no_macro_is_left_in_a_formula(pieces: list[str]) -> None:
    text = f"${''.join(pieces)}+1$"
    try:
        written = expand_macros(text, MACROS, WHERE)
    except SourceError:
        return
    assert expand_macros(written, MACROS, WHERE) == written


def test_a_lecture_s_macros_replace_those_of_the_course(project, write_lecture) -> None:
    path = write_lecture("## The set $\\R$ of $\\N$\n", front="subtitle: $\\N$\nmacros:\n  \\R: \\mathbf{R}\n")
    (project / "lectures" / "course.toml").write_text("[macros]\n'\\R' = '\\mathbb{R}'\n'\\N' = '\\mathbb{N}'\n")
    lecture = read_lecture(path, project, read_course(project).macros)
    assert (lecture.slides[0].title, lecture.subtitle) == (r"The set $\mathbf{R}$ of $\mathbb{N}$", r"$\mathbb{N}$")


@pytest.mark.parametrize(
    ("front", "line", "problem"),
    [
        ("macros: 3\n", 3, "'macros' is a mapping, not 3"),
        ("macros:\n  \\R: \\mathbb{R\n", 4, r"the macro '\R' has braces that are not closed, or not opened"),
        ("macros:\n  \\a: x\n  \\n: \\left| #1 \\right|\n", 5, r"the macro '\n' ends before '#1 \right|', which YAML"),
        ("macros:\n  \\a: x\n  \\a: y\n", 5, r"'\a' is given twice"),
        ('macros:\n  \\R: "\\mathbb{R}"\n', 4, "front matter is not YAML: found unknown escape character 'm'"),
    ],
)
def test_a_macro_in_the_front_matter_is_blamed_on_its_line(project, write_lecture, front, line, problem) -> None:
    with pytest.raises(SourceError) as error:
        read_lecture(write_lecture("## A\n", front), project)
    assert error.value.where == Where("lectures/sample.md", line)
    assert error.value.problem.startswith(problem)
    assert error.value.hint


def test_a_macro_of_the_course_is_blamed_on_its_line(project) -> None:
    (project / "lectures" / "course.toml").write_text("title = 'T'\n\n[macros]\n'\\R' = '\\mathbb{R'\n")
    with pytest.raises(SourceError) as error:
        read_course(project)
    assert error.value.where == Where("lectures/course.toml", 4)


def test_arguments_in_quotes_are_no_comment(project, write_lecture) -> None:
    front = "macros:\n  \\norm: '\\left| #1 \\right|'\n  '\\b': \"x #1\"\n  \\c: x  # a remark\n"
    macros = read_lecture(write_lecture("## A\n", front), project).macros
    assert {name: macro.arguments for name, macro in macros.items()} == {r"\norm": 1, r"\b": 1, r"\c": 0}
