"""Cut fonts and compiled templates are believed for their bytes alone: whatever is damaged is made anew."""

from pathlib import Path

import pytest
from damage import flip_bit
from jinja2 import DictLoader, Environment

from generator.html import head
from generator.html.template_cache import CompiledTemplates
from generator.theme import FONT_FOLDER

FONT = FONT_FOLDER / "IBMPlexMono-Regular.ttf"


@pytest.fixture
def cut(tmp_path: Path, monkeypatch):
    """Return a function that cuts a font to a few letters, with a cache in `tmp_path`."""
    monkeypatch.setattr(head, "FONT_CACHE", tmp_path)
    return lambda letters="abc": head.cut_font.__wrapped__(FONT, letters)


@pytest.fixture
def uncut(monkeypatch):
    """Let no font be cut any more."""

    def fail(path: Path, characters: str) -> bytes:
        raise AssertionError(f"{path.name} is cut to {characters}")

    return lambda: monkeypatch.setattr(head, "make_font_subset", fail)


def test_a_font_is_cut_once(cut, uncut):
    font = cut()
    uncut()
    assert cut() == font


def test_a_font_with_a_flipped_bit_is_cut_again(cut, tmp_path):
    font = cut()
    (path,) = tmp_path.iterdir()
    for number in (0, 300, 8 * len(font)):
        path.write_bytes(flip_bit(path.read_bytes(), number))
        assert cut() == font


def test_a_font_under_the_name_of_another_is_cut_again(cut, tmp_path):
    font = cut()
    (path,) = tmp_path.iterdir()
    cut("xyz")
    (other,) = {*tmp_path.iterdir()} - {path}
    path.write_bytes(other.read_bytes())
    assert cut() == font


def test_a_font_is_cut_where_nothing_can_be_kept(cut, tmp_path):
    font = cut()
    for path in tmp_path.iterdir():
        path.unlink()
    tmp_path.rmdir()
    tmp_path.write_text("a file")
    assert cut() == font


@pytest.fixture
def write(tmp_path: Path):
    """Return a function that fills a template, whose compiled form it keeps in `tmp_path`."""

    def fill(text: str = "{{ number }} of {{ total }}") -> str:
        environment = Environment(
            loader=DictLoader({"page": text}), bytecode_cache=CompiledTemplates(tmp_path), autoescape=True
        )
        return environment.get_template("page").render(number=711, total=1000)

    return fill


def test_a_compiled_template_is_kept(write, tmp_path):
    write()
    (path,) = tmp_path.iterdir()
    before = path.stat().st_mtime_ns
    assert write() == "711 of 1000"
    assert path.stat().st_mtime_ns == before


def test_a_compiled_template_with_any_flipped_bit_is_compiled_again(write, tmp_path):
    write()
    (path,) = tmp_path.iterdir()
    content = path.read_bytes()
    for number in range(0, 8 * len(content), 97):
        path.write_bytes(flip_bit(content, number))
        assert write() == "711 of 1000"
        assert path.read_bytes() == content


def test_a_template_that_was_edited_is_compiled_again(write):
    assert write() == "711 of 1000"
    assert write("{{ number }}") == "711"
