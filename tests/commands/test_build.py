"""Whole builds of a small course: what is written, what is kept, what is left alone."""

import contextlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from generator.commands.build import build_course
from generator.document.compose import Composer
from generator.lecture.blocks import Prose

Build = Callable[..., tuple[int, str]]
GOOD = "## A\n\nIt is {value}`toss.accuracy:percent`.\n\n:::{notes}\nA secret.\n:::\n"

pytestmark = pytest.mark.slow


@pytest.fixture
def build(project: Path, full_project: Path) -> Build:
    """Return a function that builds the course, and tells the exit code and what was said."""

    def run(profile: str = "full", *names: str) -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            code = build_course(str(full_project), names, profile=profile)
        return code, said.getvalue()

    return run


def pages(project: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (project / "build" / "sample").iterdir()}


def test_a_lecture_becomes_slides_a_handout_and_a_notebook(build, write_lecture, project):
    write_lecture(GOOD)
    assert build()[0] == 0
    assert sorted(pages(project)) == ["handout.html", "notebook.ipynb", "slides.html", "teacher.html", "teacher.ipynb"]


def test_a_value_stands_in_every_page(build, write_lecture, project):
    write_lecture(GOOD)
    build()
    assert all("90.00\u202f%" in page.decode() for page in pages(project).values())


def test_speaker_notes_are_not_in_the_handout(build, write_lecture, project):
    write_lecture(GOOD)
    build()
    made = pages(project)
    assert b"A secret." in made["slides.html"]
    assert b"A secret." not in made["handout.html"]


def test_the_notebook_is_a_valid_one(build, write_lecture, project):
    write_lecture(GOOD)
    build()
    nbformat.validate(nbformat.reads(pages(project)["notebook.ipynb"].decode(), as_version=4))


def test_two_builds_give_the_same_bytes(build, write_lecture, project):
    write_lecture(GOOD + "\n:::{figure} mark\n:number: 0.5\n:::\n\n:::{code}\nprint(object())\n:::\n")
    build()
    first = pages(project)
    for page in (project / "build" / "sample").iterdir():
        page.unlink()
    build()
    assert pages(project) == first


def test_code_stands_with_what_it_printed(build, write_lecture, project):
    write_lecture("## A\n\n:::{code}\nx = 6 * 7\nprint('x is', x)\n:::\n")
    build()
    (cell,) = [cell for cell in json.loads(pages(project)["notebook.ipynb"])["cells"] if cell["cell_type"] == "code"]
    assert "".join(cell["outputs"][0]["text"]) == "x is 42\n"
    assert b"x is 42" in pages(project)["handout.html"]


def test_a_picture_that_code_shows_is_a_warning_at_its_line(build, write_lecture):
    drawing = "from IPython.display import SVG\nprint('10%\\r100%')\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')"
    write_lecture(f"## A\n\n:::{{code}}\n{drawing}\n:::\n")
    code, said = build()
    assert code == 0
    assert (
        "warning: lectures/sample.md:7: the code shows a picture without words, which slides and handout leave away\n"
        in said
    )


def test_progress_that_code_writes_over_is_in_every_format_what_was_written_last(build, write_lecture, project):
    write_lecture("## A\n\n:::{code}\nprint('10%\\r50%\\r100%')\n:::\n")
    build()
    made = pages(project)
    assert b'"100%\\n"' in made["notebook.ipynb"]
    assert all(b"<samp>100%</samp>" in made[name] for name in ("slides.html", "handout.html", "teacher.html"))


def test_an_error_leaves_the_last_good_pages(build, write_lecture, project):
    write_lecture(GOOD)
    build()
    before = pages(project)
    write_lecture(GOOD + "\n:::{figure} mark\n:number: 3.5\n:::\n")
    code, said = build()
    assert (code, pages(project)) == (1, before)
    assert "the last good pages are untouched" in said


def test_an_error_in_one_lecture_does_not_stop_another(build, write_lecture, project):
    write_lecture(GOOD)
    write_lecture("## A\n\n:::{figure} nothing\n:::\n", name="wrong")
    assert build()[0] == 1
    assert sorted(pages(project)) == ["handout.html", "notebook.ipynb", "slides.html", "teacher.html", "teacher.ipynb"]


