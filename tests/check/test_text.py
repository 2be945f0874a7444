"""Each rule that needs no browser refuses a page with its fault, and lets a sound one pass."""

import json
from pathlib import Path
from typing import Any

import pytest
from made_page import LECTURE, write_page

from generator.check.page import Page, read_cells, unique
from generator.check.text import (
    DECK_BYTES,
    HANDOUT_BYTES,
    LIVE_BYTES,
    find_broken_formulas,
    find_dead_links,
    find_external_resources,
    find_leaks,
    find_lost_anchors,
    find_oversized_pages,
    find_repeated_ids,
    find_wordless_pictures,
    secrets_of,
)
from generator.lecture.parser import read_lecture

MATH = "<math><mi>{}</mi></math>"
VARIED = """<figure data-name="explore"><select data-control="strides" data-words='["1", "2"]'></select></figure>"""
FAULTS: list[tuple[Any, str, str, str]] = [
    (
        find_dead_links, f'{VARIED}<a href="#explore?strides=3">x</a>', f'{VARIED}<a href="#explore?strides=2">x</a>',
        "the link '#explore?strides=3' leads to no state of a figure",
    ),
    (find_dead_links, '<a href="#/nowhere">x</a>', '<a href="#/stride">x</a>', "the link '#/nowhere' leads to no slide and no anchor"),
    (find_dead_links, '<a href="">x</a>', '<a href="https://keras.io">x</a>', "the link '' is empty"),
    (find_dead_links, '<a href="other.html">x</a>', '<a href="slides.html#/stride">x</a>', "the link 'other.html' leads to no file"),
    (find_dead_links, '<a href="file:///x.html">x</a>', '<a href="mailto:a@b.c">x</a>', "the link 'file:///x.html' works on this machine alone"),
    (find_dead_links, '<a href="/x.html">x</a>', '<a name="x">x</a>', "the link '/x.html' works on this machine alone"),
    (find_dead_links, '<a href="javascript:1">x</a>', '<a href="#stride">x</a>', "the link 'javascript:1' is no link"),
    (find_lost_anchors, '<p aria-describedby="gone">x</p>', '<p aria-describedby="stride">x</p>', "aria-describedby names 'gone', which is not in the page"),
    (find_lost_anchors, '<figure data-film="gone"></figure>', '<figure data-film="stride"></figure>', "data-film names 'gone', which is not in the page"),
    (find_repeated_ids, '<p id="a"></p><p id="a"></p>', '<p id="a"></p><p id="b"></p>', "the id 'a' stands 2 times in slides.html"),
    (find_external_resources, '<img src="http://a.b/c.png">', '<img src="data:image/png,x">', "slides.html fetches 'http://a.b/c.png'"),
    (find_external_resources, '<script src="x.js"></script>', "<script>1</script>", "slides.html fetches 'x.js'"),
    (find_external_resources, "<style>a { background: url('x.png') }</style>", "<style>a { background: url(data:x) }</style>", "slides.html fetches 'x.png'"),
    (find_wordless_pictures, '<img src="data:x">', '<img src="data:x" alt="A grid.">', "a picture has no words"),
    (find_wordless_pictures, '<ul><li><svg class="drawing"><text>1</text></svg></li></ul>', '<svg class="drawing" aria-label="A grid."></svg>', "a picture has no words"),
    (find_wordless_pictures, '<img src="data:x" alt="">', '<ul><li><img src="data:x" alt="">A step.</li></ul>', "a picture has no words"),
    (find_wordless_pictures, "<video></video>", '<video aria-label="Film: a grid."></video>', "a film has no words"),
    (find_broken_formulas, MATH.format("\\foo"), MATH.format("α"), "a formula shows '\\foo', which is not known"),
    (find_broken_formulas, "<math><merror>x</merror></math>", "<math><mo>\\</mo></math>", "a formula is broken: 'x'"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "faulty", "sound", "said"), FAULTS)
def test_a_fault_is_found_on_its_slide_and_line(tmp_path: Path, rule: Any, faulty: str, sound: str, said: str) -> None:
    (finding,) = rule(write_page(tmp_path, faulty))
    assert str(finding).startswith(f"lectures/x.md:7: slide 'Stride': {said}")
    assert "\nhint: " in str(finding)


@pytest.mark.parametrize(("rule", "faulty", "sound", "said"), FAULTS)
def test_a_sound_page_passes(tmp_path: Path, rule: Any, faulty: str, sound: str, said: str) -> None:
    assert list(rule(write_page(tmp_path, sound))) == []


def test_a_fault_is_told_at_the_line_of_its_own_block(tmp_path: Path) -> None:
    (finding,) = find_wordless_pictures(write_page(tmp_path, '<div data-line="9"><p><img src="data:x"></p></div>'))
    assert finding.where.line == 9


def test_a_fault_of_a_block_without_a_line_is_told_at_its_slide(tmp_path: Path) -> None:
    (finding,) = find_wordless_pictures(write_page(tmp_path, '<div data-line="0"><img src="data:x"></div>'))
    assert finding.where.line == 7


def test_a_slide_that_goes_on_has_the_title_of_the_one_before(tmp_path: Path) -> None:
    body = '</section><section data-line="12"><h4>Aside</h4><img src="data:x">'
    (finding,) = find_wordless_pictures(write_page(tmp_path, body, "handout.html"))
    assert str(finding).startswith("lectures/x.md:12: slide 'Stride': a picture")


def test_a_fault_that_two_pages_have_is_told_once(tmp_path: Path) -> None:
    pages = [write_page(tmp_path, "<img src='data:x'>", name) for name in ("slides.html", "handout.html")]
    found = [finding for page in pages for finding in find_wordless_pictures(page)]
    assert len(found) == 2
    assert len(unique(found)) == 1


