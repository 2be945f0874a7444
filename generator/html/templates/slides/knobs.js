// On a slide a control takes its own keys, and never turns the slide; a clicker's keys do, wherever the focus is. Who has
// used a mouse or a finger gives the keys back to the deck, so that the next press turns the slide again.

let isPointed = false;
for (const knobs of document.querySelectorAll(".knobs")) {
  knobs.addEventListener("pointerdown", () => { isPointed = true; });
  knobs.addEventListener("change", event => isPointed && event.target.blur());
  knobs.addEventListener("keydown", event => {
    isPointed = false;
    const turn = { PageDown: "next", PageUp: "prev" }[event.key];
    if (turn) event.preventDefault();
    if (turn || event.key === "Escape") event.target.blur();
    if (turn) Reveal[turn]();
  });
}

// A link to a state leads to its slide. reveal.js, which listens after this, reads the address that stands there then.
function openLinked() {
  const slide = followLink(location.hash)?.closest("section");
  if (slide) history.replaceState(null, "", `#/${slide.id}`);
}

addEventListener("hashchange", openLinked);
openLinked();
