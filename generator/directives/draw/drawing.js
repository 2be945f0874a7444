// From strokes to the image that a network gets. Strokes are lists of points, in pixels of the image as if it were drawn
// on as it is: x to the right, y down, from 0 to SIZE.

export const SIZE = 28;
const PEN = 1.15;    // half the width of a stroke, as in MNIST
const INNER = 20;    // MNIST's digits fill a box of this side, and their center of mass is the middle of the image

function distance(x, y, [ax, ay], [bx, by]) {
  const dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy;
  const way = length ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
  return Math.hypot(x - ax - way * dx, y - ay - way * dy);
}

// Returns the image (SIZE × SIZE, from 0 for paper to 1 for full ink) of strokes that are first scaled, then moved.
export function paint(strokes, { scale, x, y }) {
  const image = new Float32Array(SIZE * SIZE), reach = PEN + 0.5;
  for (const stroke of strokes) {
    const points = stroke.map(([px, py]) => [px * scale + x, py * scale + y]);
    for (const [at, start] of points.entries()) {
      const end = points[at + 1] ?? start, [left, right] = [start[0], end[0]].sort((a, b) => a - b), [top, bottom] = [start[1], end[1]].sort((a, b) => a - b);
      for (let row = Math.max(0, Math.floor(top - reach)); row < Math.min(SIZE, bottom + reach); row += 1) {
        for (let column = Math.max(0, Math.floor(left - reach)); column < Math.min(SIZE, right + reach); column += 1) {
          const ink = Math.min(1, reach - distance(column + 0.5, row + 0.5, start, end));
          if (ink > image[row * SIZE + column]) image[row * SIZE + column] = ink;
        }
      }
    }
  }
  return image;
}

export const AS_DRAWN = { scale: 1, x: 0, y: 0 };

// Returns how strokes are scaled and moved as MNIST's digits were (LeCun and others 1998): their box gets a side of INNER,
// their center of mass comes to the middle.
export function centering(strokes) {
  const points = strokes.flat();
  if (!points.length) return AS_DRAWN;
  const [lows, highs] = [Math.min, Math.max].map(limit => [0, 1].map(axis => points.reduce((found, point) => limit(found, point[axis]), points[0][axis])));
  const side = Math.max(highs[0] - lows[0], highs[1] - lows[1]);
  const scale = side ? (INNER - 2 * PEN) / side : 1;
  const [x, y] = [0, 1].map(axis => SIZE / 2 - scale * (lows[axis] + highs[axis]) / 2);
  const image = paint(strokes, { scale, x, y });
  let ink = 0, across = 0, down = 0;
  for (const [at, value] of image.entries()) {
    ink += value;
    across += value * (at % SIZE + 0.5);
    down += value * (Math.floor(at / SIZE) + 0.5);
  }
  return { scale, x: x + SIZE / 2 - across / ink, y: y + SIZE / 2 - down / ink };
}
