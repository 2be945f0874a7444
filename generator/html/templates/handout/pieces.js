// On a narrow page a wide picture is shown in pieces, one below the other, so that its text can be read without scrolling.
// It is cut where it shows nothing, from top to bottom, else from side to side (recursive XY cuts: Nagy and Seth, 1984). A
// picture that has no such place, as a plot, scrolls, if its kind has no drawing for a narrow page. Boxes are [left, top, right, bottom] in pixels of the drawing.

// Pixels: the least width of a cut, and between bars on one axis, what a piece has around what it shows, and an empty strip that a piece is rid of.
const GUTTER = 10, APART = 40, MARGIN = 5, VOID = 70;
const overlap = (low, high, from, to) => Math.min(high, to) - Math.max(low, from);
const boundsOf = things => [Math.min(...things.map(({ box }) => box[0])), Math.min(...things.map(({ box }) => box[1])), Math.max(...things.map(({ box }) => box[2])), Math.max(...things.map(({ box }) => box[3]))];

// The parts of a path that hang together, each as its corners; of a curve the points that bend it as well.
function strokesOf(path) {
  const strokes = [];
  let x = 0, y = 0, stroke = [];
  for (const [, command, text] of path.matchAll(/([a-z])([^a-z]*)/gi)) {
    const numbers = (text.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number), isNear = command === command.toLowerCase();
    const letter = command.toUpperCase(), take = letter === "H" || letter === "V" ? 1 : 2;
    const whole = { C: 6, S: 4, Q: 4 }[letter] ?? take;
    if (letter === "Z" && stroke.length) [x, y] = stroke[0];
    for (let at = 0; at + take <= numbers.length; at += take) {
      const [one, other] = numbers.slice(at, at + take), [fromX, fromY] = isNear ? [x, y] : [0, 0];
      const next = letter === "H" ? [fromX + one, y] : letter === "V" ? [x, fromY + one] : [fromX + one, fromY + other];
      if (letter === "M" && at === 0) strokes.push(stroke = []);
      stroke.push(next);
      if ((at + take) % whole === 0) [x, y] = next;
    }
  }
  return strokes.filter(points => points.length > 1);
}

function place(points, matrix) {
  const seen = points.map(([x, y]) => new DOMPoint(x, y).matrixTransform(matrix));
  const [across, down] = [seen.map(point => point.x), seen.map(point => point.y)];
  return [Math.min(...across), Math.min(...down), Math.max(...across), Math.max(...down)];
}

const cornersOf = ({ x, y, width, height }) => [[x, y], [x + width, y], [x, y + height], [x + width, y + height]];

// The parts of a text that stand apart, as the numbers of a row of a grid, which are one text; each with its words.
function phrasesOf(text) {
  const size = parseFloat(getComputedStyle(text).fontSize), phrases = [], letters = text.textContent;
  for (let at = 0; at < text.getNumberOfChars(); at++) {
    const { x, y, width, height } = text.getExtentOfChar(at), last = phrases.at(-1), isBlank = !letters[at]?.trim();
    if (!last || Math.abs(x - last.x - last.width) > 0.9 * size || Math.abs(y - last.y) > 0.5 * size) phrases.push({ x, y, width, height, words: [{ x, y, width, height }] });
    else {
      last.width = x + width - last.x;
      const word = last.words.at(-1);
      if (isBlank) last.words.push({ x: x + width, y, width: 0, height });
      else word.width = x + width - word.x;
    }
  }
  return phrases;
}

// A line of text is one thing, though its parts may have colors of their own, as those of a sum.
function joinLines(things) {
  const texts = things.filter(({ isText }) => isText).toSorted((one, other) => one.box[0] - other.box[0]);
  for (const [at, text] of texts.entries()) {
    const height = text.box[3] - text.box[1];
    const before = texts.slice(0, at).find(({ box, joined }) => !joined && overlap(box[1], box[3], text.box[1], text.box[3]) > 0.7 * height && box[3] - box[1] < 1.5 * height && text.box[0] - box[2] < 0.6 * height && text.box[0] > box[0]);
    if (!before) continue;
    before.box = boundsOf([before, text]);
    before.words = [...before.words, ...text.words];
    text.joined = true;
  }
  things.splice(0, things.length, ...things.filter(({ joined }) => !joined));
}

