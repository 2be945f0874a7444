"""Loads a model from a `.keras` file: checks the file before building anything, then rebuilds it as a chain of layers.

A file may come from anywhere, so it is accepted only if it holds nothing but a description of Keras's own layers and
their weights: no code (Lambda layers, custom classes and functions), no other files, no more than LARGEST bytes. The
checks of the description work on plain JSON: they open no file and build nothing. Every refusal is a ValueError("what
is wrong; what to do").
"""

import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import keras

DESCRIPTION, WEIGHTS = "config.json", "model.weights.h5"
MEMBERS = {"metadata.json", DESCRIPTION, WEIGHTS}
LARGEST = 500_000_000  # bytes that a file may unpack to
LONGEST = 4_000_000  # bytes that its description may have
AGAIN = "load it where it was made, and save it with model.save('net.keras')"
Shape = tuple[int | None, ...]


def load_chain(path: Path, shape: Shape | None) -> keras.Sequential:
    """Return the model of a `.keras` file as a chain of layers, ready to be examined.

    shape: height, width and channels of the images it will be given; None: whatever the model declares. Layers of
    nested models take their place in the one chain. Layer names become valid names of results (letters, digits and _).
    Raises ValueError for a file that is no `.keras` file, for code in it, for branches, and for an input of another
    shape.
    """
    check_description(read_description(path), path.name)
    try:
        model = keras.saving.load_model(path, safe_mode=True, compile=False)
    except Exception as error:  # Keras passes on whatever its layers raise
        first = " ".join(str(error).split())[:160] or type(error).__name__
        raise refusal(path.name, f"cannot be loaded by Keras {keras.__version__}: {first}", AGAIN) from None
    return rebuild(model, path.name, shape)


def read_description(path: Path) -> Any:
    """Return the file's description of its model, as JSON; checks the archive's directory before unpacking."""
    name = path.name
    if not zipfile.is_zipfile(path):
        raise refusal(name, *describe_other_file(path))
    if path.suffix != ".keras":
        raise refusal(name, "does not end in .keras", AGAIN)
    try:
        with zipfile.ZipFile(path) as archive:
            check_directory(archive, name)
            return json.loads(archive.read(DESCRIPTION))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise refusal(name, f"has no JSON in its {DESCRIPTION}", AGAIN) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise refusal(name, f"is damaged ({error})", "copy or save the file again") from None


def describe_other_file(path: Path) -> tuple[str, str]:
    """Return what a file that is no `.keras` file is instead, and what to do about it."""
    with path.open("rb") as file:
        head = file.read(8)
    if head == b"\x89HDF\r\n\x1a\n":
        return "is an HDF5 file, as older versions of Keras write", AGAIN
    if head[:1] == b"\x80":
        return "is a pickle, which could run anything", AGAIN
    return "is no .keras file", AGAIN


def check_directory(archive: zipfile.ZipFile, name: str) -> None:
    """Raise ValueError unless the archive holds a description and weights, only MEMBERS, each once, within LARGEST."""
    sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    strange = sorted(sizes.keys() - MEMBERS)
    if strange:
        raise refusal(name, f"holds '{strange[0]}', which no model of plain layers has", AGAIN)
    missing = sorted({DESCRIPTION, WEIGHTS} - sizes.keys())
    if missing or len(sizes) < len(archive.infolist()):
        raise refusal(name, f"has no {missing[0]}" if missing else "holds a part twice", AGAIN)
    total = sum(sizes.values())
    if total > LARGEST or sizes[DESCRIPTION] > LONGEST:
        raise refusal(name, f"unpacks to {total:,} bytes", f"at most {LARGEST:,} are taken: name a smaller model")


def rebuild(model: keras.Model, name: str, shape: Shape | None) -> keras.Sequential:
    """Return the same layers with the same weights as one chain, for images of `shape`."""
    chain = list(layers_of(model))
    if not chain or not model.built:
        raise refusal(name, "has no layers with an input", "let it begin with keras.Input, and save it again")
    configs = [layer.get_config() | {"name": re.sub(r"\W", "_", layer.name, flags=re.ASCII)} for layer in chain]
    names = [config["name"] for config in configs]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise refusal(name, f"has two layers named '{twice[0]}'", "give each layer a name of its own")
    made = [type(layer).from_config(config) for layer, config in zip(chain, configs, strict=True)]
    rebuilt = keras.Sequential([keras.Input(fit_shape(model, chain[0], name, shape)), *made])
    for layer, twin in zip(chain, made, strict=True):
        twin.set_weights(layer.get_weights())
        if isinstance(twin, keras.layers.Normalization):
            twin.finalize_state()
    return rebuilt


