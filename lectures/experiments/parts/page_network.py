"""Writes a network down so that a page can compute it: a graph of layers with their options, and its weights.

The weights are rounded to half precision (IEEE 754 binary16), in the model as well: page and Keras then compute the
same network. Every layer that a page cannot compute is refused by its name, as ValueError("what is wrong; what to do").
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.parts.probing import layers_of, output_layers, sources_of

Array = NDArray[Any]
Facts = dict[str, Any]
MERGES: Final = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
UNCHANGED: Final = (  # what these layers do in training, they do not do at use
    "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "ActivityRegularization", "Identity",
)  # fmt: skip
ACTIVATIONS: Final = (
    "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "sigmoid", "hard_sigmoid", "tanh", "softmax", "softplus",
    "softsign", "silu", "gelu", "exponential",
)  # fmt: skip
HINT: Final = "a page computes convolutions, pooling, Dense, BatchNormalization, activations, Add, Concatenate …"


def round_weights(model: keras.Model) -> int:
    """Round all weights of `model` to half precision, in place; return how many there are.

    Raises ValueError for a weight that is too large, or no number.
    """
    for layer in layers_of(model):
        with np.errstate(over="ignore"):
            rounded = [weight.astype(np.float16).astype(np.float32) for weight in layer.get_weights()]
        if not all(np.isfinite(weight).all() for weight in rounded):
            raise refusal(layer, f"has weights beyond ±{np.finfo(np.float16).max:g}", "train it anew, or scale them")
        layer.set_weights(rounded)
    return int(sum(weight.size for layer in layers_of(model) for weight in layer.get_weights()))


def write_network(model: keras.Model) -> Facts:
    """Return the graph of a model as plain values, and its weights as float16 (n,), both in the order of the layers.

    graph: the shape of the `input`, the name of the `output`, and the `layers`, each behind those whose outputs it
    takes: name, kind, inputs, output_shape, its options, and where each of its weights begins. Raises ValueError for
    what a page cannot compute, and for several inputs or outputs.
    """
    if len(model.inputs) != 1 or len(output_layers(model)) != 1:
        problem = f"the model has {len(model.inputs)} inputs and {len(model.outputs)} outputs"
        raise ValueError(f"{problem}; a page computes networks with one of each")
    sources = sources_of(model)
    weights: list[Array] = []
    described = [_describe(layer, sources[layer.name], weights) for layer in layers_of(model)]
    flat = np.concatenate([weight.ravel() for weight in weights] or [np.zeros(0, np.float32)])
    graph = {
        "input": list(model.inputs[0].shape[1:]),
        "output": output_layers(model)[0].name,
        "layers": described,
    }
    return {"graph": graph, "weights": flat.astype(np.float16)}


def refusal(layer: keras.Layer, problem: str, hint: str = HINT) -> ValueError:
    """Return the error that a layer cannot be computed in a page."""
    return ValueError(f"the layer '{layer.name}' ({type(layer).__name__}) {problem}; {hint}")


def _describe(layer: keras.Layer, inputs: Sequence[str], weights: list[Array]) -> Facts:
    """Return one layer as plain values, and append its weights."""
    kind = type(layer).__name__
    if kind in UNCHANGED:
        options: Facts = {}
    elif kind in OPTIONS:
        options = OPTIONS[kind](layer)
    else:
        raise refusal(layer, "cannot be computed in a page")
    if None in layer.output.shape[1:]:
        raise refusal(
            layer, "has an output of any size", "let the model begin with keras.Input((height, width, channels))"
        )
    places = {}
    for name, weight in _named_weights(layer).items():
        places[name] = {"at": sum(each.size for each in weights), "shape": list(weight.shape)}
        weights.append(weight)
    shape = list(layer.output.shape[1:])
    return {
        "name": layer.name,
        "kind": kind,
        "inputs": list(inputs),
        "output_shape": shape,
        "weights": places,
        **options,
    }


def _named_weights(layer: keras.Layer) -> dict[str, Array]:
    """Return the weights of a layer by Keras's names for them, such as `kernel` and `bias`."""
    return {weight.name: np.asarray(weight) for weight in layer.weights if "seed" not in weight.name}


def _pair(value: Any) -> list[int]:
    rows, columns = (value, value) if isinstance(value, int) else value
    return [int(rows), int(columns)]


def _activation(layer: keras.Layer) -> str:
    """Return the name of a layer's activation function."""
    name = str(getattr(layer.activation, "__name__", type(layer.activation).__name__))
    if name not in ACTIVATIONS:
        raise refusal(layer, f"has the activation '{name}'", f"a page computes {', '.join(ACTIVATIONS)}")
    return name


