"""The book of a course has its lectures as chapters, whose figures, equations and links do not get in each other's way."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from generator.book import BOOK, LEAST_SHARED, share_repeated
from generator.check.page import read_page
from generator.commands.book import build_book
from generator.commands.build import build_course
from generator.commands.check import RULES, CheckResult, check_book
from generator.lecture.parser import read_lecture

FIGURE = """:::{{figure}} mark
:number: 0.{last}
:view: still
:name: largest

The largest.
:::
"""
FIRST = (
    """# Windows

## Pooling

"""
    + FIGURE.format(last=1)
    + """
See {ref}`largest`, {ref}`area` and {ref}`pooling`; the word is {term}`stride`, as {cite}`lecun1998` have it.

$$
a = b c
$$ (area)

:::{notes}
Said by the teacher alone.
:::
"""
)
SECOND = (
    """# Windows

## Pooling

"""
    + FIGURE.format(last=7)
    + """
See {ref}`largest`, {ref}`area` and {ref}`pooling`; the word is {term}`stride`.

:::{agenda}
:::

$$
d = e
$$ (area)

:::{solution}
The answer of the teacher.
:::
"""
)


@pytest.fixture
def course(project: Path, full_project: Path, write_lecture: Callable[..., Path]) -> Path:
    """Return a course of two lectures that use the same names."""
    assert project == full_project
    (project / "lectures" / "course.toml").write_text('title = "Both"\nlectures = ["second", "first"]\n')
    (project / "lectures" / "glossary.md").write_text("stride\n: How far a window moves.\n")
    (project / "lectures" / "references.bib").write_text(
        "@article{lecun1998, author={Y. LeCun}, title={Learning}, year={1998}, journal={J}}\n"
    )
    write_lecture(FIRST, "bibliography: lectures/references.bib\nauthor: A. One\n", "first")
    write_lecture(SECOND, "author: B. Two\n", "second")
    return project


def book_of(course: Path) -> BeautifulSoup:
    """Return the book of a course."""
    assert build_book(str(course)) == 0
    return BeautifulSoup((course / "build" / BOOK).read_text(encoding="utf-8"), "html.parser")


@pytest.fixture
def book(course: Path) -> BeautifulSoup:
    """Return the book of the course."""
    return book_of(course)


def test_lectures_are_chapters_in_the_order_of_the_course(course: Path, book: Any) -> None:
    chapters = book.select("section.chapter")
    assert [chapter["data-line"] for chapter in chapters] == ["lectures/second.md:1", "lectures/first.md:1"]
    assert [(title.name, " ".join(title.get_text().split())) for title in chapters[0].select("h2, h3, h4")] == [
        ("h2", "1 Sample"),
        ("h3", "1.1 Windows"),
        ("h4", "Pooling"),
    ]
    assert book.select_one("h1").get_text() == "Both"
    assert book.select_one(".byline").get_text() == "B. Two, A. One"


def test_figures_and_equations_are_counted_by_chapters(book: Any) -> None:
    assert [number.get_text() for number in book.select(".figure-number")] == ["Figure 1.1.", "Figure 2.1."]
    assert [number.get_text() for number in book.select(".equation-number")] == ["(1.1)", "(2.1)"]


def test_a_list_of_parts_has_those_of_its_own_lecture(book: Any) -> None:
    assert [link["href"] for link in book.select(".agenda a")] == ["#lecture-1-windows"]


def test_references_lead_to_what_their_own_lecture_names(book: Any) -> None:
    links = [(link["href"], link.get_text()) for link in book.select("section.chapter .prose a[href]")]
    assert links[:3] == [
        ("#fig-1-largest", "figure 1.1"),
        ("#eq-1-1", "equation 1.1"),
        ("#lecture-1-pooling", "“Pooling”"),
    ]
    assert ("#fig-2-largest", "figure 2.1") in links
    assert ("#eq-2-1", "equation 2.1") in links


def test_every_link_and_every_name_leads_to_one_place_in_the_book(course: Path, book: Any) -> None:
    names = Counter(element["id"] for element in book.select("[id]"))
    assert [name for name, count in names.items() if count > 1] == []
    assert {link["href"][1:] for link in book.select("a[href^='#']")} <= names.keys()
    page = read_page(course / "build" / BOOK, "lectures/course.toml")
    assert [finding for rule in RULES for finding in rule(page)] == []


def test_a_term_and_a_work_are_listed_once(book: Any) -> None:
    assert [word.get_text() for word in book.select(".glossary dt")] == ["stride"]
    assert len(book.select(".works li")) == 1


def test_the_book_is_smaller_than_the_handouts_and_the_same_at_each_build(course: Path, book: Any) -> None:
    made = (course / "build" / BOOK).read_bytes()
    assert len(made) < sum(path.stat().st_size for path in (course / "build").glob("*/handout.html"))
    book_of(course)
    assert (course / "build" / BOOK).read_bytes() == made


def test_nothing_of_the_teacher_is_in_the_book_and_the_check_would_say_so(course: Path, book: Any) -> None:
    assert "Said by the teacher" not in str(book)
    assert "answer of the teacher" not in str(book)
    path, result = course / "build" / BOOK, CheckResult()
    path.write_text(str(book).replace("<footer", "<p>The answer of the teacher.</p><footer"), encoding="utf-8")
    lectures = [read_lecture(course / "lectures" / f"{name}.md", course) for name in ("first", "second")]
    check_book(path, lectures, result)
    assert [finding.problem for finding in result.findings] == [
        "book.html shows a solution: 'The answer of the teacher.'"
    ]


def test_an_outdated_book_does_not_stay_beside_a_newer_handout(course: Path, book: Any) -> None:
    path = course / "lectures" / "first.md"
    path.write_text(path.read_text().replace("the word is", "the term is"))
    assert build_course(str(course)) == 0
    assert not (course / "build" / BOOK).exists()


def test_a_lecture_with_an_error_leaves_the_last_book(course: Path, book: Any, capsys: Any) -> None:
    made = (course / "build" / BOOK).read_bytes()
    path = course / "lectures" / "first.md"
    path.write_text(path.read_text().replace("{ref}`largest`", "{ref}`lost`"))
    assert build_book(str(course)) == 1
    assert "lectures/first.md" in capsys.readouterr().err
    assert (course / "build" / BOOK).read_bytes() == made


def test_an_image_that_two_drawings_have_stands_once() -> None:
    image = f'<image x="1" href="data:image/webp;base64,{"A" * LEAST_SHARED}"/>'
    other = image.replace("AAAA", "BBBB")
    shared = share_repeated(f"<svg>{image}</svg><svg>{other}{image}</svg>")
    assert shared.count("A" * LEAST_SHARED) == 1
    assert re.search(r'<use href="#image-0"/></svg>$', shared)
    assert other in shared
