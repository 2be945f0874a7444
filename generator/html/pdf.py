"""A page on paper: Chromium prints it, without a network, and the PDF is made the same bytes each time."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from generator.errors import PageError

PATIENCE: Final = 300  # seconds until a browser that does not come to an end is stopped
# Time for the page passes as fast as the work is done; a smaller budget can end before the pictures are there.
OPTIONS: Final = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", "--generate-pdf-document-outline",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=60000",
)  # fmt: skip
_DATES: Final = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")
_PAGE: Final = re.compile(rb"/Type\s*/Page\b(?!s)")
_NODE: Final = re.compile(rb"(?<=\()node\d{8}(?=\))")
_EPOCH: Final = b"D:19800101000000+00'00'"


def find_browser() -> str:
    """Return the path of Chromium; raises PageError when there is none."""
    found = find_chromium()
    if not found:
        raise PageError("a PDF is printed by Chromium, which is not installed", hint="run make setup-pdf")
    return found


def print_page(page: bytes, *, pages: int | None = None) -> bytes:
    """Return a page (HTML) as a PDF, the same bytes for the same page and browser.

    pages: how many sheets there have to be, where that is known. Raises PageError where there is no browser, where it
    fails, and where the sheets are not as many.
    """
    browser = find_browser()
    with TemporaryDirectory(prefix="lectern-print-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_bytes(page)
        said = run_browser(browser, source, target)
        printed = target.read_bytes() if target.is_file() else b""
    count = count_pages(printed)
    if not count or (pages is not None and count != pages):
        wanted = f" of {pages}" if pages is not None else ""
        raise PageError(f"{Path(browser).name} printed {count}{wanted} pages: {said}", hint="does it open the page?")
    return normalize_pdf(printed)


def run_browser(browser: str, source: Path, target: Path) -> str:
    """Let the browser print `source` to `target`, with a profile of its own; return the last line that it said."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox cannot be had by root
    command = [browser, *OPTIONS, *as_root, f"--user-data-dir={source.parent / 'profile'}", f"--print-to-pdf={target}"]
    try:
        done = subprocess.run(
            [*command, source.as_uri()], check=False, capture_output=True, timeout=PATIENCE, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise PageError(f"{Path(browser).name} did not come to an end", hint="does it open the page?") from None
    return (done.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1]


def count_pages(printed: bytes) -> int:
    """Return how many pages a PDF of Chromium's has: it keeps its page objects in the clear."""
    return len(_PAGE.findall(printed))


def normalize_pdf(printed: bytes) -> bytes:
    """Return the PDF without what differs from print to print; no offset in it moves.

    Its dates, those of printing, are set to one day. The names of its elements, numbered as the browser came to make
    them, are numbered from nought in the same order, which the tree of names keeps.
    """
    names = {name: b"node%08d" % at for at, name in enumerate(sorted(set(_NODE.findall(printed))))}
    dated = _DATES.sub(lambda found: b"/%s (%s)" % (found[1], _EPOCH), printed)
    return _NODE.sub(lambda found: names[found[0]], dated)


NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


# Where Chromium is on this machine: it prints pages and is asked to judge them; nothing is downloaded.


def find_chromium() -> str:
    """Return the path of Chromium, or of Chrome; empty where there is neither."""
    return next(filter(None, map(shutil.which, NAMES)), "")
