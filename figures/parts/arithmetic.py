"""Convolution and pooling in NumPy, exact for integers: the reference for every number in a figure.

Follows TensorFlow wherever libraries differ: `same` padding, dropped rows, and the mean of a window that reaches over
the border. Also reads and validates the arguments of figure kinds. Must not know anything about drawing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[Any]
Pair: TypeAlias = tuple[int, int]
Padding: TypeAlias = tuple[Pair, Pair]  # ((top, bottom), (left, right))
POOLING_MODES = ("max", "average", "strided")
NEEDED = (
    "name",
    "kernel_size",
    "strides",
    "padding",
    "input_shape",
    "output_shape",
)  # keys that the facts of a layer with a window must have


def read_count(value: object, name: str, largest: int) -> int:
    """Return `value` as an int; raise ValueError unless it is a whole number from 1 to `largest`."""
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    number = int(value) if is_whole else 0  # type: ignore[call-overload]
    if not 1 <= number <= largest:
        raise ValueError(f"{name} is {value!r}; give a whole number from 1 to {largest}")
    return number


def read_side(layer: Mapping[str, Any], name: str) -> int:
    """Return a layer's kernel_size, strides or dilation as one int, by default 1; ValueError unless it is square."""
    value = layer.get(name, 1)
    rows, columns = (value, value) if np.ndim(value) == 0 else value
    if rows != columns:
        raise ValueError(f"{layer['name']} has {name} {rows} × {columns}; only what is square can be drawn here")
    return int(rows)


def read_values(values: ArrayLike, name: str, shape: str) -> Array:
    """Return `values` as an int64 or float64 array with the axes named in `shape`, e.g. "height, width, channels".

    Raises ValueError, naming the expected shape, for anything else, and for values that are not finite.
    """
    axes = shape.count(",") + 1
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"the rows of {name} differ in length; give an array ({shape})") from None
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} is not made of numbers; give an array ({shape})")
    if array.ndim != axes or not array.size:
        raise ValueError(f"{name} has shape {array.shape}; give an array ({shape})")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds a value that is not finite; NaN and infinity cannot be drawn")
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


def window_span(layer: Mapping[str, Any]) -> int:
    """Return how many rows a window spans, including the gaps of a dilated one."""
    return (read_side(layer, "kernel_size") - 1) * read_side(layer, "dilation") + 1


