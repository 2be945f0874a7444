"""What a deck takes of reveal.js: the rules that can hold in it, and the speaker view without a Markdown parser."""

from pathlib import Path

import pytest

from generator.errors import PageError
from generator.html.head import squeeze_script, squeeze_styles
from generator.html.reveal import lean_styles, read_reveal

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        (".reveal .slides{a:b}", ".reveal .slides{a:b}"),
        (".reveal .slides>section:not(.present),.reveal .slides>section>section:not(.present){display:none}",
         ".reveal .slides>section:not(.present){display:none}"),
        (".reveal .fragment.grow{a:b}.reveal .fragment.visible{c:d}", ".reveal .fragment.visible{c:d}"),
        ("@media print{html:not(.print-pdf) h1{a:b}}", ""),
        ("@media print{.reveal .roll{a:b}.reveal a{c:d}}", "@media print{.reveal a{c:d}}"),
        ("@keyframes x{0%{a:b}to{c:d}}", "@keyframes x{0%{a:b}to{c:d}}"),
        (".reveal.none .slides section:not([data-transition]){a:b}", ".reveal.none .slides section:not([data-transition]){a:b}"),
        ("/* .reveal{ */.a{b:c}", ".a{b:c}"),
    ],
)  # fmt: skip
def test_only_rules_that_can_hold_stay(rule: str, kept: str) -> None:
    assert lean_styles(rule) == kept


def test_the_speaker_view_comes_without_a_markdown_parser() -> None:
    presenter = read_reveal(ROOT)
    notes = presenter.scripts[1]
    assert "RevealNotes" in notes
    assert "codeRemoveIndent" not in notes
    assert len(presenter.view_scripts) == 1
    assert all(script in notes.replace("\\`", "`").replace("\\\\", "\\") for script in presenter.view_scripts)


def test_another_speaker_view_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "generator").mkdir()  # so that it is its own library
    folder = tmp_path / "setup" / "node_modules" / "reveal.js" / "dist"
    (folder / "plugin").mkdir(parents=True)
    for name in ("reset.css", "reveal.css", "reveal.js", "plugin/notes.js"):
        (folder / name).write_text("other")
    with pytest.raises(PageError, match="another notes plugin"):
        read_reveal(tmp_path)


@pytest.mark.parametrize(
    ("styles", "squeezed"),
    [
        (".a { color: red; }\n/* why */\n.b > i, .c { margin: 0 auto; }", ".a{color:red}.b>i,.c{margin:0 auto}"),
        ('.a::before { content: "a: {b;  c}"; }', '.a::before{content:"a: {b;  c}"}'),
        ("@media (prefers-color-scheme: dark) { a { b: calc(1px + 2em); } }", "@media (prefers-color-scheme: dark){a{b:calc(1px + 2em)}}"),
        ('[dir="rtl"] :is(h1, h2) + p { a: b }', '[dir="rtl"] :is(h1,h2) + p{a:b}'),
    ],
)  # fmt: skip
def test_styles_lose_only_what_means_nothing(styles: str, squeezed: str) -> None:
    assert squeeze_styles(styles) == squeezed


def test_a_script_loses_its_comments_and_its_indentation() -> None:
    script = "// why\nfunction f() {\n  // because\n\n  return 'a // b'; // c\n}\n"
    assert squeeze_script(script) == "function f() {\nreturn 'a // b'; // c\n}\n"
