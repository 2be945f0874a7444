// A film on a slide follows the slide's fragments: n fragments shown means the film stands at its mark n. One press
// more plays to the next mark; anything else (back, a jump, reduced motion) seeks there at once. State, not events,
// decides, so the speaker view's copies of the deck end in the same place.

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
    loadFilm(film.video, figure.dataset.film);
    figure.classList.add("filmed");
    if (film.at < 0) seek(film, 0);
  }
}

function followFragments(slide, mayPlay) {
  if (!slide || printed) return;
  prepareFilms(slide);
  for (const figure of slide.querySelectorAll("[data-film]")) {
    const film = filmOf(figure);
    const wanted = figure.querySelectorAll(".film-step.visible").length;
    if (wanted === film.at && mayPlay) continue;
    if (mayPlay && wanted === film.at + 1 && !still.matches) play(film, wanted);
    else seek(film, wanted);
  }
}

function seek(film, mark) {
  film.turn += 1;
  film.at = mark;
  film.video.pause();
  film.video.currentTime = film.marks[mark];
  announce(film);
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

function announce(film) {
  const step = film.figure.querySelectorAll(".film-step")[film.at - 1];
  film.figure.querySelector(".film-says").textContent = step ? step.dataset.says : "";
}

function pauseFilms(slide) {
  for (const figure of slide ? slide.querySelectorAll("[data-film]") : []) {
    const film = filmOf(figure);
    film.turn += 1;
    film.video.pause();
  }
}
