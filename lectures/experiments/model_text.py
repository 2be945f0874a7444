"""What a `.keras` file says of its model, as plain JSON: which layers it has, that they are a chain, that none is code.

Knows no file and builds nothing; every refusal is a ValueError("what is wrong; what to do").
"""

from collections.abc import Iterator, Mapping
from typing import Any

import keras

from lectures.experiments.refusal import refusal

Text = Mapping[str, Any]
CHAINS = ("Sequential", "Functional")
LAYERS = {
    "InputLayer", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "MaxPooling2D", "AveragePooling2D",
    "GlobalMaxPooling2D", "GlobalAveragePooling2D", "Flatten", "Reshape", "Dense", "Activation", "ReLU", "LeakyReLU",
    "PReLU", "ELU", "Softmax", "BatchNormalization", "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout",
    "Rescaling", "Normalization", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "RandomContrast",
    "RandomBrightness", "ActivityRegularization", "Identity",
}  # fmt: skip
# What stands in a description beside layers: how weights began and were held, and how models within were trained.
BESIDE = {
    "keras.dtype_policies", "keras.initializers", "keras.regularizers", "keras.constraints", "keras.losses",
    "keras.metrics", "keras.optimizers", "keras.optimizers.schedules",
}  # fmt: skip
POLICIES = {"DTypePolicy", "FloatDTypePolicy"}
OWN = "build the model of Keras's own layers, and save it again"
TAKEN = "taken are convolutions, pooling, Dense, and what stands between them (BatchNormalization, Dropout, ReLU …)"
CHAIN = "give a chain of layers, such as one path of it: keras.Model(inputs, outputs)"


def check_description(text: Any, name: str) -> None:
    """Raise ValueError unless `text` describes a chain of layers of LAYERS; `name` is the file's, for the message."""
    try:
        check_model(text, name)
        trained = {key: value for key, value in text.items() if key != "compile_config"}  # Keras leaves it aside too
        for part in parts_of(trained):
            check_part(part, name)
    except (KeyError, TypeError, AttributeError, IndexError):
        raise refusal(name, "describes its model in a way that Keras does not", OWN) from None


def check_model(text: Text, name: str) -> None:
    """Raise ValueError unless a model, and each model within it, is a chain."""
    if text["class_name"] not in CHAINS:
        problem = f"is a model of the class '{text['class_name']}'"
        raise refusal(name, problem, "build it with keras.Sequential or keras.Model(inputs, outputs)")
    config = text["config"]
    if text["class_name"] == "Functional":
        check_links(config, name)
    for layer in config["layers"]:
        if "layers" in layer["config"]:
            check_model(layer, name)


def check_links(config: Text, name: str) -> None:
    """Raise ValueError where a layer's output goes two ways, a layer is used twice, or there are two ends."""
    for layer in config["layers"]:
        if len(layer["inbound_nodes"]) > 1:
            raise refusal(name, f"uses the layer '{layer['name']}' twice", CHAIN)
    for source, named in takers_in(config).items():
        if len(named) > 1:
            raise refusal(name, f"branches at '{source}', whose output goes to {' and '.join(named)}", CHAIN)
    for end in ("input", "output"):
        found = list(sources_in(config[f"{end}_layers"]))
        if len(found) != 1:
            raise refusal(name, f"has {len(found)} {end}s ({', '.join(found)})", CHAIN)


def takers_in(config: Text) -> dict[str, list[str]]:
    """Return for each layer what takes its output."""
    takers: dict[str, list[str]] = {}
    for layer in config["layers"]:
        for source in sources_in(layer["inbound_nodes"]):
            takers.setdefault(source, []).append(f"'{layer['name']}'")
    for source in sources_in(config["output_layers"]):
        takers.setdefault(source, []).append("the output")
    return takers


def sources_in(links: Any) -> Iterator[str]:
    """Yield the layers that `links` name, as ["conv1", 0, 0], at any depth, in order."""
    waiting = [links]
    while waiting:
        link = waiting.pop()
        if isinstance(link, Mapping):
            waiting += reversed(list(link.values()))
        elif isinstance(link, list) and len(link) > 2 and isinstance(link[0], str) and type(link[1]) is int:
            yield link[0]
        elif isinstance(link, list):
            waiting += reversed(link)


def parts_of(text: Any) -> Iterator[Text]:
    """Yield everything in a description that Keras makes an object of, at any depth, in order."""
    waiting = [text]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            waiting += reversed(list(part.values()))
            if "class_name" in part:
                yield part
        elif isinstance(part, list):
            waiting += reversed(part)


def check_part(part: Text, name: str) -> None:
    """Raise ValueError unless a part is a layer of LAYERS, a chain, or one of what stands BESIDE them."""
    kind, config = part["class_name"], part.get("config")
    module = str(part.get("module"))
    told = f"'{config['name'] if isinstance(config, Mapping) and 'name' in config else config}'"
    if kind in ("Lambda", "__lambda__"):
        raise refusal(name, f"has a Lambda layer, {told}, which is code", OWN)
    if isinstance(config, Mapping) and config.get("data_format") == "channels_first":
        raise refusal(name, f"has channels first in {told}", "build it with data_format='channels_last'")
    if kind in ("__keras_tensor__", "__numpy__"):
        return
    if not is_known(kind, module, config):
        raise refusal(name, *what_part(kind, module, told))


def is_known(kind: str, module: str, config: Any) -> bool:
    """Return whether Keras has a part under this name, and it is one that is taken."""
    if kind == "function":
        return module in ("builtins", "keras.activations") and config in activation_names()
    if kind in LAYERS:
        return module == "keras.layers"
    if kind in CHAINS or kind in POLICIES:
        return module == "keras" or module.startswith("keras.")
    return module in BESIDE


def activation_names() -> set[str]:
    """Return the names of Keras's activation functions."""
    tools = {"get", "serialize", "deserialize"}
    return {name for name in dir(keras.activations) if name.islower() and name[0] != "_"} - tools


def what_part(kind: str, module: str, told: str) -> tuple[str, str]:
    """Return what is wrong with a part that is not taken, and what to do."""
    if kind == "function":
        return f"has a function of its own, {told}", OWN
    if module.startswith("keras") and hasattr(keras.layers, kind):
        return f"has the layer {told} of kind {kind}, which cannot be drawn", TAKEN
    return f"has {told} of a class of its own, {kind}", OWN
