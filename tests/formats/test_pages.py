"""Slides, handout and notebook as files: whole, closed, and the same bytes each time."""

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from sample_lecture import SOLVED, SPOKEN, sample_assets, sample_notebook

from generator.directives.quiz import QuizCell
from generator.directives.quiz import jupyter as quiz_in_jupyter
from generator.document.outputs import output_text
from generator.document.tree import Document
from generator.errors import PageError
from generator.formats import handout, notebook, slides, teacher, teacher_notebook
from generator.html.head import font_faces, make_head
from generator.html.reveal import read_reveal

ROOT = Path(__file__).parents[2]
PAGES = pytest.mark.parametrize("module", [slides, handout], ids=["slides", "handout"])


def page(module: ModuleType, **front: object) -> str:
    made: bytes = module.export(Document(sample_notebook(**front), sample_assets()), ROOT)
    return made.decode()


@pytest.mark.parametrize("module", [slides, handout, notebook], ids=["slides", "handout", "notebook"])
def test_the_same_lecture_gives_the_same_bytes(module: ModuleType) -> None:
    assert page(module) == page(module)


@PAGES
def test_the_policy_lets_in_exactly_the_pages_own_scripts_and_styles(module: ModuleType) -> None:
    text = page(module)
    match = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert match
    policy = html.unescape(match[1])
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    for body in re.findall(r"<script>(.*?)</script>", text, re.DOTALL) + re.findall(
        r"\n<style>(.*?)</style>", text, re.DOTALL
    ):
        if not body.startswith("\n"):  # those of the speaker view stand inside a script
            digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy


@PAGES
def test_a_page_has_no_style_attributes_and_no_handlers(module: ModuleType) -> None:
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", page(module), flags=re.DOTALL)
    assert not re.search(r"<[^>]*\s(style|on\w+)=", markup)


@PAGES
def test_a_page_loads_nothing_from_elsewhere(module: ModuleType) -> None:
    markup = re.sub(r"<script\b.*?</script>", "", page(module), flags=re.DOTALL)
    assert not re.search(r'(src|href)="(?!data:|#|\.\./index\.html#)', markup)
    assert "@import" not in markup


def test_reveal_that_is_not_installed_is_an_error_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "generator").mkdir()  # a folder that is its own library
    with pytest.raises(PageError, match=r"reveal\.js is not installed"):
        slides.export(Document(sample_notebook(), sample_assets()), tmp_path)


def test_the_speaker_views_script_is_read_as_the_browser_will_see_it() -> None:
    presenter = read_reveal(ROOT)
    assert len(presenter.view_scripts) == 1
    assert "\\?" in presenter.view_scripts[0]
    assert "display: none" in presenter.view_attributes


def test_a_figure_without_its_picture_is_blamed_on_its_line() -> None:
    with pytest.raises(PageError, match=r"lectures/sample\.md:\d+: figure 'fig-1' has no picture"):
        handout.export(Document(sample_notebook(), {}), ROOT)


@PAGES
def test_a_formula_that_cannot_be_set_is_blamed_on_its_line(module: ModuleType) -> None:
    document = sample_notebook()
    cell = next(cell for cell in document.cells if cell.metadata["lectern"]["kind"] == "prose")
    cell.source = "$\\nonsense$"
    with pytest.raises(PageError, match=rf"lectures/sample\.md:{cell.metadata['lectern']['line']}: ") as error:
        module.export(Document(document, sample_assets()), ROOT)
    assert error.value.hint


def test_a_hostile_title_is_only_text() -> None:
    title = "<script>alert(1)</script>"
    for module in (slides, handout):
        assert title not in page(module, title=title, author=title, subtitle=title)


@PAGES
@pytest.mark.parametrize(("lang", "is_reversed"), [("he", True), ("ar-EG", True), ("fa", True), ("ur", True), ("az-Arab", True), ("en", False), ("ur-Latn", False), ("arn", False)])  # fmt: skip
def test_a_page_runs_in_the_direction_of_its_language(module: ModuleType, lang: str, is_reversed: bool) -> None:
    assert f'<html lang="{lang}"{" dir=" if is_reversed else ">"}' in page(module, lang=lang)


def test_a_quick_build_says_so() -> None:
    for module in (slides, handout):
        assert "quick build</p>" in page(module, profile="quick")
        assert "quick build</p>" not in page(module)


def test_a_claim_that_fails_in_a_quick_build_does_not_pass_as_measured() -> None:
    document = sample_notebook(profile="quick")
    claim = next(cell for cell in document.cells if cell.metadata["lectern"]["kind"] == "claim")
    claim.metadata["lectern"]["cell"]["holds"] = False
    for module in (slides, handout):
        assert b"Not so in this quick build" in module.export(Document(document, sample_assets()), ROOT)


def test_the_handout_lists_its_parts_once() -> None:
    text = page(handout)
    assert 'id="agenda"' not in text
    assert 'id="recap"' not in text
    assert text.count('href="#part-a"') == 1


def test_a_slide_that_goes_on_has_one_heading_in_the_handout() -> None:
    document = sample_notebook()
    for cell in document.cells:
        if cell.metadata["lectern"]["slide"] == "still":
            cell.metadata["lectern"]["cell"]["continued"] = True
    text = handout.export(Document(document, sample_assets()), ROOT).decode()
    assert '<a id="still"></a>' in text
    assert "One still picture" not in text


