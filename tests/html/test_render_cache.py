"""What a lecture's texts became as HTML is kept for its next build, where only a text that changed is rendered."""

from pathlib import Path

import pytest

from generator.html import markdown
from generator.html.markdown import render_cache

TEXTS = ("A *window* of pixels", "A stride of $2$")


def pages(project: Path, texts: tuple[str, ...] = TEXTS, lecture: str = "pooling") -> list[str]:
    """Return what a build of a lecture's pages makes of its texts."""
    with render_cache(project, lecture):
        return [markdown.render(text) for text in texts]


@pytest.fixture
def cleaned(monkeypatch) -> list[str]:
    """Return a list that gets all that is cleaned from now on: what is rendered."""
    seen: list[str] = []
    clean = markdown.clean
    monkeypatch.setattr(markdown, "clean", lambda markup: seen.append(markup) or clean(markup))
    return seen


def test_the_next_build_renders_nothing_and_says_the_same(tmp_path, cleaned):
    before = pages(tmp_path)
    cleaned.clear()
    assert pages(tmp_path) == before
    assert cleaned == []


def test_an_edited_text_alone_is_rendered(tmp_path, cleaned):
    pages(tmp_path)
    cleaned.clear()
    assert pages(tmp_path, (TEXTS[0], "Three"))[1] == "<p>Three</p>\n"
    assert cleaned == ["<p>Three</p>\n"]


def test_a_text_that_two_pages_share_is_rendered_once(tmp_path, cleaned):
    pages(tmp_path, (TEXTS[0], TEXTS[0]))
    assert len(cleaned) == 1


def test_the_same_text_under_another_heading_is_another(tmp_path):
    with render_cache(tmp_path, "pooling"):
        assert markdown.render("### A", heading=3) != markdown.render("### A", heading=4)


def test_what_no_page_says_any_more_is_not_kept(tmp_path, cleaned):
    pages(tmp_path)
    pages(tmp_path, TEXTS[:1])
    cleaned.clear()
    pages(tmp_path)
    assert len(cleaned) == 1


@pytest.mark.parametrize("change", ["engine", "library", "damage"])
def test_it_is_rendered_anew_when_in_doubt(tmp_path, cleaned, monkeypatch, change):
    before = pages(tmp_path)
    cleaned.clear()
    if change == "engine":
        monkeypatch.setattr(markdown, "digest_of_modules", lambda *names: "another")
    elif change == "library":
        monkeypatch.setattr(markdown, "installed_version", lambda name: "99")
    else:
        path = tmp_path / ".lectern" / "cache" / "rendered" / "pooling"
        path.write_bytes(path.read_bytes()[:-1])
    assert pages(tmp_path) == before
    assert len(cleaned) == len(TEXTS)


def test_a_page_that_cannot_be_made_leaves_what_was_kept(tmp_path, cleaned):
    pages(tmp_path)
    with pytest.raises(ZeroDivisionError), render_cache(tmp_path, "pooling"):
        raise ZeroDivisionError
    cleaned.clear()
    pages(tmp_path)
    assert cleaned == []
