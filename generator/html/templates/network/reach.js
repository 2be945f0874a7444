// The receptive field of a value: the rows and columns of the network's input that it depends on.

const WHOLE = Symbol("whole");
const SAME_PLACE = new Set([
  "BatchNormalization", "Concatenate", "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Activation", "Softmax",
  "ReLU", "LeakyReLU", "ELU", "PReLU", "Rescaling", "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout",
  "ActivityRegularization", "Identity",
]);

// Along one axis, the places of a layer's input that its places from `first` to `last` depend on.
function behind(layer, axis, [first, last]) {
  const [window, stride, offset] = [layer.window[axis], layer.strides[axis], layer.offset[axis]];
  const length = layer.shapes[0][axis], limit = place => Math.min(Math.max(place, 0), length - 1);
  if (layer.kind === "Conv2DTranspose") return [limit(Math.ceil((first + offset - window + 1) / stride)), limit(Math.floor((last + offset) / stride))];
  const spread = layer.dilation?.[axis] ?? 1;
  return [limit(first * stride - offset), limit(last * stride - offset + (window - 1) * spread)];
}

function below(layer, area) {
  if (layer.window) return [behind(layer, 0, area[0]), behind(layer, 1, area[1])];
  return SAME_PLACE.has(layer.kind) && layer.output_shape.length === 3 ? area : WHOLE;
}

// Returns [[top, bottom], [left, right]] of the network's input, all counted from 0 and within it, for the value at a row and
// a column of a layer with maps; for other values, the whole input. Of several paths, what any of them sees.
export function receptiveField(network, layer, row, column) {
  const [height, width] = network.input.output_shape, whole = [[0, height - 1], [0, width - 1]];
  if (layer.output_shape.length !== 3) return whole;
  const areas = new Map([[layer, [[row, row], [column, column]]]]);
  for (const each of [...network.layers].reverse()) {
    const area = areas.get(each);
    if (!area) continue;
    const seen = below(each, area);
    if (seen === WHOLE) return whole;
    for (const source of each.sources) areas.set(source, join(areas.get(source), seen));
  }
  return areas.get(network.input);
}

function join(area, other) {
  return area ? area.map(([first, last], axis) => [Math.min(first, other[axis][0]), Math.max(last, other[axis][1])]) : other;
}
