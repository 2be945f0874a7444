// A film on a slide follows the slide's fragments: n fragments shown means the film stands at its mark n. One press
// more plays to the next mark; anything else (back, a jump, reduced motion) seeks there at once. State, not events,
// decides, so the speaker view's copies of the deck end in the same place. Where the browser cannot play a film, a canvas
// takes its place, and the pictures of the marks are drawn there.

const FRAME = 1 / 30;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const printed = /print-pdf/.test(location.search);
const films = new Map();

function filmOf(figure) {
  if (!films.has(figure)) {
    const marks = figure.dataset.marks.split(" ").map(Number);
    films.set(figure, { figure, marks, video: figure.querySelector("video"), at: -1, turn: 0 });
  }
  return films.get(figure);
}

function prepareFilms(slide) {
  if (!slide || printed) return;
  for (const figure of slide.querySelectorAll("[data-film]")) {
    const film = filmOf(figure);
    figure.classList.add("filmed");
    if (film.at >= 0) continue;
    film.video.addEventListener("error", () => drawInstead(film), { once: true });
    if (playsFilms) loadFilm(film.video, figure.dataset.film);
    else drawInstead(film);
    seek(film, 0);
  }
}

function followFragments(slide, mayPlay) {
  if (!slide || printed) return;
  prepareFilms(slide);
  for (const figure of slide.querySelectorAll("[data-film]")) {
    const film = filmOf(figure);
    const wanted = figure.querySelectorAll(".film-step.visible").length;
    if (wanted === film.at && mayPlay) continue;
    if (mayPlay && wanted === film.at + 1 && !still.matches && !film.layers) play(film, wanted);
    else seek(film, wanted);
  }
}

function seek(film, mark) {
  film.turn += 1;
  film.at = mark;
  announce(film);
  if (film.layers) return draw(film);
  film.video.pause();
  film.video.currentTime = film.marks[mark];
}

function drawInstead(film) {
  if (film.layers) return;
  const packed = document.getElementById(`${film.figure.dataset.film}-marks`).textContent.trim().split(" ");
  film.layers = packed.map(layer => Object.assign(new Image(), { src: `data:image/webp;base64,${layer}` }));
  const canvas = document.createElement("canvas");
  canvas.className = "screen";
  canvas.setAttribute("role", "img");
  for (const name of ["aria-label", "aria-describedby"]) canvas.setAttribute(name, film.video.getAttribute(name));
  film.video.replaceWith(canvas);
  film.canvas = canvas;
  if (film.at >= 0) draw(film);
}

// A layer holds what has changed since the mark before.
async function draw(film) {
  const { canvas, layers, turn } = film;
  await Promise.all(layers.map(layer => layer.decode()));
  if (film.turn !== turn) return;
  const [{ naturalWidth, naturalHeight }] = layers;
  Object.assign(canvas, { width: naturalWidth, height: naturalHeight });
  for (const layer of layers.slice(0, film.at + 1)) canvas.getContext("2d").drawImage(layer, 0, 0);
}

function play(film, mark) {
  const turn = (film.turn += 1);
  const start = film.marks[mark - 1];
  film.at = mark;
  announce(film);
  // Whoever presses early sees the next step from its beginning, not from where the last one was interrupted.
  if (Math.abs(film.video.currentTime - start) > FRAME) film.video.currentTime = start;
  film.video.play().then(() => watch(film, turn), () => film.turn === turn && seek(film, mark));
}

function watch(film, turn) {
  const { video } = film;
  const end = film.marks[film.at];
  const look = (_now, frame) => {
    if (film.turn !== turn) return;
    const time = frame ? frame.mediaTime : video.currentTime;
    if (time >= end - FRAME * 0.6 || video.ended) seek(film, film.at);
    else next();
  };
  const next = () => {
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(look);
    else requestAnimationFrame(look);
  };
  video.addEventListener("ended", look, { once: true });
  next();
}

// The sentences of the steps stand below the film; the opening picture may have one, too.
function announce(film) {
  const sentences = film.figure.querySelectorAll("figcaption li");
  const sentence = film.at > 0 && sentences[film.at - film.marks.length + sentences.length];
  film.figure.querySelector(".film-says").textContent = sentence ? sentence.textContent : "";
}

function pauseFilms(slide) {
  for (const figure of slide ? slide.querySelectorAll("[data-film]") : []) {
    const film = filmOf(figure);
    film.turn += 1;
    film.video.pause();
  }
}

// For who asks for less motion a press only steps: a player of the browser's lets them watch a film all the same.
if (still.matches) for (const video of document.querySelectorAll(".stage > video")) video.controls = true;

// A click on a film is a press of the clicker, wherever the film stands, unless it is for a player.
document.addEventListener("click", event => {
  if (event.target.closest(".stage > .screen:not([controls])") && !Reveal.isOverview()) Reveal.next();
});
