// Trains beside the page, so that the page never waits. It takes messages of the kinds load, start, rate, go
// and stop, and tells ready, step, pass, paused, done and fault; what it tells bears the number of the start that it belongs to.

import { makeLearner, randomFrom, shuffled } from "./learning.js";
import { unpackPictures } from "../../html/templates/widgets/pictures.js";

let settings = null, learned = null, judged = null, training = null, rate = 0;
let turn = 0;   // of the loop that may go on; any other ends

const pause = () => new Promise(resolve => setTimeout(resolve, 0));

async function load({ bytes, ...others }) {
  settings = others;
  const { shape, trained_on: count, validated_on: more } = settings, pixels = shape[0] * shape[1];
  const { pictures, labels } = await unpackPictures(bytes, { count: count + more, pixels, levels: settings.levels });
  learned = { pictures: pictures.subarray(0, count * pixels), labels: labels.subarray(0, count) };
  judged = { pictures: pictures.subarray(count * pixels), labels: labels.subarray(count) };
}

const judge = () => training.learner.judge(judged.pictures, judged.labels);
const kernelsOf = () => Float32Array.from(training.learner.parameters[0].values);

function start({ number, seed }) {
  const random = randomFrom(seed), learner = makeLearner({ shape: settings.shape, layers: settings.network, random });
  training = { number, random, learner, order: [], step: 0, losses: [] };
  postMessage({ kind: "ready", number, kernels: kernelsOf(), ...judge() });
}

function takeStep() {
  const { batch_size: size, momentum, every } = settings, { number, learner, losses } = training;
  const stepsOfPass = Math.ceil(settings.trained_on / size), place = training.step % stepsOfPass;
  if (!place) training.order = shuffled(settings.trained_on, training.random);
  const batch = training.order.subarray(place * size, (place + 1) * size);
  losses.push(learner.step(learned.pictures, learned.labels, batch, { rate, momentum }));
  training.step += 1;
  if (losses.length === every) {
    const loss = losses.reduce((sum, each) => sum + each) / every;
    losses.length = 0;
    postMessage({ kind: "step", number, step: training.step, loss, kernels: kernelsOf() });
  }
  if (place === stepsOfPass - 1) postMessage({ kind: "pass", number, pass: training.step / stepsOfPass, step: training.step, ...judge() });
}

async function run() {
  const own = ++turn;
  while (turn === own && training.step < settings.steps) {
    takeStep();
    await pause();
  }
  if (turn === own) postMessage({ kind: "done", number: training.number });
}

const tell = fault => postMessage({ kind: "fault", text: fault.message });
const TAKES = {
  load, start,
  go() { run().catch(tell); },
  rate(message) { rate = message.rate; },
  stop() {
    turn += 1;
    if (training) postMessage({ kind: "paused", number: training.number, step: training.step });
  },
};

// One message after the other: what is loaded must be there before what uses it.
let last = Promise.resolve();
onmessage = ({ data }) => { last = last.then(() => TAKES[data.kind](data)).catch(tell); };
