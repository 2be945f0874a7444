"""One lecture of six slides built by Lectern, by nbconvert and by Marp: size, requests, what shows offline, CPU seconds.

    python tests/bench/bench_peers.py

Works in temporary folders. Marp comes from npm, locked in tests/bench/marp; where it cannot be installed, that is said.
CPU seconds of all processes, medians of three builds from nothing and of nine later ones.
"""

import itertools
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import bench_build
from bench_build import PROJECT, cpu_seconds
from npm import install
from peer_lecture import PICTURE, TEXT, Computed, read_computed, read_slides, write_marp, write_notebook
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(PROJECT))

from generator.check.browser import ARGUMENTS
from generator.html.pdf import find_chromium

PYTHON = str(PROJECT / ".venv" / "bin" / "python")
COLD, WARM = 3, 9
WORD = "gives **one** number"  # in the prose of the second slide; the edits replace its first word
SPOKEN = "does a stride of two halve the output"  # in the notes
RAW = "\\left\\lfloor"  # in the formula
FONTS = ".lectern/cache/fonts"
TURN = 700  # milliseconds, longer than any of the three takes to turn to the next slide
HEADINGS = """() => [...document.querySelectorAll("h1, h2")].filter(heading => heading.getClientRects().length
  && heading.checkVisibility({visibilityProperty: true, opacityProperty: true})).map(heading => heading.innerText)"""
BROKEN = "() => [...document.images].filter(image => !image.naturalWidth).length"
SHOWN = "() => document.body.innerText"  # neither comments nor what styles hide


@dataclass(frozen=True, slots=True)
class Tool:
    """A way to build the lecture: `write` puts a text into a folder, `command` makes `page` there, which needs `beside`."""

    name: str
    write: Callable[[Path, str], object]
    command: list[str]
    page: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """What an audience without a network gets of a page; `alone` counts the slides whose heading is shown without others."""

    size: int
    requests: int
    alone: int
    notes: bool
    raw_formula: bool


def write_project(folder: Path, text: str, fonts: Path | None = None) -> None:
    """Write the lecture into the project in `folder`: the engine, all kinds of figures, no results, no fonts but those given."""
    if not (folder / "generator").exists():
        for name in ("generator", "figures"):
            shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "setup").mkdir()
        (folder / "setup" / "node_modules").symlink_to(PROJECT / "setup" / "node_modules")
        (folder / "lectures").mkdir()
        (folder / "lectures" / "course.toml").write_text('title = "One"\nlectures = ["lecture"]\n', encoding="utf-8")
        if fonts:
            shutil.copytree(fonts, folder / FONTS)
    (folder / "lectures" / "lecture.md").write_text(text, encoding="utf-8")


def install_marp(folder: Path) -> list[str]:
    """Return the command that starts Marp, installed in `folder`; an empty one where that is not possible."""
    node = install("marp", folder)
    return [node, str(folder / "node_modules" / "@marp-team" / "marp-cli" / "marp-cli.js")] if node else []


def list_peers(computed: Computed, marp: list[str]) -> list[Tool]:
    """Return the other tools; Marp among them where it has a command."""

    def write_for_nbconvert(folder: Path, text: str) -> None:
        (folder / "lecture.ipynb").write_text(write_notebook(text, computed), encoding="utf-8")

    def write_for_marp(folder: Path, text: str) -> None:
        (folder / PICTURE).write_bytes(computed.picture)
        (folder / "lecture.md").write_text(write_marp(text, computed), encoding="utf-8")

    nbconvert = [PYTHON, "-m", "nbconvert", "lecture.ipynb", "--to"]
    made = [*marp, "--no-stdin", "lecture.md", "-o", "lecture.html"]
    return [
        Tool("nbconvert, code run", write_for_nbconvert, [*nbconvert, "slides", "--execute"], "lecture.slides.html"),
        Tool("nbconvert, code not run", write_for_nbconvert, [*nbconvert, "slides"], "lecture.slides.html"),
        Tool("nbconvert, handout", write_for_nbconvert, [*nbconvert, "html", "--execute"], "lecture.html"),
        *([Tool("Marp", write_for_marp, made, "lecture.html", (PICTURE,))] if marp else []),
    ]


