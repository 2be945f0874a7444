// Computes networks as a page does. usage: node run.mjs FOLDER...; each folder has graph.json, weights.bin and input.bin
// (float32, one input after the other), and perhaps golden.bin: all values of all layers for each input, in their order, and
// silenced.json: pairs of a layer and the number of a channel that is silenced in it.
// Prints for each folder, as JSON, the largest difference of any value, also as a share of values beyond 1, the classes,
// and how long an input takes.
import { existsSync, readFileSync } from "node:fs";
import { makeNetwork } from "../../generator/html/templates/network/network.js";

const floats = path => {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

for (const folder of process.argv.slice(2)) {
  const { layers, input, run, layer } = makeNetwork(JSON.parse(readFileSync(`${folder}/graph.json`)), readFileSync(`${folder}/weights.bin`));
  const silenced = existsSync(`${folder}/silenced.json`) ? JSON.parse(readFileSync(`${folder}/silenced.json`)) : [];
  for (const [name, channel] of silenced) layer(name).silenced.add(channel);
  const inputs = floats(`${folder}/input.bin`), size = input.values.length, largest = { absolute: 0, relative: 0 }, classes = [];
  let golden = null, at = 0, time = 0;
  try { golden = floats(`${folder}/golden.bin`); } catch { /* the classes alone */ }
  for (let start = 0; start < inputs.length; start += size) {
    const began = performance.now(), answer = run(inputs.subarray(start, start + size));
    time += performance.now() - began;
    classes.push(answer.indexOf(Math.max(...answer)));
    for (const layer of golden ? layers : []) {
      for (const value of layer.values) {
        const apart = Math.abs(value - golden[at]), share = apart / Math.max(1, Math.abs(golden[at]));
        if (!(apart <= largest.absolute)) largest.absolute = apart;
        if (!(share <= largest.relative)) largest.relative = share;
        at += 1;
      }
    }
  }
  const compared = golden ? golden.length === at : null;
  console.log(JSON.stringify({ largest, classes, compared, milliseconds: time * size / inputs.length }));
}
