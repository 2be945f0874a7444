"""Pages in German and Hebrew say nothing in English of themselves, in no format."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pptx
import pytest
from asking_lecture import asking_document
from bs4 import BeautifulSoup
from exploring_lecture import explored_document
from sample_lecture import sample_assets, sample_notebook
from training_lecture import of_bars, trained_document
from varying_lecture import TEXT as VARYING
from varying_lecture import compose_text

from generator.commands.build import build_course
from generator.document.tree import Document
from generator.formats import handout, notebook, powerpoint, slides, teacher, teacher_notebook
from generator.formats.slides_pdf import PrintedSlidesExporter
from generator.html.exporter import export_page
from generator.words import braces_of, read_catalog, speaking

ROOT = Path(__file__).parents[2]
SHOWN = ("aria-label", "aria-description", "aria-valuetext", "title", "alt", "data-label")
UNSAID = {"provenance": [], "rule_of_verdicts": ""}  # what the made-up lectures have written there
MAKERS: dict[str, Callable[[Path], Document]] = {
    "sample": lambda _: Document(sample_notebook(profile="quick"), sample_assets()),
    "asking": lambda _: asking_document(),
    "explored": lambda folder: explored_document(folder / "project"),
    "trained": lambda folder: trained_document(folder / "project", *of_bars()),
    "varying": lambda folder: compose_text(VARYING, folder),
}


def texts_of(page: str) -> Iterator[str]:
    """Yield what a page says: its texts and its labels, but for what it marks as English, and drawings."""
    soup = BeautifulSoup(page, "html.parser")
    for element in soup.select("script, style, .drawing text, .bank, [lang=en] *"):
        element.decompose()
    for element in soup.find_all(True):
        if element.get("lang") != "en" or element.name == "html":
            yield from (str(element[name]) for name in SHOWN if element.get(name))
            yield from (str(text).strip() for text in element.find_all(string=True, recursive=False) if text.strip())


def phrases(lang: str) -> re.Pattern[str]:
    """Return the pattern of every text that the language says in another way than English."""
    words = tomllib.loads((ROOT / "generator" / "languages" / f"{lang}.toml").read_text(encoding="utf-8"))["words"]
    keys = [key for key, text in words.items() if text != key and re.search("[A-Za-z]", re.sub(r"\{\w+\}", "", key))]
    parts = [".+".join(map(re.escape, re.split(r"\{\w+\}", key))) for key in keys if key.strip() == key]
    return re.compile("|".join(sorted(parts, key=len, reverse=True)))


def in_english(texts: Iterator[str], lang: str, document: Document) -> list[str]:
    """Return the texts that are ours and in English, and stand in no cell: made-up lectures were composed in English."""
    found, written = phrases(lang), json.dumps(document.notebook, ensure_ascii=False)
    return [
        text for text in texts if found.fullmatch(text) and json.dumps(text, ensure_ascii=False)[1:-1] not in written
    ]


@pytest.mark.parametrize(("name", "lang"), [*((name, "de") for name in MAKERS), ("sample", "he")])
def test_no_page_says_anything_in_english_of_itself(tmp_path: Path, name: str, lang: str) -> None:
    catalog = read_catalog(lang, ROOT)
    assert catalog is not None
    with speaking(catalog):
        document = MAKERS[name](tmp_path)
        document.notebook.metadata["lectern"] |= {"lang": lang, **UNSAID}
        pages = [module.export(document, ROOT).decode() for module in (slides, handout, teacher)]
        pages.append(export_page(PrintedSlidesExporter, document, ROOT).decode())
    assert [in_english(texts_of(page), lang, document) for page in pages] == [[], [], [], []]
    assert ('lang="en"' in pages[1]) == (name == "trained")  # whose kind says in English what it shows


def test_notebooks_and_presentations_say_nothing_in_english_of_themselves() -> None:
    catalog = read_catalog("de", ROOT)
    assert catalog is not None
    with speaking(catalog):
        document = Document(sample_notebook(profile="quick", lang="de", **UNSAID), sample_assets())
        notebooks = [json.loads(module.export(document, ROOT)) for module in (notebook, teacher_notebook)]
        deck = pptx.Presentation(BytesIO(powerpoint.export(document, ROOT)))
    sources = [line.strip("#*- \n") for each in notebooks for cell in each["cells"] for line in cell["source"]]
    assert in_english(iter(sources), "de", document) == []
    assert any("**Abbildung 1.**" in line for each in notebooks for cell in each["cells"] for line in cell["source"])
    shapes = [shape for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide]
    words = [*(line for shape in shapes for line in shape.text_frame.text.split("\n")), *"\n".join(notes).split("\n")]
    assert in_english(iter(words), "de", document) == []
    assert "schnelle Fassung" in words


LECTURE = """## Wort Wort

:::{agenda}
:::

# Wort Ort

Wort {term}`Schritt`, {ref}`net`, {ref}`bild`. {value}`net.accuracy:.3f` und {value}`net.accuracy:percent1`,
{value}`net.accuracy > 0.905`, {value}`net.accuracy > 0`, {value}`net.epochs * 1000`.

## Bild Bild

:::{figure} mark
:name: bild
:number: 0.5
:alt: Ein Bild.

Ein Bild.
:::

$$ a = b $$ (eins)

Wort {ref}`eins`.

## Satz Satz

:::{claim} net.accuracy > 0.5
Wort {value}`net.accuracy`.
:::

:::{quiz} Wort?

- [ ] Satz
- [x] Brot

Wort.
:::

:::{notes}
Wort

. . .

Satz
:::

## Ort Ort

:::::{exercise}
Wort

::::{solution}
:students: yes
Satz
::::
:::::

| Wort | Satz |
|:--|:--|
| 1 | 2 |