// Lines of which each begins where another ends are a curve, and no threads.
function joinCurves(things) {
  const lines = things.filter(({ box, isThread }) => isThread && box[2] - box[0] > 1.5), starts = new Map();
  for (const line of lines) starts.set(Math.round(line.box[0]), [...starts.get(Math.round(line.box[0])) ?? [], line]);
  for (const line of lines) {
    const near = [-1, 0, 1].flatMap(aside => starts.get(Math.round(line.box[2]) + aside) ?? []);
    for (const next of near.filter(({ box }) => overlap(box[1], box[3], line.box[1], line.box[3]) >= -1)) line.isCurve = next.isCurve = true;
  }
  for (const line of lines) line.isThread = !line.isCurve;
}

// What a drawing shows: `isText`, and `isThread` for a single line, which leads from one thing to another and may be cut.
function thingsOf(still) {
  const { x, y, width, height } = still.viewBox.baseVal, toDrawing = still.getScreenCTM().inverse(), things = [];
  for (const element of still.querySelectorAll("path, image, text, use, svg")) {
    if (element.closest("defs, clipPath") || element.parentElement.closest("svg") !== still || !element.checkVisibility()) continue;
    const matrix = toDrawing.multiply((element.matches("svg") ? element.parentElement : element).getScreenCTM());
    const note = (points, kind) => things.push({ box: place(points, matrix), ...kind });
    const number = name => element[name].baseVal.value;
    if (element.matches("svg")) note(cornersOf({ x: number("x"), y: number("y"), width: number("width"), height: number("height") }), {});
    else if (element.matches("text")) phrasesOf(element).forEach(({ words, ...phrase }) => note(cornersOf(phrase), { isText: true, words: words.map(word => place(cornersOf(word), matrix)) }));
    else if (!element.matches("path")) note(cornersOf(element.getBBox()), {});
    else for (const points of strokesOf(element.getAttribute("d"))) note(points, { isThread: points.length === 2 });
  }
  joinLines(things);
  joinCurves(things);
  const shown = ({ box: [left, top, right, bottom] }) => right > x && left < x + width && bottom > y && top < y + height;
  const isGround = ({ box: [left, top, right, bottom] }) => right - left > 0.97 * width && bottom - top > 0.97 * height;
  return things.filter(thing => shown(thing) && !isGround(thing));
}

// Where nothing is seen: [from, to], along the side `at` (0: from left to right, 1: from top to bottom).
function gapsOf(things, at, least) {
  const gaps = [], solid = things.filter(({ isThread }) => !isThread).toSorted((one, other) => one.box[at] - other.box[at]);
  let end = Infinity;
  for (const { box } of solid) {
    if (box[at] - end >= least) gaps.push([end, box[at]]);
    end = Math.max(end === Infinity ? -Infinity : end, box[at + 2]);
  }
  return gaps;
}

function divide(things, at, cuts) {
  const sides = [-Infinity, ...cuts, Infinity], middle = ({ box }) => (box[at] + box[at + 2]) / 2;
  const crosses = ({ box, isThread }) => isThread && cuts.some(cut => box[at] < cut && box[at + 2] > cut);
  return sides.slice(1).map((side, number) => things.filter(thing => !crosses(thing) && middle(thing) > sides[number] && middle(thing) <= side)).filter(part => part.some(({ isThread }) => !isThread));
}

// Rows that are read across are not torn apart: a column of texts stays with what stands beside them. What stands on one
// line, as a key, is no column.
function tearsRows(one, other) {
  const tears = (texts, beside, least) => {
    const lines = texts.filter(({ isText }) => isText), drawn = texts.filter(({ isText, isThread }) => !isText && !isThread);
    if (drawn.some(({ box }) => (box[2] - box[0]) * (box[3] - box[1]) > 2000)) return false;
    const rows = beside.filter(({ box, isThread }) => !isThread && box[3] - box[1] < 220);
    const joined = lines.filter(({ box }) => rows.some(row => overlap(box[1], box[3], row.box[1], row.box[3]) > 0.5 * Math.min(box[3] - box[1], row.box[3] - row.box[1])));
    const isColumn = new Set(lines.map(({ box }) => Math.round(box[1] / 10))).size > 1;
    return isColumn && joined.length > least && joined.length > 0.3 * lines.length;
  };
  return tears(one, other, 0) || tears(other, one, 1);
}

