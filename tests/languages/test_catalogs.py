"""The catalogs of languages: complete, with what pages fill in, and told at their line where they are not."""

import tomllib
from pathlib import Path

import pytest
from texts_said import texts_said

from generator.errors import SourceError
from generator.html.reveal import read_reveal
from generator.words import braces_of, pattern_of, read_catalog, say, say_date, say_file, say_number, speaking

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "generator" / "languages"
LANGUAGES = ("de", "he")


def load(name: str) -> dict:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def source_of(name: str) -> str:
    if name.startswith("reveal.js/"):
        return read_reveal(ROOT).scripts[name.endswith("notes.js")]
    places = (ROOT / "generator" / "html" / "templates" / name, ROOT / "generator" / "directives" / name)
    return next(path for path in places if path.is_file()).read_text(encoding="utf-8")


def own(folder: Path, text: str, lang: str = "de") -> SourceError:
    """Return the error for a file of a course with this text."""
    (folder / "languages").mkdir()
    (folder / "languages" / f"{lang}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_catalog(lang, folder)
    return caught.value


def test_the_list_has_what_pages_say_and_nothing_else() -> None:
    english = load("en")
    assert set(english["words"]) == texts_said()
    assert all(
        key == text
        for table in (english["words"], english["figures"], *english["files"].values())
        for key, text in table.items()
    )


def test_each_text_of_a_script_stands_in_it() -> None:
    lost = [
        (name, key)
        for name, texts in load("en")["files"].items()
        for key in texts
        if not pattern_of(key).search(source_of(name))
    ]
    assert lost == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_that_comes_along_has_all_texts_with_what_they_fill_in(lang: str) -> None:
    found, english = load(lang), load("en")
    assert found["words"].keys() == english["words"].keys()
    assert {name: set(texts) for name, texts in found["files"].items()} == {
        name: set(texts) for name, texts in english["files"].items()
    }
    assert found["figures"].keys() == english["figures"].keys()
    assert [key for key, text in found["words"].items() if braces_of(key) != braces_of(text)] == []
    assert [key for key, text in found["figures"].items() if braces_of(text) - braces_of(key)] == []
    unknown = [
        key for texts in found["files"].values() for key, text in texts.items() if braces_of(text) - braces_of(key)
    ]
    assert unknown == []
    assert len(found["language"]["months"]) == 12


def test_a_language_of_a_course_is_told_each_word_that_it_lacks(tmp_path: Path) -> None:
    error = own(tmp_path, '[words]\n"Answer" = "Réponse"\n', "fr")
    told = [error, *error.others]
    english = load("en")
    assert len(told) == len(english["words"]) - 1 + len(english["figures"]) + sum(map(len, english["files"].values()))
    assert str(told[0]).startswith("languages/fr.toml: this language lacks '")
    assert any("lacks 'Figure {number}.'" in str(each) for each in told)
    assert not any("lacks 'Answer'" in str(each) for each in told)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[words]\n"Anwser" = "A"\n', "languages/de.toml:2: no page says 'Anwser'\nhint: did you mean 'Answer'?"),
        ('[words]\n\n"Figure {number}." = "Bild."\n', "languages/de.toml:3: 'Bild.' fills in other things than"),
        ('[words]\n"Answer" = ""\n', "languages/de.toml:2: 'Answer' has no words"),
        ('[words]\n"Answer" = 3\n', "languages/de.toml:2: 'Answer' has no words"),
        ('[wörds]\n"Answer" = "A"\n', "languages/de.toml"),
        ("[language]\ndecimel = ','\n", "languages/de.toml:2: a language has no 'decimel'\nhint: did you mean 'decimal'?"),
        ("[language]\nmonths = ['a']\n", "languages/de.toml:2: 'months' are twelve texts"),
        ("[language]\ndate = '{tag}'\n", "languages/de.toml:2: '{tag}' is no form of a date"),
        ('[files."handout/stag.js"]\n"Enlarge " = "X"\n', "languages/de.toml:1: 'handout/stag.js' is no table of texts"),
        ('[files."handout/stage.js"]\n"Enlarge {1}" = "{2}"\n', "languages/de.toml:2: '{2}' fills in other things than"),
        ("[words\n", "languages/de.toml:1: not TOML"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_line(tmp_path: Path, text: str, message: str) -> None:
    assert str(own(tmp_path, text)).startswith(message)


def test_a_course_words_one_text_anew_and_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "de.toml").write_text('[words]\n"Handout" = "Handzettel"\n')
    catalog = read_catalog("de-AT", tmp_path)
    assert catalog is not None
    with speaking(catalog):
        assert (say("Handout"), say("Slides"), say("Figure {number}.", number=3)) == (
            "Handzettel",
            "Folien",
            "Abbildung 3.",
        )
    assert say("Handout") == "Handout"


def test_nobody_has_written_a_language_that_there_is_not(tmp_path: Path) -> None:
    assert read_catalog("tlh", tmp_path) is None
    assert read_catalog("../en", tmp_path) is None


@pytest.mark.parametrize(
    ("english", "german"),
    [("1,234.5", "1.234,5"), ("0.98", "0,98"), ("12,000,000", "12.000.000"), ("[1, 2]", "[1, 2]"), ("−3.0e-05", "−3,0e-05")],
)  # fmt: skip
def test_numbers_have_the_signs_of_the_language(tmp_path: Path, english: str, german: str) -> None:
    assert say_number(english) == english
    with speaking(read_catalog("de", tmp_path)):  # type: ignore[arg-type]
        assert say_number(english) == german


def test_dates_are_written_out_and_other_texts_stay(tmp_path: Path) -> None:
    with speaking(read_catalog("de", tmp_path)):  # type: ignore[arg-type]
        said = [say_date(text) for text in ("2026-03-01", "Frühling 2026", "2026-13-01")]
    assert said == ["1. März 2026", "Frühling 2026", "2026-13-01"]
    assert say_date("2026-03-01") == "2026-03-01"


def test_a_quote_in_a_text_does_not_end_the_text_of_a_script(tmp_path: Path) -> None:
    (tmp_path / "languages").mkdir()
    words = '[files."slides/upright.js"]\n"Answer" = "L\'\\"`"\n'
    (tmp_path / "languages" / "de.toml").write_text(words)
    with speaking(read_catalog("de", tmp_path)):  # type: ignore[arg-type]
        said = say_file("slides/upright.js", 'f("Answer", \'Answer\', `Answer`, "Answers")')
    assert said == 'f("L\'”`", \'L’"`\', `L\'"‘`, "Answers")'
