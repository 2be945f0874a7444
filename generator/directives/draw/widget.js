// A pad on which readers draw a digit, before a trained network: each layer lights up, and bars show its answer.

import { makeNetwork } from "../../html/templates/network/network.js";
import { receptiveField } from "../../html/templates/network/reach.js";
import { makePainter } from "../../html/templates/network/colors.js";
import { makeLayerView } from "../../html/templates/network/layer_view.js";
import { unpackPictures } from "../../html/templates/widgets/pictures.js";
import { readBytes, readValue, startWidgets } from "../../html/templates/widgets/page.js";
import { AS_DRAWN, SIZE, centering, paint } from "./drawing.js";

const SAME = 1e-4;    // how far a probability may be from Keras's
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const INK = "#16202e", INKS = [22, 32, 46], PEN = 2.3;

const percent = share => share > 0 && share < 0.01 ? "< 1 %" : share < 1 && share >= 0.995 ? "> 99 %" : `${Math.round(100 * share)} %`;
const largest = values => values.indexOf(Math.max(...values));
const part = (figure, name) => figure.querySelector(`.draw-${name}`);

function readNetwork(name) {
  const value = readValue(name), bytes = readBytes(name), pixels = SIZE * SIZE;
  const images = bytes.subarray(bytes.length - value.digits.length * pixels);
  const digits = value.digits.map((digit, at) => ({ ...digit, image: Float32Array.from(images.subarray(at * pixels, (at + 1) * pixels), ink => ink / 255) }));
  const network = makeNetwork(value.graph, bytes.subarray(0, bytes.length - images.length));
  return { network, digits, white: value.white, paintCell: makePainter(value.colors) };
}

// The page computes what Keras has computed, or says that it does not.
function check({ network, digits, white }) {
  const found = network.run(digits[0].image.map(ink => ink * white));
  const apart = Math.max(...digits[0].probabilities.map((share, k) => Math.abs(share - found[k])));
  if (!(apart <= SAME)) throw new Error("this browser computes other numbers than Keras did.");
}

// What excites each channel most: by the name of a layer its patches, as the build has packed them; nothing without them.
async function readPatches(name) {
  if (!name) return {};
  const { layers, patches, levels } = readValue(name), bytes = readBytes(name), found = {};
  let from = 0;
  for (const { name: layer, channels, patch: [height, width], bytes: length } of layers) {
    const count = channels * patches, part = bytes.subarray(from, from += length);
    found[layer] = { ...await unpackPictures(part, { count, pixels: height * width, levels }), height, width, patches };
  }
  return found;
}

// Draws the patches of a channel side by side, and says what they were cut from.
function drawPatches(canvas, { pictures, labels, height, width, patches }, layer, channel) {
  const across = patches * (width + 1) - 1, context = canvas.getContext("2d");
  Object.assign(canvas, { width: across, height });
  context.clearRect(0, 0, across, height);
  for (let n = 0; n < patches; n += 1) for (let at = 0; at < height * width; at += 1) {
    const ink = pictures[(channel * patches + n) * height * width + at];
    context.fillStyle = `rgb(${INKS.map(part => Math.round(255 - ink * (255 - part))).join(" ")})`;
    context.fillRect(n * (width + 1) + at % width, Math.floor(at / width), 1, 1);
  }
  const classes = [...labels.subarray(channel * patches, (channel + 1) * patches)].join(", ");
  canvas.setAttribute("aria-label", `The ${patches} patches of test digits that excite ${layer.name}, channel ${channel + 1} most, of the classes ${classes}`);
}

function makeBars(box, count) {
  const bars = Array.from({ length: count }, (_, k) => {
    const [row, name, room, bar, mark, number] = ["div", "span", "span", "span", "span", "span"].map(tag => document.createElement(tag));
    [row.className, name.className, room.className, bar.className, mark.className, number.className] = ["bar-row", "bar-name", "bar-room", "bar", "bar-before", "bar-number"];
    name.textContent = k;
    room.append(bar, mark);
    row.append(name, room, number);
    box.append(row);
    return { row, bar, mark, number };
  });
  // before: the probabilities with all channels, of which a line reminds; null where none is silenced.
  return (shares, before) => {
    const best = largest([...shares]);
    for (const [k, { row, bar, mark, number }] of bars.entries()) {
      mark.hidden = !(before?.[k] >= 0.005);
      mark.style.left = `${100 * (before?.[k] ?? 0)}%`;
      row.classList.toggle("best", k === best);
      bar.style.width = `${100 * shares[k]}%`;
      number.textContent = percent(shares[k]);
    }
    box.setAttribute("aria-label", `Probabilities: ${[...shares].map((share, k) => `${k}: ${percent(share)}`).join(", ")}`);
  };
}

