// What a screen reader is told when the slide changes. reveal.js takes all of the slide's text, which gives away what
// still waits for a press: that is hidden from it while it reads.

const WAITS = ".fragment, .of-answer, .picture, .reply, .content > *";

function hideWaiting(slides) {
  const waiting = slides.flatMap(slide => [...slide.querySelectorAll(WAITS)])
    .filter(element => !element.hasAttribute("aria-hidden") && getComputedStyle(element).visibility === "hidden");
  for (const element of waiting) element.setAttribute("aria-hidden", "true");
  return () => { for (const element of waiting) element.removeAttribute("aria-hidden"); };
}

function hideWhileRead(slide) {
  const show = hideWaiting([slide]);
  requestAnimationFrame(() => requestAnimationFrame(show));
}

// The step of a question has no text of its own: what comes with it begins with the title.
function sayAnswer(fragments) {
  const titles = fragments.filter(step => step.matches(".ask-step")).map(step => step.closest("section").querySelector(".of-answer"));
  if (titles.length) document.querySelector(".aria-status").textContent = titles.map(title => title.textContent).join(" ");
}
