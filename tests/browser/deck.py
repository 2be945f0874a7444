"""How a test walks through a deck: from state to state, as the clicker does."""

from collections.abc import Iterator

from playwright.sync_api import Page

STATE = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
  const {h, f} = Reveal.getIndices();
  done({h, f: f ?? -1, more: Reveal.availableFragments().next || !Reveal.isLastSlide()});
})))"""


def walk(page: Page) -> Iterator[str]:
    """Yield every state of the deck as `slide/fragment`, from the first to the last."""
    page.evaluate("() => Reveal.slide(0, 0, -1)")
    while True:
        state = page.evaluate(STATE)
        yield f"{state['h']}/{state['f']}"
        if not state["more"]:
            return
        page.evaluate("() => Reveal.next()")


def go_to(page: Page, anchor: str) -> None:
    """Open the slide with this anchor, with none of its fragments shown."""
    page.evaluate("anchor => Reveal.slide(Reveal.getIndices(document.getElementById(anchor)).h, 0, -1)", anchor)