def padding_before(layer: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many rows and columns of padding go before the image; TensorFlow puts an odd one after it."""
    if layer["padding"] == "valid":
        return 0, 0
    before = [
        max(0, (places - 1) * read_side(layer, "strides") + window_span(layer) - size) // 2
        for size, places in zip(layer["input_shape"][:2], layer["output_shape"][:2], strict=True)
    ]
    return before[0], before[1]


def used_cells(size: int, places: int, kernel_size: int, strides: int, *, before: int = 0, spread: int = 1) -> Array:
    """Return which of `size` cells along an axis some window uses, bool; `before`: padding, `spread`: dilation.

    >>> used_cells(6, 2, 2, 3).tolist()
    [True, True, False, True, True, False]
    """
    at = np.add.outer(np.arange(places) * strides, np.arange(kernel_size) * spread) - before
    return np.isin(np.arange(size), at)


def count_unused(used: Array) -> Pair:
    """Return how many cells along an axis no window uses: after the last that is used, and before it.

    >>> count_unused(used_cells(6, 2, 2, 3))
    (1, 1)
    """
    end = int(np.flatnonzero(used)[-1]) + 1 if used.any() else 0
    return len(used) - end, int((~used[:end]).sum())


def look_through(layers: Sequence[Mapping[str, Any]], place: int, axis: int) -> list[list[int]]:
    """Return what one `place` of the last layer is made from along an axis: places of its input, and so on down.

    Rising, and without those in the padding. Gaps remain where a kernel is dilated, or a stride larger than its window.
    """
    places, levels = [place], []
    for layer in reversed(layers):
        places = sorted(look_below(layer, places, axis))
        levels.append(places)
    return levels


def look_below(layer: Mapping[str, Any], places: Iterable[int], axis: int) -> set[int]:
    """Return what some `places` of a layer with a window are made from along an axis: places of its input."""
    step, pad, size = read_side(layer, "strides"), padding_before(layer)[axis], int(layer["input_shape"][axis])
    offsets = [k * read_side(layer, "dilation") - pad for k in range(read_side(layer, "kernel_size"))]
    return {at * step + offset for at in places for offset in offsets} & set(range(size))


def read_matrix(values: ArrayLike, name: str) -> Array:
    """Return `values` as an int64 or float64 array (height, width).

    Raises ValueError unless it is a non-empty table of finite numbers.
    """
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"the rows of {name} differ in length; give every row as many numbers") from None
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} is not made of numbers; give rows of numbers, such as [[1, 0], [0, 1]]")
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; give a table of rows and columns, (height, width)")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds a value that is not finite; NaN and infinity cannot be drawn")
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


def read_pair(value: int | Sequence[int], name: str) -> Pair:
    """Return a positive int or a pair of them as (vertical, horizontal), as Keras does; else ValueError."""
    numbers: list[Any] = list(value) if isinstance(value, (list, tuple)) else [value, value]
    if len(numbers) != 2 or not all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in numbers):
        raise ValueError(f"{name} is {value!r}; give an integer or a pair of integers")
    if min(numbers) < 1:
        raise ValueError(f"{name} is {value!r}; the smallest is 1")
    return int(numbers[0]), int(numbers[1])


def output_size(size: int, kernel_size: int, *, strides: int = 1, padding: int = 0, dilation_rate: int = 1) -> int:
    """Return at how many positions a window stands along one axis (Dumoulin & Visin 2016, relationships 6 and 15).

    `padding` is the total of both ends. A last, partial window is dropped, which is why 11 pools to 5 and not to 5.5:

    >>> output_size(28, 3), output_size(11, 2, strides=2), output_size(5, 3, strides=2, padding=2)
    (26, 5, 3)
    """
    reach = (kernel_size - 1) * dilation_rate + 1
    return max(0, (size + padding - reach) // strides + 1)


def same_padding(size: int, reach: int, strides: int) -> Pair:
    """Return TensorFlow's `same` padding (before, after) along one axis, for a window that spans `reach` cells.

    The output has ceil(size / strides) cells. If the total is odd, the extra cell goes at the end, so that an even
    input at stride 2 is padded at the end only:

    >>> same_padding(5, 3, 1), same_padding(6, 3, 2)
    ((1, 1), (0, 1))
    """
    places = -(-size // strides)
    total = max((places - 1) * strides + reach - size, 0)
    return total // 2, total - total // 2


def resolve_padding(padding: str | int | Sequence[Sequence[int]], size: Pair, reach: Pair, strides: Pair) -> Padding:
    """Return ((top, bottom), (left, right)) for "valid", "same", "full", an int or four numbers; else ValueError."""
    if isinstance(padding, str):
        return _named_padding(padding, size, reach, strides)
    sides = [[padding] * 2] * 2 if isinstance(padding, (int, np.integer)) else padding
    try:
        (top, bottom), (left, right) = sides
        numbers = [top, bottom, left, right]
    except (TypeError, ValueError):
        raise ValueError(f"padding is {padding!r}; give an integer or ((top, bottom), (left, right))") from None
    if not all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) and n >= 0 for n in numbers):
        raise ValueError(f"padding is {padding!r}; its numbers are whole and not negative")
    return (int(top), int(bottom)), (int(left), int(right))


def _named_padding(padding: str, size: Pair, reach: Pair, strides: Pair) -> Padding:
    """Return ((top, bottom), (left, right)) for "valid", "same" or "full"."""
    match padding:
        case "valid":
            return (0, 0), (0, 0)
        case "same":
            return same_padding(size[0], reach[0], strides[0]), same_padding(size[1], reach[1], strides[1])
        case "full":
            return (reach[0] - 1, reach[0] - 1), (reach[1] - 1, reach[1] - 1)
    raise ValueError(f"there is no padding {padding!r}; there is 'valid', 'same', 'full', or numbers of cells")


def windows(padded: Array, kernel_size: Pair, strides: Pair, dilation_rate: Pair = (1, 1)) -> Array:
    """Return every window of `padded` as (output height, output width, kernel height, kernel width).

    Raises ValueError where a window does not fit.
    """
    reach = [(k - 1) * d + 1 for k, d in zip(kernel_size, dilation_rate, strict=True)]
    if reach[0] > padded.shape[0] or reach[1] > padded.shape[1]:
        raise ValueError(
            f"a window of {reach[0]} × {reach[1]} does not fit into {padded.shape[0]} × {padded.shape[1]} cells; "
            "pad the input or take a smaller window"
        )
    dense = np.lib.stride_tricks.sliding_window_view(padded, (reach[0], reach[1]))
    return np.asarray(dense[:: strides[0], :: strides[1], :: dilation_rate[0], :: dilation_rate[1]])


def correlate2d(
    input: ArrayLike,
    kernel: ArrayLike,
    *,
    strides: int | Sequence[int] = 1,
    padding: str | int | Sequence[Sequence[int]] = "valid",
    dilation_rate: int | Sequence[int] = 1,
    bias: float = 0,
) -> Array:
    """Return what Keras calls the convolution of two (height, width) arrays: the kernel is not flipped.

    Integers stay exact integers. Raises ValueError where Keras would, and for a window larger than the input.

    >>> correlate2d([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]]).tolist()    # d2l.ai, section 7.2
    [[19, 25], [37, 43]]
    """
    image, weights = read_matrix(input, "input"), read_matrix(kernel, "kernel")
    step, spread = read_pair(strides, "strides"), read_pair(dilation_rate, "dilation_rate")
    refuse_strides_with_dilation(step, spread)
    around = resolve_padding(padding, image.shape, reach_of(weights.shape, spread), step)
    places = windows(np.pad(image, around), weights.shape, step, spread)
    return np.asarray((places * weights).sum(axis=(2, 3)) + bias)


def refuse_strides_with_dilation(strides: Pair, dilation_rate: Pair) -> None:
    """Raise ValueError where Keras does: a kernel may be dilated or strided, not both."""
    if max(strides) > 1 and max(dilation_rate) > 1:
        raise ValueError("strides > 1 and dilation_rate > 1 do not go together in Keras; set one of them to 1")


def reach_of(kernel_size: Pair, dilation_rate: Pair) -> Pair:
    """Return how many rows and columns a dilated kernel spans."""
    return (kernel_size[0] - 1) * dilation_rate[0] + 1, (kernel_size[1] - 1) * dilation_rate[1] + 1


def pool2d(
    input: ArrayLike,
    pool_size: int | Sequence[int] = 2,
    *,
    strides: int | Sequence[int] | None = None,
    padding: str = "valid",
    mode: str = "max",
) -> Array:
    """Return Keras's MaxPooling2D or AveragePooling2D of a table, or with "strided" the top left value of each window.

    With `same` padding only real cells count: a padding cell is never the maximum and never part of the mean.

    >>> pool2d([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]).tolist()    # Stanford CS231n
    [[6, 8], [3, 4]]
    """
    image, size = read_matrix(input, "input"), read_pair(pool_size, "pool_size")
    step = size if strides is None else read_pair(strides, "strides")
    around = resolve_pool_padding(padding, image.shape, size, step, mode)
    values = windows(np.pad(image, around), size, step)
    real = windows(np.pad(np.ones(image.shape, dtype=bool), around), size, step)
    return reduce_windows(values, real, mode)


def resolve_pool_padding(padding: str, size: Pair, pool_size: Pair, strides: Pair, mode: str) -> Padding:
    """Return ((top, bottom), (left, right)) for a pooling layer's "valid" or "same".

    Raises ValueError for other names, and for a strided map that would begin in the padding.
    """
    if mode not in POOLING_MODES:
        raise ValueError(f"there is no pooling mode {mode!r}; there is 'max', 'average' and 'strided'")
    if padding not in ("valid", "same"):
        raise ValueError(f"there is no pooling padding {padding!r}; there is 'valid' and 'same'")
    around = resolve_padding(padding, size, pool_size, strides)
    if mode == "strided" and (around[0][0] or around[1][0]):
        raise ValueError("a strided map would begin in the padding; use padding 'valid' or a smaller pool_size")
    return around


def reduce_windows(values: Array, real: Array, mode: str) -> Array:
    """Return one value per window (the last two axes); `real` is True for cells that are not padding."""
    if mode == "strided":
        return values[..., 0, 0]
    if mode == "max":
        lowest = np.iinfo(np.int64).min if values.dtype.kind == "i" else -np.inf
        return np.asarray(np.where(real, values, lowest).max(axis=(-2, -1)))
    return np.asarray((values * real).sum(axis=(-2, -1)) / real.sum(axis=(-2, -1)))
