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
