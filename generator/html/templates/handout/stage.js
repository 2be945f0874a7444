// A press on a picture shows it as large as the window. The picture itself moves into a modal dialog, with its film, and
// back, so that nothing stands in the page twice; the browser brings Escape and keeps the focus inside.

const stage = document.querySelector(".stage");
let moved = null; // the picture on the stage, its holder in the page, and the gap that it has left there

const pictureIn = holder => holder.matches(".card") ? holder.firstElementChild : holder.querySelector(":scope > :is(.drawing, picture, img)");
const stepsBeside = holder => [...holder.closest(".steps")?.querySelectorAll(".strip > li") ?? []].sort((one, other) => one.value - other.value);

function nameOf(holder) {
  const number = holder.closest("figure")?.querySelector(".figure-number");
  const name = holder.matches("li") ? `step ${holder.value}` : number ? number.textContent.replace(".", "").toLowerCase() : "the picture";
  return `Enlarge ${name}`;
}

function wordsOf(holder) {
  const words = holder.matches("li") ? holder.querySelector("p") : holder.closest("figure")?.querySelector("figcaption p");
  return words ? [words.cloneNode(true)] : [];
}

function move(element, place) {
  const film = element.querySelector("video");
  const plays = film && !film.paused; // a film that moves in the page stops
  place.replaceWith(element);
  if (plays) film.play();
}

function show(holder) {
  const picture = pictureIn(holder), gap = document.createElement("div"), slot = document.createElement("div");
  gap.style.height = `${picture.getBoundingClientRect().height}px`;
  picture.before(gap);
  stage.querySelector(".stage-picture").replaceChildren(slot);
  move(picture, slot);
  stage.querySelector(".stage-words").replaceChildren(...wordsOf(holder));
  const steps = stepsBeside(holder);
  for (const button of stage.querySelectorAll(".stage-step")) {
    button.hidden = steps.length < 2;
    button.disabled = !steps[steps.indexOf(holder) + Number(button.value)];
  }
  stage.setAttribute("aria-label", nameOf(holder).replace("Enlarge ", ""));
  moved = { picture, gap, holder };
}

function putBack() {
  move(moved.picture, moved.gap);
  moved = null;
}

function enlarge(holder) {
  show(holder);
  stage.showModal();
}

function shrink() {
  const { holder } = moved;
  putBack();
  holder.closest("details")?.setAttribute("open", "");
  holder.querySelector(":scope > .enlarge").focus();
}

function turn(by) {
  const steps = stepsBeside(moved.holder), next = steps[steps.indexOf(moved.holder) + by];
  if (!next) return;
  putBack();
  show(next);
}

function addButton(holder) {
  const button = document.createElement("button");
  button.className = "enlarge";
  button.type = "button";
  button.setAttribute("aria-label", nameOf(holder));
  button.addEventListener("click", () => enlarge(holder));
  holder.append(button);
  pictureIn(holder).addEventListener("click", event => moved || event.target.closest("video, button") || enlarge(holder));
}

document.querySelectorAll(".card, .strip > li").forEach(holder => pictureIn(holder) && addButton(holder));
stage?.addEventListener("close", shrink);
stage?.addEventListener("click", event => {
  const pressed = event.target.closest("button, video, a, .stage-foot");
  if (pressed?.matches(".stage-step")) turn(Number(pressed.value));
  else if (!pressed || pressed.matches(".stage-close, a")) stage.close();
});
stage?.addEventListener("keydown", event => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by && !event.target.matches("video")) turn(by);
});
