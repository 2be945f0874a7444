// Keras's activation functions. Each takes values and changes them in place; softmax works along the last axis.

const SELU_ALPHA = 1.6732632423543772, SELU_SCALE = 1.0507009873554805;
const sigmoid = x => 1 / (1 + Math.exp(-x));

// The error function by its series near zero and its continued fraction beyond, to double precision.
function erf(x) {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = x, sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) sum += (term *= -x * x / n) / (2 * n + 1);
    return 2 / Math.sqrt(Math.PI) * sum;
  }
  let below = 0;
  for (let n = 60; n > 0; n -= 1) below = n / 2 / (a + below);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + below));
}

const ONE_BY_ONE = {
  relu: x => x > 0 ? x : 0,
  relu6: x => Math.min(Math.max(x, 0), 6),
  leaky_relu: x => x > 0 ? x : 0.2 * x,
  elu: x => x > 0 ? x : Math.expm1(x),
  selu: x => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
  sigmoid,
  hard_sigmoid: x => Math.min(Math.max(x / 6 + 0.5, 0), 1),
  tanh: Math.tanh,
  softplus: x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  softsign: x => x / (1 + Math.abs(x)),
  silu: x => x * sigmoid(x),
  gelu: x => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  exponential: Math.exp,
};

export function softmax(values, width) {
  for (let start = 0; start < values.length; start += width) {
    let most = -Infinity, sum = 0;
    for (let i = start; i < start + width; i += 1) most = Math.max(most, values[i]);
    for (let i = start; i < start + width; i += 1) sum += (values[i] = Math.exp(values[i] - most));
    for (let i = start; i < start + width; i += 1) values[i] /= sum;
  }
}

export function activate(name, values, width) {
  if (name === "linear") return;
  if (name === "softmax") return softmax(values, width);
  if (name === "relu") {
    for (let i = 0; i < values.length; i += 1) if (!(values[i] > 0)) values[i] = 0;
    return;
  }
  const of = ONE_BY_ONE[name];
  for (let i = 0; i < values.length; i += 1) values[i] = of(values[i]);
}
