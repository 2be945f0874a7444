// The pooling explorer: one map that moves, what three poolings keep of it, and by how much each of them changes.

import { readValue, startWidgets } from "../../html/templates/widgets/page.js";
import { POOLINGS, changeOf, moved, pool, readWindow } from "../../html/templates/widgets/windows.js";
import { drawMap, followCells, largestOf, write } from "../../html/templates/widgets/maps.js";

const WAYS = Object.keys(POOLINGS), TIMES = "\u00d7";
const asMap = rows => ({ rows: rows.length, columns: rows[0].length, values: Float64Array.from(rows.flat()) });
const percent = share => `${Math.round(100 * share)} %`;

function start(figure) {
  const settings = readValue(figure.dataset.live), input = asMap(settings.input), largest = largestOf(input.values);
  const find = name => figure.querySelector(`.pool-${name}`), of = (name, way) => figure.querySelector(`.pool-${name}[data-way="${way}"]`);
  const state = { row: 0, column: 0, now: input, outputs: {} };
  const size = () => Number(figure.querySelector("[data-knob] :checked").value), move = () => Number(find("move").value);

  function compute() {
    state.now = moved(input, move());
    state.outputs = Object.fromEntries(WAYS.map(way => [way, pool(state.now, way, size())]));
    find("move-value").textContent = move();
    find("move").setAttribute("aria-valuetext", `${move()} ${move() === 1 ? "pixel" : "pixels"}`);
    find("size").textContent = `${input.rows} ${TIMES} ${input.columns}`;
    of("change", "input").textContent = sayChange(changeOf(input, state.now));
    for (const way of WAYS) of("change", way).textContent = sayChange(changeOf(pool(input, way, size()), state.outputs[way]));
    choose(state.row, state.column);
  }

  const sayChange = share => move() ? `changed by ${percent(share)}` : "as it was";

  function choose(row, column) {
    const { rows, columns } = state.outputs.max;
    state.row = Math.max(0, Math.min(rows - 1, row));
    state.column = Math.max(0, Math.min(columns - 1, column));
    draw();
    say();
  }

  function draw() {
    const { down, across } = state.outputs.max, side = size();
    const window = { top: down.starts[state.row], left: across.starts[state.column], height: side, width: side };
    drawMap(find("input"), state.now, settings.colors, { window, largest, unseen: { rows: down.unseen, columns: across.unseen } });
    for (const way of WAYS) drawMap(of("output", way), state.outputs[way], settings.colors, { largest, window: { top: state.row, left: state.column, height: 1, width: 1 } });
  }

  function say() {
    const { down, across, columns, rows } = state.outputs.max, side = size();
    const seen = readWindow(state.now, down.starts[state.row], across.starts[state.column], side, side);
    const results = Object.fromEntries(WAYS.map(way => [way, state.outputs[way].values[state.row * columns + state.column]]));
    for (const way of WAYS) of("value", way).textContent = write(results[way]);
    const unseen = [["row", down.unseen.length], ["column", across.unseen.length]].filter(([, count]) => count).map(([noun, count]) => `${count} ${noun}${count > 1 ? "s" : ""}`);
    const dropped = unseen.length ? ` ${unseen.join(" and ")} in no window.` : "";
    find("says").textContent = `Row ${state.row + 1}, column ${state.column + 1}: of ${[...seen].map(write).join(", ")} the largest is ${write(results.max)}, the mean ${Number.isInteger(results.average) ? "" : "about "}${write(results.average)}, the first ${write(results.strided)}. Output: \u230a${input.rows} \u00f7 ${side}\u230b ${TIMES} \u230a${input.columns} \u00f7 ${side}\u230b = ${rows} ${TIMES} ${columns}.${dropped}`;
  }

  const step = (down, right) => choose(state.row + down, state.column + right);
  followCells(find("input"), () => input, (row, column) => choose(Math.floor(row / size()), Math.floor(column / size())), step);
  for (const way of WAYS) followCells(of("output", way), () => state.outputs[way], choose, step);
  find("move").addEventListener("input", compute);
  figure.querySelector("[data-knob]").addEventListener("input", compute);
  Object.assign(state, { row: Math.floor(input.rows / 4), column: Math.floor(input.columns / 4) });
  compute();
  new ResizeObserver(draw).observe(find("input"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

startWidgets("pooling_explorer", start);
