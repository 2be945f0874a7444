// A pad on which readers draw a digit, before a trained network: each layer lights up, and bars show its answer.

import { makeNetwork } from "../../html/templates/network/network.js";
import { receptiveField } from "../../html/templates/network/reach.js";
import { makePainter } from "../../html/templates/network/colors.js";
import { makeLayerView } from "../../html/templates/network/layer_view.js";
import { readBytes, readValue, startWidgets } from "../../html/templates/widgets/page.js";
import { AS_DRAWN, SIZE, centering, paint } from "./drawing.js";

const SAME = 1e-4;    // how far a probability may be from Keras's
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const INK = "#16202e", PEN = 2.3;

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

function makeBars(box, count) {
  const bars = Array.from({ length: count }, (_, k) => {
    const [row, name, room, bar, number] = ["div", "span", "span", "span", "span"].map(tag => document.createElement(tag));
    [row.className, name.className, room.className, bar.className, number.className] = ["bar-row", "bar-name", "bar-room", "bar", "bar-number"];
    name.textContent = k;
    room.append(bar);
    row.append(name, room, number);
    box.append(row);
    return { row, bar, number };
  });
  return shares => {
    const best = largest([...shares]);
    for (const [k, { row, bar, number }] of bars.entries()) {
      row.classList.toggle("best", k === best);
      bar.style.width = `${100 * shares[k]}%`;
      number.textContent = percent(shares[k]);
    }
    box.setAttribute("aria-label", `Probabilities: ${[...shares].map((share, k) => `${k}: ${percent(share)}`).join(", ")}`);
  };
}

function start(figure) {
  const { network, digits, white, paintCell } = readNetwork(figure.dataset.network);
  check({ network, digits, white });
  const pad = part(figure, "pad"), context = pad.getContext("2d"), pen = part(figure, "pen"), field = part(figure, "field");
  const center = part(figure, "center"), choice = part(figure, "digits"), says = part(figure, "says"), told = part(figure, "cell");
  const showBars = makeBars(part(figure, "bars"), network.output.values.length);
  let strokes = [], digit = null, way = AS_DRAWN, chosen = null, at = [SIZE / 2, SIZE / 2], isDown = false;

  const choose = (layer, cell) => {
    for (const view of views) if (view.layer !== layer) view.unmark();
    chosen = { layer, cell };
    tell();
  };
  // What the network gets stands before its layers, drawn and pressed like them.
  const views = [network.input, ...network.layers.filter(layer => layer.kind !== "Flatten" && layer !== network.output && layer.values.length)].map(layer => makeLayerView(layer, paintCell, choose));
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
    const shares = network.run(image.map(ink => ink * white));
    drawPad();
    for (const view of views) view.draw();
    showBars(shares);
    figure.dataset.answer = digit || strokes.length ? largest([...shares]) : "";
    figure.dataset.milliseconds = performance.now() - began;
  }

  // Said once a stroke has ended, not at each of its points.
  function say() {
    const shares = [...network.output.values], best = largest(shares);
    says.textContent = digit || strokes.length ? `The network says ${best} (${percent(shares[best])}).` : "The pad is empty: draw a digit.";
    tell();
  }

  function tell() {
    if (!chosen) return;
    const { layer, cell } = chosen, channels = layer.output_shape[2] ?? layer.values.length, { channel, row, column } = cell;
    const value = layer.values[(row * (layer.output_shape[1] ?? 1) * (layer.output_shape.length === 3)+ column) * channels + channel] ?? layer.values[channel];
    const [[top, bottom], [left, right]] = receptiveField(network, layer, row, column);
    const where = layer.output_shape.length === 3 ? `channel ${channel + 1}, row ${row + 1}, column ${column + 1}` : `value ${channel + 1}`;
    told.textContent = `${layer.name}, ${where}: ${value.toFixed(3)}. It sees ${bottom - top + 1} × ${right - left + 1} pixels: rows ${top + 1} to ${bottom + 1}, columns ${left + 1} to ${right + 1}.`;
    field.hidden = false;
    const box = { left: (left - way.x) / way.scale, top: (top - way.y) / way.scale, width: (right - left + 1) / way.scale, height: (bottom - top + 1) / way.scale };
    for (const [side, pixels] of Object.entries(box)) field.style[side] = `${100 * pixels / SIZE}%`;
  }

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
