"""Loads a model from a `.keras` file: checks the file before building anything, then rebuilds it as a graph of layers.

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import keras

DESCRIPTION, WEIGHTS = "config.json", "model.weights.h5"
MEMBERS = {"metadata.json", DESCRIPTION, WEIGHTS}
LARGEST = 500_000_000  # bytes that a file may unpack to
LONGEST = 4_000_000  # bytes that its description may have
AGAIN = "load it where it was made, and save it with model.save('net.keras')"
Shape = tuple[int | None, ...]


def load_network(path: Path, shape: Shape | None) -> keras.Model:
    """Return the model of a `.keras` file as a graph of layers, ready to be examined; a chain as a `Sequential`.

    shape: height, width and channels of the images it will be given; None: whatever the model declares. Layers of
    nested models take their place in the one graph. Layer names become valid names of results (letters, digits and _).
    Raises ValueError for a file that is no `.keras` file, for code in it, for a layer that is used twice, and for an
    input of another shape.
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


@dataclass(frozen=True, slots=True)
class Call:
    """A layer and the numbers of the calls whose outputs it takes; the calls of input layers take none."""

    layer: keras.Layer
    taken: tuple[int, ...]


def rebuild(model: keras.Model, name: str, shape: Shape | None) -> keras.Model:
    """Return the same layers with the same weights as one graph without models within, for images of `shape`."""
    if not model.layers or not model.built:
        raise refusal(name, "has no layers with an input", "let it begin with keras.Input, and save it again")
    calls, given = unroll_whole(model)
    check_calls(calls, given, name)
    inputs = make_inputs(model, calls, name, shape)
    layers = [call.layer for call in calls[len(inputs) :]]
    twins = [twin_of(layer) for layer in layers]
    rebuilt = keras.Sequential([*inputs, *twins]) if is_chain(calls, given) else connect(inputs, twins, calls, given)
    for layer, twin in zip(layers, twins, strict=True):
        twin.set_weights(layer.get_weights())
        if isinstance(twin, keras.layers.Normalization):
            twin.finalize_state()
    return rebuilt


def connect(
    inputs: list[keras.KerasTensor], twins: list[keras.Layer], calls: list[Call], given: tuple[int, ...]
) -> keras.Model:
    """Return the graph of `twins`, the layers behind the inputs, connected as `calls` say."""
    tensors = list(inputs)
    for call, twin in zip(calls[len(inputs) :], twins, strict=True):
        taken = [tensors[number] for number in call.taken]
        tensors.append(twin(taken if type(twin).__name__ in MERGES else taken[0]))
    outputs = [tensors[number] for number in given]
    return keras.Model(inputs[0] if len(inputs) == 1 else inputs, outputs[0] if len(outputs) == 1 else outputs)


def unroll_whole(model: keras.Model) -> tuple[list[Call], tuple[int, ...]]:
    """Return the calls of all layers, those of models within in their place, and which of them give the outputs.

    The calls of the inputs come first, then each layer behind those whose outputs it takes.
    """
    inputs = [keras.layers.InputLayer(tensor.shape[1:], name=tensor.name) for tensor in model.inputs]
    calls = [Call(layer, ()) for layer in inputs]
    return calls, unroll(model, tuple(range(len(calls))), calls)


def unroll(layer: keras.Layer, taken: tuple[int, ...], calls: list[Call]) -> tuple[int, ...]:
    """Append to `calls` the call of a layer, or of all layers of a model; return the numbers of those it gives."""
    if not isinstance(layer, keras.Model):
        calls.append(Call(layer, taken))
        return (len(calls) - 1,)
    if isinstance(layer, keras.Sequential):
        for inner in layer.layers:
            taken = unroll(inner, taken, calls)
        return taken
    config = layer.get_config()
    given: dict[str, tuple[int, ...]] = {
        name: (number,) for (name, _), number in zip(outputs_in(config["input_layers"]), taken, strict=True)
    }
    for part in config["layers"]:
        if part["name"] not in given:
            sources = tuple(given[name][place] for name, place in outputs_in(part["inbound_nodes"]))
            given[part["name"]] = unroll(layer.get_layer(part["name"]), sources, calls)
    return tuple(given[name][place] for name, place in outputs_in(config["output_layers"]))


