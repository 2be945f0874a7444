// Curves of a loss over training steps, as SVG: the loss on a logarithmic axis, and above it how many pictures are right.

const SVG = "http://www.w3.org/2000/svg";
const TICKS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20];
const LEAST = 0.04, MOST = 12;

function add(parent, name, attributes, text = "") {
  const element = parent.appendChild(document.createElementNS(SVG, name));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

// A chart in `svg`, whose size is that of the room it has, for so many steps and passes.
export function makeChart(svg, { steps, passes, total }) {
  const letter = () => parseFloat(getComputedStyle(svg).fontSize);

  function layout() {
    const { width, height } = svg.getBoundingClientRect(), size = letter(), scale = svg.clientWidth / width || 1;
    const [w, h] = [width * scale, height * scale];
    return { w, h, size, left: 3 * size, top: 1.9 * size, right: w - 6 * size, bottom: h - 2.9 * size };
  }

  const xOf = (room, step) => room.left + step / steps * (room.right - room.left);
  const yOf = (room, loss) => {
    const held = Math.min(MOST, Math.max(LEAST, loss));
    return room.bottom - Math.log(held / LEAST) / Math.log(MOST / LEAST) * (room.bottom - room.top);
  };

  function drawAxes(room, rights) {
    const { size, left, right, top, bottom } = room;
    for (const tick of TICKS.filter(tick => tick >= LEAST && tick <= MOST)) {
      const y = yOf(room, tick);
      add(svg, "line", { class: "grid", x1: left, x2: right, y1: y, y2: y });
      add(svg, "text", { class: "tick", x: left - 0.4 * size, y: y + 0.34 * size, "text-anchor": "end" }, String(tick));
    }
    const each = Math.ceil(passes * 3 * size / (right - left));   // so many passes that their numbers have room
    for (let pass = 0; pass <= passes; pass += each) {
      const step = steps * pass / passes, x = xOf(room, step);
      if (pass) add(svg, "line", { class: "pass", x1: x, x2: x, y1: top, y2: bottom });
      if (rights[pass] !== undefined) add(svg, "text", { class: "right", x, y: top - 0.5 * size, "text-anchor": "middle" }, String(rights[pass]));
      add(svg, "text", { class: "tick", x, y: bottom + 1.3 * size, "text-anchor": "middle" }, String(step));
    }
    add(svg, "text", { class: "name", x: left, y: bottom + 2.5 * size }, "training steps");
    add(svg, "text", { class: "name", x: 0, y: top - 0.5 * size }, "loss");
    add(svg, "text", { class: "name", x: right + 1.4 * size, y: top - 0.5 * size }, total ? `right of ${total}` : "");
  }

  function drawCurve(room, { points, kind, name, end }) {
    const known = points.filter(([, loss]) => Number.isFinite(loss));
    if (!known.length) return null;
    const path = known.map(([step, loss], at) => `${at ? "L" : "M"}${xOf(room, step).toFixed(1)} ${yOf(room, loss).toFixed(1)}`).join("");
    add(svg, "path", { class: `curve ${kind}`, d: path });
    const [step, loss] = known.at(-1), x = xOf(room, step), y = yOf(room, loss);
    if (end) add(svg, "circle", { class: `end ${kind}`, cx: x, cy: y, r: 0.32 * room.size });
    if (known.length < points.length) add(svg, "text", { class: `name ${kind}`, x, y: y - 0.6 * room.size, "text-anchor": "middle" }, "✕");
    return name ? { kind, name, x, y } : null;
  }

  // Names stand at the ends of their curves, each at least a line from the next.
  function drawNames(room, names) {
    const gap = 1.15 * room.size, sorted = names.filter(Boolean).sort((one, other) => one.y - other.y);
    sorted.forEach((each, at) => { each.y = Math.max(each.y, at ? sorted[at - 1].y + gap : room.top); });
    for (let at = sorted.length - 1, limit = room.bottom; at >= 0; at--, limit -= gap) sorted[at].y = Math.min(sorted[at].y, limit);
    for (const { kind, name, y } of sorted) add(svg, "text", { class: `name ${kind}`, x: room.right + 0.6 * room.size, y: y + 0.34 * room.size }, name);
  }

  // curves: each with its points [step, loss], its kind (a class), and its name at its end; rights: by pass.
  function draw(curves, rights) {
    const room = layout();
    if (!(room.right > room.left)) return;
    svg.setAttribute("viewBox", `0 0 ${room.w} ${room.h}`);
    svg.replaceChildren();
    drawAxes(room, rights);
    drawNames(room, curves.map(curve => drawCurve(room, curve)));
  }

  return { draw };
}
