"""What an experiment says of the layers of a convnet, for figures that are drawn from it."""


def layer(name: str, kernel_size: int, strides: int, size: int, padding: str = "valid") -> dict:
    """Return the facts of a layer with a window, over a map of `size` x `size`."""
    places = -(-size // strides) if padding == "same" else (size - kernel_size) // strides + 1
    return {
        "name": name, "kernel_size": kernel_size, "strides": strides, "padding": padding,
        "input_shape": [size, size, 1], "output_shape": [places, places, 1],
    }  # fmt: skip


CONVNET = [
    layer("conv1", 3, 1, 28), layer("pool1", 2, 2, 26), layer("conv2", 3, 1, 13), layer("pool2", 2, 2, 11),
    layer("conv3", 3, 1, 5), {"name": "dense1"},
]  # fmt: skip


def dilated_layers(stack: list[tuple[int, int, int, str]], size: int) -> list[dict]:
    """Return layers l0, l1 … of (kernel size, strides, dilation, padding), one after the other while they fit."""
    layers: list[dict] = []
    for kernel_size, strides, dilation, padding in stack:
        step = 1 if dilation > 1 else strides
        reach = (kernel_size - 1) * dilation + 1
        if reach > size:
            break
        made = layer(f"l{len(layers)}", reach, step, size, padding)
        layers.append({**made, "kernel_size": kernel_size, "dilation": dilation})
        size = made["output_shape"][0]
    return layers


def touched(layers: list[dict], unit: int) -> set[int]:
    """Return which cells of the first layer's input one unit of the last is made from, along an axis, cell by cell."""
    if not layers:
        return {unit}
    *below, last = layers
    size, places = last["input_shape"][0], last["output_shape"][0]
    reach = (last["kernel_size"] - 1) * last["dilation"] + 1
    pad = max(0, (places - 1) * last["strides"] + reach - size) // 2 if last["padding"] == "same" else 0
    cells = [unit * last["strides"] - pad + k * last["dilation"] for k in range(last["kernel_size"])]
    return set().union(*(touched(below, cell) for cell in cells if 0 <= cell < size))
