"""A model from a `.keras` file: looked through before anything of it is built, then built anew as a chain of layers.

A file may come from anywhere, so it is taken only if it holds nothing but a description of Keras's own layers and their
weights: no code (Lambda layers, classes and functions of one's own), no further files, no more than LARGEST bytes.
Every refusal is a ValueError("what is wrong; what to do").
"""

import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras

from lectures.experiments.model_text import check_description
from lectures.experiments.refusal import refusal

DESCRIPTION, WEIGHTS = "config.json", "model.weights.h5"
MEMBERS = {"metadata.json", DESCRIPTION, WEIGHTS}
LARGEST = 500_000_000  # bytes that a file may unpack to
LONGEST = 4_000_000  # bytes of its description
AGAIN = "load it where it was made, and save it with model.save('net.keras')"
Shape = tuple[int | None, ...]


def load_chain(path: Path, shape: Shape | None) -> keras.Sequential:
    """Return the model of a `.keras` file as a chain of layers, ready to be looked into.

    shape: height, width and channels of the images it will be shown; None: it takes what it says.
    Layers of models within the model stand in the one chain; names become such as results can have (letters, digits
    and _). Raises ValueError for what is no such file, for code in it, for branches, and for another input.
    """
    check_description(read_description(path), path.name)
    try:
        model = keras.saving.load_model(path, safe_mode=True, compile=False)
    except Exception as error:  # Keras raises whatever its layers raise
        first = " ".join(str(error).split())[:160] or type(error).__name__
        raise refusal(path.name, f"cannot be loaded by Keras {keras.__version__}: {first}", AGAIN) from None
    return rebuild(model, path.name, shape)


def read_description(path: Path) -> Any:
    """Return what the file says of its model, as JSON; the file's directory is checked before anything is unpacked."""
    name = path.name
    if not zipfile.is_zipfile(path):
        raise refusal(name, *what_else(path))
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


def what_else(path: Path) -> tuple[str, str]:
    """Return what a file is that is no .keras file, and what to do about it."""
    with path.open("rb") as file:
        head = file.read(8)
    if head == b"\x89HDF\r\n\x1a\n":
        return "is an HDF5 file, as older versions of Keras write", AGAIN
    if head[:1] == b"\x80":
        return "is a pickle, which could run anything", AGAIN
    return "is no .keras file", AGAIN


def check_directory(archive: zipfile.ZipFile, name: str) -> None:
    """Raise ValueError unless the archive holds each of MEMBERS once, nothing else, and no more than LARGEST bytes."""
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
    """Return the same layers with the same weights as one chain, on images of `shape`."""
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
    """Yield the layers of a model in order, those of models within it in their place, without inputs."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from layers_of(layer)
        elif not isinstance(layer, keras.layers.InputLayer):
            yield layer


def fit_shape(model: keras.Model, first: keras.Layer, name: str, shape: Shape | None) -> Shape:
    """Return the shape of the model's input, without the batch; raise ValueError where images of `shape` do not fit."""
    takes: Shape = tuple(model.inputs[0].shape[1:])
    if shape is None:
        if None in takes:
            raise refusal(name, f"takes images of any size, {takes}", "save it with a size: keras.Input((28, 28, 1))")
        return takes
    if len(takes) == len(shape) and all(one in (None, other) for one, other in zip(takes, shape, strict=True)):
        return shape
    if takes == shape[:2] and isinstance(first, keras.layers.Flatten | keras.layers.Reshape):
        return shape
    flat = " and keras.layers.Flatten()" if len(takes) == 1 else ""
    mend = f"let it begin with keras.Input({shape}){flat}, or add `images: no` to draw its layers alone"
    raise refusal(name, f"takes {takes}, and an image of the dataset is {shape}", mend)
