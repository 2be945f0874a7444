// On a phone that is held upright a slide would be as small as a stamp: the deck is a column to read there, in which
// all is shown but the answers. Turned to its side, the phone shows slides.

const upright = matchMedia("(max-width: 600px) and (orientation: portrait)");
const isUpright = upright.matches;
let turned = 0;

function readUpright() {
  document.documentElement.classList.add("upright");
  for (const link of document.querySelectorAll('a[href^="#/"]')) link.hash = link.hash.slice(2);
  for (const slide of root.querySelectorAll(".slides > section")) {
    const steps = [...slide.querySelectorAll(".fragment")];
    if (slide.querySelector(".ask-step, .block-quiz")) slide.append(answerButton(steps));
    else for (const step of steps) step.classList.add("visible");
  }
  for (const figure of root.querySelectorAll("[data-film]")) figure.prepend(playButton(figure));
  document.getElementById(decodeURIComponent(location.hash.split("/")[1] ?? ""))?.scrollIntoView();
}

function makeButton(words, act) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "upright-button", textContent: words });
  button.addEventListener("click", () => { button.remove(); act(); });
  return button;
}

const answerButton = steps => makeButton("Answer", () => { for (const step of steps) step.classList.add("visible"); });

function playButton(figure) {
  return makeButton("Play the film", () => {
    const video = figure.querySelector("video");
    loadFilm(video, figure.dataset.film);
    video.controls = true;
    figure.classList.add("filmed");
    video.play();
  });
}

// Printing, and a browser that takes a picture of the page, change the window for a moment only.
upright.addEventListener("change", () => {
  clearTimeout(turned);
  turned = setTimeout(() => { if (upright.matches !== isUpright) location.reload(); }, 400);
});
