// Computes a network by the page's engine and by TensorFlow.js (cpu), in turn. usage: node bench_network.mjs TFJS FOLDER; TFJS is
// its main file, FOLDER has graph.json, weights.bin and input.bin (float32, one image after the other). Prints as JSON the
// milliseconds of processor time that a pass of each takes, medians over rounds, and how far their answers are apart.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { makeNetwork } from "../../generator/html/templates/network/network.js";

const ROUNDS = 15;
const [tfjs, folder] = process.argv.slice(2);
const tf = createRequire(import.meta.url)(tfjs);
await tf.setBackend("cpu");
await tf.ready();

const graph = JSON.parse(readFileSync(`${folder}/graph.json`));
const network = makeNetwork(graph, readFileSync(`${folder}/weights.bin`));
const bytes = readFileSync(`${folder}/input.bin`), size = network.input.values.length;
const inputs = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const images = Array.from({ length: inputs.length / size }, (_, at) => inputs.subarray(at * size, (at + 1) * size));

const MAKE = {
  Conv2D: ({ output_shape: shape, window, strides, activation }) => tf.layers.conv2d({ filters: shape[2], kernelSize: window, strides, activation }),
  MaxPooling2D: ({ window, strides }) => tf.layers.maxPooling2d({ poolSize: window, strides }),
  Flatten: () => tf.layers.flatten(),
  Dense: ({ output_shape: shape, activation }) => tf.layers.dense({ units: shape[0], activation }),
};

function makePeer() {
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: graph.input }));
  for (const layer of network.layers) {
    const make = MAKE[layer.kind];
    if (!make || layer.offset?.some(Boolean) || layer.groups > 1 || layer.dilation?.some(gap => gap > 1)) throw new Error(`the comparison knows no layer such as ${layer.name}`);
    const made = make(layer), { kernel, bias } = layer.weights;
    model.add(made);
    if (kernel) made.setWeights([["kernel", kernel], ["bias", bias]].map(([name, { shape }]) => tf.tensor(Float32Array.from(layer.numbers[name]), shape)));
  }
  return image => tf.tidy(() => model.predict(tf.tensor(image, [1, ...graph.input])).dataSync());
}

const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const ways = { ours: image => Float32Array.from(network.run(image)), tfjs: makePeer() };
let apart = 0;
for (const image of images) {
  const [one, other] = Object.values(ways).map(way => way(image));   // untimed: both warm up
  one.forEach((share, k) => { apart = Math.max(apart, Math.abs(share - other[k])); });
}
const times = { ours: [], tfjs: [] };
for (let round = 0; round < ROUNDS; round += 1) for (const [name, way] of Object.entries(ways)) {
  const began = process.cpuUsage();
  for (const image of images) way(image);
  const { user, system } = process.cpuUsage(began);
  times[name].push((user + system) / 1000 / images.length);
}
console.log(JSON.stringify({ ours: median(times.ours), tfjs: median(times.tfjs), apart }));