def is_chain(calls: list[Call], given: tuple[int, ...]) -> bool:
    """Return whether there is one input, each layer takes what the one before gives, and the last gives the output."""
    follows = all(call.taken == (number,) for number, call in enumerate(calls[1:]))
    return follows and given == (len(calls) - 1,)


def check_calls(calls: list[Call], given: tuple[int, ...], name: str) -> None:
    """Raise ValueError for names that are not a layer's own, and for what no picture of the graph can show."""
    inputs = [call for call in calls if not call.taken]
    names = [clean(call.layer) for call in (calls if len(inputs) > 1 else calls[1:])]
    if twice := sorted({one for one in names if names.count(one) > 1}):
        raise refusal(name, f"has two layers named '{twice[0]}'", "give each layer a name of its own")
    if "input" in names:
        raise refusal(name, "has a layer named 'input', as the image is", "give the layer another name")
    for number in given:
        check_end(calls, number, name)
    for call in calls:
        if type(call.layer).__name__ == "Concatenate" and call.layer.axis not in (-1, len(call.layer.output.shape) - 1):
            problem = f"joins rows or columns in '{call.layer.name}', along axis {call.layer.axis}"
            raise refusal(name, problem, "join channels: keras.layers.Concatenate(axis=-1)")


def check_end(calls: list[Call], number: int, name: str) -> None:
    """Raise ValueError if what a call gives as a result of the model also goes elsewhere, or is an input."""
    takers = [f"'{call.layer.name}'" for call in calls if number in call.taken]
    if takers or not calls[number].taken:
        where = f", and passes it on to {takers[0]}" if takers else ""
        problem = f"gives as a result what comes out of '{calls[number].layer.name}'{where}"
        raise refusal(name, problem, "let it give only what its last layers make: keras.Model(inputs, outputs)")


def clean(layer: keras.Layer) -> str:
    """Return a layer's name as a result can have it: letters, digits and _."""
    return re.sub(r"\W", "_", layer.name, flags=re.ASCII)


def twin_of(layer: keras.Layer) -> keras.Layer:
    """Return a layer of the same kind and options, without weights, with a name that a result can have."""
    return type(layer).from_config(layer.get_config() | {"name": clean(layer)})


def make_inputs(model: keras.Model, calls: list[Call], name: str, shape: Shape | None) -> list[keras.KerasTensor]:
    """Return an input for each of the model's; the only one is for images of `shape`."""
    first = [call.layer for call in calls if 0 in call.taken]
    if len(model.inputs) == 1:
        return [keras.Input(fit_shape(model, first, name, shape), name="input")]
    if shape is not None:
        names = ", ".join(tensor.name for tensor in model.inputs)
        problem = f"has {len(model.inputs)} inputs ({names}), and an example of the dataset is one image"
        raise refusal(name, problem, "add `images: no` to draw its layers alone")
    shapes = [tuple(tensor.shape[1:]) for tensor in model.inputs]
    if any(None in one for one in shapes):
        raise refusal(name, "takes inputs of any size", "save it with sizes: keras.Input((28, 28, 1))")
    made = zip(shapes, calls[: len(shapes)], strict=True)
    return [keras.Input(one, name=clean(call.layer)) for one, call in made]


def fit_shape(model: keras.Model, first: list[keras.Layer], name: str, shape: Shape | None) -> Shape:
    """Return the shape of the only input, without the batch; raise ValueError if images of `shape` do not fit.

    first: the layers that take the input.
    """
    takes: Shape = tuple(model.inputs[0].shape[1:])
    if shape is None:
        if None in takes:
            raise refusal(name, f"takes images of any size, {takes}", "save it with a size: keras.Input((28, 28, 1))")
        return takes
    if len(takes) == len(shape) and all(one in (None, other) for one, other in zip(takes, shape, strict=True)):
        return shape
    # Flatten and Reshape read the pixels in order, with or without an axis of channels.
    if takes == shape[:2] and all(isinstance(one, keras.layers.Flatten | keras.layers.Reshape) for one in first):
        return shape
    flat = " and keras.layers.Flatten()" if len(takes) == 1 else ""
    mend = f"let it begin with keras.Input({shape}){flat}, or add `images: no` to draw its layers alone"
    raise refusal(name, f"takes {takes}, and an image of the dataset is {shape}", mend)


