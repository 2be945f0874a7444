"""The gallery: every figure kind on a page of its own, and what a kind must not lack to get there."""

import contextlib
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.__main__ import main, make_parser
from generator.commands import up_to_date
from generator.commands.gallery import build_gallery, find_problems, read_examples
from generator.lecture.course import lecture_names, read_course
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

Build = Callable[[], tuple[int, str]]
ROOT = Path(__file__).parents[2]
WORDS = ["gallery"]
DOT = '''"""A dot of some size.

It must not be mistaken for a *ball*.
"""

from figures.parts.words import Description

SIZES = (1, 2)


def trace(*, size: int, sizes: tuple[int, ...] = SIZES, name: str = "dot"):
    """Return the size of a dot."""
    if size > 9:
        raise ValueError("the dot is too large; take a smaller one")
    return size


def describe(size):
    return Description(f"A dot of size {size}.", ("It grows.",), {"size": size, "box": {"left": -0.5}})


def draw(size, theme, step=None):
    from matplotlib.figure import Figure

    return Figure(figsize=(size, 1), facecolor=theme.paper)
'''
TEXT = """---
title: Kinds
---

# All of them

## dot

Some *words*.

:::{figure} dot
:size: 2

A caption.
:::
"""


@pytest.fixture
def gallery(project: Path, full_project: Path) -> Path:
    """Return a project with one figure kind, its example and its test."""
    for kind in ("half", "mark", "reel"):
        (project / "figures" / f"{kind}.py").unlink()
    for name, text in (("figures/dot.py", DOT), ("docs/gallery.md", TEXT), ("tests/figures/test_dot.py", "")):
        (project / name).parent.mkdir(exist_ok=True, parents=True)
        (project / name).write_text(text)
    return full_project


@pytest.fixture
def build(gallery: Path) -> Build:
    """Return a function that builds the gallery, and tells the exit code and what was said."""

    def run() -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            code = build_gallery(str(gallery), words=WORDS)
        return code, said.getvalue()

    return run


def pages(project: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (project / "build" / "gallery").iterdir()}


def change(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


@pytest.mark.slow
def test_every_kind_gets_a_page_and_a_place_on_the_contact_sheet(build, gallery):
    assert build()[0] == 0
    made = pages(gallery)
    assert sorted(made) == ["dot.html", "index.html"]
    assert 'href="dot.html"' in made["index.html"]
    assert "A dot of some size." in made["index.html"]


@pytest.mark.slow
def test_a_page_tells_what_the_kind_is_and_takes(build, gallery):
    build()
    page = pages(gallery)["dot.html"]
    assert "It must not be mistaken for a <em>ball</em>." in page
    assert "Return the size of a dot." in page
    rows = re.findall(r"<tr><td><code>(\w+)</code></td><td><code>(.*?)</code></td><td>(.*?)</td></tr>", page)
    assert ("size", "int", "must be given") in rows
    assert ("sizes", "tuple[int, ...]", "<code>(1, 2)</code>") in rows
    assert ("name", "str", "<code>&#39;dot&#39;</code>") in rows


@pytest.mark.slow
def test_a_page_shows_the_example_in_every_view(build, gallery):
    build()
    page = pages(gallery)["dot.html"]
    stills = re.findall(r'class="still" src="([^"]+)"', page)
    assert len(set(stills)) == 2
    panel = re.search(r'<ol class="steps strip".*?</ol>', page, re.DOTALL)[0]
    assert len(set(re.findall(r'src(?:set)?="(data:[^"]+)"', panel))) == 2
    assert "<p>It grows.</p>" in panel
    assert '<p class="alt-words">A dot of size 2.</p>' in page
    assert "<td><code>box.left</code></td><td>−0.5</td>" in page


@pytest.mark.slow
def test_the_lines_that_made_an_example_stand_on_its_page_as_they_were_written(build, gallery):
    build()
    listed = re.search(r'aria-label="The lines that made it">(.*?)</pre>', pages(gallery)["dot.html"], re.DOTALL)[1]
    assert re.sub(r"<.*?>", "", listed) == ":::{figure} dot\n:size: 2\n\nA caption.\n:::"


@pytest.mark.slow
def test_a_second_build_runs_and_writes_nothing(build, gallery):
    build()
    first = pages(gallery)
    code, said = build()
    assert (code, pages(gallery)) == (0, first)
    assert said.startswith("Nothing to do: build/gallery up to date.")


@pytest.mark.slow
def test_the_fast_check_sees_examples_and_tests(build, gallery):
    build()
    assert up_to_date.find_up_to_date(str(gallery), WORDS, up_to_date.GALLERY_SOURCES) == ["build/gallery"]
    (gallery / "tests" / "figures" / "test_dot.py").rename(gallery / "tests" / "figures" / "test_other.py")
    assert up_to_date.find_up_to_date(str(gallery), WORDS, up_to_date.GALLERY_SOURCES) is None


@pytest.mark.slow
def test_an_error_leaves_the_last_good_pages(build, gallery):
    build()
    before = pages(gallery)
    change(gallery / "docs" / "gallery.md", ":size: 2", ":size: 12")
    code, said = build()
    assert (code, pages(gallery)) == (1, before)
    assert said.count("docs/gallery.md:11: still dot") == 2
    assert "the dot is too large\nhint: take a smaller one" in said


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("figures/dot.py", DOT[: DOT.index("from")], "", "figures/dot.py: the figure has no docstring\nhint: begin"),
        ("figures/dot.py", "def describe", "def tell", "figures/dot.py: the figure has no 'describe'\nhint: write describe(trace)"),
        ("figures/dot.py", "def trace(", "def trace((", "figures/dot.py:11: not Python"),
        ("docs/gallery.md", TEXT[TEXT.index(":::"):], "", "figures/dot.py: the figure has no example\nhint: write a slide '## dot'"),
        ("docs/gallery.md", "## dot", "## dots", "docs/gallery.md:7: there is no figure 'dots'\nhint: did you mean 'dot'?"),
        ("docs/gallery.md", "{figure} dot", "{figure} dots", "docs/gallery.md:11: there is no figure 'dots'\nhint: did you mean 'dot'?"),
        ("docs/gallery.md", ":size:", ":sise:", "docs/gallery.md:12: figure 'dot' has no parameter 'sise'\nhint: did you mean 'size'?"),
    ],
)  # fmt: skip
def test_what_is_amiss_is_told_with_its_place_and_a_hint(build, gallery, name, old, new, told):
    change(gallery / name, old, new)
    code, said = build()
    assert code == 1
    assert told in said
    assert not (gallery / "build").exists()


