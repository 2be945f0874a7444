// On a slide what can be changed takes its own keys, and never turns the slide; a clicker's keys do, wherever the focus is.
// Who has used a mouse or a finger gives the keys back to the deck, so that the next press turns the slide again.

const LIVE = ".knobs, .widget-live";
const isTyped = element => element.matches("select, input:not([type=range], [type=radio], [type=checkbox])");
let isPointed = false;
for (const live of document.querySelectorAll(LIVE)) {
  live.addEventListener("pointerdown", () => { isPointed = true; });
  live.addEventListener("change", event => isPointed && event.target.blur());
  live.addEventListener("click", event => isPointed && event.detail > 0 && !isTyped(event.target) && document.activeElement.blur());
  live.addEventListener("keydown", event => {
    isPointed = false;
    const turn = { PageDown: "next", PageUp: "prev" }[event.key];
    if (turn) event.preventDefault();
    if (turn || event.key === "Escape") event.target.blur();
    if (turn) Reveal[turn]();
  });
}
