"""`check` and `build --strict`: what they say, when they fail, and what they leave behind."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from made_page import LECTURE, write_page
from PIL import Image
from playwright.sync_api import Error

import generator.__main__ as command
from generator.check.browser import contact_sheet, cut
from generator.check.text import DECK_BYTES
from generator.commands import build, check, up_to_date


@pytest.fixture
def built(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with a lecture and sound pages of it, on a machine without Chromium."""
    (project / "lectures" / "sample.md").write_text(LECTURE)
    folder = project / "build" / "sample"
    folder.mkdir(parents=True)
    for name in ("slides.html", "handout.html", "teacher.html"):
        write_page(folder, "", name)
    monkeypatch.setattr(check, "why_no_chromium", lambda: "there is no Chromium")
    monkeypatch.chdir(project)
    return project


def test_a_sound_lecture_passes(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.check_course(str(built), "build", []) == 0
    said = capsys.readouterr()
    assert re.match(r"checked 1 slide of 1 lecture in \d+ s: 0 faults, 0 warnings", said.out.splitlines()[-1])
    assert said.err == ""


def test_without_a_browser_it_says_what_it_did_not_check(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check.check_course(str(built), "build", [])
    expected = "not checked: layout, requests, script errors, axe and contact sheets (there is no Chromium)"
    assert expected in capsys.readouterr().out.splitlines()


def test_a_browser_that_does_not_start_is_said_too(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def start() -> None:
        raise Error("no display\nand more")

    monkeypatch.setattr(check, "why_no_chromium", lambda: "")
    monkeypatch.setattr("generator.check.visits.start_chromium", start)
    assert check.check_course(str(built), "build", []) == 0
    assert "contact sheets (Chromium fails: no display)\n" in capsys.readouterr().out


def test_a_fault_fails_the_check(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_page(built / "build" / "sample", '<a href="#/gone">x</a>')
    assert check.check_course(str(built), "build", ["sample"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith("lectures/sample.md:7: slide 'Stride': the link '#/gone' leads to no slide")
    assert ": 1 fault, 0 warnings" in said.out


def test_a_warning_fails_nothing(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_page(built / "build" / "sample", f"<p>{'x' * DECK_BYTES}</p>")
    assert check.check_course(str(built), "build", []) == 0
    assert capsys.readouterr().err.startswith("warning: lectures/sample.md: slides.html: the page has 1.0 MB")


def test_a_lecture_without_pages_is_told(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (built / "build" / "sample" / "handout.html").unlink()
    assert check.check_course(str(built), "build", []) == 1
    expected = "lectures/sample.md: there is no build/sample/handout.html to check\nhint: build the lecture first\n"
    assert capsys.readouterr().err == expected


def test_a_lecture_that_is_not_built_by_default_is_judged_once_it_has_pages(built: Path, capsys) -> None:
    (built / "lectures" / "later.md").write_text(LECTURE)
    (built / "lectures" / "course.toml").write_text('lectures = ["sample", "later"]\ndefault = ["sample"]\n')
    assert check.check_course(str(built), "build", []) == 0
    assert "1 lecture" in capsys.readouterr().out
    (built / "build" / "later").mkdir()
    assert check.check_course(str(built), "build", []) == 1
    assert "there is no build/later/slides.html to check" in capsys.readouterr().err


def test_findings_are_a_list_for_scripts(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_page(built / "build" / "sample", '<a href="#/gone">x</a>')
    assert command.main(["check", "--json"]) == 1
    fault, unchecked = json.loads(capsys.readouterr().out)
    assert (fault["file"], fault["line"], fault["level"]) == ("lectures/sample.md", 7, "error")
    assert fault["problem"].startswith("slide 'Stride': the link '#/gone'")
    assert (unchecked["level"], unchecked["file"]) == ("unchecked", "")


def test_the_list_for_scripts_has_the_columns_of_errors(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (built / "lectures" / "sample.md").write_text(f"{LECTURE}\n- one $x\n")
    assert command.main(["check", "--json"]) == 1
    fault, _ = json.loads(capsys.readouterr().out)
    assert (fault["line"], fault["column"]) == (LECTURE.count("\n") + 2, 7)


def test_a_fault_of_the_text_is_told_too(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (built / "lectures" / "sample.md").write_text(f"{LECTURE}\n$x\n")
    assert check.check_course(str(built), "build", []) == 1
    assert "a formula is not closed: '$x'" in capsys.readouterr().err


def test_an_unknown_lecture_is_told(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.check_course(str(built), "build", ["sampel"]) == 1
    assert "there is no lecture 'sampel'\nhint: did you mean 'sample'?" in capsys.readouterr().err


def test_the_words_of_the_command() -> None:
    options = command.make_parser().parse_args(["check", "--into", "build/quick", "sample"])
    assert (options.into, options.lectures) == ("build/quick", ["sample"])


@pytest.mark.parametrize("words", [["check", "--debug"], ["gallery", "--strict"]])
def test_options_of_other_commands_are_refused(words: list[str]) -> None:
    assert command.main(words) == 2


@pytest.mark.parametrize(("words", "code"), [(["build"], 0), (["build", "--strict"], 1), (["check"], 1)])
def test_a_strict_build_fails_where_its_pages_do(
    built: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int
) -> None:
    write_page(built / "build" / "sample", '<a href="#/gone">x</a>')
    monkeypatch.setattr(build, "build_course", lambda *_, **__: 0)
    assert command.main(words) == code


def test_a_build_that_fails_is_not_checked(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "build_course", lambda *_, **__: 1)
    assert command.main(["build", "--strict"]) == 1
    assert capsys.readouterr().out == ""


def test_the_pictures_of_a_check_do_not_make_a_build_stale(built: Path) -> None:
    before = up_to_date.snapshot(str(built), ["build/sample"])
    (built / "build" / "sample" / "check").mkdir()
    (built / "build" / "sample" / "check" / "slides.png").write_bytes(b"")
    assert up_to_date.snapshot(str(built), ["build/sample"]) == before


def test_a_contact_sheet_has_all_pictures_in_rows() -> None:
    shots = [Image.new("RGB", (384, 216), "#005a9c")] * 6
    sheet = Image.open(BytesIO(contact_sheet(shots)))
    assert sheet.size == (12 + 5 * 396, 12 + 2 * (216 + 22 + 12))


def test_a_long_picture_is_cut_without_a_sliver() -> None:
    assert [part.height for part in cut(Image.new("RGB", (10, 301)), 100.0)] == [100, 100, 101]