:::{code}
1 + 1
:::

:::{embed} https://example.org
Ort
:::

## Frage Frage

:::{figure} mark
:number: 0.25
:ask: Wort?
:alt: Noch ein Bild.
:choices: Wort | Ort

Ein Bild.
:::

:::{recap}
:::

# Mehr {appendix=yes}

## Wort Bild

Wort.
"""


def test_a_lecture_in_german_has_no_english_word_of_ours(write_lecture, full_project, capsys) -> None:
    front = "lang: de\ndate: 2026-03-01\nminutes: 45\nexperiments:\n  net: {recipe: toss, seeds: 3}\n"
    (full_project / "lectures" / "glossary.md").write_text("Schritt\n: Ein Ort.\n")
    write_lecture(LECTURE, front)
    code = build_course(str(full_project))
    assert (code, capsys.readouterr().err) == (0, "")
    words = tomllib.loads((ROOT / "generator" / "languages" / "de.toml").read_text(encoding="utf-8"))["words"]
    english = set(re.findall("[A-Za-z]{3,}", " ".join(key for key, text in words.items() if key != text)))
    german = set(re.findall("[A-Za-z]{3,}", " ".join(words.values())))
    pages = [full_project / "build" / "sample" / f"{name}.html" for name in ("slides", "handout", "teacher")]
    for path in pages:
        texts = " ".join(texts_of(path.read_text(encoding="utf-8")))
        found = {word for word in re.findall(r"(?<!\w)[A-Za-z]{3,}(?!\w)", texts) if word in english - german}
        assert found <= {"toss", "example"}
    text = pages[1].read_text(encoding="utf-8")
    assert '<html lang="de">' in text
    assert "1. März 2026" in text
    for said in (
        "0,910",
        "91,0\u202f%",
        ">ja<",
        "5.000",
        "Gemessen mit 3 Startwerten",
        "Abbildung 1",
    ):
        assert said in text
    assert 'lang="en"' not in text


def test_the_language_of_a_course_is_that_of_lectures_that_name_none(write_lecture, full_project, capsys) -> None:
    course = full_project / "lectures" / "course.toml"
    course.write_text('title = "Kurs"\nlectures = []\nlang = "de"\n')
    write_lecture("## Wort Ort\n\nWort.\n")
    write_lecture("## Word place\n\nWord.\n", "lang: en\n", "other")
    assert build_course(str(full_project)) == 0
    pages = {name: (full_project / "build" / name / "handout.html").read_text() for name in ("sample", "other")}
    assert ("Zum Text springen" in pages["sample"], "Skip to the text" in pages["other"]) == (True, True)
    assert "2 Vorlesungen" in (full_project / "build" / "index.html").read_text()


def test_a_language_that_nobody_has_written_is_a_warning_at_its_line(write_lecture, full_project, capsys) -> None:
    write_lecture("## Mot mot\n\n:::{figure} mark\n:number: 1\n\nMot.\n:::\n", "lang: fr\n")
    assert build_course(str(full_project)) == 0
    said = capsys.readouterr()
    assert (
        "lectures/sample.md:3: nobody has written what pages say in 'fr': they say it in English" in said.err + said.out
    )
    assert 'lang="en"' in (full_project / "build" / "sample" / "handout.html").read_text()


def test_figures_that_speak_english_are_noted_once_in_a_lecture(write_lecture, full_project, capsys) -> None:
    figure = ":::{figure} mark\n:number: 1\n\nWort.\n:::\n"
    write_lecture(f"## Wort Ort\n\n{figure}\n## Ort Wort\n\n{figure}", "lang: de\n")
    assert build_course(str(full_project)) == 0
    said = capsys.readouterr()
    assert (said.out + said.err).count("what this figure says of itself") == 1
    assert "lectures/sample.md:7: what this figure says of itself" in said.out + said.err


def test_words_that_a_language_lacks_stop_its_lecture_and_no_other(write_lecture, full_project, capsys) -> None:
    (full_project / "languages").mkdir()
    (full_project / "languages" / "fr.toml").write_text('[words]\n"Answer" = "Réponse"\n')
    write_lecture("## Mot mot\n\nMot.\n", "lang: fr\n")
    write_lecture("## Word place\n\nWord.\n", name="other")
    assert build_course(str(full_project)) == 1
    assert "languages/fr.toml: this language lacks 'Figure {number}.'" in capsys.readouterr().err
    assert (full_project / "build" / "other" / "handout.html").is_file()


def test_one_text_cannot_stand_for_all_states_of_a_figure(write_lecture, full_project, capsys) -> None:
    write_lecture("## A b\n\n:::{figure} mark\n:alt: Words.\n:vary: number = 0, 1\n\nA.\n:::\n")
    assert build_course(str(full_project)) == 1
    assert "lectures/sample.md:7: one ':alt:' cannot stand for all states" in capsys.readouterr().err


def test_a_presentation_in_hebrew_has_paragraphs_from_right_to_left() -> None:
    document = Document(sample_notebook(lang="he"), sample_assets())
    deck = pptx.Presentation(BytesIO(powerpoint.export(document, ROOT)))
    titles = [paragraph._p.pPr for slide in deck.slides for paragraph in slide.shapes.title.text_frame.paragraphs]
    assert {(found.get("rtl"), found.get("algn")) for found in titles} == {("1", "r")}


def test_every_text_with_braces_can_be_found_by_its_words() -> None:
    english = tomllib.loads((ROOT / "generator" / "languages" / "en.toml").read_text(encoding="utf-8"))["words"]
    assert [key for key in english if braces_of(key) and not re.search(r"\w", re.sub(r"\{\w+\}", "", key))] == [
        key for key in english if key == "“{slide}”"
    ]
