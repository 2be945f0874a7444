"""One lecture of six slides for three tools: read as Lectern's text, written as a notebook for nbconvert and for Marp.

What Lectern computed of it, its picture and what its code printed, is handed to the others, so that all show the same.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode

TEXT = (Path(__file__).parent / "peers" / "lecture.md").read_text(encoding="utf-8")
PICTURE = "still.svg"
DIRECTIVE = re.compile(r"^:::\{(\w+)\}[^\n]*\n(.*?)\n:::$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Computed:
    """What a tool without figures has to be given: the picture, words for it, and what the code printed."""

    picture: bytes
    alt: str
    printed: str


def read_computed(notebook: Path) -> Computed:
    """Return what Lectern computed of the lecture, from the notebook that it built."""
    cells = nbformat.read(notebook, as_version=4).cells
    drawn = next(cell for cell in cells if cell.get("attachments"))
    (attached,) = drawn.attachments.values()
    alt = re.search(r"!\[(.*)\]\(", drawn.source, re.DOTALL)
    assert alt, "the picture has no words"
    printed = next(cell.outputs[0].text for cell in cells if cell.cell_type == "code")
    return Computed(b64decode(attached["image/svg+xml"]), alt[1], printed)


def read_slides(text: str) -> list[list[tuple[str, str]]]:
    """Return the slides of a lecture, the title first, each a list of blocks: prose, code, figure (its caption) or notes."""
    _, front, body = text.split("---\n", 2)
    about = yaml.safe_load(front)
    title = [("prose", f"# {about['title']}\n\n{about['subtitle']}\n\n{about['author']}")]
    return [title, *(read_blocks(part) for part in re.split(r"^(?=## )", body, flags=re.MULTILINE) if part.strip())]


def read_blocks(slide: str) -> list[tuple[str, str]]:
    """Return the blocks of one slide, each with its kind."""
    words = DIRECTIVE.split(slide)  # prose, then by turns a directive's name, its content, and the prose after it
    blocks = [("prose", words[0])]
    for kind, content, prose in zip(words[1::3], words[2::3], words[3::3], strict=True):
        blocks += [(kind, content.split("\n\n")[-1] if kind == "figure" else content), ("prose", prose)]
    return [(kind, content.strip()) for kind, content in blocks if content.strip()]


def write_marp(text: str, computed: Computed) -> str:
    """Return the lecture for Marp, whose picture is the file PICTURE beside it."""
    written = {
        "prose": lambda content: content,
        "code": lambda content: f"```python\n{content}\n```\n\n```text\n{computed.printed}```",
        "figure": lambda content: f"![h:420 {computed.alt}]({PICTURE})\n\n{content}",
        "notes": lambda content: f"<!--\n{content}\n-->",
    }
    slides = ["\n\n".join(written[kind](content) for kind, content in slide) for slide in read_slides(text)]
    return "---\nmarp: true\n---\n\n" + "\n\n---\n\n".join(slides) + "\n"


def write_notebook(text: str, computed: Computed) -> str:
    """Return the lecture as a notebook whose code has run, with the cells' types that nbconvert's slides ask for."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"display_name": "Python 3", "name": "python3"}})
    for slide in read_slides(text):
        for position, (kind, content) in enumerate(slide):
            cell = write_cell(kind, content, computed)
            slide_type = "notes" if kind == "notes" else "-" if position else "slide"
            cell.metadata["slideshow"] = {"slide_type": slide_type}
            cell["id"] = f"cell-{len(notebook.cells)}"
            notebook.cells.append(cell)
    return str(nbformat.writes(notebook))


def write_cell(kind: str, content: str, computed: Computed) -> NotebookNode:
    """Return the cell of one block."""
    if kind == "code":
        printed = nbformat.v4.new_output("stream", name="stdout", text=computed.printed)
        return nbformat.v4.new_code_cell(content, outputs=[printed], execution_count=1)
    if kind == "figure":
        attached = {PICTURE: {"image/svg+xml": b64encode(computed.picture).decode()}}
        source = f"![{computed.alt}](attachment:{PICTURE})\n\n{content}"
        return nbformat.v4.new_markdown_cell(source, attachments=attached)
    return nbformat.v4.new_markdown_cell(content)