def test_the_notebook_is_valid_and_keeps_outputs_pictures_and_tags() -> None:
    document = nbformat.reads(page(teacher_notebook), as_version=4)
    nbformat.validate(document)
    tags = {tag for cell in document.cells for tag in cell.metadata.get("tags", [])}
    assert tags == {"notes", "solution", "exercise", "quiz", "claim"}
    pictures = [cell for cell in document.cells if "attachments" in cell]
    assert len(pictures) == 4
    assert base64.b64decode(pictures[0]["attachments"]["fig-1.svg"]["image/svg+xml"]).startswith(b"<svg")
    assert [cell["outputs"][0]["output_type"] for cell in document.cells if cell.cell_type == "code"] == [
        "execute_result", "stream", "error",
    ]  # fmt: skip


def test_the_notebooks_ids_are_its_own_and_its_notes_are_marked() -> None:
    cells = json.loads(page(teacher_notebook))["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    spoken = next(cell for cell in cells if SPOKEN in "".join(cell["source"]))
    assert spoken["metadata"]["slideshow"]["slide_type"] == "notes"
    solved = next(cell for cell in cells if SOLVED in "".join(cell["source"]))
    assert solved["metadata"]["tags"] == ["solution"]


def test_a_students_notebook_has_no_note_and_no_solution() -> None:
    text = page(notebook)
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert SPOKEN not in text
    assert SOLVED not in text
    assert '"exercise"' in text


def test_a_solution_for_students_is_folded_on_their_pages_and_tagged() -> None:
    document = sample_notebook()
    for cell in document.cells:
        if cell.metadata["lectern"].get("audience") == "teacher":
            cell.metadata["lectern"]["audience"] = "handout"
    text = handout.export(Document(document, sample_assets()), ROOT).decode()
    assert re.search(
        rf"<details class=\"exercise worked\"[^>]*>\n<summary>Solution</summary>.*{SOLVED}", text, re.DOTALL
    )
    cells = json.loads(notebook.export(Document(document, sample_assets()), ROOT))["cells"]
    (solved,) = [cell for cell in cells if SOLVED in "".join(cell["source"])]
    assert "".join(solved["source"]) == f"<details><summary>Solution</summary>\n\n{SOLVED}\n\n</details>"
    assert solved["metadata"]["tags"] == ["solution"]


def test_the_code_of_a_solution_for_students_is_folded_as_jupyter_folds_cells() -> None:
    document = sample_notebook()
    at = next(place for place, cell in enumerate(document.cells) if cell.source == SOLVED)
    said = {"language": "python", "caption": "", "source_file": "", "highlight": []}
    facts = {"kind": "code", "slide": "", "line": 99, "cell": said}
    document.cells.insert(at, nbformat.v4.new_code_cell("print(26)", metadata={"lectern": facts}))
    for cell in document.cells[at - 1 : at + 3]:
        cell.metadata["lectern"]["audience"] = "handout"
    cells = json.loads(notebook.export(Document(document, sample_assets()), ROOT))["cells"]
    (solved,) = [cell for cell in cells if "print(26)" in "".join(cell["source"])]
    assert solved["metadata"]["jupyter"] == {"source_hidden": True, "outputs_hidden": True}


def test_the_teachers_edition_has_notes_and_solutions_and_says_what_it_is() -> None:
    text = page(teacher)
    assert SPOKEN in text
    assert SOLVED in text
    assert "teacher's edition" in text


def test_exporting_leaves_the_notebook_as_it_was() -> None:
    document = sample_notebook()
    before = json.dumps(document, sort_keys=True)
    for module in (slides, handout, teacher, notebook, teacher_notebook):
        module.export(Document(document, sample_assets()), ROOT)
    assert json.dumps(document, sort_keys=True) == before


def test_fonts_hold_what_the_page_needs_and_mathematics_only_where_there_is_some() -> None:
    plain, with_greek = font_faces("abc"), font_faces("abc Ωβ")
    assert len(plain) < len(with_greek) < 150_000
    assert "STIX" not in plain
    assert "STIX" in font_faces("<math><mi>x</mi></math>")


def test_a_text_that_would_end_its_own_element_is_refused() -> None:
    with pytest.raises(ValueError, match="</script"):
        make_head([], ["document.write('</script>')"])


def test_colour_codes_of_a_terminal_are_not_printed() -> None:
    error = {"output_type": "error", "ename": "E", "evalue": "\x1b[31mred\x1b[0m", "traceback": []}
    assert output_text(error) == "E: red"
    assert output_text({"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]}) == "a\nb"
    assert output_text({"output_type": "display_data", "data": {"image/png": ""}, "metadata": {}}) == ""


@pytest.mark.parametrize(("slot", "minutes"), [(45, "45"), (5, "15"), (None, "15")])
def test_the_speakers_clock_runs_for_the_slot_or_for_the_plan_if_that_is_longer(slot: int | None, minutes: str) -> None:
    text = page(slides, minutes=slot)
    assert f'data-minutes="{minutes}"' in text
    assert text.count("data-timing=") == 4


@pytest.mark.parametrize(
    ("explanation", "answer"),
    [("Because.", "**B.** Because."), ("- one\n- two", "**B.**\n\n- one\n- two"), ("", "**B.**")],
)
def test_an_explanation_stays_what_it_is_behind_its_letter(explanation: str, answer: str) -> None:
    node = nbformat.v4.new_markdown_cell("Why?")
    quiz_in_jupyter.write(node, QuizCell(["a", "b"], 1, explanation), Document(nbformat.v4.new_notebook()))
    assert f"</summary>\n\n{answer}\n\n</details>" in node.source


def test_a_deck_ends_with_the_lectures_own_last_slide() -> None:
    deck = page(slides)
    assert re.findall(r'<section [^>]*id="([^"]*)"', deck)[-1] == "recap"
    assert "mnist_convnet, seed 0, 1, 2" not in deck.split("<main", 1)[1].split("</main>")[0]