def test_a_figure_under_the_name_of_another_kind_is_told(build, gallery):
    for folder, name in (("figures", "dot.py"), ("tests/figures", "test_dot.py")):
        other = name.replace("dot", "spot")
        (gallery / folder / other).write_text((gallery / folder / name).read_text())
    change(gallery / "docs" / "gallery.md", "## dot", "## spot")
    assert "docs/gallery.md:11: a figure of 'dot' stands under 'spot'\nhint: move it under '## dot'" in build()[1]


def test_a_kind_needs_a_test(build, gallery):
    (gallery / "tests" / "figures" / "test_dot.py").unlink()
    assert build() == (
        1,
        "figures/dot.py: the figure has no test\nhint: write tests/figures/test_dot.py\n1 error; the last good pages are untouched\n",
    )


def test_a_test_may_say_more_in_its_name(build, gallery):
    (gallery / "tests" / "figures" / "test_dot.py").rename(gallery / "tests" / "figures" / "test_a_dot_figure.py")
    assert find_problems(read_examples(gallery), gallery) == []


def test_a_project_without_examples_is_told_so(build, gallery):
    (gallery / "docs" / "gallery.md").unlink()
    assert build()[1].startswith("docs/gallery.md: there are no examples\nhint: write a slide")


def test_no_kind_of_the_project_lacks_anything():
    assert [str(fault) for fault in find_problems(read_examples(ROOT), ROOT)] == []


def test_the_projects_examples_fit_and_run_no_experiment_that_its_lectures_do_not():
    profile = read_course(ROOT).profile("full")
    shown = plan_lecture(read_examples(ROOT), ROOT, profile)
    paths = [ROOT / "lectures" / f"{name}.md" for name in lecture_names(ROOT)]
    taught = [plan_lecture(read_lecture(path, ROOT), ROOT, profile) for path in paths]
    known = {name for plan in taught for name in plan.tasks}
    assert shown.errors == []
    assert [task.name for task in shown.tasks.values() if task.runner == "experiment" and task.id not in known] == []


@pytest.mark.parametrize("words", [["gallery", "convolution"], ["gallery", "--profile", "quick"], ["galery"], []])
def test_a_command_that_is_off_is_refused(words):
    assert main(words) == 2


def test_the_gallery_goes_where_it_is_asked_to():
    assert make_parser().parse_args(["gallery"]).into == "build/gallery"
    options = make_parser().parse_args(["gallery", "--into", "build/x", "--debug"])
    assert (options.into, options.debug) == ("build/x", True)
