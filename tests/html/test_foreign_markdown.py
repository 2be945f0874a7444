"""No word of what others have written in Markdown is lost: it is on the page as CommonMark has it, or it is refused."""

import re
from email import message_from_string
from importlib.metadata import distributions
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from generator.errors import PageError
from generator.html.markdown import render
from generator.lecture.faults import find_faults

ROOT = Path(__file__).parents[2]
WORD = re.compile(r"[^\W_]+")
PLAIN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OWN = re.compile(
    r"\$|\\[(\[]|\[\^|\{\w+\}`|^\s*[-*+] \[[ xX]\]|^: |^~ ", re.MULTILINE
)  # what CommonMark has not, and we have


def written_by_others() -> dict[str, str]:
    """Return the Markdown that comes with the packages that are installed, by name."""
    found = {}
    for package in distributions():
        about = message_from_string(package.read_text("METADATA") or "")
        if "markdown" in str(about.get("Description-Content-Type", "")):
            found[package.name] = str(about.get_payload())
    for path in sorted((ROOT / "setup" / "node_modules").glob("*/*.md")):
        found[f"{path.parent.name}/{path.name}"] = path.read_text(encoding="utf-8")
    return found


TEXTS = written_by_others()


def blocks_of(text: str) -> list[str]:
    """Return the blocks of a text as they are written, without headings, which begin slides, and HTML."""
    lines = text.split("\n")
    tokens = [token for token in PLAIN.parse(text) if token.level == 0 and token.map and token.nesting >= 0]
    kept = [token for token in tokens if token.type not in ("heading_open", "html_block", "hr")]
    return ["\n".join(lines[slice(*token.map)]) for token in kept if token.map]


def letters_of(html: str) -> str:
    """Return the letters and digits that a page shows: the colors of code cut words into pieces."""
    return "".join(WORD.findall(BeautifulSoup(html, "html.parser").get_text()))


def test_there_is_enough_to_read() -> None:
    assert sum(len(blocks_of(text)) for text in TEXTS.values()) > 500


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_word_stands_where_commonmark_has_it_or_its_block_is_refused(name: str) -> None:
    lost = []
    for block in (block for block in blocks_of(TEXTS[name]) if not OWN.search(block)):
        if list(find_faults(block, 1, name)):
            continue
        try:
            ours = letters_of(render(block))
        except PageError:  # an image that is not in the project
            continue
        if ours != letters_of(PLAIN.render(block)):
            lost.append(block)
    assert lost == []
