// Keras's layers for one example, without a batch. A value at row y, column x and channel c of maps (height, width,
// channels) stands at (y * width + x) * channels + c. Sums are taken in double precision and kept in single precision.
//
// Each function takes the layer as the build has described it, the values of its inputs, its weights by their names, and
// the values to fill in. `layer.shapes` are the shapes of its inputs, `layer.output_shape` that of its output.

import { activate, softmax } from "./activations.js";

const widthOf = shape => shape[shape.length - 1];

// The rows or columns of a window that lie on the input: those from `first` to before `end`.
function within(start, size, step, length) {
  const first = start >= 0 ? 0 : Math.ceil(-start / step);
  return [first, Math.min(size, Math.ceil((length - start) / step))];
}

// Calls visit(place of the output's first channel, place of the input's first channel, number of the window's cell) for
// each cell of the window at each place, those on padding apart.
function slide(layer, visit, begin, end) {
  const [height, width, channels] = layer.shapes[0], [down, across, filters] = layer.output_shape;
  const [rows, columns] = layer.window, [dy, dx] = layer.dilation ?? [1, 1];
  for (let y = 0, at = 0; y < down; y += 1) {
    const top = y * layer.strides[0] - layer.offset[0], [i0, i1] = within(top, rows, dy, height);
    for (let x = 0; x < across; x += 1, at += filters) {
      const left = x * layer.strides[1] - layer.offset[1], [j0, j1] = within(left, columns, dx, width);
      begin(at);
      for (let i = i0; i < i1; i += 1) {
        const row = (top + i * dy) * width + left;
        for (let j = j0; j < j1; j += 1) visit((row + j * dx) * channels, i * columns + j);
      }
      end(at, Math.max(0, i1 - i0) * Math.max(0, j1 - j0));
    }
  }
}

function addBias(sums, bias) {
  for (let c = 0; c < sums.length; c += 1) sums[c] = bias ? bias[c] : 0;
}

function convolve(layer, [input], { kernel, bias }, output) {
  const channels = layer.shapes[0][2], filters = layer.output_shape[2], sums = new Float64Array(filters);
  const taken = channels / layer.groups, made = filters / layer.groups;
  const visit = (from, cell) => {
    for (let c = 0; c < channels; c += 1) {
      const value = input[from + c];
      if (value === 0) continue;
      const weights = (cell * taken + c % taken) * filters, first = Math.floor(c / taken) * made;
      for (let f = first; f < first + made; f += 1) sums[f] += value * kernel[weights + f];
    }
  };
  slide(layer, visit, () => addBias(sums, bias), at => output.set(sums, at));
  activate(layer.activation, output, filters);
}

function convolveEach(layer, [input], kernel, bias, output, filters) {
  const channels = layer.shapes[0][2], times = filters / channels, sums = new Float64Array(filters);
  const visit = (from, cell) => {
    for (let c = 0, f = 0; c < channels; c += 1) {
      const value = input[from + c];
      for (let m = 0; m < times; m += 1, f += 1) sums[f] += value * kernel[cell * filters + f];
    }
  };
  slide({ ...layer, output_shape: [...layer.output_shape.slice(0, 2), filters] }, visit, () => addBias(sums, bias), at => output.set(sums, at));
}

function convolveDepthwise(layer, inputs, { kernel, bias }, output) {
  convolveEach(layer, inputs, kernel, bias, output, layer.output_shape[2]);
  activate(layer.activation, output, layer.output_shape[2]);
}

function convolveSeparable(layer, inputs, { depthwise_kernel, pointwise_kernel, bias }, output) {
  const [down, across, filters] = layer.output_shape, between = pointwise_kernel.length / filters;
  const middle = layer.middle ??= new Float32Array(down * across * between);
  convolveEach(layer, inputs, depthwise_kernel, null, middle, between);
  weigh(middle, between, pointwise_kernel, bias, output, filters);
  activate(layer.activation, output, filters);
}

// Each row of `width` values times a matrix of weights (width, units).
function weigh(input, width, kernel, bias, output, units) {
  const sums = new Float64Array(units);
  for (let from = 0, at = 0; from < input.length; from += width, at += units) {
    addBias(sums, bias);
    for (let i = 0; i < width; i += 1) {
      const value = input[from + i];
      if (value === 0) continue;
      for (let u = 0, w = i * units; u < units; u += 1, w += 1) sums[u] += value * kernel[w];
    }
    output.set(sums, at);
  }
}

function dense(layer, [input], { kernel, bias }, output) {
  const units = widthOf(layer.output_shape);
  weigh(input, widthOf(layer.shapes[0]), kernel, bias, output, units);
  activate(layer.activation, output, units);
}

// Every value of the input paints its window into the output; the kernel is (rows, columns, filters, channels).
function convolveTransposed(layer, [input], { kernel, bias }, output) {
  const [height, width, channels] = layer.shapes[0], [down, across, filters] = layer.output_shape, [rows, columns] = layer.window;
  const sums = new Float64Array(output.length);
  if (bias) for (let at = 0; at < sums.length; at += filters) sums.set(bias, at);
  for (let y = 0, from = 0; y < height; y += 1) {
    const top = y * layer.strides[0] - layer.offset[0], [i0, i1] = within(top, rows, 1, down);
    for (let x = 0; x < width; x += 1, from += channels) {
      const left = x * layer.strides[1] - layer.offset[1], [j0, j1] = within(left, columns, 1, across);
      for (let i = i0; i < i1; i += 1) for (let j = j0; j < j1; j += 1) {
        const at = ((top + i) * across + left + j) * filters, cell = (i * columns + j) * filters;
        for (let f = 0; f < filters; f += 1) {
          let sum = 0;
          for (let c = 0, w = (cell + f) * channels; c < channels; c += 1, w += 1) sum += input[from + c] * kernel[w];
          sums[at + f] += sum;
        }
      }
    }
  }
  output.set(sums);
  activate(layer.activation, output, filters);
}

