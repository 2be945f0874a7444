"""Formats that are made only for who asks: what is written, what is kept, what there is nothing to do about."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.__main__ import main, make_parser
from generator.commands import up_to_date
from generator.formats import powerpoint

GOOD = "## A\n\nIt is {value}`toss.accuracy:percent`.\n"
PAGES = ["handout.html", "notebook.ipynb", "slides.html", "teacher.html", "teacher.ipynb"]
Run = Callable[..., tuple[int, str]]

pytestmark = pytest.mark.slow


@pytest.fixture
def run(project: Path, full_project: Path, write_lecture, monkeypatch, capsys) -> Run:
    """Return a function that gives words to the command line in a project, and tells its exit code and what it said."""
    monkeypatch.chdir(full_project)
    write_lecture(GOOD)

    def give(*words: str) -> tuple[int, str]:
        code = main(["build", *words])
        said = capsys.readouterr()
        return code, said.err + said.out

    return give


def names(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "build" / "sample").iterdir())


def test_a_plain_build_makes_no_format_that_nobody_asked_for(run, project):
    assert run()[0] == 0
    assert names(project) == PAGES


def test_a_format_that_is_asked_for_lies_beside_the_pages(run, project):
    assert run("--format", "pptx")[0] == 0
    assert names(project) == sorted([*PAGES, "slides.pptx"])


def test_what_was_built_plainly_is_not_up_to_date_for_who_asks_for_a_format(run, project):
    run()
    assert run()[1].startswith("Nothing to do")
    assert "wrote build/sample/slides.pptx" in run("--format", "pptx")[1]
    assert run("--format", "pptx")[1].startswith("Nothing to do")


def test_a_format_that_was_deleted_is_made_again_and_only_for_who_asks(run, project):
    run("--format", "pptx")
    (project / "build" / "sample" / "slides.pptx").unlink()
    run()
    assert names(project) == PAGES
    run("--format", "pptx")
    assert "slides.pptx" in names(project)


def test_a_format_stays_while_its_pages_stay_and_goes_when_they_change(run, project, write_lecture):
    run("--format", "pptx")
    run()
    assert "slides.pptx" in names(project)
    write_lecture(GOOD + "\nMore.\n")
    assert "removed build/sample/slides.pptx: it showed older pages" in run()[1]
    assert names(project) == PAGES


def test_one_format_after_another_leaves_both(run, project):
    run("--format", "pdf")
    assert "removed" not in run("--format", "pptx")[1]
    assert {"slides.pdf", "handout.pdf", "slides.pptx"} <= set(names(project))


def test_a_change_that_only_the_handout_shows_leaves_the_slides_of_a_format(run, project, write_lecture):
    run("--format", "pptx")
    write_lecture(GOOD + "\n:::{handout}\nMore.\n:::\n")
    assert "removed" not in run()[1]
    assert "slides.pptx" in names(project)


def test_an_unknown_format_is_told_with_the_nearest_one(run):
    assert run("--format", "ppt") == (
        1, "there is no format 'ppt'\nhint: did you mean 'pptx'?\n1 error; the last good pages are untouched\n",
    )  # fmt: skip


def test_what_a_format_lacks_is_told_before_anything_is_made(run, project, monkeypatch):
    monkeypatch.setattr(powerpoint, "find_spec", lambda name: None)
    code, said = run("--format", "pptx")
    assert code == 1
    assert "are not installed\nhint: run make setup-pptx\n" in said
    assert not (project / "build").exists()


@pytest.mark.parametrize("words", [["build", "--format"], ["gallery", "--format", "pdf"]])
def test_a_format_without_its_name_is_no_command(words):
    assert main(words) == 2


def test_formats_are_no_lectures():
    options = make_parser().parse_args(["build", "--format", "pptx", "--format", "pdf", "pdf"])
    assert (options.formats, options.lectures) == (["pptx", "pdf"], ["pdf"])


def test_command_lines_that_share_a_file_are_not_taken_for_each_other(tmp_path):
    (tmp_path / "lectures").mkdir()
    project = str(tmp_path)
    one, other = ["build", "a-b"], ["build", "a", "b"]
    assert up_to_date.state_file(project, one) == up_to_date.state_file(project, other)
    up_to_date.remember_build(project, one, ["build/a-b"], up_to_date.snapshot(project, []))
    assert up_to_date.find_up_to_date(project, one) == ["build/a-b"]
    assert up_to_date.find_up_to_date(project, other) is None
