// A layer's maps side by side on one canvas, or its row of values as squares. A cell can be pressed, or chosen by arrow
// keys, which go on into the next map; with Shift they go from map to map. What is silenced is hatched.

const GAP = 1, LINE = 0xffdbd1c9, HATCH = 0xff8b7464, PAPER = 0xffffffff;    // between maps; colors: alpha, blue, green, red
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// How the values of an output are laid out: `columns` × `rows` maps of `width` × `height`.
function layOut(shape) {
  const [height, width, channels] = shape.length === 3 ? shape : [1, 1, shape.reduce((size, length) => size * length, 1)];
  const columns = Math.ceil(Math.sqrt(channels)), rows = Math.ceil(channels / columns);
  return { height, width, channels, columns, rows, gap: width > 1 ? GAP : 0 };
}

function place({ width, height, columns, gap }, channel, row, column) {
  return [(channel % columns) * (width + gap) + column, Math.floor(channel / columns) * (height + gap) + row];
}

export function makeLayerView(layer, paint, choose, silence) {
  const plan = layOut(layer.output_shape), { width, height, channels, columns, rows, gap } = plan;
  const box = document.createElement("div"), canvas = document.createElement("canvas"), mark = document.createElement("span"), name = document.createElement("p");
  const across = columns * (width + gap) - gap, down = rows * (height + gap) - gap;
  Object.assign(canvas, { width: across, height: down, tabIndex: 0 });
  const size = layer.output_shape.join(" × ");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", layer.silenced ? `Layer ${layer.name}, ${size}. Arrow keys choose a cell, with Shift a map; Space silences it.` : `Layer ${layer.name}, ${size}. Arrow keys choose a cell, with Shift a map.`);
  for (const [role, text] of [["layer-title", layer.name], ["layer-size", ` ${size}`]]) name.append(Object.assign(document.createElement("span"), { className: role, textContent: text }));
  [box.className, mark.className, name.className] = ["layer", "layer-mark", "layer-name"];
  mark.hidden = true;
  const frame = document.createElement("div");
  frame.className = "layer-frame";
  frame.append(canvas, mark);
  box.append(name, frame);
  const context = canvas.getContext("2d"), image = context.createImageData(across, down), pixels = new Uint32Array(image.data.buffer);
  let cell = null;
  for (let c = 0; gap && c < channels; c += 1) {
    const [left, top] = place(plan, c, 0, 0);
    for (let y = top; y < Math.min(down, top + height + gap); y += 1) pixels.fill(LINE, y * across + left, y * across + Math.min(across, left + width + gap));
  }

  function draw() {
    const { values } = layer;
    let reach = 0;
    for (let i = 0; i < values.length; i += 1) reach = Math.max(reach, Math.abs(values[i]));
    for (let c = 0; c < channels; c += 1) {
      const [left, top] = place(plan, c, 0, 0), isSilent = layer.silenced?.has(c);
      for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) if (isSilent) pixels[(top + y) * across + left + x] = (x + y) % 3 ? PAPER : HATCH;
      else paint(pixels, (top + y) * across + left + x, values[(y * width + x) * channels + c], reach || 1);
    }
    context.putImageData(image, 0, 0);
  }

  function take(chosen) {
    cell = chosen;
    const [left, top] = place(plan, cell.channel, cell.row, cell.column);
    mark.hidden = false;
    for (const [side, value] of Object.entries({ left: left / across, top: top / down, width: 1 / across, height: 1 / down })) mark.style[side] = `${100 * value}%`;
    choose(layer, cell);
  }

  function cellAt(x, y) {
    const limit = (value, most) => Math.min(Math.max(value, 0), most - 1);
    const over = limit(Math.floor(x / (width + gap)), columns), along = limit(Math.floor(y / (height + gap)), rows);
    return { channel: limit(along * columns + over, channels), row: limit(Math.floor(y - along * (height + gap)), height), column: limit(Math.floor(x - over * (width + gap)), width) };
  }

  canvas.addEventListener("pointerdown", event => {
    const room = canvas.getBoundingClientRect();
    take(cellAt((event.clientX - room.left) / room.width * across, (event.clientY - room.top) / room.height * down));
  });
  canvas.addEventListener("keydown", event => {
    const move = MOVES[event.key], silences = (event.key === " " || event.key === "Enter") && layer.silenced;
    if (!move && !silences) return;
    event.preventDefault();
    if (silences) return cell && silence(layer, cell.channel);
    if (!cell) return take({ channel: 0, row: 0, column: 0 });
    const [dy, dx] = move, [left, top] = place(plan, cell.channel, cell.row, cell.column);
    const step = event.shiftKey ? [dy * (height + gap), dx * (width + gap)] : [cell.row + dy < 0 || cell.row + dy >= height ? dy * (1 + gap) : dy, cell.column + dx < 0 || cell.column + dx >= width ? dx * (1 + gap) : dx];
    take(cellAt(left + step[1], top + step[0]));
  });
  return { box, draw, layer, unmark: () => { mark.hidden = true; cell = null; }, get cell() { return cell; } };
}
