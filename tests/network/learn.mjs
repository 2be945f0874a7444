// Trains small networks as a page does. Reads JSON from the standard input and prints JSON:
// { shape, layers, seed, pictures, labels } and either `batch`, for the loss and its slope in every parameter, beside what
// differences of the loss say, or `batches`, `rate` and `momentum`, for the loss of each step and the parameters after them.
import { readFileSync } from "node:fs";
import { makeLearner, randomFrom, shuffled } from "../../generator/directives/train_here/learning.js";

const STEP = 1e-6;
const asked = JSON.parse(readFileSync(0, "utf-8"));
const random = randomFrom(asked.seed);
const drawn = asked.draw ? { numbers: Array.from({ length: asked.draw }, random), order: [...shuffled(asked.draw, random)] } : null;
if (drawn) console.log(JSON.stringify(drawn));
else console.log(JSON.stringify(asked.batch ? slopes() : training()));

function slopes() {
  const learner = makeLearner({ ...asked, random });
  const pictures = Float64Array.from(asked.pictures), loss = () => learner.slopesOf(pictures, asked.labels, asked.batch);
  const first = loss(), found = learner.parameters.map(({ slope }) => [...slope]);
  const differences = learner.parameters.map(({ values }) => [...values].map((value, at) => {
    const [up, down] = [value + STEP, value - STEP].map(moved => { values[at] = moved; return loss(); });
    values[at] = value;
    return (up - down) / (2 * STEP);
  }));
  return { loss: first, slopes: found, differences, values: learner.parameters.map(({ values }) => [...values]) };
}

function training() {
  const learner = makeLearner({ ...asked, random }), pictures = Float64Array.from(asked.pictures);
  const losses = asked.batches.map(batch => learner.step(pictures, asked.labels, batch, asked));
  return { losses, values: learner.parameters.map(({ values }) => [...values]), judged: learner.judge(pictures, asked.labels) };
}
