"""Who opens the pages in the browser tests."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page
from processes import PATIENCE

from generator.formats import slides

ROOT = Path(__file__).parent.parent.parent
RUN = """async () => {
  const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const result = await axe.run(document, {runOnly: {type: "tag", values: levels}, resultTypes: ["violations"], iframes: false});
  return result.violations.map(v => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`);
}"""


class Visitor:
    """Opens pages in windows of its own, and remembers what they asked for and what went wrong in them."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def open(self, path: Path, query: str = "", **options: Any) -> Page:
        """Return the page at `path`, loaded; a deck when it is ready. `init_script` runs before the page's own."""
        script = options.pop("init_script", "")
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **options})
        if script:
            context.add_init_script(script)
        context.set_default_timeout(PATIENCE * 1000)
        self.contexts.append(context)
        context.on("page", self.listen)
        page = context.new_page()
        page.goto(path.as_uri() + query)
        if path.name == slides.FORMAT.file_name and options.get("java_script_enabled", True):
            page.locator(".reveal.ready").wait_for(state="attached")
        return page

    def listen(self, page: Page) -> None:
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))

    @property
    def loaded_from_elsewhere(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(("file:", "data:", "blob:", "about:"))]


def violations(page: Page) -> list[str]:
    """Return what axe-core, which the page has, finds in it."""
    found: list[str] = page.evaluate(RUN)
    return found