def test_a_second_build_writes_nothing(build, write_lecture):
    write_lecture(GOOD)
    build()
    assert "Nothing to do: build/sample, build/index.html up to date." in build()[1]


def test_a_deleted_page_is_written_again(build, write_lecture, project):
    write_lecture(GOOD)
    build()
    (project / "build" / "sample" / "slides.html").unlink()
    build()
    assert "slides.html" in pages(project)


def test_another_fact_fails_the_claim_that_depends_on_it(build, write_lecture, project):
    write_lecture("## A\n\n:::{claim} toss.accuracy > 0.8\nMostly heads.\n:::\n")
    assert build()[0] == 0
    path = project / "lectures" / "experiments" / "toss.py"
    path.write_text(path.read_text().replace("0.9", "0.7"))
    code, said = build()
    assert code == 1
    assert "lectures/sample.md:6: the claim 'toss.accuracy > 0.8' does not hold: toss.accuracy = 0.7" in said


def test_a_digit_that_is_flipped_in_the_store_comes_to_no_page(build, write_lecture, project):
    write_lecture(GOOD)
    build()
    good = pages(project)
    (record,) = (project / ".lectern" / "store" / "records").rglob("*.json")
    record.write_text(record.read_text().replace("0.9", "0.7"))
    shutil.rmtree(project / "build")
    assert build()[0] == 0
    assert pages(project) == good


def test_a_byte_that_is_flipped_in_a_picture_comes_to_no_page(build, write_lecture, project):
    write_lecture("## A\n\n:::{figure} mark\n:number: 0.5\n:::\n")
    build()
    good = pages(project)
    for path in (project / ".lectern" / "store" / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(path.read_bytes().replace(b"72", b"73"))
    shutil.rmtree(project / "build")
    assert build()[0] == 0
    assert pages(project) == good


def test_a_quick_build_says_so_on_every_page(build, write_lecture, project):
    (project / "lectures" / "course.toml").write_text("lectures = []\n[profiles.quick]\nepochs = 1\n")
    write_lecture(GOOD)
    assert build("quick")[0] == 0
    assert all(b"quick build" in page.lower() for page in pages(project).values())


def test_a_claim_that_a_quick_build_does_not_carry_is_a_warning(build, write_lecture, project):
    (project / "lectures" / "course.toml").write_text("lectures = []\n[profiles.quick]\nepochs = 1\n")
    write_lecture("## A\n\n:::{claim} toss.epochs == 5\nFive epochs.\n:::\n")
    code, said = build("quick")
    assert code == 0
    assert "warning: lectures/sample.md:6: the claim 'toss.epochs == 5' does not hold: toss.epochs = 1" in said


SEEDS = "experiments:\n  toss: {recipe: toss, seeds: 3}\n  once: {recipe: toss}\n"
CLAIM = "## A\n\n:::{{claim}} {condition}\nIt is {{compare}}`toss.accuracy, {other}` that.\n:::\n"


def test_a_claim_of_a_small_margin_is_a_warning_that_says_what_it_takes(build, write_lecture, project):
    write_lecture(CLAIM.format(condition="toss.accuracy > 0.895", other="0.5"), SEEDS)
    code, said = build()
    assert code == 0
    assert (
        "warning: lectures/sample.md:9: the claim is fragile: in 'toss.accuracy > 0.895' the means of 3 seeds" in said
    )
    assert "hint: between means it takes about 6 seeds" in said


def test_a_claim_of_a_wide_margin_is_none(build, write_lecture):
    write_lecture(CLAIM.format(condition="toss.accuracy > 0.5", other="0.5"), SEEDS)
    code, said = build()
    assert (code, "fragile" in said) == (0, False)


def test_a_page_says_of_how_many_seeds_its_claims_and_verdicts_are(build, write_lecture, project):
    write_lecture(CLAIM.format(condition="toss.accuracy > 0.5", other="once.accuracy - 0.5"), SEEDS)
    build()
    made = pages(project)
    for name in ("slides.html", "handout.html", "teacher.html"):
        text = made[name].decode()
        assert ">Measured with 3 seeds</span>" in text
        assert ">higher (3 seeds against one run) than</span> that." in text
    rule = "Of two equals, 3 runs against 3 part like this by chance at most once in 10 times"
    assert [rule in made[name].decode() for name in ("handout.html", "teacher.html")] == [True, True]


def test_a_claim_of_one_run_says_so(build, write_lecture, project):
    write_lecture("## A\n\n:::{claim} once.accuracy > 0.5\nIt is {compare}`once.accuracy, 0.5` half.\n:::\n", SEEDS)
    build()
    text = pages(project)["handout.html"].decode()
    assert '<p class="label">Measured in one run</p>' in text
    assert ">higher (one run) than</span> half." in text


def test_a_plan_longer_than_its_slot_is_a_warning(build, write_lecture):
    write_lecture("## A {minutes=3}\n", "minutes: 2\n")
    code, said = build()
    assert code == 0
    assert "warning: lectures/sample.md:5: the slot of 2 minutes ends before 'A' does: 3 are planned" in said


def test_an_unknown_lecture_is_told_with_the_nearest_name(build, write_lecture):
    write_lecture(GOOD)
    assert build("full", "sampel") == (
        1,
        "lectures: there is no lecture 'sampel'\nhint: did you mean 'sample'?\n1 error; the last good pages are untouched\n",
    )


def test_lecture_text_is_never_a_template(build, write_lecture, project):
    write_lecture("## A\n\n{{ 7 * 7 }} {% raw %}\n")
    assert build()[0] == 0
    assert b"{{ 7 * 7 }} {% raw %}" in pages(project)["handout.html"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("## A <img src=x onerror=alert(1)>", "4: <img> cannot be in a page"),
        ("## A\n\n<script>alert(2)</script>", "6: <script> cannot be in a page"),
        ("## A\n\n[x](javascript:alert(3))", "6: a link is not understood: '](javascript:alert(3))'"),
    ],
)
def test_text_cannot_bring_a_script_along(build, write_lecture, project, text, problem):
    write_lecture(f"{text}\n")
    code, told = build()
    assert code == 1
    assert problem in told
    assert not (project / "build" / "sample").exists()


