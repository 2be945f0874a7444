// A small network that learns: forward and backward through convolutions, ReLU, pooling, flatten and dense layers, softmax
// cross-entropy at the end, and stochastic gradient descent with momentum. Pictures and maps are (height, width,
// channels) one after the other, kernels (rows, columns, channels, filters), as Keras has them. Arrays hold 64-bit floats.

// Random numbers from 0 to 1 that a seed repeats: mulberry32 (Tommy Ettinger, 2017).
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// The numbers from 0 to count - 1 in an order that `random` draws (Fisher and Yates).
export function shuffled(count, random) {
  const order = Uint32Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}

// Weights between plus and minus the root of 6 / (inputs + outputs of a unit) (Glorot and Bengio, 2010).
function glorot(size, inputs, outputs, random) {
  const limit = Math.sqrt(6 / (inputs + outputs));
  return Float64Array.from({ length: size }, () => (2 * random() - 1) * limit);
}

function parameter(values) {
  return { values, slope: new Float64Array(values.length), speed: new Float64Array(values.length) };
}

// Each kind of layer: make(options, shape, random) returns its output's shape, its parameters, and forward(input, output)
// and backward(input, output, slope, inputSlope). backward adds to the slopes of the parameters; inputSlope is null where
// nobody asks for it, and all zero where somebody does.

function conv2d({ filters, kernel_size: size }, [height, width, channels], random) {
  const rows = height - size + 1, columns = width - size + 1, row = size * channels, window = size * row;
  if (rows < 1 || columns < 1) throw new RangeError(`a kernel of ${size} × ${size} does not fit into ${height} × ${width}`);
  const kernel = parameter(glorot(window * filters, window, size * size * filters, random)), bias = parameter(new Float64Array(filters));
  const turned = new Float64Array(window * filters), turnedSlope = new Float64Array(window * filters);   // (filters, rows, columns, channels)
  const patch = new Float64Array(window), patchSlope = new Float64Array(window);

  function readPatch(input, from) {
    let any = 0;
    for (let k = 0, at = 0; k < size; k++, from += width * channels) for (let j = 0; j < row; j++, at++) any += Math.abs(patch[at] = input[from + j]);
    return any !== 0;
  }

  return {
    shape: [rows, columns, filters], parameters: [kernel, bias],
    turn() { for (let k = 0; k < window; k++) for (let f = 0; f < filters; f++) turned[f * window + k] = kernel.values[k * filters + f]; },
    forward(input, output) {
      for (let r = 0, at = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
        const inked = readPatch(input, (r * width + c) * channels);
        if (!inked) output.set(bias.values, at);
        else multiply(patch, kernel.values, bias.values, output, at);
        at += filters;
      }
    },
    backward(input, output, slope, inputSlope) {
      for (let r = 0, at = 0; r < rows; r++) for (let c = 0; c < columns; c++, at += filters) {
        let any = false;
        for (let f = 0; f < filters; f++) {
          const steep = slope[at + f];
          if (steep === 0) continue;
          if (!any) { any = true; readPatch(input, (r * width + c) * channels); patchSlope.fill(0); }
          bias.slope[f] += steep;
          add(turnedSlope, f * window, steep, patch);
          if (inputSlope) for (let k = 0, base = f * window; k < window; k++) patchSlope[k] += steep * turned[base + k];
        }
        if (any && inputSlope) for (let k = 0, from = (r * width + c) * channels, i = 0; k < size; k++, from += width * channels) for (let j = 0; j < row; j++, i++) inputSlope[from + j] += patchSlope[i];
      }
    },
    finish() {
      for (let k = 0; k < window; k++) for (let f = 0; f < filters; f++) kernel.slope[k * filters + f] += turnedSlope[f * window + k];
      turnedSlope.fill(0);
    },
  };
}

// Adds patch · weights (values, filters) to begin (filters), four filters at a time, so that their sums stay in registers.
function multiply(patch, weights, begin, output, at) {
  const filters = begin.length;
  let f = 0;
  for (; f + 4 <= filters; f += 4) {
    let one = begin[f], two = begin[f + 1], three = begin[f + 2], four = begin[f + 3];
    for (let k = 0, w = f; k < patch.length; k++, w += filters) {
      const value = patch[k];
      one += value * weights[w];
      two += value * weights[w + 1];
      three += value * weights[w + 2];
      four += value * weights[w + 3];
    }
    output[at + f] = one; output[at + f + 1] = two; output[at + f + 2] = three; output[at + f + 3] = four;
  }
  for (; f < filters; f++) {
    let sum = begin[f];
    for (let k = 0; k < patch.length; k++) sum += patch[k] * weights[k * filters + f];
    output[at + f] = sum;
  }
}

function add(sums, from, times, values) {
  for (let at = 0; at < values.length; at++) sums[from + at] += times * values[at];
}

function dense({ units }, [count], random) {
  const kernel = parameter(glorot(count * units, count, units, random)), bias = parameter(new Float64Array(units));
  return {
    shape: [units], parameters: [kernel, bias],
    forward(input, output) {
      output.set(bias.values);
      for (let i = 0; i < count; i++) {
        const value = input[i];
        if (value !== 0) for (let u = 0; u < units; u++) output[u] += value * kernel.values[i * units + u];
      }
    },
    backward(input, output, slope, inputSlope) {
      for (let u = 0; u < units; u++) bias.slope[u] += slope[u];
      for (let i = 0; i < count; i++) {
        let total = 0;
        for (let u = 0; u < units; u++) {
          kernel.slope[i * units + u] += slope[u] * input[i];
          total += slope[u] * kernel.values[i * units + u];
        }
        if (inputSlope) inputSlope[i] = total;
      }
    },
  };
}