const widthOf = things => { const [left, , right] = boundsOf(things.filter(({ isThread }) => !isThread)); return right - left; };

// Whether bars stand on one axis on both sides of a place, from left to right.
function cutsAxis(things, cut) {
  const axes = things.filter(({ box, isThread }) => isThread && box[3] - box[1] < 2 && box[0] < cut && box[2] > cut);
  const bars = things.filter(({ isText, isThread }) => !isText && !isThread);
  const standsOn = (bar, [left, top, right]) => Math.min(Math.abs(bar[1] - top), Math.abs(bar[3] - top)) < 3 && bar[2] > left && bar[0] < right;
  return axes.some(({ box }) => [true, false].every(isLeft => bars.some(bar => bar.box[0] < cut === isLeft && standsOn(bar.box, box))));
}

// The columns of a picture, each at most `most` wide, as few as possible and of like widths; null if it has none.
function columnsOf(things, most) {
  const isSound = ([from, to]) => to - from > APART || !cutsAxis(things, (from + to) / 2);
  const gaps = gapsOf(things, 0, GUTTER).filter(isSound).map(([from, to]) => (from + to) / 2);
  const sound = cuts => {
    const parts = divide(things, 0, cuts);
    return parts.every(part => widthOf(part) <= most) && parts.every((part, at) => !at || !tearsRows(parts[at - 1], part)) ? parts : null;
  };
  const worst = parts => Math.max(...parts.map(widthOf));
  const best = options => options.filter(Boolean).reduce((found, parts) => !found || worst(parts) < worst(found) ? parts : found, null);
  return best(gaps.map(cut => sound([cut]))) ?? best(gaps.flatMap((cut, at) => gaps.slice(at + 1).map(other => sound([cut, other]))));
}

// The lines into which a line of text is broken.
function linesOf(band, most) {
  if (!band.every(({ isText }) => isText) || gapsOf(band, 1, 1).length) return null;
  const words = band.flatMap(({ words }) => words.map(box => ({ box }))).filter(({ box }) => box[2] > box[0]).toSorted((one, other) => one.box[0] - other.box[0]);
  const count = Math.ceil(widthOf(words) / most), lines = [[]];
  for (let least = widthOf(words) / count; least <= most; least += 8) {
    lines.splice(0, lines.length, []);
    for (const word of words) {
      if (lines.at(-1).length && widthOf([...lines.at(-1), word]) > least) lines.push([]);
      lines.at(-1).push(word);
    }
    if (lines.length <= count) break;
  }
  return lines.every(one => widthOf(one) <= most) ? lines : null;
}

const cutAcross = (things, most) => widthOf(things) <= most ? [things] : columnsOf(things, most) ?? linesOf(things, most);

// The pieces of a picture in the order in which they are read; null if some of it is wider than `most` and cannot be cut.
function piecesOf(things, most) {
  const whole = cutAcross(things, most);
  if (whole) return whole;
  const bands = divide(things, 1, gapsOf(things, 1, 4).map(([from, to]) => (from + to) / 2));
  const parts = [];
  for (let from = 0, to; from < bands.length; from = to) { // as many bands at once as can be cut alike
    let part = null;
    for (to = bands.length; to > from && !part; to--) part = cutAcross(bands.slice(from, to).flat(), most);
    if (!part) return null;
    parts.push(...part);
    to++;
  }
  return parts;
}

// A piece without the empty strips from side to side that it had in the whole.
function withoutVoids(things) {
  const isEmpty = ([from, to]) => !things.some(({ box }) => overlap(box[1], box[3], from + 1, to - 1) > 0 || box[1] > from && box[3] < to);
  return divide(things, 1, gapsOf(things, 1, VOID).filter(isEmpty).map(([from, to]) => (from + to) / 2));
}

const leastText = () => Number(getComputedStyle(document.documentElement).getPropertyValue("--least"));
const smallestOf = still => Math.min(...[...still.querySelectorAll("text, .letters")].map(text => parseFloat(getComputedStyle(text).fontSize)).filter(Boolean));

const sizeIn = still => Number(still.dataset.smallest) || smallestOf(still); // of a figure that varies, that of all states