Text = Mapping[str, Any]
Output: TypeAlias = tuple[str, int]  # a layer's name, and which of its outputs
MODELS = ("Sequential", "Functional")
MERGES = {"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"}
LAYERS = {
    "InputLayer", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "MaxPooling2D", "AveragePooling2D",
    "GlobalMaxPooling2D", "GlobalAveragePooling2D", "Flatten", "Reshape", "Dense", "Activation", "ReLU", "LeakyReLU",
    "PReLU", "ELU", "Softmax", "BatchNormalization", "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout",
    "Rescaling", "Normalization", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "RandomContrast",
    "RandomBrightness", "ActivityRegularization", "Identity", *MERGES,
}  # fmt: skip
# Modules of what a description holds besides layers: how weights are initialized and constrained, how nested models
# were trained.
BESIDE = {
    "keras.dtype_policies", "keras.initializers", "keras.regularizers", "keras.constraints", "keras.losses",
    "keras.metrics", "keras.optimizers", "keras.optimizers.schedules",
}  # fmt: skip
POLICIES = {"DTypePolicy", "FloatDTypePolicy"}
OWN = "build the model of Keras's own layers, and save it again"
TAKEN = (
    "taken are convolutions, pooling, Dense, what stands between them (BatchNormalization, ReLU …), Add, Concatenate …"
)
ONCE = "give each call a layer of its own: two boxes with the same weights would be drawn as two layers"


# Checks of the description in a `.keras` file: its layers are known, each is used once, and none is code.


def check_description(text: Any, name: str) -> None:
    """Raise ValueError unless `text` describes a graph of LAYERS; `name` is the file's, for the message."""
    try:
        check_model(text, name)
        trained = {key: value for key, value in text.items() if key != "compile_config"}  # ignored by Keras, too
        for part in parts_of(trained):
            check_part(part, name)
    except (KeyError, TypeError, AttributeError, IndexError):
        raise refusal(name, "describes its model in a way that Keras does not", OWN) from None


def check_model(text: Text, name: str) -> None:
    """Raise ValueError unless a model, and each model nested in it, is described layer by layer, each used once."""
    if text["class_name"] not in MODELS:
        problem = f"is a model of the class '{text['class_name']}'"
        raise refusal(name, problem, "build it with keras.Sequential or keras.Model(inputs, outputs)")
    config = text["config"]
    if text["class_name"] == "Functional":
        check_links(config, name)
    for layer in config["layers"]:
        if "layers" in layer["config"]:
            check_model(layer, name)


def check_links(config: Text, name: str) -> None:
    """Raise ValueError if a layer is used twice, or there are no inputs or outputs."""
    for layer in config["layers"]:
        if len(layer["inbound_nodes"]) > 1:
            raise refusal(name, f"uses the layer '{layer['name']}' twice", ONCE)
    for end in ("input", "output"):
        if not list(outputs_in(config[f"{end}_layers"])):
            raise refusal(name, f"has no {end}", OWN)


def outputs_in(links: Any) -> Iterator[Output]:
    """Yield the outputs of layers that `links` refer to, as in ["conv1", 0, 0], at any depth, in order.

    Each is the layer's name and the number of its output; a mapping is in the order of its keys, as in Keras.
    """
    waiting = [links]
    while waiting:
        link = waiting.pop()
        if isinstance(link, Mapping):
            waiting += [link[key] for key in sorted(link, reverse=True)]
        elif isinstance(link, list | tuple) and len(link) > 2 and isinstance(link[0], str) and type(link[1]) is int:
            yield link[0], int(link[2])
        elif isinstance(link, list | tuple):
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
    """Raise ValueError unless a part is one of LAYERS, a model, or an object from a module in BESIDE."""
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
    if kind in MODELS or kind in POLICIES:
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
    if module.startswith("keras.src.ops"):
        mend = f"write the layer: keras.layers.{kind}()([a, b])" if kind in MERGES else OWN
        return f"computes {label} with an operator, {kind}, which is no layer", mend
    if module.startswith("keras") and hasattr(keras.layers, kind):
        return f"has the layer {label} of kind {kind}, which cannot be drawn", TAKEN
    return f"has {label} of a class of its own, {kind}", OWN


def refusal(name: str, problem: str, hint: str) -> ValueError:
    """Return the error "name problem; hint"; text from the file cannot add a second hint or a second line."""
    line = " ".join(problem.replace(";", ",").split())
    return ValueError(f"{name.replace(';', ',')} {line}; {hint}")