def _window(layer: keras.Layer, size: Any, dilation: Any = 1, *, is_transposed: bool = False) -> Facts:
    """Return the window of a layer; offset: how many rows and columns of padding stand before the input.

    For padding "same" this is the rule of TensorFlow: an odd row or column of padding stands at the end.
    """
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        raise refusal(layer, "has its channels first", "build it with data_format='channels_last'")
    window, strides, spread = _pair(size), _pair(layer.strides), _pair(dilation)
    offset = [0, 0]
    if layer.padding == "same":
        ends = (layer.output.shape, layer.input.shape) if is_transposed else (layer.input.shape, layer.output.shape)
        for axis in (0, 1):
            length, places = (int(shape[1 + axis]) for shape in ends)
            reach = (window[axis] - 1) * spread[axis] + 1
            offset[axis] = max(0, (places - 1) * strides[axis] + reach - length) // 2
    return {"window": window, "strides": strides, "dilation": spread, "offset": offset}


def _convolution(layer: keras.Layer) -> Facts:
    groups = {"groups": int(layer.groups)} if type(layer).__name__ == "Conv2D" else {}
    return _window(layer, layer.kernel_size, layer.dilation_rate) | groups | {"activation": _activation(layer)}


def _transposed(layer: keras.Layer) -> Facts:
    if _pair(layer.dilation_rate) != [1, 1]:
        raise refusal(layer, "is dilated", "leave dilation_rate away")
    return _window(layer, layer.kernel_size, is_transposed=True) | {"activation": _activation(layer)}


def _pooling(layer: keras.Layer) -> Facts:
    return _window(layer, layer.pool_size)


def _last_axis(layer: keras.Layer, hint: str) -> Facts:
    """Return nothing; raise ValueError for a layer that works along another axis than the channels."""
    rank = len(layer.output.shape)
    axis = [layer.axis] if isinstance(layer.axis, int) else list(layer.axis)
    if axis not in ([-1], [rank - 1]):
        raise refusal(layer, f"works along axis {layer.axis}", hint)
    return {}


def _normalization(layer: keras.Layer) -> Facts:
    return _last_axis(layer, "normalize channels: axis=-1") | {"epsilon": float(layer.epsilon)}


def _merge(layer: keras.Layer) -> Facts:
    shapes = {tuple(tensor.shape[1:]) for tensor in keras.tree.flatten(layer.input)}
    if len(shapes) > 1:
        raise refusal(layer, "takes inputs of different shapes", "let all of them have the same")
    return {}


def _relu(layer: keras.Layer) -> Facts:
    largest = None if layer.max_value is None else float(layer.max_value)
    facts = {"negative_slope": float(layer.negative_slope), "threshold": float(layer.threshold)}
    return facts if largest is None else facts | {"max_value": largest}


def _rescaling(layer: keras.Layer) -> Facts:
    if np.ndim(layer.scale) or np.ndim(layer.offset):
        raise refusal(layer, "has a scale for each channel", "let it have one number for all")
    return {"scale": float(layer.scale), "offset": float(layer.offset)}


def _dense(layer: keras.Layer) -> Facts:
    return {"activation": _activation(layer)}


def _nothing(layer: keras.Layer) -> Facts:  # noqa: ARG001 - a layer without options
    return {}


OPTIONS: Final[Mapping[str, Callable[[keras.Layer], Facts]]] = {
    "Conv2D": _convolution,
    "DepthwiseConv2D": _convolution,
    "SeparableConv2D": _convolution,
    "Conv2DTranspose": _transposed,
    "MaxPooling2D": _pooling,
    "AveragePooling2D": _pooling,
    "GlobalMaxPooling2D": _nothing,
    "GlobalAveragePooling2D": _nothing,
    "BatchNormalization": _normalization,
    "Flatten": _nothing,
    "Reshape": _nothing,
    "Dense": _dense,
    "Concatenate": lambda layer: _last_axis(layer, "join channels: keras.layers.Concatenate(axis=-1)"),
    **dict.fromkeys(MERGES, _merge),
    "Activation": _dense,
    "ReLU": _relu,
    "LeakyReLU": lambda layer: {"negative_slope": float(layer.negative_slope)},
    "ELU": lambda layer: {"alpha": float(layer.alpha)},
    "PReLU": _nothing,
    "Softmax": lambda layer: _last_axis(layer, "let it work along the classes: axis=-1"),
    "Rescaling": _rescaling,
}


def count_values(graph: Mapping[str, Any]) -> int:
    """Return how many values all layers of a graph give for one input."""
    return sum(math.prod(layer["output_shape"]) for layer in graph["layers"])