function createSvg(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

const shownBy = use => document.getElementById(use.getAttribute("href").slice(1));

// A group of the page as it is drawn, without the names that it has there, and with the groups that it shows by name.
function copyOf(group) {
  const copy = group.cloneNode(true);
  copy.removeAttribute("id");
  for (const use of copy.querySelectorAll("use")) {
    const shown = shownBy(use);
    if (shown?.matches("g")) use.replaceWith(copyOf(shown));
  }
  copy.querySelectorAll("[id]").forEach(element => element.removeAttribute("id"));
  return copy;
}

// Of a figure that varies the page shows a state by its name; to be cut, its drawing has to be there.
function addCopy(still) {
  const use = still.querySelector(":scope > use"), { width, height } = still.viewBox.baseVal;
  const copy = createSvg("svg", { class: "copy", "aria-hidden": true, viewBox: `0 0 ${width} ${height}`, width, height });
  const moved = createSvg("g", { transform: `translate(${use.getAttribute("x")} ${use.getAttribute("y")})` });
  moved.append(copyOf(shownBy(use)));
  copy.append(moved);
  still.after(copy);
  return copy;
}

// What has to be known of a still is read once, while it is seen whole; its drawing gets a name by which pieces show it.
function readStill(frame) {
  const still = frame.querySelector(":scope > .still"), inside = createSvg("g", { id: `${frame.closest("figure").id}-whole` });
  const drawn = frame.closest(".varied") ? addCopy(still) : still;
  const known = { still, id: inside.id, smallest: smallestOf(drawn), things: thingsOf(drawn) };
  inside.append(...drawn.childNodes);
  drawn.append(inside);
  if (drawn !== still) for (const side of ["width", "height"]) drawn.setAttribute(side, 0);
  return known;
}

function drawPiece({ id, smallest }, things, scale) {
  const [left, top, right, bottom] = boundsOf(things.filter(({ isThread }) => !isThread));
  const [width, height] = [right - left + 2 * MARGIN, bottom - top + 4];
  const piece = createSvg("svg", { class: "piece", "aria-hidden": true, viewBox: `${left - MARGIN} ${top - 2} ${width} ${height}`, width: width * scale, height: height * scale, "data-smallest": smallest });
  piece.append(createSvg("use", { href: `#${id}` }));
  return piece;
}

function showInPieces(frame, known, room) {
  const pieces = piecesOf(known.things, room * known.smallest / leastText() - 2 * MARGIN - 1);
  if (!pieces) return;
  const scale = Math.min(16 / known.smallest, room / (Math.max(...pieces.map(widthOf)) + 2 * MARGIN));
  const holder = document.createElement("div");
  holder.className = "pieces";
  known.still.setAttribute("aria-hidden", true);
  for (const [name, value] of [["role", "img"], ["aria-label", known.still.getAttribute("aria-label")]]) holder.setAttribute(name, value);
  holder.append(...pieces.flatMap(withoutVoids).map(things => drawPiece(known, things, scale)));
  known.still.after(holder);
  frame.classList.add("in-pieces");
}

const stills = new Map(); // frame: what is known of its still, and the width for which it was cut last
function cutFrame(frame) {
  const room = frame.clientWidth, { width } = stills.get(frame) ?? {};
  if (!room || room === width || !frame.matches(".card > *")) return;
  frame.querySelectorAll(":scope > .pieces").forEach(pieces => pieces.remove());
  frame.querySelector(":scope > .still").removeAttribute("aria-hidden");
  frame.classList.remove("in-pieces");
  const known = stills.get(frame) ?? { box: frame.querySelector(":scope > .still").viewBox.baseVal.width };
  stills.set(frame, Object.assign(known, { width: room }));
  known.smallest ??= sizeIn(frame.querySelector(":scope > .still"));
  if (room * known.smallest / known.box >= leastText() || frame.matches(".filmed")) return;
  if (!known.things) Object.assign(known, readStill(frame));
  showInPieces(frame, known, room);
}

// Another state of a figure that varies is cut anew.
function cutAgain(frame) {
  frame.querySelector(":scope > .copy")?.remove();
  stills.delete(frame);
  cutFrame(frame);
}

const narrow = new ResizeObserver(entries => entries.forEach(({ target }) => cutFrame(target)));
for (const frame of document.querySelectorAll(".card > .frame:has(> svg.still):not(:has(> .narrow))")) {
  narrow.observe(frame);
  const shown = frame.closest(".varied") && frame.querySelector(":scope > .still > use");
  if (shown) new MutationObserver(() => cutAgain(frame)).observe(shown, { attributeFilter: ["href"] });
}