def leaks(project: Path, body: str, name: str = "handout.html") -> list[str]:
    path = project / "lectures" / "sample.md"
    path.write_text(LECTURE)
    page = write_page(project, body, name)
    return [str(finding) for finding in find_leaks(page, secrets_of(read_lecture(path, project)))]


def test_a_note_in_a_handout_is_told_at_the_line_of_the_note(project: Path) -> None:
    (said,) = leaks(project, "<p>you press, and <b>wait</b> for\n answers.</p>")
    assert said.startswith("lectures/sample.md:9: handout.html shows a note: 'you press, and wait for answers.'")


def test_a_note_in_an_attribute_is_told(project: Path) -> None:
    assert len(leaks(project, '<img alt="you press, and wait for answers.">')) == 1


def test_a_solution_in_a_handout_is_told(project: Path) -> None:
    (said,) = leaks(project, "<p>It is twenty-six, for a window of three fits in so many places.</p>")
    assert "handout.html shows a solution: 'It is twenty-six" in said


def test_a_note_in_a_students_notebook_is_told(project: Path) -> None:
    path = project / "lectures" / "sample.md"
    path.write_text(LECTURE)
    cells = [{"source": "# A"}, {"source": ["Ask for the size *before* you press,", " and wait for answers."]}]
    (project / "notebook.ipynb").write_text(json.dumps({"cells": cells}))
    page = read_cells(project / "notebook.ipynb", "lectures/sample.md")
    found = [str(finding) for finding in find_leaks(page, secrets_of(read_lecture(path, project)))]
    assert any("notebook.ipynb shows a note: 'you press, and wait for answers.'" in line for line in found)


def test_a_note_is_told_whatever_markup_stands_between_its_words(project: Path) -> None:
    path = project / "lectures" / "sample.md"
    path.write_text(
        LECTURE.replace("Ask for the size *before* you press, and wait", "*Ask* `me` for **it**, or *wait*")
    )
    page = write_page(project, "<p><i>Ask</i> me, for it or <b>wait</b> for answers!</p>", "handout.html")
    assert len(list(find_leaks(page, secrets_of(read_lecture(path, project))))) == 1


def test_words_that_a_note_only_shares_are_no_leak(project: Path) -> None:
    assert leaks(project, "<p>Ask for the size before you go.</p>") == []


def test_the_code_of_a_solution_is_told(project: Path) -> None:
    assert len(leaks(project, "<pre><b>places</b> = size - <i>kernel_size</i> + <b>1</b></pre>")) == 1


def test_a_solution_that_students_have_is_no_leak(project: Path) -> None:
    path = project / "lectures" / "sample.md"
    path.write_text(LECTURE.replace("::::{solution}\n", "::::{solution}\n:students: yes\n\n"))
    page = write_page(project, "<p>It is twenty-six, for a window of three fits in so many places.</p>", "handout.html")
    assert list(find_leaks(page, secrets_of(read_lecture(path, project)))) == []


def test_what_the_lecture_says_to_all_is_no_leak(project: Path) -> None:
    assert leaks(project, "<p>Three rows of cells stand under the window.</p>") == []


def test_a_deck_may_hold_notes_where_it_hides_them(project: Path) -> None:
    note = "<p>you press, and wait for answers.</p>"
    assert leaks(project, f'<aside class="notes">{note}</aside>', "slides.html") == []
    assert len(leaks(project, note, "slides.html")) == 1


@pytest.mark.parametrize("marked", ['<aside class="notes">x</aside>', '<aside class="spoken">x</aside>', '<div class="solution">x</div>'])  # fmt: skip
def test_a_handout_has_no_place_for_notes_or_solutions(project: Path, marked: str) -> None:
    assert "holds a note or a solution" in leaks(project, marked)[0]
    assert leaks(project, marked, "teacher.html") == []


def padded(page: Page, size: int) -> Page:
    text = page.path.read_text()
    page.path.write_text(text + " " * (size - len(text)))
    return page


@pytest.mark.parametrize(("name", "budget"), [("slides.html", DECK_BYTES), ("handout.html", HANDOUT_BYTES)])
def test_a_page_over_its_budget_is_a_warning(tmp_path: Path, name: str, budget: int) -> None:
    page = write_page(tmp_path, "", name)
    assert list(find_oversized_pages(padded(page, budget))) == []
    (finding,) = find_oversized_pages(padded(page, budget + 1))
    assert finding.is_warning


@pytest.mark.parametrize("held", ['<script type="text/plain">%s</script>', '<svg class="bank">%s</svg>'])
def test_films_and_states_of_figures_are_left_out_of_the_budget_of_a_deck(tmp_path: Path, held: str) -> None:
    content = "x" * DECK_BYTES
    assert list(find_oversized_pages(write_page(tmp_path, held % content))) == []
    assert len(list(find_oversized_pages(write_page(tmp_path, f"<p>{content}</p>")))) == 1


@pytest.mark.parametrize(
    "script",
    [
        'type="module"', 'type="application/json"', 'type="text/plain" id="network-live-bytes"',
        'type="text/plain" id="worker-draw"',
    ],
)  # fmt: skip
def test_what_works_in_a_page_has_a_budget_of_its_own(tmp_path: Path, script: str) -> None:
    within, beyond = ("x" * size for size in (LIVE_BYTES, LIVE_BYTES + 1))
    assert list(find_oversized_pages(write_page(tmp_path, f"<script {script}>{within}</script>"))) == []
    (finding,) = find_oversized_pages(write_page(tmp_path, f"<script {script}>{beyond}</script>"))
    assert "that work in it, its budget is 0.4 MB" in finding.problem
