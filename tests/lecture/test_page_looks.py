"""A course has a logo, a footer, a license, a closing slide and fonts of its own, and is told what is wrong with them."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from generator.errors import SourceError
from generator.lecture.included_files import IncludedFiles
from generator.lecture.looks import read_looks
from generator.theme import FONT_FOLDER

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 20"><rect width="9" height="9"/></svg>'
FONT = "IBMPlexSans-Regular.ttf"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return the folder of a course with logos and fonts, good and bad."""
    (tmp_path / "logo.svg").write_text(SVG.format(width=60))
    (tmp_path / "wide.svg").write_text(SVG.format(width=200))
    (tmp_path / "sizeless.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "torn.svg").write_text(SVG.format(width=60)[:40])
    (tmp_path / "own.ttf").write_bytes((FONT_FOLDER / FONT).read_bytes())
    (tmp_path / "torn.ttf").write_bytes((FONT_FOLDER / FONT).read_bytes()[:200])
    font = TTFont(FONT_FOLDER / FONT)
    font["OS/2"].fsType = 2
    font.save(tmp_path / "barred.ttf")
    return tmp_path


def test_a_course_without_the_tables_has_nothing_of_its_own(tmp_path: Path) -> None:
    looks = read_looks(tmp_path)
    assert (looks.footer, looks.license, looks.closing, looks.logo, dict(looks.fonts)) == ("", "", "", None, {})


def test_what_the_tables_say_is_read_and_its_files_are_known(course: Path) -> None:
    (course / "theme.toml").write_text(
        '[page]\nfooter = " Optics "\nlicense = "CC BY 4.0"\nclosing = "Thanks"\nlogo = "logo.svg"\nlogo_alt = "Optics"\n'
        '[fonts]\ntext = "own.ttf"\n'
    )
    files = IncludedFiles(course)
    looks = read_looks(course, files)
    assert (looks.footer, looks.license, looks.closing) == ("Optics", "CC BY 4.0", "Thanks")
    assert looks.logo is not None
    assert (looks.logo.ratio, looks.logo.alt, looks.logo.dark) == (3, "Optics", "")
    assert looks.fonts == {"text": course / "own.ttf"}
    assert {Path(name).name for name in files.states} == {"logo.svg", "own.ttf"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[page]\nfoter = "x"\n', "theme.toml:2: a page has no 'foter'\nhint: did you mean 'footer'?"),
        ("[page]\nfooter = 3\n", "theme.toml:2: 'footer' is one line of text, not 3"),
        ('[page]\nclosing = ""\n', "theme.toml:2: 'closing' is one line of text, not ''"),
        (f'[page]\nfooter = "{"x" * 61}"\n', "theme.toml:2: 'footer' has 61 characters, and there is room for 60"),
        ("page = 1\n", "theme.toml:1: [page] is a table"),
        ('[page]\nlogo = "logo.svg"\n', "theme.toml:2: the logo has no words for who cannot see it"),
        ('[page]\nlogo_dark = "logo.svg"\n', "theme.toml:2: there is 'logo_dark', and no 'logo'"),
        ('[page]\nlogo = "lego.svg"\nlogo_alt = "x"\n', "theme.toml:2: there is no file 'lego.svg'\nhint: did you mean 'logo.svg'?"),
        ('[page]\nlogo_alt = "x"\nlogo = "torn.svg"\n', "theme.toml:3: the image 'torn.svg' is damaged"),
        ('[page]\nlogo = "wide.svg"\nlogo_alt = "x"\n', "theme.toml:2: the logo is 10 times as wide as high"),
        ('[page]\nlogo = "sizeless.svg"\nlogo_alt = "x"\n', "theme.toml:2: 'sizeless.svg' does not say how large it is"),
        ('[page]\nlogo = "logo.gif"\nlogo_alt = "x"\n', "theme.toml:2: 'logo.gif' is no logo"),
        ('[fonts]\ntext = "torn.ttf"\n', "theme.toml:2: the font 'torn.ttf' cannot be read"),
        ('[fonts]\ntext = "barred.ttf"\n', "theme.toml:2: the font 'barred.ttf' says that it must not be embedded"),
        ('[fonts]\ntext = "none.ttf"\n', "theme.toml:2: there is no file 'none.ttf'"),
        ('[fonts]\ntext = "../own.ttf"\n', "theme.toml:2: '../own.ttf' lies outside the project"),
        ('[fonts]\ntext = "logo.svg"\n', "theme.toml:2: 'logo.svg' is no file of a font"),
        ('[fonts]\nbold = "own.ttf"\n', "theme.toml:2: there is a font 'bold', and no 'text'\nhint: add text = …"),
        ('[fonts]\ntextt = "own.ttf"\n', "theme.toml:2: there is no cut 'textt' of a font\nhint: did you mean 'text'?"),
        ("fonts = 1\n", "theme.toml:1: [fonts] is a table"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_line(course: Path, text: str, message: str) -> None:
    (course / "theme.toml").write_text(text)
    with pytest.raises(SourceError) as caught:
        read_looks(course)
    assert str(caught.value).startswith(message)