async function start(figure) {
  const { network, digits, white, paintCell } = readNetwork(figure.dataset.network);
  const patchesOf = await readPatches(figure.dataset.channels);
  check({ network, digits, white });
  const pad = part(figure, "pad"), context = pad.getContext("2d"), pen = part(figure, "pen"), field = part(figure, "field");
  const center = part(figure, "center"), choice = part(figure, "digits"), says = part(figure, "says"), told = part(figure, "cell");
  const showBars = makeBars(part(figure, "bars"), network.output.values.length);
  const own = part(figure, "channel"), silencer = part(figure, "silence"), restorer = part(figure, "restore"), excites = part(figure, "excites");
  let before = null, strokes = [], digit = null, way = AS_DRAWN, chosen = null, at = [SIZE / 2, SIZE / 2], isDown = false;

  const choose = (layer, cell) => {
    for (const view of views) if (view.layer !== layer) view.unmark();
    chosen = { layer, cell };
    tell();
  };
  const countSilenced = () => network.layers.reduce((sum, layer) => sum + layer.silenced.size, 0);

  function toggle(layer, channel) {
    if (!layer.silenced.delete(channel)) layer.silenced.add(channel);
    refresh();
  }

  // What the network gets stands before its layers, drawn and pressed like them.
  const views = [network.input, ...network.layers.filter(layer => layer.kind !== "Flatten" && layer !== network.output && layer.values.length)].map(layer => makeLayerView(layer, paintCell, choose, toggle));
  part(figure, "layers").append(...views.map(view => view.box));

  for (const [k, { label, probabilities }] of digits.entries()) {
    const read = largest(probabilities);
    choice.append(new Option(read === label ? `a ${label}` : `a ${label}, read as ${read}`, k));
  }
  choice.prepend(new Option("none", ""));

  function drawPad() {
    const size = pad.width / SIZE;
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, pad.width, pad.height);
    if (digit) for (const [k, ink] of digit.image.entries()) {
      context.fillStyle = `rgb(22 32 46 / ${ink})`;
      if (ink) context.fillRect(k % SIZE * size, Math.floor(k / SIZE) * size, size, size);
    }
    Object.assign(context, { strokeStyle: INK, lineWidth: PEN * size, lineCap: "round", lineJoin: "round" });
    for (const stroke of strokes) {
      context.beginPath();
      context.moveTo(...stroke[0].map(value => value * size));
      for (const point of [...stroke.slice(1), stroke[stroke.length - 1]]) context.lineTo(...point.map(value => value * size));
      context.stroke();
    }
  }

  function update() {
    const began = performance.now();
    way = !digit && center.checked ? centering(strokes) : AS_DRAWN;
    const image = digit ? digit.image : paint(strokes, way);
    const values = image.map(ink => ink * white);
    before = countSilenced() ? Float32Array.from(network.run(values, null, { hasAll: true })) : null;
    const shares = network.run(values);
    drawPad();
    for (const view of views) view.draw();
    showBars(shares, before);
    figure.dataset.answer = digit || strokes.length ? largest([...shares]) : "";
    figure.dataset.milliseconds = performance.now() - began;
  }

  // Said once a stroke has ended, not at each of its points.
  function say() {
    const shares = [...network.output.values], best = largest(shares), count = countSilenced(), all = [...(before ?? shares)], usual = largest(all);
    if (!digit && !strokes.length) says.textContent = "The pad is empty: draw a digit.";
    else if (!count) says.textContent = `The network says ${best} (${percent(shares[best])}).`;
    else if (count === 1) says.textContent = `Without one channel the network says ${best} (${percent(shares[best])}), with all of them ${usual} (${percent(all[usual])}).`;
    else says.textContent = `Without ${count} channels the network says ${best} (${percent(shares[best])}), with all of them ${usual} (${percent(all[usual])}).`;
    tell();
  }

  function tell() {
    if (!chosen) return;
    showChannel(chosen.layer, chosen.cell.channel);
    const { layer, cell } = chosen, channels = layer.output_shape[2] ?? layer.values.length, { channel, row, column } = cell;
    const value = layer.values[(row * (layer.output_shape[1] ?? 1) * (layer.output_shape.length === 3)+ column) * channels + channel] ?? layer.values[channel];
    const [[top, bottom], [left, right]] = receptiveField(network, layer, row, column);
    const where = layer.output_shape.length === 3 ? `channel ${channel + 1}, row ${row + 1}, column ${column + 1}` : `value ${channel + 1}`;
    const shown = layer.silenced?.has(channel) ? "silenced" : value.toFixed(3);
    told.textContent = `${layer.name}, ${where}: ${shown}. It sees ${bottom - top + 1} × ${right - left + 1} pixels: rows ${top + 1} to ${bottom + 1}, columns ${left + 1} to ${right + 1}.`;
    field.hidden = false;
    const box = { left: (left - way.x) / way.scale, top: (top - way.y) / way.scale, width: (right - left + 1) / way.scale, height: (bottom - top + 1) / way.scale };
    for (const [side, pixels] of Object.entries(box)) field.style[side] = `${100 * pixels / SIZE}%`;
  }

  function showChannel(layer, channel) {
    const patches = patchesOf[layer.name], count = countSilenced();
    own.hidden = false;
    silencer.hidden = !layer.silenced;
    silencer.textContent = layer.output_shape.length === 3 ? `Silence channel ${channel + 1}` : `Silence value ${channel + 1}`;
    silencer.setAttribute("aria-pressed", Boolean(layer.silenced?.has(channel)));
    restorer.hidden = !count;
    restorer.textContent = `Bring ${count} back`;
    excites.hidden = !patches;
    if (patches) drawPatches(part(figure, "patches"), patches, layer, channel);
  }

  silencer.addEventListener("click", () => toggle(chosen.layer, chosen.cell.channel));
  restorer.addEventListener("click", () => {
    for (const layer of network.layers) layer.silenced.clear();
    silencer.focus();
    refresh();
  });

  function clear() {
    [strokes, digit, isDown] = [[], null, false];
    choice.value = "";
  }
  const refresh = () => { update(); say(); };

  function begin(point) {
    if (digit) clear();
    strokes.push([point]);
    update();
  }
  function goOn(point) {
    strokes[strokes.length - 1].push(point);
    update();
  }

  const pointOf = event => {
    const room = pad.getBoundingClientRect();
    return [(event.clientX - room.left) / room.width * SIZE, (event.clientY - room.top) / room.height * SIZE];
  };
  let pointer = null;
  pad.addEventListener("pointerdown", event => {
    if (!event.isPrimary || event.button) return;
    pointer = event.pointerId;
    pad.setPointerCapture(pointer);
    pen.hidden = true;
    begin(pointOf(event));
  });
  pad.addEventListener("pointermove", event => { if (event.pointerId === pointer) for (const each of event.getCoalescedEvents?.().length ? event.getCoalescedEvents().slice(-1) : [event]) goOn(pointOf(each)); });
  for (const name of ["pointerup", "pointercancel"]) pad.addEventListener(name, event => { if (event.pointerId === pointer) { pointer = null; say(); } });

  function showPen() {
    pen.hidden = false;
    pen.classList.toggle("down", isDown);
    [pen.style.left, pen.style.top] = at.map(value => `${100 * value / SIZE}%`);
  }
  pad.addEventListener("focus", () => pad.matches(":focus-visible") && showPen());
  pad.addEventListener("blur", () => { pen.hidden = true; isDown = false; });
  pad.addEventListener("keydown", event => {
    const move = MOVES[event.key];
    if (!move && ![" ", "Enter", "Delete", "Backspace"].includes(event.key)) return;
    event.preventDefault();
    if (move) {
      at = at.map((value, axis) => Math.min(SIZE - 1, Math.max(1, value + move[axis] * (event.shiftKey ? 4 : 1))));
      if (isDown) goOn(at);
    } else if (event.key === " " || event.key === "Enter") {
      isDown = !isDown;
      if (isDown) begin(at);
      else say();
    } else {
      clear();
      refresh();
    }
    showPen();
  });

  part(figure, "clear").addEventListener("click", () => { clear(); refresh(); });
  center.addEventListener("change", refresh);
  choice.addEventListener("change", () => {
    const wanted = choice.value;
    clear();
    choice.value = wanted;
    digit = wanted === "" ? null : digits[wanted];
    refresh();
  });

  [digit, choice.value] = [digits[digits.length > 3 ? 3 : 0], digits.length > 3 ? 3 : 0];
  refresh();
}

startWidgets("draw", start);
