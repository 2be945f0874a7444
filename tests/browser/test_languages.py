"""Pages in German and Hebrew in a browser: their scripts run, and speak the language."""

from pathlib import Path

import pytest
from exploring_lecture import explored_document
from playwright.sync_api import expect
from sample_lecture import sample_assets, sample_notebook
from training_lecture import of_bars, trained_document
from visitor import ROOT, Visitor, violations

from generator.document.tree import Document
from generator.formats import handout, slides
from generator.words import read_catalog, speaking

pytestmark = pytest.mark.browser


def written(folder: Path, lang: str, name: str) -> Path:
    """Return the folder with the pages of a made-up lecture in a language."""
    catalog = read_catalog(lang, ROOT)
    assert catalog is not None
    with speaking(catalog):
        if name == "sample":
            document = Document(sample_notebook(), sample_assets())
        elif name == "trained":
            document = trained_document(folder / "project", *of_bars())
        else:
            document = explored_document(folder / "project")
        document.notebook.metadata["lectern"]["lang"] = lang
        for module in (slides, handout):
            (folder / module.FORMAT.file_name).write_bytes(module.export(document, ROOT))
    return folder


@pytest.mark.parametrize("lang", ["de", "he"])
@pytest.mark.parametrize("name", ["sample", "trained", "explored"])
def test_all_scripts_run_in_another_language(tmp_path: Path, visitor: Visitor, name: str, lang: str) -> None:
    folder = written(tmp_path, lang, name)
    for page in ("slides.html", "handout.html"):
        opened = visitor.open(folder / page, bypass_csp=True)
        opened.evaluate((ROOT / "setup" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
        assert violations(opened) == []
    assert visitor.complaints == []


def test_widgets_speak_german(tmp_path: Path, visitor: Visitor) -> None:
    explored = visitor.open(written(tmp_path, "de", "explored") / "handout.html")
    expect(explored.locator(".conv-says")).to_contain_text("Ausgabe, Zeile 3, Spalte 3: ")
    expect(explored.locator(".conv-says")).to_contain_text(
        "Zeilen: ⌊(8 − 3) ÷ 2⌋ + 1 = 3, und 1 Zeile in keinem Fenster."
    )
    explored.get_by_role("radio", name="same").check()
    expect(explored.locator(".conv-says")).to_contain_text("Zeilen: ⌈8 ÷ 2⌉ = 4.")
    expect(explored.locator(".pool-says")).to_contain_text(" das Maximum, das Mittel ")
    assert explored.locator("[aria-label='Vergrößern: Abbildung 1']").count() == 1  # of the still, hidden meanwhile


def test_a_training_speaks_german_with_its_numbers(tmp_path: Path, visitor: Visitor) -> None:
    page = visitor.open(written(tmp_path, "de", "trained") / "handout.html")
    says = page.locator(".train-says")
    expect(says).to_contain_text("Die Gewichte sind zufällig: Der Verlust ist ")
    page.get_by_role("button", name="Trainieren", exact=True).click()
    expect(says).to_contain_text("Durchgang 3 von 3: ")
    assert "." not in says.inner_text().split("Verlust auf den zurückgehaltenen ")[1].split()[0].rstrip(".")


def test_a_page_in_hebrew_runs_from_right_to_left(tmp_path: Path, visitor: Visitor) -> None:
    page = visitor.open(written(tmp_path, "he", "sample") / "handout.html")
    assert page.evaluate("() => document.documentElement.dir") == "rtl"
    toc, text = (page.locator(name).bounding_box() for name in (".toc", "main"))
    assert toc
    assert text
    assert toc["x"] > text["x"]
    assert page.locator("pre.listing").first.evaluate("element => getComputedStyle(element).direction") == "ltr"
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 1280
