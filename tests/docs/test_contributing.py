"""The program text in CONTRIBUTING.md is that of files, which the tests build; `make golden` writes it anew."""

import ast
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "CONTRIBUTING.md"
SHOWN = re.compile(r"(\]\((examples/[^)]+\.py)\):\n\n```python\n)(.*?)(```\n)", re.DOTALL)
FILES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "examples" / "smallest").rglob("*.py"))


def as_shown(text: str) -> str:
    """Return the page with the files of now in it."""
    return SHOWN.sub(lambda found: f"{found[1]}{(ROOT / found[2]).read_text(encoding='utf-8')}{found[4]}", text)


def lines_of_code(path: Path) -> int:
    """Return how many lines of a file are neither empty nor a docstring, which here has one line."""
    text = path.read_text(encoding="utf-8")
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Module | ast.FunctionDef)]
    return sum(bool(line.strip()) for line in text.split("\n")) - sum(
        ast.get_docstring(node) is not None for node in nodes
    )


def test_what_is_shown_is_what_the_files_have() -> None:
    if os.environ.get("GOLDEN") == "write":
        PAGE.write_text(as_shown(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    assert as_shown(text) == text


def test_every_program_on_the_page_is_a_file_and_every_file_is_shown() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count("```python\n") == len(SHOWN.findall(text))
    assert sorted(found[1] for found in SHOWN.findall(text)) == FILES
    assert len(FILES) == 3


@pytest.mark.parametrize("name", FILES)
def test_an_experiment_a_kind_and_a_film_take_25_lines_each(name: str) -> None:
    assert lines_of_code(ROOT / name) <= 25
