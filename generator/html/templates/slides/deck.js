// Starts reveal.js, and tells films and listings whenever the slide or its fragments change.

const root = document.querySelector(".reveal");
// The speaker view has two copies of the deck. The one of what comes next shows where a step ends, not how it moves.
const isUpcoming = /[?&]receiver\b.*&controls=false/.test(location.search);

function follow(mayPlay) {
  const slide = Reveal.getCurrentSlide();
  followFragments(slide, mayPlay && !isUpcoming);
  followLines(slide);
  followNotes(slide);
  followAppendix(slide);
}

// Of notes that have a part for each press, the last one that is due is shown. The speaker view takes what it shows from
// here, after these listeners.
function followNotes(slide) {
  const pressed = slide.querySelectorAll(".fragment.visible").length;
  for (const notes of slide.querySelectorAll(":scope > .notes > .note")) {
    const parts = [...notes.querySelectorAll("[data-press]")];
    const due = parts.filter(part => Number(part.dataset.press) <= pressed).pop();
    for (const part of parts) part.hidden = part !== due;
  }
}

// From the appendix a link in the footer leads back to where the lecture was left, in the state that it had.
let left = null;
function followAppendix(slide) {
  const back = slide.querySelector(".foot-back");
  if (!back) left = { slide, presses: Reveal.getIndices().f };
  if (!back || !left) return;
  const heading = left.slide.querySelector("h1, h2");
  back.textContent = `Back to \u201c${heading.textContent.trim()}\u201d`;
  back.hash = `/${left.slide.id}${left.presses >= 0 ? `/${left.presses}` : ""}`;
  back.hidden = false;
}

function enter(event) {
  centerOverview(Reveal.getCurrentSlide());
  hideWhileRead(Reveal.getCurrentSlide());
  if (event.previousSlide) pauseFilms(event.previousSlide);
  follow(false);
  prepareFilms(Reveal.getCurrentSlide().nextElementSibling);
}

Reveal.on("slidechanged", enter);
Reveal.on("fragmentshown", event => { follow(true); sayAnswer(event.fragments); });
Reveal.on("fragmenthidden", () => follow(true));

// A video or a sound of the author's takes the keys that start it and move in it; a clicker's keys still turn the slide.
const MEDIA_KEYS = [" ", "Enter", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
const isForMedia = event => MEDIA_KEYS.includes(event.key) && event.target.closest?.(".embed");
const isForDeck = event => !isForMedia(event) && !event.target.closest?.(".knobs, .widget-live") && !moveInOverview(event.key);

const showAll = hideWaiting([...root.querySelectorAll(".slides > section")]);   // the first slide is read before the deck is ready
if (upright.matches && !printed && !/[?&]receiver/.test(location.search)) { showAll(); readUpright(); }
else growTexts().then(() => Reveal.initialize({
  width: Number(root.dataset.width), height: Number(root.dataset.height), margin: 0, minScale: 0.1, maxScale: 4,
  center: false, display: "flex", hash: true, controls: true, controlsTutorial: false, progress: true,
  transition: "none", backgroundTransition: "none", autoPlayMedia: false, autoAnimate: false,
  keyboardCondition: isForDeck,
  rtl: document.documentElement.dir === "rtl",
  scrollActivationWidth: 0, pdfMaxPagesPerSlide: 1, pdfSeparateFragments: false,
  totalTime: Number(root.dataset.minutes) * 60 || null,
  plugins: [RevealNotes],
})).then(() => {
  requestAnimationFrame(showAll);
  root.removeAttribute("role");   // role=application would take a screen reader's own reading keys away
  placeInOverview();
  enter({});
});
