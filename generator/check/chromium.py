"""Chromium, without a network, as a reader of the pages; remembers what they ask for and complain of."""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from bs4 import Tag

from generator.browser import find_chromium
from generator.check.finding import Finding
from generator.check.page import Page

ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--headless=new", "--host-resolver-rules=MAP * ~NOTFOUND")
LOCAL: Final = ("file:", "data:", "blob:", "about:")
PATIENCE: Final = 20_000  # milliseconds that one step of a page may take


def why_no_chromium() -> str:
    """Return what is missing for a look at the pages in a browser; nothing when all is there."""
    if find_spec("playwright") is None:
        return "Playwright is not installed"
    return "" if find_chromium() else "there is no Chromium"


@contextmanager
def start_chromium() -> Iterator[Any]:
    """Start Chromium, and end it afterwards; ask `why_no_chromium` first."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page opened in a window of its own. What goes wrong in it is blamed on `place`, where the visitor is."""

    def __init__(self, browser: Any, page: Page, width: int, height: int) -> None:
        self.page = page
        self.place: Tag | None = None
        self.findings: list[Finding] = []
        self.lined = page.tree.select("[data-line]")
        size = {"width": width, "height": height}
        self.context = browser.new_context(viewport=size, reduced_motion="reduce", service_workers="block")
        self.context.set_default_timeout(PATIENCE)
        self.window = self.context.new_page()
        self.window.on("request", lambda request: self.hear_request(request.url))
        self.window.on("pageerror", lambda error: self.complain(str(error)))
        self.window.on("console", self.hear_console)
        self.devtools = self.context.new_cdp_session(self.window)
        self.window.goto(page.path.resolve().as_uri())

    def hear_request(self, address: str) -> None:
        """Note what the page fetches from elsewhere."""
        if not address.startswith(LOCAL):
            problem = f"{self.page.name} asks the network for '{address[:60]}'"
            self.findings.append(self.page.blame(self.place, problem, "a page brings all it shows along: embed it"))

    def hear_console(self, message: Any) -> None:
        """Note an error in the console."""
        if message.type == "error":
            self.complain(message.text)

    def complain(self, text: str) -> None:
        """Note an error of a script, or one that the console shows."""
        first = text.splitlines()[0][:160] if text else "an error"
        self.findings.append(self.page.blame(self.place, f"{self.page.name} says '{first}'", "open the page's console"))

    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self.window.set_viewport_size({"width": width, "height": height})

    def run(self, name: str, argument: object = None) -> Any:
        """Return what the function in the script `name`, a file of this folder, returns."""
        return self.window.evaluate((Path(__file__).parent / name).read_text(encoding="utf-8"), argument)

    def place_at(self, number: int) -> Tag | None:
        """Return the element that a script has named by its place among those with a line."""
        return self.lined[number] if number >= 0 else None

    def shoot(self, top: float, width: float, height: float, scale: float) -> bytes:
        """Return a part of the page as a PNG, `scale` times as large."""
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": scale}
        shot = self.devtools.send("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        return b64decode(shot["data"])

    def close(self) -> None:
        """Close the window."""
        self.context.close()
