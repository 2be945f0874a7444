// Train it here: the page trains a small network itself, in a worker, beside the curves that Keras drew for the build.

import { readBytes, readValue, startWidgets, startWorker } from "../../html/templates/widgets/page.js";
import { makeChart } from "./chart.js";

const KEPT = 2;   // earlier trainings that stay in the chart
const percent = (part, whole) => `${(100 * part / whole).toFixed(1)} %`;

// The learning rates of a training, of which the first and the last have room.
const namedBy = rates => rates.length > 2 ? `${rates[0]} … ${rates.at(-1)}` : rates.join(" → ");

function start(figure) {
  const settings = readValue(figure.dataset.live), find = name => figure.querySelector(`.train-${name}`);
  const chart = makeChart(find("chart"), { steps: settings.steps, passes: settings.passes, total: settings.validated_on });
  const worker = startWorker("train_here"), earlier = [];
  const state = { number: 0, seed: settings.seed, step: 0, points: [], rights: [], rates: [], running: false, done: false };
  const rateNow = () => settings.offered[Number(find("rate").value)];
  const send = (kind, more = {}) => worker.postMessage({ kind, ...more });

  // However much the worker tells, the page draws once a frame.
  let isAsked = false;
  function draw() {
    if (!isAsked) requestAnimationFrame(drawNow);
    isAsked = true;
  }

  function drawNow() {
    isAsked = false;
    if (state.kernels) drawKernels(find("kernels"), state.kernels, settings);
    const keras = settings.keras.map(({ points, name }) => ({ points, name, kind: "keras" }));
    const before = earlier.map((curve, at) => ({ ...curve, kind: `earlier earlier-${at}` }));
    const now = { points: state.points, kind: "now", name: `here, ${namedBy(state.rates) || rateNow()}`, end: true };
    chart.draw([...keras, ...before, now], state.rights);
  }

  const says = text => { find("says").textContent = text; };

  function show() {
    find("go").textContent = state.running ? "Pause" : state.step ? "Go on" : "Train";
    find("go").disabled = state.done;
    find("again").disabled = find("other").disabled = !state.step;
    find("rate-value").textContent = rateNow();
    find("rate").setAttribute("aria-valuetext", String(rateNow()));
    find("step").textContent = `step ${state.step} of ${settings.steps}`;
  }

  function showScore(right) {
    find("score").textContent = right;
    find("share").textContent = `of ${settings.validated_on} held-out digits right: ${percent(right, settings.validated_on)}`;
  }

  function begin(seed) {
    if (state.points.length > 1) earlier.unshift({ points: state.points, name: namedBy(state.rates) });
    earlier.length = Math.min(earlier.length, KEPT);
    Object.assign(state, { number: state.number + 1, seed, step: 0, points: [], rights: [], rates: [], running: false, done: false });
    send("stop");
    send("start", { number: state.number, seed });
  }

  function run(isRunning) {
    state.running = isRunning;
    if (isRunning) takeRate();
    send(isRunning ? "go" : "stop");
    show();
  }

  function takeRate() {
    send("rate", { rate: rateNow() });
    if (state.rates.at(-1) === rateNow()) return;
    if (state.rates.length && state.lastChange === state.step) state.rates.pop();
    state.rates.push(rateNow());
    state.lastChange = state.step;
  }

  const TELLS = {
    ready({ loss, right, kernels }) {
      state.points = [[0, loss]];
      showScore(right);
      state.kernels = kernels;
      says(`The weights are random: the loss is ${loss.toFixed(2)}, and ${right} of ${settings.validated_on} digits are right.`);
    },
    step({ step, loss, kernels }) {
      state.step = step;
      state.points.push([step, loss]);
      state.kernels = kernels;
    },
    pass({ pass, loss, right }) {
      state.rights[pass] = right;
      showScore(right);
      const lost = Number.isFinite(loss) ? loss.toFixed(2) : "no number any more";
      says(`Pass ${pass} of ${settings.passes}: ${right} of ${settings.validated_on} right, held-out loss ${lost}.`);
    },
    paused({ step }) {
      state.step = step;
      says(`Paused at step ${step}.`);
    },
    done() {
      Object.assign(state, { running: false, done: true });
      says(`${find("says").textContent} ${verdict()}`);
    },
  };

  // Compared with what Keras reached from the same weights, if the rate was one of those and stayed.
  function verdict() {
    const same = state.seed === settings.seed && state.rates.length === 1 && settings.keras.find(({ rate }) => rate === state.rates[0]);
    if (!same) return "Try another rate, or other first weights.";
    return `Keras, from the same weights at the same rate: ${same.right.at(-1)}.`;
  }

  worker.onmessage = ({ data }) => {
    if (data.kind === "fault") return fail(data.text);
    if (data.number !== state.number) return;
    TELLS[data.kind](data);
    show();
    draw();
  };
  worker.onerror = event => fail(event.message);
  function fail(text) {
    find("go").disabled = find("again").disabled = find("other").disabled = true;
    figure.querySelector(".widget-fault").textContent = `This cannot go on here: ${text}`;
  }

  find("go").addEventListener("click", () => run(!state.running));
  find("again").addEventListener("click", () => begin(state.seed));
  find("other").addEventListener("click", () => begin(state.seed + 1));
  find("rate").addEventListener("input", () => { if (state.step || state.running) takeRate(); show(); draw(); });
  find("rate").value = settings.offered.indexOf(settings.rate);
  new ResizeObserver(draw).observe(find("chart"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  const { keras, ...needed } = settings;
  send("load", { bytes: readBytes(figure.dataset.live), ...needed });
  begin(settings.seed);
  show();
}

// The kernels of the first layer, each cell a color from the page's scale: teal above zero, yellow below.
function drawKernels(canvas, kernels, { network, colors }) {
  const { filters, kernel_size: size } = network[0], context = canvas.getContext("2d");
  const largest = kernels.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const columns = Math.ceil(filters / 2);
  canvas.width = columns * (size + 1) - 1;
  canvas.height = 2 * (size + 1) - 1;
  for (let filter = 0; filter < filters; filter++) for (let cell = 0; cell < size * size; cell++) {
    const value = kernels[cell * filters + filter] / largest, scale = value < 0 ? colors.negative : colors.positive;
    context.fillStyle = Number.isFinite(value) ? scale[Math.round(Math.abs(value) * (scale.length - 1))] : colors.missing;
    const x = (filter % columns) * (size + 1) + cell % size, y = Math.floor(filter / columns) * (size + 1) + Math.floor(cell / size);
    context.fillRect(x, y, 1, 1);
  }
}

startWidgets("train_here", start);
