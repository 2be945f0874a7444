"""Prints a page to PDF with Chromium, without a network.

The PDF is normalized, so that the same page and browser give the same bytes. Chromium is only looked for on this
machine, never downloaded. It runs in a process that ends all of its processes when it has ended or must end, or when
the build itself has ended.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from generator.errors import PageError
from generator.roots import how_to_set_up
from generator.runners import process_tree

TIMEOUT: Final = 300  # seconds after which a browser that has not finished is stopped
# In virtual time the page's clock runs as fast as its work is done. A smaller budget can end before pictures load.
OPTIONS: Final = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", "--generate-pdf-document-outline",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=60000",
)  # fmt: skip
_DATES: Final = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")
_PAGE: Final = re.compile(rb"/Type\s*/Page\b(?!s)")
_NODE_NAME: Final = re.compile(rb"(?<=\()node\d{8}(?=\))")
_EPOCH: Final = b"D:19800101000000+00'00'"


def find_browser() -> str:
    """Return the path of Chromium; raises PageError if it is not installed."""
    found = find_chromium()
    if not found:
        raise PageError("a PDF is printed by Chromium, which is not installed", hint=how_to_set_up("pdf"))
    return found


def print_page(page: bytes, *, pages: int | None = None) -> bytes:
    """Return a page (HTML) as a PDF, the same bytes for the same page and browser.

    pages: how many pages the PDF must have, if that is known. Raises PageError if there is no browser, if it fails, or
    if the number of pages is another.
    """
    browser = find_browser()
    with TemporaryDirectory(prefix="lectern-print-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_bytes(page)
        message = run_browser(browser, source, target)
        printed = target.read_bytes() if target.is_file() else b""
    count = count_pages(printed)
    if not count or (pages is not None and count != pages):
        wanted = f" of {pages}" if pages is not None else ""
        raise PageError(f"{Path(browser).name} printed {count}{wanted} pages: {message}", hint="does it open the page?")
    return normalize_pdf(printed)


def run_browser(browser: str, source: Path, target: Path) -> str:
    """Print `source` to `target` in a fresh browser profile; return the last line that the browser wrote to stderr.

    Raises PageError if it has not ended after TIMEOUT seconds. Afterwards none of its processes runs.
    """
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to run as root with its sandbox
    command = [browser, *OPTIONS, *as_root, f"--user-data-dir={source.parent / 'profile'}", f"--print-to-pdf={target}"]
    said = source.with_name("said.txt")
    with said.open("wb") as file:
        guard = subprocess.Popen(
            [sys.executable, "-IS", process_tree.__file__, *command, source.as_uri()],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=file,
        )
    try:
        guard.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        problem = f"{Path(browser).name} did not come to an end in {TIMEOUT} s"
        raise PageError(problem, hint="does it open the page?") from None
    finally:
        guard.communicate()  # closes its input, which ends the browser
    return (said.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it said nothing"])[-1]


def count_pages(printed: bytes) -> int:
    """Return the number of pages of a PDF by Chromium, which leaves page objects uncompressed."""
    return len(_PAGE.findall(printed))


def normalize_pdf(printed: bytes) -> bytes:
    """Return the PDF without what differs from one print to the next; every replacement has the length of the original.

    The dates of printing become one fixed date. The names of its elements, which the browser numbers as it happens
    to create them, are numbered from zero in the same order, so that the PDF's name tree stays sorted.
    """
    names = {name: b"node%08d" % number for number, name in enumerate(sorted(set(_NODE_NAME.findall(printed))))}
    dated = _DATES.sub(lambda found: b"/%s (%s)" % (found[1], _EPOCH), printed)
    return _NODE_NAME.sub(lambda found: names[found[0]], dated)


CHROMIUM_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str:
    """Return the path of Chromium or Chrome, which prints pages and checks them; empty if there is neither."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), "")