def test_a_promised_topic_without_a_slide_stops_the_build(build, write_lecture, project):
    write_lecture(GOOD)
    (project / "lectures" / "course.toml").write_text(
        'lectures = ["sample"]\n[topics]\nsample = ["a", "fine-tuning"]\n'
    )
    code, said = build()
    assert code == 1
    assert "lectures/course.toml: the course promises 'fine-tuning', and no heading of 'sample' has it" in said
    assert "hint: give it a slide, or take the promise back" in said


def test_what_stops_the_composer_is_an_error_at_its_line(build, write_lecture, monkeypatch):
    def stop(prose: Prose, composer: Composer) -> None:
        raise KeyError("x")

    monkeypatch.setattr(Prose, "compose", stop)
    write_lecture("## A\n\n\nIt is so.\n")
    code, said = build()
    assert code == 1
    assert said.startswith("lectures/sample.md:7: this cannot be composed: KeyError: 'x'\nhint: this is a fault of")


def test_a_build_without_names_makes_the_default_lectures_and_its_pages_lead_to_the_others(
    write_lecture, project, full_project
):
    write_lecture(GOOD)
    write_lecture("## B\n", name="later")
    (project / "lectures" / "course.toml").write_text('lectures = ["sample", "later"]\ndefault = ["sample"]\n')
    with contextlib.redirect_stdout(io.StringIO()):
        assert build_course(str(full_project)) == 0
        alone = pages(project)
        assert not (project / "build" / "later").exists()
        assert build_course(str(full_project), ()) == 0
    assert (project / "build" / "later" / "slides.html").is_file()
    assert pages(project) == alone
    assert b'href="../index.html#lecture-later" rel="next"' in alone["handout.html"]
    assert b'id="lecture-later"' in (project / "build" / "index.html").read_bytes()
