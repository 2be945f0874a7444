"""Convolution over several channels in NumPy, exact for integers, for the figure kinds that show channels.

Shapes are Keras's, channels last: an input is (height, width, channels), kernels are (height, width, channels,
filters). Arrays written by hand in a lecture are easier to read as one table per channel, channels first; that is
`layout="tables"`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic, words
from figures.parts.arithmetic import Array, Padding, Pair
from figures.parts.words import write_number

LAYOUTS = ("keras", "tables")


def read_array(values: ArrayLike, name: str, axes: str) -> Array:
    """Return `values` as a finite int64 or float64 array with the named axes, e.g. "height, width, channels".

    Raises ValueError, naming the expected axes, for anything else.
    """
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"the rows of {name} differ in length; give every row as many numbers") from None
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} is not made of numbers; give tables of numbers")
    if array.ndim != axes.count(",") + 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; give ({axes})")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds a value that is not finite; NaN and infinity cannot be drawn")
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


def read_input(values: ArrayLike, layout: str) -> Array:
    """Return an input as (height, width, channels); ValueError for an unknown layout or wrong shape."""
    if layout not in LAYOUTS:
        raise ValueError(
            f"there is no layout {layout!r}; there is 'keras' (channels last) and 'tables' (one per channel)"
        )
    if layout == "tables":
        return np.moveaxis(read_array(values, "input", "channels, height, width"), 0, 2)
    return read_array(values, "input", "height, width, channels")


def read_kernels(values: ArrayLike, layout: str, channels: int, name: str = "kernels") -> Array:
    """Return kernels as (height, width, channels, filters); the "tables" layout has them as (filters, channels, …).

    Raises ValueError unless they have as many channels as the input.
    """
    if layout == "tables":
        array = read_array(values, name, "filters, channels, height, width").transpose(2, 3, 1, 0)
    else:
        array = read_array(values, name, "height, width, channels, filters")
    if array.shape[2] != channels:
        raise ValueError(
            f"{name} have {array.shape[2]} channels and the input has {channels}; a kernel is as deep as its input"
        )
    return array


def read_depthwise(values: ArrayLike, layout: str, channels: int, name: str = "kernels") -> Array:
    """Return depthwise kernels as (height, width, channels, multiplier); an array of rank 3 has one kernel per channel.

    Raises ValueError unless they have as many channels as the input.
    """
    try:
        rank = np.ndim(values)
    except ValueError:
        rank = 3  # a ragged list: let `read_array` raise the right error
    if rank == 4:
        return read_kernels(values, layout, channels, name)
    axes = "channels, height, width" if layout == "tables" else "height, width, channels"
    array = read_array(values, name, axes)
    array = np.moveaxis(array, 0, 2) if layout == "tables" else array
    if array.shape[2] != channels:
        raise ValueError(f"{name} are for {array.shape[2]} channels and the input has {channels}; give one per channel")
    return array[..., None]


def read_biases(values: ArrayLike | None, count: int) -> Array:
    """Return `count` biases, zeros if `values` is None; raise ValueError for another number of them."""
    biases = np.zeros(count, dtype=np.int64) if values is None else read_array(values, "biases", "filters")
    if len(biases) != count:
        raise ValueError(f"there are {len(biases)} biases and {count} output maps; give one bias per map")
    return biases


def read_padding(padding: str | int | Sequence[Sequence[int]], input: Array, kernels: Array, strides: Pair) -> Padding:
    """Return ((top, bottom), (left, right)) in cells; `padding` as in `arithmetic.resolve_padding`."""
    size, reach = (input.shape[0], input.shape[1]), (kernels.shape[0], kernels.shape[1])
    return arithmetic.resolve_padding(padding, size, reach, strides)


def pad(input: Array, around: Padding) -> Array:
    """Return an input with zeros added around every channel."""
    return np.pad(input, (*around, (0, 0)))


def windows(padded: Array, size: Pair, strides: Pair) -> Array:
    """Return every window as (output height, output width, kernel height, kernel width, channels)."""
    seen = [arithmetic.windows(padded[..., c], size, strides) for c in range(padded.shape[2])]
    return np.stack(seen, axis=-1)


def sum_channels(padded: Array, kernels: Array, strides: Pair) -> Array:
    """Return the sum of products of each channel by itself, as (output height, output width, channels, filters)."""
    seen = windows(padded, (kernels.shape[0], kernels.shape[1]), strides)
    return np.asarray((seen[..., None] * kernels).sum(axis=(2, 3)))


def refuse_large(padded: Array, *, rows: int, channels: int, name: str = "the input with its padding") -> None:
    """Raise ValueError for a volume of more than `rows` rows or columns, or more than `channels` channels."""
    height, width, depth = padded.shape
    if depth > channels:
        raise ValueError(f"the input has {depth} channels; at most {channels} fit a slide with their numbers")
    if max(height, width) > rows:
        raise ValueError(f"{name} is {height} × {width}; at most {rows} × {rows} fit a slide with their numbers")


def refuse_long(values: Array, name: str, most: int) -> None:
    """Raise ValueError if a number has more than `most` characters when written, not counting the decimal point."""
    longest = max((write_number(value) for value in values.flat), key=len)
    if len(longest.replace(".", "")) > most:
        raise ValueError(f"{name} holds {longest}, which is too long for its cell; give smaller or rounder numbers")


def say_unused(image: Array, weights: Array, output: Array, strides: Pair, padding: Padding) -> str:
    """Return sentences, each after a space, about the rows and columns of `image` that no window uses."""
    axes = zip(image.shape[:2], output.shape[:2], weights.shape[:2], strides, padding, strict=True)
    used = [
        arithmetic.used_cells(size, places, reach, step, before=pads[0]) for size, places, reach, step, pads in axes
    ]
    (last_rows, rows), (last_columns, columns) = map(arithmetic.count_unused, used)
    return words.say_unused((last_rows, last_columns), (rows, columns))
