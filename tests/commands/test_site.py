"""`site` puts what students may have into build/site, and nothing else: no note, no solution, no page of a teacher."""

import base64
import contextlib
import io
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from sample_project import make_full_project

from generator.check.text import find_leaks
from generator.commands import check, site
from generator.commands.build import build_course
from generator.commands.site import SITE, build_site, exchange
from generator.html.course_index import INDEX

pytestmark = pytest.mark.slow

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC"
)
SECRET = re.compile(r"zq\d+zq")
# A lecture whose notes and solutions hold a secret in every form that text can have; so does a comment.
LECTURE = """---
title: Sample
minutes: 9
experiments: {toss: {recipe: toss}}
---
# Part {minutes=4}

## Open

Everybody reads zq0zq. <!-- zq1zq: to be mended -->

<!--
zq2zq
-->

:::{notes}
Say zq3zq, **zq4zq**, `zq5zq`, and {value}`toss.accuracy` [zq6zq](https://example.org/zq7zq "zq8zq").

| zq9zq | b |
|:--|:--|
| 1 | zq10zq |

```python
zq11zq = 1
```

![zq12zq](lectures/dot.png "zq13zq")
<!-- zq14zq -->
:::

- in a list

  :::{notes}
  zq15zq
  :::

## Exercise

::::::{exercise}
How many?

:::::{solution}
Twenty-six: zq16zq.

:::{code}
print("zq17" + "zq")
zq18zq = 3
:::

:::{code}
:run: no

zq19zq()
:::

:::{figure} mark
:number: 0.5
:caption: zq20zq
:::

:::{quiz} zq21zq?
- [x] zq22zq
- [ ] zq23zq
:::

![zq24zq](lectures/dot.png)

> zq25zq
:::::
::::::

## Named

:::{slides}
Slides alone.
:::
"""
SECRETS = {f"zq{number}zq" for number in range(1, 26)}


def said_by(command: Callable[[], int]) -> tuple[int, str]:
    """Return a command's exit code and what it said."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        code = command()
    return code, said.getvalue()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course of one lecture that was built, with its PDF files and its presentation, and published."""
    project = make_full_project(tmp_path_factory.mktemp("course") / "project")
    (project / "lectures" / "dot.png").write_bytes(PNG)
    (project / "lectures" / "sample.md").write_text(LECTURE)
    for step in (lambda: build_course(str(project), formats=["pdf", "pptx"]), lambda: build_site(str(project))):
        code, said = said_by(step)
        assert code == 0, said
    return project