def layers_of(model: keras.Model) -> Iterator[keras.Layer]:
    """Yield the layers of a model in order, those of nested models in their place, without input layers."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from layers_of(layer)
        elif not isinstance(layer, keras.layers.InputLayer):
            yield layer


def fit_shape(model: keras.Model, first: keras.Layer, name: str, shape: Shape | None) -> Shape:
    """Return the shape of the chain's input, without the batch; raise ValueError if images of `shape` do not fit."""
    takes: Shape = tuple(model.inputs[0].shape[1:])
    if shape is None:
        if None in takes:
            raise refusal(name, f"takes images of any size, {takes}", "save it with a size: keras.Input((28, 28, 1))")
        return takes
    if len(takes) == len(shape) and all(one in (None, other) for one, other in zip(takes, shape, strict=True)):
        return shape
    # Flatten and Reshape read the pixels in order, with or without an axis of channels.
    if takes == shape[:2] and isinstance(first, keras.layers.Flatten | keras.layers.Reshape):
        return shape
    flat = " and keras.layers.Flatten()" if len(takes) == 1 else ""
    mend = f"let it begin with keras.Input({shape}){flat}, or add `images: no` to draw its layers alone"
    raise refusal(name, f"takes {takes}, and an image of the dataset is {shape}", mend)


Text = Mapping[str, Any]
CHAINS = ("Sequential", "Functional")
LAYERS = {
    "InputLayer", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "MaxPooling2D", "AveragePooling2D",
    "GlobalMaxPooling2D", "GlobalAveragePooling2D", "Flatten", "Reshape", "Dense", "Activation", "ReLU", "LeakyReLU",
    "PReLU", "ELU", "Softmax", "BatchNormalization", "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout",
    "Rescaling", "Normalization", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "RandomContrast",
    "RandomBrightness", "ActivityRegularization", "Identity",
}  # fmt: skip
# Modules of what a description holds besides layers: how weights are initialized and constrained, how nested models
# were trained.
BESIDE = {
    "keras.dtype_policies", "keras.initializers", "keras.regularizers", "keras.constraints", "keras.losses",
    "keras.metrics", "keras.optimizers", "keras.optimizers.schedules",
}  # fmt: skip
POLICIES = {"DTypePolicy", "FloatDTypePolicy"}
OWN = "build the model of Keras's own layers, and save it again"
TAKEN = "taken are convolutions, pooling, Dense, and what stands between them (BatchNormalization, Dropout, ReLU …)"
CHAIN = "give a chain of layers, such as one path of it: keras.Model(inputs, outputs)"


# Checks of the description in a `.keras` file: its layers are known, they are a chain, and none is code.


def check_description(text: Any, name: str) -> None:
    """Raise ValueError unless `text` describes a chain of LAYERS; `name` is the file's, for the message."""
    try:
        check_model(text, name)
        trained = {key: value for key, value in text.items() if key != "compile_config"}  # ignored by Keras, too
        for part in parts_of(trained):
            check_part(part, name)
    except (KeyError, TypeError, AttributeError, IndexError):
        raise refusal(name, "describes its model in a way that Keras does not", OWN) from None


def check_model(text: Text, name: str) -> None:
    """Raise ValueError unless a model, and each model nested in it, is a chain."""
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
    """Raise ValueError if an output goes two ways, a layer is used twice, or there are two inputs or outputs."""
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
    """Return for each layer what takes its output: other layers, or the model's own output."""
    takers: dict[str, list[str]] = {}
    for layer in config["layers"]:
        for source in sources_in(layer["inbound_nodes"]):
            takers.setdefault(source, []).append(f"'{layer['name']}'")
    for source in sources_in(config["output_layers"]):
        takers.setdefault(source, []).append("the output")
    return takers


def sources_in(links: Any) -> Iterator[str]:
    """Yield the names of the layers that `links` refer to, as in ["conv1", 0, 0], at any depth, in order."""
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
    """Yield every part of a description that Keras turns into an object, at any depth, in order."""
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
    """Raise ValueError unless a part is one of LAYERS, a chain, or an object from a module in BESIDE."""
    kind, config = part["class_name"], part.get("config")
    module = str(part.get("module"))
    label = f"'{config['name'] if isinstance(config, Mapping) and 'name' in config else config}'"
    if kind in ("Lambda", "__lambda__"):
        raise refusal(name, f"has a Lambda layer, {label}, which is code", OWN)
    if isinstance(config, Mapping) and config.get("data_format") == "channels_first":
        raise refusal(name, f"has channels first in {label}", "build it with data_format='channels_last'")
    if kind in ("__keras_tensor__", "__numpy__"):
        return
    if not is_known(kind, module, config):
        raise refusal(name, *explain_part(kind, module, label))


def is_known(kind: str, module: str, config: Any) -> bool:
    """Return whether a part of this kind belongs to Keras's `module`, and is accepted."""
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


def explain_part(kind: str, module: str, label: str) -> tuple[str, str]:
    """Return what is wrong with a part that is not accepted, and what to do."""
    if kind == "function":
        return f"has a function of its own, {label}", OWN
    if module.startswith("keras") and hasattr(keras.layers, kind):
        return f"has the layer {label} of kind {kind}, which cannot be drawn", TAKEN
    return f"has {label} of a class of its own, {kind}", OWN


def refusal(name: str, problem: str, hint: str) -> ValueError:
    """Return the error "name problem; hint"; text from the file cannot add a second hint or a second line."""
    line = " ".join(problem.replace(";", ",").split())
    return ValueError(f"{name.replace(';', ',')} {line}; {hint}")
