"""How a test walks through a deck: from state to state, as the clicker does."""

from collections.abc import Iterator

from playwright.sync_api import Page

STATE = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
  const {h, f} = Reveal.getIndices();
  const waits = Reveal.availableFragments().next;
  done({h, f: f ?? -1, is_whole: !waits, more: waits || !Reveal.isLastSlide()});
})))"""

# What sticks out of the slide or lies under its footer, what is clipped, and what is set too small to read.
FAULTS = """() => {
  const slide = Reveal.getCurrentSlide(), room = slide.getBoundingClientRect();
  const width = Reveal.getConfig().width, scale = room.width / width, foot = slide.querySelector(".foot");
  const floor = foot && !slide.matches(".divider") ? foot.getBoundingClientRect().top : room.bottom;
  const name = element => `${element.tagName} ${element.className} ${element.textContent.trim().slice(0, 40)}`;
  const faults = [];
  for (const element of slide.querySelectorAll("*")) {
    // A drawing is cut off at its own edges.
    if (element.closest(".notes, .sr-only, .foot, .badge, .knobs, .bank, math, svg *") || !element.checkVisibility({visibilityProperty: true})) continue;
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    if (box.left < room.left - 1 || box.right > room.right + 1 || box.bottom > floor + 1) faults.push("outside: " + name(element));
    if (getComputedStyle(element).overflow !== "visible" && element.scrollWidth > element.clientWidth + 2) faults.push("clipped: " + name(element));
  }
  const texts = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || parent.closest(".notes, .sr-only, math, svg") || !parent.checkVisibility({visibilityProperty: true})) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize) * scale;
    if (size < 17.9) faults.push(`small (${size}): ` + name(parent));
  }
  for (const image of slide.querySelectorAll("img")) if (!image.naturalWidth) faults.push("not loaded: " + name(image));
  // A deck of 4:3 has no room for all of a still's text at its own size.
  for (const still of width < 1280 ? [] : slide.querySelectorAll(".still")) {
    if (!still.checkVisibility({visibilityProperty: true})) continue;
    const sizes = still.dataset.smallest ? [Number(still.dataset.smallest)] : [...still.querySelectorAll("text, .letters")].map(text => parseFloat(getComputedStyle(text).fontSize));
    const size = Math.min(...sizes) * still.getBoundingClientRect().width / scale / still.viewBox.baseVal.width;
    if (size < 17.95) faults.push(`small picture (${size.toFixed(2)}): ` + (still.closest("figure, [id]")?.id ?? "of no figure"));
  }
  // Letters such as p reach a fifth of their size below their line; a font's box ends a little lower.
  for (const still of slide.querySelectorAll(".still")) {
    if (!still.checkVisibility({visibilityProperty: true})) continue;
    const end = still.getBoundingClientRect().bottom;
    for (const text of still.querySelectorAll("text")) {
      if (!/[gjpqy]/.test(text.textContent) || text.closest("[transform]")) continue;
      const box = text.getBoundingClientRect(), low = box.bottom - 0.05 * box.height;
      if (low > end + 0.5 * scale) faults.push(`cut off by ${(low - end).toFixed(1)}: ` + name(text));
    }
  }
  return faults;
}"""


def walk(page: Page, *, is_whole: bool = False) -> Iterator[str]:
    """Yield every state of the deck as `slide/fragment`, from the first to the last; is_whole: the last of each slide."""
    page.evaluate("() => Reveal.slide(0, 0, -1)")
    while True:
        state = page.evaluate(STATE)
        if state["is_whole"] or not is_whole:
            yield f"{state['h']}/{state['f']}"
        if not state["more"]:
            return
        page.evaluate("() => Reveal.next()")


def go_to(page: Page, anchor: str) -> None:
    """Open the slide with this anchor, with none of its fragments shown."""
    page.evaluate("anchor => Reveal.slide(Reveal.getIndices(document.getElementById(anchor)).h, 0, -1)", anchor)
