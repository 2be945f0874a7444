// The convolution explorer: a window that follows the pointer or the arrow keys, a kernel to change, and the sum written out.

import { readValue, startWidgets } from "../../html/templates/widgets/page.js";
import { convolve, readWindow } from "../../html/templates/widgets/windows.js";
import { drawMap, followCells, write } from "../../html/templates/widgets/maps.js";

const SIDE = 3, TIMES = "\u00d7";
const USUAL = {
  "edges, left and right": [1, 0, -1, 2, 0, -2, 1, 0, -1], "edges, top and bottom": [1, 2, 1, 0, 0, 0, -1, -2, -1],
  "nine equal weights": Array(9).fill(1), "sharper": [0, -1, 0, -1, 5, -1, 0, -1, 0], "as it is": [0, 0, 0, 0, 1, 0, 0, 0, 0],
};

const asMap = rows => ({ rows: rows.length, columns: rows[0].length, values: Float64Array.from(rows.flat()) });

// How many windows fit, as a formula with its floor, and which rows none sees.
function sayWindows(length, strides, padding, laid, noun) {
  const formula = padding === "same" ? `\u2308${length} \u00f7 ${strides}\u2309 = ${laid.count}` : `\u230a(${length} \u2212 ${SIDE}) \u00f7 ${strides}\u230b + 1 = ${laid.count}`;
  const unseen = laid.unseen.length;
  return `${noun}s: ${formula}${unseen ? `, and ${unseen} ${noun.toLowerCase()}${unseen > 1 ? "s" : ""} in no window` : ""}.`;
}

function start(figure) {
  const settings = readValue(figure.dataset.live), find = name => figure.querySelector(`.conv-${name}`), input = asMap(settings.input);
  const cells = [...find("kernel").children], kernels = { "of the lecture": settings.kernel.flat(), ...USUAL };
  settings.kernels.forEach((kernel, at) => { if (kernel.length === SIDE) kernels[`learned, channel ${at}`] = kernel.flat(); });
  const state = { row: 0, column: 0, output: null, kernel: null };
  const chosen = name => figure.querySelector(`[data-knob="${name}"] :checked`).value;

  function compute() {
    state.kernel = { rows: SIDE, columns: SIDE, values: cells.map(cell => Number.isFinite(cell.valueAsNumber) ? cell.valueAsNumber : 0) };
    state.output = convolve(input, state.kernel, { strides: Number(chosen("stride")), padding: chosen("padding") });
    choose(state.row, state.column);
  }

  function choose(row, column) {
    const { rows, columns } = state.output;
    state.row = Math.max(0, Math.min(rows - 1, row));
    state.column = Math.max(0, Math.min(columns - 1, column));
    draw();
    say();
  }

  function draw() {
    const { down, across } = state.output, top = down.starts[state.row], left = across.starts[state.column];
    drawMap(find("input"), input, settings.colors, {
      zeros: [down.before, across.after, down.after, across.before], window: { top, left, height: SIDE, width: SIDE },
      unseen: { rows: down.unseen, columns: across.unseen },
    });
    drawMap(find("output"), state.output, settings.colors, { window: { top: state.row, left: state.column, height: 1, width: 1 } });
    drawSeen(readWindow(input, top, left, SIDE, SIDE));
    find("input-size").textContent = `${input.rows} ${TIMES} ${input.columns}`;
    find("output-size").textContent = `${state.output.rows} ${TIMES} ${state.output.columns}`;
  }

  function drawSeen(seen) {
    const rows = Array.from({ length: SIDE }, (_, row) => {
      const element = document.createElement("tr");
      for (let column = 0; column < SIDE; column++) element.insertCell().textContent = write(seen[row * SIDE + column]);
      return element;
    });
    find("seen").tBodies[0].replaceChildren(...rows);
  }

  function say() {
    const { down, across, columns, values } = state.output, strides = Number(chosen("stride")), padding = chosen("padding");
    const seen = readWindow(input, down.starts[state.row], across.starts[state.column], SIDE, SIDE), result = values[state.row * columns + state.column];
    const bracketed = value => value < 0 ? `(${write(value)})` : write(value);
    const terms = [...seen].map((value, at) => `${write(value)} ${TIMES} ${bracketed(state.kernel.values[at])}`);
    const isExact = [...seen, ...state.kernel.values].every(Number.isInteger);
    const sizes = `${sayWindows(input.rows, strides, padding, down, "Row")} ${sayWindows(input.columns, strides, padding, across, "Column")}`;
    find("says").textContent = `Output, row ${state.row + 1}, column ${state.column + 1}: ${terms.join(" + ")} ${isExact ? "=" : "\u2248"} ${write(result)}. ${sizes}`;
  }

  function take(name) {
    cells.forEach((cell, at) => { cell.value = kernels[name][at]; });
    compute();
  }

  find("choice").append(...Object.keys(kernels).map(name => new Option(name, name)));
  find("choice").addEventListener("input", event => take(event.target.value));
  find("kernel").addEventListener("input", compute);
  for (const knob of figure.querySelectorAll("[data-knob]")) knob.addEventListener("input", compute);
  figure.querySelector(`[data-knob="stride"] [value="${settings.strides}"]`).checked = true;
  figure.querySelector(`[data-knob="padding"] [value="${settings.padding}"]`).checked = true;
  // Over the input a pointer is at the middle of a window.
  const places = () => { const { down, across } = state.output; return { rows: input.rows + down.before + down.after, columns: input.columns + across.before + across.after }; };
  const ofInput = (row, column) => choose(...[row, column].map(at => Math.round((at - 1) / Number(chosen("stride")))));
  const move = (down, right) => choose(state.row + down, state.column + right);
  followCells(find("input"), places, ofInput, move);
  followCells(find("output"), () => state.output, choose, move);
  Object.assign(state, { row: Math.floor(input.rows / 3), column: Math.floor(input.columns / 3) });
  take("of the lecture");
  new ResizeObserver(draw).observe(find("input"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

startWidgets("convolution_explorer", start);
