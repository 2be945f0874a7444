"""The pages of the guide taken apart: fences, examples, tables; and a small project in which all examples are built."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from markdown_it import MarkdownIt
from sample_lecture import film
from sample_project import make_full_project

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "guide"
EXAMPLES = FOLDER / "examples"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block of a page: `language` stands behind its backticks."""

    page: str
    language: str
    text: str
    line: int

    @property
    def name(self) -> str:
        """Return a name for the lecture that it makes."""
        return f"{self.page.replace('-', '_').lower()}_{self.line}"


FENCES = [
    Fence(page, token.info.strip(), token.content, token.map[0] + 1)
    for page, text in PAGES.items()
    for token in MarkdownIt().parse(text)
    if token.type == "fence" and token.map
]


def front_matter() -> str:
    """Return the front matter that short examples leave out, as the guide's first page gives it."""
    return next(fence.text for fence in FENCES if fence.page == "README" and fence.language == "yaml")


def with_front_matter(text: str) -> str:
    """Return an example as a whole lecture."""
    return text if text.startswith("---\n") else f"---\n{front_matter()}---\n\n{text}"


LECTURES = {fence.name: with_front_matter(fence.text) for fence in FENCES if fence.language == "markdown"}


def section(page: str, heading: str) -> str:
    """Return what stands on a page below the heading `## …`, up to the next one; empty where there is none."""
    tokens = MarkdownIt().parse(PAGES[page])
    places = [at for at, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    lines = PAGES[page].splitlines(keepends=True)
    ends = [tokens[at].map[0] for at in places[1:]] + [len(lines)]
    named = {tokens[at + 1].content: (tokens[at].map[1], end) for at, end in zip(places, ends, strict=True)}
    first, last = named.get(heading, (0, 0))
    return "".join(lines[first:last])


def rows(text: str, first: str) -> list[list[str]]:
    """Return the rows of every table in `text` whose first column is headed `first`, cell by cell."""
    tables = re.findall(rf"^\| {re.escape(first)} \|.*\n\|[-:| ]+\n((?:\|.*\n)+)", text + "\n", re.MULTILINE)
    return [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for table in tables for line in table.splitlines()
    ]  # fmt: skip


def make_guide_project(folder: Path) -> Path:
    """Fill `folder` with a project that has the real figures, the guide's own recipes, and ten classes of noise."""
    make_full_project(folder)
    shutil.rmtree(folder / "figures")
    shutil.copytree(ROOT / "figures", folder / "figures", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("glossary.md", "references.bib"):
        shutil.copy(ROOT / "lectures" / name, folder / "lectures")
    for path in EXAMPLES.glob("*.py"):
        has_trace = "\ndef trace(" in path.read_text(encoding="utf-8")
        shutil.copy(path, folder / ("figures" if has_trace else "lectures/experiments"))
    parts = (f"parts/{path.stem}" for path in (ROOT / "lectures" / "experiments" / "parts").glob("*.py"))
    for name in (
        "page_training",
        "training_record",
        "page_values",
        "page_network",
        "page_channels",
        "mnist_convnet",
        "keras_file",
        *parts,
    ):
        copied = folder / "lectures" / "experiments" / f"{name}.py"
        copied.parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "lectures" / "experiments" / f"{name}.py", copied)
    (folder / "lectures" / "shared").mkdir()
    shutil.copy(EXAMPLES / "exercises.md", folder / "lectures" / "shared")
    (folder / "media").mkdir()
    (folder / "media" / "pendulum.mp4").write_bytes(film(1.0))
    (folder / "pictures").mkdir()
    shutil.copy(ROOT / "docs" / "stride.png", folder / "pictures" / "board.png")
    np.savez(folder / "generator" / "datasets" / "mnist.npz", **draw_classes())
    return folder


def draw_classes() -> dict[str, np.ndarray]:
    """Return a small data set: a picture for each of ten classes, under so much noise that more images help."""
    random = np.random.default_rng(0)
    pictures = random.normal(0, 12, (10, 28, 28))
    arrays = {}
    for part, count in (("train", 600), ("test", 200)):
        labels = np.arange(count) % 10
        noisy = 128 + pictures[labels] + random.normal(0, 60, (count, 28, 28))
        arrays |= {f"x_{part}": np.clip(noisy, 0, 255).astype(np.uint8), f"y_{part}": labels.astype(np.uint8)}
    return arrays


def build(project: Path, lectures: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Write lectures into the project and build them, as `make lecture` does; return what was said."""
    for name, text in lectures.items():
        (project / "lectures" / f"{name}.md").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "generator", "build", *lectures]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