def build(tool: Tool, folder: Path, text: str = "") -> float:
    """Return the CPU seconds of a build in `folder`, with a new text if one is given."""
    if text:
        folder.mkdir(parents=True, exist_ok=True)
        tool.write(folder, text)
    return cpu_seconds(tool.command, folder)


def measure_costs(tool: Tool, place: Path) -> list[float]:
    """Return the CPU seconds of a build from nothing, of one with nothing to do, and of one after the edit of a word."""
    cold = [build(tool, place / str(number), TEXT) for number in range(COLD)]
    nothing = [build(tool, place / "0") for _ in range(WARM)]
    words = (TEXT.replace(WORD, WORD.replace("gives", f"returns{'s' * number}")) for number in itertools.count())
    edited = [build(tool, place / "0", next(words)) for _ in range(WARM)]
    return [median(cold), median(nothing), median(edited)]


def look(page: Path, beside: tuple[str, ...], browser: Browser) -> Sight:
    """Return what is to be seen of a page, from its opening on to the last slide, with no network."""
    titles = [slide[0][1].splitlines()[0].lstrip("# ") for slide in read_slides(TEXT)]
    asked: list[str] = []
    alone, shown = set(), ""
    window = browser.new_page(viewport={"width": 1280, "height": 720})
    window.on("request", lambda request: asked.append(request.url))
    window.goto(page.as_uri())
    for _ in range(len(titles) + 1):
        window.wait_for_timeout(TURN)
        headings = [heading.rstrip("¶").strip() for heading in window.evaluate(HEADINGS)]
        alone |= set(headings) if len(headings) == 1 else set()
        shown += window.evaluate(SHOWN)
        window.keyboard.press("Space")
    assert not window.evaluate(BROKEN), f"{page} lacks a picture"
    window.close()
    size = sum(path.stat().st_size for path in (page, *(page.parent / name for name in beside)))
    requests = [address for address in asked if not address.startswith(("file:", "data:", "blob:", "about:"))]
    return Sight(size, len(requests), len(alone.intersection(titles)), SPOKEN in shown, RAW in shown)


def write_row(name: str, sight: Sight, costs: list[float], ours: list[float]) -> str:
    """Return a row of the table; seconds stand with their ratio to Lectern's."""
    slides = "–" if "handout" in name else f"{sight.alone} of 6"
    seen = [slides, "shown" if sight.notes else "hidden", "raw TeX" if sight.raw_formula else "set"]
    spent = [f"{cost:.3f} ({cost / own:.2f})" for cost, own in zip(costs, ours, strict=True)]
    return f"| {' | '.join([name, f'{sight.size / 1000:.0f}', str(sight.requests), *seen, *spent])} |"


def measure_all(place: Path, browser: Browser) -> list[tuple[str, Sight, list[float]]]:
    """Return the name, the sight and the costs of every tool, Lectern first."""
    build = [PYTHON, *bench_build.BUILD]
    lectern = Tool("Lectern", write_project, build, "build/lecture/slides.html")
    costs = measure_costs(lectern, place / "lectern")
    built = place / "lectern" / "1"  # whose text nobody edited
    tools = [
        Tool("Lectern, its fonts cut before", partial(write_project, fonts=built / FONTS), build, lectern.page),
        *list_peers(read_computed(built / "build" / "lecture" / "notebook.ipynb"), install_marp(place / "marp")),
    ]
    handout = look(built / "build" / "lecture" / "handout.html", (), browser)
    rows = [
        ("Lectern", look(built / lectern.page, (), browser), costs),
        ("Lectern, handout (the same build)", handout, costs),
    ]
    for tool in tools:
        costs = measure_costs(tool, place / tool.name)
        rows.append((tool.name, look(place / tool.name / "1" / tool.page, tool.beside, browser), costs))
    return rows


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        rows = measure_all(Path(place), browser)
        browser.close()
    print("| tool | kB | requests | slides offline | notes | formula | from nothing | nothing to do | a word edited |")  # noqa: T201
    print("|---|--:|--:|--:|---|---|--:|--:|--:|")  # noqa: T201
    for row in rows:
        print(write_row(*row, rows[0][2]))  # noqa: T201


if __name__ == "__main__":
    main()
