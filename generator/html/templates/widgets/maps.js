// Maps as pictures on a canvas, in the colors of the page's figures, with what a window sees and what none ever sees.

const GAMMA = 0.6;   // as in the figures: a bright room washes out what is nearly white

function between(scale, share) {
  const place = Math.min(1, share) ** GAMMA * (scale.length - 1), at = Math.min(scale.length - 2, Math.floor(place));
  const parts = color => [1, 3, 5].map(from => parseInt(color.slice(from, from + 2), 16));
  const [one, other] = [parts(scale[at]), parts(scale[at + 1])];
  return `rgb(${one.map((part, channel) => Math.round(part + (place - at) * (other[channel] - part))).join(" ")})`;
}

export const colorOf = (value, largest, { positive, negative }) =>
  between(value < 0 ? negative : positive, largest ? Math.abs(value) / largest : 0);

export const largestOf = values => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const roleOf = (canvas, name) => getComputedStyle(canvas).getPropertyValue(`--${name}`).trim();

// Draws a map with `zeros` cells of padding around it (top, right, bottom, left). window: { top, left, height, width };
// unseen: rows and columns that no window ever sees, which are hatched. A cell has as many pixels as the room allows.
export function drawMap(canvas, map, colors, { zeros = [0, 0, 0, 0], window = null, unseen = null, largest = largestOf(map.values) } = {}) {
  const [above, behind, below, before] = zeros, rows = map.rows + above + below, columns = map.columns + before + behind;
  const room = canvas.clientWidth * (globalThis.devicePixelRatio || 1), cell = Math.max(4, Math.floor(room / columns));
  canvas.width = columns * cell;
  canvas.height = rows * cell;
  const context = canvas.getContext("2d");
  context.fillStyle = roleOf(canvas, "surface");
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (let row = 0; row < map.rows; row++) for (let column = 0; column < map.columns; column++) {
    context.fillStyle = colorOf(map.values[row * map.columns + column], largest, colors);
    context.fillRect((column + before) * cell, (row + above) * cell, cell, cell);
  }
  for (const row of unseen?.rows ?? []) hatch(context, [before * cell, (row + above) * cell, map.columns * cell, cell], roleOf(canvas, "wrong"));
  for (const column of unseen?.columns ?? []) hatch(context, [(column + before) * cell, above * cell, cell, map.rows * cell], roleOf(canvas, "wrong"));
  if (above + behind + below + before) frame(context, [before * cell, above * cell, map.columns * cell, map.rows * cell], [roleOf(canvas, "padding"), 1]);
  if (window) {
    // The line lies outside as far as it can, and is no thicker in a map of few cells than in one of many.
    const thick = Math.min(0.22 * cell, 4 * (globalThis.devicePixelRatio || 1)), out = 0.7 * thick;
    const box = [(window.left + before) * cell - out, (window.top + above) * cell - out, window.width * cell + 2 * out, window.height * cell + 2 * out];
    frame(context, box, [roleOf(canvas, "paper"), 1.8 * thick], [roleOf(canvas, "window"), thick]);
  }
}

function hatch(context, [x, y, width, height], color) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let at = -height; at < width + height; at += 6) {
    context.moveTo(x + at, y + height);
    context.lineTo(x + at + height, y);
  }
  context.stroke();
  context.restore();
}

function frame(context, [x, y, width, height], ...lines) {
  for (const [color, thickness] of lines) {
    context.strokeStyle = color;
    context.lineWidth = Math.max(1, thickness);
    context.strokeRect(x, y, width, height);
  }
}

// Calls `choose` with the row and column, of `count()` of them, that a pointer is over, and `move` with the steps of an arrow key.
export function followCells(canvas, count, choose, move) {
  const limit = (value, most) => Math.max(0, Math.min(most - 1, value));
  const point = event => {
    const box = canvas.getBoundingClientRect(), { rows, columns } = count();
    choose(limit(Math.floor((event.clientY - box.top) / box.height * rows), rows), limit(Math.floor((event.clientX - box.left) / box.width * columns), columns));
  };
  canvas.addEventListener("pointerdown", point);
  canvas.addEventListener("pointermove", event => { if (event.pointerType === "mouse") point(event); });
  canvas.addEventListener("keydown", event => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    move(...step);
  });
}

const MINUS = "\u2212";
// A number for readers: whole ones as they are, others with two digits behind the point, and a true minus.
export const write = value => (Number.isInteger(value) ? String(value) : value.toFixed(2)).replace("-", MINUS);