@pytest.fixture
def built(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the course as one of its own, on a machine without Chromium."""
    shutil.copytree(course, tmp_path / "own", symlinks=True)
    monkeypatch.setattr(check, "why_no_chromium", lambda: "there is no Chromium")
    return tmp_path / "own"


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder, by its path."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def words_in(content: bytes, name: str) -> str:
    """Return all that a file says: as it is, unescaped, what it embeds, and the text and the outline of a PDF."""
    text = content.decode("utf-8", "replace")
    embedded = [base64.b64decode(found + "==") for found in re.findall(r"base64,([A-Za-z0-9+/]+)", text)]
    texts = [text, unescape(text), *(piece.decode("utf-8", "replace") for piece in embedded)]
    if name.endswith(".pdf"):
        with pypdfium2.PdfDocument(content) as document:
            texts += [page.get_textpage().get_text_range() for page in document]
            texts += [str(document.get_metadata_dict()), *(entry.get_title() for entry in document.get_toc())]
    return "\n".join(texts)


def test_what_students_may_have_is_in_it_and_nothing_else(course: Path) -> None:
    names = {"slides.html", "handout.html", "exercises.html", "notebook.ipynb", "slides.pdf", "handout.pdf"}
    assert files(course / SITE).keys() == {INDEX, *(f"sample/{name}" for name in names)}


def test_no_note_no_solution_and_no_comment_is_anywhere_in_it(course: Path) -> None:
    found = {name: set(SECRET.findall(words_in(content, name))) for name, content in files(course / SITE).items()}
    assert found.pop(INDEX) == set()
    assert found.pop("sample/exercises.html") == set()
    assert all(words == {"zq0zq"} for words in found.values()), found


def test_all_but_the_comments_is_in_the_pages_of_the_teacher(course: Path) -> None:
    pages = "".join(
        words_in((course / "build/sample" / name).read_bytes(), name) for name in ("teacher.html", "slides.html")
    )
    assert SECRETS - {*SECRET.findall(pages)} == {"zq1zq", "zq2zq", "zq14zq"}


def test_its_deck_differs_from_the_speakers_by_the_notes_alone(course: Path) -> None:
    def slides(path: Path) -> str:
        page = BeautifulSoup(path.read_text(), "html.parser")
        for note in page.select("aside.notes"):
            note.extract()
        return "".join(str(page.select_one(".slides")).split())

    assert slides(course / SITE / "sample/slides.html") == slides(course / "build/sample/slides.html")


def test_its_index_leads_to_all_that_is_in_it(course: Path) -> None:
    index = BeautifulSoup((course / SITE / INDEX).read_text(), "html.parser")
    links = {str(link["href"]).partition("#")[0] for link in index.select("a[href]")} - {""}
    assert links == files(course / SITE).keys() - {INDEX}


def test_a_second_time_there_is_nothing_to_do(built: Path) -> None:
    before = {path: path.stat().st_ino for path in (built / SITE).rglob("*")}
    code, said = said_by(lambda: build_site(str(built)))
    assert code == 0
    assert "Nothing to do: build/sample, build/index.html, build/site up to date." in said
    assert {path: path.stat().st_ino for path in (built / SITE).rglob("*")} == before


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_new_edition_takes_its_place_as_a_whole(
    built: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    monkeypatch.setattr(site, "exchange", exchange if can_exchange else lambda *_: False)
    (built / "lectures/sample.md").write_text(LECTURE.replace("Slides alone", "Another word"))
    code, said = said_by(lambda: build_site(str(built)))
    assert code == 0, said
    assert "sample/slides.pdf" not in files(built / SITE)  # it shows older pages
    assert b"Another word" in (built / SITE / "sample/slides.html").read_bytes()
    assert [path.name for path in (built / "build").glob(".site*")] == []


def test_a_fault_of_the_pages_leaves_the_last_good_site(built: Path) -> None:
    before = files(built / SITE)
    (built / "lectures/sample.md").write_text(LECTURE.replace("Slides alone.", "[x](#nowhere)"))
    code, said = said_by(lambda: build_site(str(built)))
    problem = "slide 'Named': the link '#nowhere' leads to no slide and no anchor"
    assert (code, problem in said) == (1, True), said
    assert files(built / SITE) == before


def test_a_lecture_that_cannot_be_built_leaves_the_last_good_site(built: Path) -> None:
    before = files(built / SITE)
    (built / "lectures/other.md").write_text("---\ntitle: Other\n---\n## A\n\n:::{nothing}\n:::\n")
    assert said_by(lambda: build_site(str(built)))[0] == 1
    assert files(built / SITE) == before


def test_a_deck_with_notes_is_a_fault_of_a_site(course: Path) -> None:
    page = check.read_page(course / "build/sample/slides.html", "lectures/sample.md")
    assert [str(finding) for finding in find_leaks(page, [])] == []
    assert "slides.html holds a note or a solution" in str(next(find_leaks(page, [], has_speaker=False)))


@pytest.mark.parametrize("name", ["CNAME", "sample/mine.html", "index.html/x", ".git/HEAD"])
def test_a_file_of_somebody_else_in_its_place_is_told_and_stays(built: Path, name: str) -> None:
    path = built / SITE / name
    if name == "index.html/x":
        (built / SITE / INDEX).unlink()
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    code, said = said_by(lambda: build_site(str(built)))
    assert (code, path.read_text()) == (1, "mine")
    assert f"build/site/{name} is no file of the site\nhint: keep it elsewhere" in said


def test_nothing_is_written_through_a_link(built: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    shutil.rmtree(built / SITE)
    (built / SITE).symlink_to(tmp_path / "elsewhere")
    code, said = said_by(lambda: build_site(str(built)))
    assert (code, "build/site is a link, and nothing is written through links" in said) == (1, True)
    assert [*(tmp_path / "elsewhere").iterdir()] == []
