// A figure that varies: its controls choose which of its states the picture shows. All states are in the page, in the
// figure's bank; each says the places of its values, such as "1 0 2", and so does the figure of its parameters, with the
// figure whose control a shared one is: "strides@fig-first padding".

const PACE = 1000;   // milliseconds for which a state stands when states are played

const varied = [...document.querySelectorAll("figure.varied")].map(figure => ({
  figure,
  drawing: figure.querySelector("svg.still"),
  says: figure.querySelector(".says"),
  knobs: figure.querySelector(".knobs"),
  link: figure.querySelector(".state-link"),
  parameters: figure.dataset.varies.split(" ").map(text => text.split("@")).map(([name, owner]) => ({ name, owner, control: figure.querySelector(`[data-control="${name}"]`) })),
  states: [...figure.querySelectorAll(".bank > [data-choice]")].map(element => ({ element, choice: element.dataset.choice.split(" ").map(Number) })),
  state: null,
}));

const wordsOfControl = control => JSON.parse(control.dataset.words);
const placeIn = control => Number(control.matches("fieldset") ? control.querySelector(":checked").value : control.value);

function setControl(control, place) {
  if (control.matches("fieldset")) control.querySelector(`[value="${place}"]`).checked = true;
  else control.value = place;
  if (control.type !== "range") return;
  const words = wordsOfControl(control)[place];
  control.setAttribute("aria-valuetext", words);
  control.parentElement.querySelector(".knob-value").textContent = words;
}

// Of the states with the value that was chosen last, the one that keeps most of the others.
function nearestState(item, wanted, last) {
  const apart = state => state.choice.filter((place, at) => place !== wanted[at]).length;
  const fit = item.states.filter(state => last < 0 || state.choice[last] === wanted[last]);
  return fit.reduce((best, state) => apart(state) < apart(best) ? state : best);
}

function chooseState(item, wanted, last) {
  const state = nearestState(item, wanted, last);
  const moved = item.parameters.map(({ control }, at) => control && state.choice[at] !== wanted[at] && `${control.dataset.label} is now ${wordsOfControl(control)[state.choice[at]]}`);
  const changed = moved.filter(Boolean).join(", ");
  showState(item, state, changed && `These do not go together, so ${changed}. `);
}

function showState(item, state, note) {
  const { drawing, figure } = item, use = drawing.querySelector("use"), { id, dataset } = state.element;
  const [width, height] = dataset.box.split(" ").map(Number), room = drawing.viewBox.baseVal;
  item.state = state;
  for (const [name, value] of Object.entries({ href: `#${id}`, x: (room.width - width) / 2, y: (room.height - height) / 2 })) use.setAttribute(name, value);
  drawing.setAttribute("aria-label", dataset.alt ?? dataset.says);   // said once where both are the same
  item.parameters.forEach(({ control }, at) => control && setControl(control, state.choice[at]));
  item.says.textContent = `${note}${dataset.words}: ${dataset.says}`;
  if (item.link) item.link.setAttribute("href", `#${linkTo(item)}`);
}

// A link names a state by what differs from the first: `#explore?strides=2&padding=same`.
function linkTo(item) {
  const query = new URLSearchParams();
  item.parameters.forEach(({ name, control }, at) => control && item.state.choice[at] !== item.states[0].choice[at] && query.set(name, wordsOfControl(control)[item.state.choice[at]]));
  return `${item.figure.dataset.name}?${query}`;
}

function followLink(hash) {
  const [, name, query] = /^#\/?([^?]+)\?(.*)$/.exec(hash) ?? [];
  const item = name && varied.find(({ figure }) => figure.dataset.name === name);
  if (!item) return null;
  const named = new URLSearchParams(query);
  const wanted = item.parameters.map(({ name, control }, at) => {
    const place = control ? wordsOfControl(control).indexOf(named.get(name)) : item.state.choice[at];
    return place < 0 ? item.states[0].choice[at] : place;
  });
  chooseState(item, wanted, -1);
  followOwner(item);
  return item.figure;
}

// What a figure shares follows the figure whose control it is.
function followOwner(item) {
  for (const other of varied) {
    const wanted = other.parameters.map(({ name, owner }, at) => owner === item.figure.id ? item.state.choice[item.parameters.findIndex(each => each.name === name)] : other.state.choice[at]);
    const last = wanted.findIndex((place, at) => place !== other.state.choice[at]);
    if (last >= 0) chooseState(other, wanted, last);
  }
}

function changeState(item, control) {
  const last = item.parameters.findIndex(each => each.control === control);
  chooseState(item, item.state.choice.map((place, at) => at === last ? placeIn(control) : place), last);
  followOwner(item);
}

// A button moves a slider from value to value, and stops at the last. Only there are the words read aloud.
function playSlider(item, button) {
  const control = item.figure.querySelector(`[data-control="${button.dataset.plays}"]`);
  const setPlaying = timer => {
    clearInterval(item.timer);
    item.timer = timer;
    button.textContent = timer ? "Pause" : "Play";
    item.says.setAttribute("aria-live", timer ? "off" : "polite");
  };
  const show = place => {
    if (place >= control.max) setPlaying(0);
    control.value = place;
    changeState(item, control);
  };
  const next = () => Number(control.value) + 1;
  button.addEventListener("click", () => {
    if (item.timer) return setPlaying(0);
    const from = control.value === control.max ? 0 : next();
    setPlaying(setInterval(() => show(next()), PACE));
    show(from);
  });
  item.knobs.addEventListener("input", () => setPlaying(0));
}

for (const item of varied) {
  item.state = item.states[0];
  item.figure.classList.add("live");
  if (!item.knobs) continue;
  item.knobs.hidden = false;
  if (item.link) item.link.hidden = false;
  if (item.link) item.link.setAttribute("href", `#${linkTo(item)}`);
  item.knobs.addEventListener("input", event => changeState(item, event.target.closest("[data-control]")));
  for (const button of item.figure.querySelectorAll(".knob-play")) playSlider(item, button);
  item.parameters.forEach(({ control }, at) => control && setControl(control, item.state.choice[at]));   // a browser keeps what was chosen before a reload
}