// `not (value <= 0)` keeps what is no number, so that a training that has come apart is seen to have.
function relu(_, shape) {
  return {
    shape, parameters: [],
    forward(input, output) { for (let i = 0; i < input.length; i++) output[i] = input[i] <= 0 ? 0 : input[i]; },
    backward(input, output, slope, inputSlope) { for (let i = 0; i < input.length; i++) inputSlope[i] = input[i] <= 0 ? 0 : slope[i]; },
  };
}

function maxPooling2d({ pool_size: size }, [height, width, channels]) {
  const rows = Math.floor(height / size), columns = Math.floor(width / size);
  if (rows < 1 || columns < 1) throw new RangeError(`a window of ${size} × ${size} does not fit into ${height} × ${width}`);
  const from = new Uint32Array(rows * columns * channels);   // where each largest value was
  return {
    shape: [rows, columns, channels], parameters: [],
    forward(input, output) {
      for (let r = 0, at = 0; r < rows; r++) for (let c = 0; c < columns; c++) for (let f = 0; f < channels; f++, at++) {
        let best = (r * size * width + c * size) * channels + f;
        for (let dy = 0; dy < size; dy++) for (let dx = 0; dx < size; dx++) {
          const other = ((r * size + dy) * width + c * size + dx) * channels + f;
          if (input[other] > input[best] || input[other] !== input[other]) best = other;
        }
        from[at] = best;
        output[at] = input[best];
      }
    },
    backward(input, output, slope, inputSlope) { for (let i = 0; i < from.length; i++) inputSlope[from[i]] += slope[i]; },
  };
}

function flatten(_, shape) {
  return {
    shape: [shape.reduce((a, b) => a * b)], parameters: [],
    forward(input, output) { output.set(input); },
    backward(input, output, slope, inputSlope) { inputSlope.set(slope); },
  };
}

const KINDS = { Conv2D: conv2d, Dense: dense, ReLU: relu, MaxPooling2D: maxPooling2d, Flatten: flatten };

// The probabilities of `scores` into `shares`; returns the loss of the class `label`. A score far above the others' is
// taken away first, as Keras does, so that no power overflows.
export function softmax(scores, shares, label) {
  let top = -Infinity, total = 0;
  for (const score of scores) if (score > top || score !== score) top = score;
  for (let i = 0; i < scores.length; i++) total += shares[i] = Math.exp(scores[i] - top);
  for (let i = 0; i < scores.length; i++) shares[i] /= total;
  return Math.log(total) + top - scores[label];
}

// A network of `layers` ({ kind, filters, kernel_size, pool_size, units }) for pictures of `shape`, its weights drawn by `random`.
export function makeLearner({ shape, layers, random }) {
  const made = [], maps = [new Float64Array(shape.reduce((a, b) => a * b))];
  let last = shape;
  for (const { kind, ...options } of layers) {
    if (!Object.hasOwn(KINDS, kind)) throw new TypeError(`a layer '${kind}' cannot be trained here`);
    const layer = KINDS[kind](options, last, random);
    made.push(layer);
    last = layer.shape;
    maps.push(new Float64Array(last.reduce((a, b) => a * b)));
  }
  const slopes = maps.map(map => new Float64Array(map.length)), shares = new Float64Array(maps.at(-1).length);
  const parameters = made.flatMap(layer => layer.parameters), pixels = maps[0].length;
  const put = (pictures, at) => { for (let i = 0; i < pixels; i++) maps[0][i] = pictures[at * pixels + i]; };

  function forward(label) {
    made.forEach((layer, at) => layer.forward(maps[at], maps[at + 1]));
    return softmax(maps.at(-1), shares, label);
  }

  function backward(label, weight) {
    const end = slopes.at(-1);
    for (let i = 0; i < end.length; i++) end[i] = weight * (shares[i] - (i === label ? 1 : 0));
    for (let at = made.length - 1; at >= 0; at--) {
      if (at) slopes[at].fill(0);
      made[at].backward(maps[at], maps[at + 1], slopes[at + 1], at ? slopes[at] : null);
    }
  }

  // Adds the slopes of the mean loss of a batch to the parameters' slopes, which it sets to zero before; returns the loss.
  function slopesOf(pictures, labels, batch) {
    let total = 0;
    for (const { slope } of parameters) slope.fill(0);
    for (const layer of made) layer.turn?.();
    for (const at of batch) {
      put(pictures, at);
      total += forward(labels[at]);
      backward(labels[at], 1 / batch.length);
    }
    for (const layer of made) layer.finish?.();
    return total / batch.length;
  }

  // One step down the slope: speed = momentum · speed - rate · slope, weight = weight + speed. Returns the batch's loss.
  function step(pictures, labels, batch, { rate, momentum }) {
    const loss = slopesOf(pictures, labels, batch);
    for (const { values, slope, speed } of parameters) for (let i = 0; i < values.length; i++) {
      speed[i] = momentum * speed[i] - rate * slope[i];
      values[i] += speed[i];
    }
    return loss;
  }

  // The mean loss of all `pictures`, and how many of them get their class. What is no number is no answer.
  function judge(pictures, labels) {
    let loss = 0, right = 0;
    for (const layer of made) layer.turn?.();
    for (let at = 0; at < labels.length; at++) {
      put(pictures, at);
      loss += forward(labels[at]);
      const scores = maps.at(-1);
      right += scores.every((score, other) => other === labels[at] || score < scores[labels[at]]);
    }
    return { loss: loss / labels.length, right };
  }

  return { parameters, maps, shares, slopesOf, step, judge, count: parameters.reduce((sum, { values }) => sum + values.length, 0) };
}
