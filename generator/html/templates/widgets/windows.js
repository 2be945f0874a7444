// Windows that slide over one map: which rows they see, and what a convolution or a pooling makes of each. A map is
// { rows, columns, values }, row by row; `padding` and `strides` are Keras's.

// Where windows of `size` begin on a line of `length`, and how many zeros stand before and behind it.
export function layWindows(length, size, strides, padding) {
  const count = padding === "same" ? Math.ceil(length / strides) : Math.floor((length - size) / strides) + 1;
  const zeros = padding === "same" ? Math.max(0, (count - 1) * strides + size - length) : 0, before = Math.floor(zeros / 2);
  const starts = Array.from({ length: Math.max(0, count) }, (_, at) => at * strides - before);
  const unseen = Array.from({ length }, (_, at) => at).filter(at => !starts.some(start => start <= at && at < start + size));
  return { count: starts.length, before, after: zeros - before, starts, unseen };
}

// A map of what `make` returns for each window, which is given as its values in order, zeros where it reaches beyond the map.
export function slide(map, [height, width], { strides, padding }, make) {
  const down = layWindows(map.rows, height, strides, padding), across = layWindows(map.columns, width, strides, padding);
  const values = new Float64Array(down.count * across.count), seen = new Float64Array(height * width);
  down.starts.forEach((top, row) => across.starts.forEach((left, column) => {
    readWindow(map, top, left, height, width, seen);
    values[row * across.count + column] = make(seen);
  }));
  return { rows: down.count, columns: across.count, values, down, across };
}

// What lies under a window, into `seen`.
export function readWindow(map, top, left, height, width, seen = new Float64Array(height * width)) {
  for (let dy = 0, at = 0; dy < height; dy++) for (let dx = 0; dx < width; dx++, at++) {
    const row = top + dy, column = left + dx, isInside = row >= 0 && column >= 0 && row < map.rows && column < map.columns;
    seen[at] = isInside ? map.values[row * map.columns + column] : 0;
  }
  return seen;
}

export const convolve = (map, kernel, options) => slide(map, [kernel.rows, kernel.columns], options,
  seen => seen.reduce((sum, value, at) => sum + value * kernel.values[at], 0));

// The three ways to make one number of a window: its largest, its mean, and its first, which a stride alone keeps.
export const POOLINGS = {
  max: seen => seen.reduce((most, value) => Math.max(most, value), -Infinity),
  average: seen => seen.reduce((sum, value) => sum + value, 0) / seen.length,
  strided: seen => seen[0],
};

export const pool = (map, way, size) => slide(map, [size, size], { strides: size, padding: "valid" }, POOLINGS[way]);

// A map whose content has moved to the right and down by so many columns and rows; zeros come in at the edges.
export function moved(map, right, down = 0) {
  const values = new Float64Array(map.values.length);
  for (let row = 0; row < map.rows; row++) for (let column = 0; column < map.columns; column++) {
    const from = [row - down, column - right], isInside = from.every((at, axis) => at >= 0 && at < (axis ? map.columns : map.rows));
    if (isInside) values[row * map.columns + column] = map.values[from[0] * map.columns + from[1]];
  }
  return { ...map, values };
}

// By how much one map differs from another: the sum of the differences over the sum of the values.
export function changeOf(before, after) {
  const differences = before.values.reduce((sum, value, at) => sum + Math.abs(value - after.values[at]), 0);
  return differences / before.values.reduce((sum, value) => sum + Math.abs(value), 0);
}
