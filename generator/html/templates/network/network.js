// A network that the build has written down: a graph of layers, and weights in half precision.

import { LAYERS } from "./layers.js";

const product = shape => shape.reduce((size, length) => size * length, 1);

// Numbers in half precision (IEEE 754 binary16, little-endian) as doubles, in which sums are taken.
export function readHalves(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.byteLength / 2 }, (_, i) => {
    const half = view.getUint16(2 * i, true), sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31, fraction = half & 1023;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
  });
}

// What a layer hands on without the channels that are silenced in it: zeros take their places.
function silence({ values, silenced, output_shape: shape }) {
  for (const channel of silenced) for (let at = channel; at < values.length; at += shape[shape.length - 1]) values[at] = 0;
}

// Returns the network: `layers` in order, each with the values of its last output, and the numbers of the channels that are
// `silenced` in it; `run(input)` computes all of them, or those behind a layer whose values were changed, and returns the
// output of the network. `hasAll`: as if no channel were silenced.
export function makeNetwork(graph, bytes) {
  const numbers = readHalves(bytes);
  const input = { name: "input", output_shape: graph.input, values: new Float32Array(product(graph.input)) };
  const known = new Map([["input", input]]);
  const layers = graph.layers.map(described => {
    const sources = described.inputs.map(name => known.get(name));
    const weights = Object.fromEntries(Object.entries(described.weights).map(([name, { at, shape }]) => [name, numbers.subarray(at, at + product(shape))]));
    const compute = LAYERS[described.kind];
    if (!compute) throw new Error(`the page cannot compute ${described.kind}`);
    const layer = { ...described, sources, shapes: sources.map(source => source.output_shape), values: new Float32Array(product(described.output_shape)), silenced: new Set() };
    layer.compute = () => compute(layer, layer.sources.map(source => source.values), weights, layer.values);
    layer.numbers = weights;
    known.set(layer.name, layer);
    return layer;
  });
  const run = (values, after = null, { hasAll = false } = {}) => {
    if (values) input.values.set(values);
    for (const layer of layers.slice(layers.indexOf(after) + 1)) {
      layer.compute();
      if (!hasAll) silence(layer);
    }
    return known.get(graph.output).values;
  };
  return { input, layers, run, layer: name => known.get(name), output: known.get(graph.output) };
}