function poolMax(layer, [input], _, output) {
  const channels = layer.shapes[0][2], most = new Float32Array(channels);
  const visit = from => { for (let c = 0; c < channels; c += 1) if (input[from + c] > most[c]) most[c] = input[from + c]; };
  slide(layer, visit, () => most.fill(-Infinity), at => output.set(most, at));
}

// A mean is that of the cells on the input: padding is not counted.
function poolAverage(layer, [input], _, output) {
  const channels = layer.shapes[0][2], sums = new Float64Array(channels);
  const visit = from => { for (let c = 0; c < channels; c += 1) sums[c] += input[from + c]; };
  const end = (at, count) => { for (let c = 0; c < channels; c += 1) output[at + c] = sums[c] / count; };
  slide(layer, visit, () => sums.fill(0), end);
}

function poolAllMax(layer, [input], _, output) {
  output.fill(-Infinity);
  for (let i = 0; i < input.length; i += 1) output[i % output.length] = Math.max(output[i % output.length], input[i]);
}

function poolAllAverage(layer, [input], _, output) {
  const sums = new Float64Array(output.length);
  for (let i = 0; i < input.length; i += 1) sums[i % sums.length] += input[i];
  output.set(sums.map(sum => sum * output.length / input.length));
}

function normalize(layer, [input], { gamma, beta, moving_mean, moving_variance }, output) {
  const channels = moving_mean.length;
  const scale = Float64Array.from(moving_variance, (variance, c) => (gamma ? gamma[c] : 1) / Math.sqrt(variance + layer.epsilon));
  const shift = Float64Array.from(moving_mean, (mean, c) => (beta ? beta[c] : 0) - mean * scale[c]);
  for (let i = 0; i < input.length; i += 1) output[i] = input[i] * scale[i % channels] + shift[i % channels];
}

function concatenate(layer, inputs, _, output) {
  const widths = layer.shapes.map(widthOf), places = output.length / widthOf(layer.output_shape);
  for (let place = 0, at = 0; place < places; place += 1) {
    for (const [k, input] of inputs.entries()) {
      output.set(input.subarray(place * widths[k], (place + 1) * widths[k]), at);
      at += widths[k];
    }
  }
}

const merge = join => (layer, inputs, _, output) => {
  for (let i = 0; i < output.length; i += 1) {
    let value = inputs[0][i];
    for (let k = 1; k < inputs.length; k += 1) value = join(value, inputs[k][i]);
    output[i] = value;
  }
};
const add = merge((a, b) => a + b);

function average(layer, inputs, weights, output) {
  add(layer, inputs, weights, output);
  for (let i = 0; i < output.length; i += 1) output[i] /= inputs.length;
}

// A layer that makes of each value another one; the place tells it which weight is the value's.
const each = of => (layer, [input], weights, output) => { for (let i = 0; i < output.length; i += 1) output[i] = of(input[i], layer, weights, i); };
const copy = (layer, [input], _, output) => output.set(input);

// Weights of PReLU may be shared along rows and columns: an axis of length 1 has one for all.
function slopeAt({ shape, values }, full, place) {
  let at = 0, step = 1;
  for (let axis = full.length - 1; axis >= 0; axis -= 1) {
    if (shape[axis] > 1) at += step * (place % full[axis]);
    step *= shape[axis];
    place = Math.floor(place / full[axis]);
  }
  return values[at];
}

function rectify(x, { negative_slope, threshold, max_value = Infinity }) {
  return x < threshold ? negative_slope * (x - threshold) : Math.min(x, max_value);
}

export const LAYERS = {
  Conv2D: convolve,
  DepthwiseConv2D: convolveDepthwise,
  SeparableConv2D: convolveSeparable,
  Conv2DTranspose: convolveTransposed,
  MaxPooling2D: poolMax,
  AveragePooling2D: poolAverage,
  GlobalMaxPooling2D: poolAllMax,
  GlobalAveragePooling2D: poolAllAverage,
  BatchNormalization: normalize,
  Flatten: copy,
  Reshape: copy,
  Dense: dense,
  Concatenate: concatenate,
  Add: add,
  Subtract: merge((a, b) => a - b),
  Multiply: merge((a, b) => a * b),
  Average: average,
  Maximum: merge(Math.max),
  Minimum: merge(Math.min),
  Activation: (layer, inputs, _, output) => { copy(layer, inputs, _, output); activate(layer.activation, output, widthOf(layer.output_shape)); },
  Softmax: (layer, inputs, _, output) => { copy(layer, inputs, _, output); softmax(output, widthOf(layer.output_shape)); },
  ReLU: each(rectify),
  LeakyReLU: each((x, { negative_slope }) => x > 0 ? x : negative_slope * x),
  ELU: each((x, { alpha }) => x > 0 ? x : alpha * Math.expm1(x)),
  PReLU: each((x, layer, { alpha }, place) => x > 0 ? x : x * slopeAt({ shape: layer.weights.alpha.shape, values: alpha }, layer.output_shape, place)),
  Rescaling: each((x, { scale, offset }) => x * scale + offset),
  Dropout: copy,
  SpatialDropout2D: copy,
  GaussianNoise: copy,
  GaussianDropout: copy,
  ActivityRegularization: copy,
  Identity: copy,
};
