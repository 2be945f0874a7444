"""Networks that branch: facts of layers that are made up, and random models of Keras with skips and merges."""

from typing import Any

from hypothesis import strategies as st

MERGES = ("Add", "Average", "Maximum", "Concatenate")


def node(name: str, inputs: str, kind: str = "Conv2D", shape: tuple[int, ...] = (8, 8, 4), **more: Any) -> dict:
    """Return the facts of a layer that takes the outputs of `inputs`, names with blanks between them."""
    taken = inputs.split()
    made = {"name": name, "kind": kind, "inputs": taken, "input_shape": [8, 8, 4], "output_shape": list(shape),
            "parameters": 0, "macs": 0}  # fmt: skip
    window = {"kernel_size": 3, "strides": 1, "padding": "same"} if kind == "Conv2D" else {}
    shapes = {"input_shapes": [[8, 8, 4]] * len(taken)} if len(taken) > 1 else {}
    return made | window | shapes | more


RESIDUAL = [
    node("conv1", "input", parameters=40, macs=2304), node("conv2", "conv1", parameters=148, macs=9216),
    node("conv3", "conv2", parameters=148, macs=9216), node("add", "conv1 conv3", "Add"),
    node("relu", "add", "ReLU"), node("mean", "relu", "GlobalAveragePooling2D", (4,)),
    node("softmax", "mean", "Dense", (3,), input_shape=[4], parameters=15, macs=12),
]  # fmt: skip
INCEPTION = [
    node("conv0", "input"), node("one", "conv0"), node("squeeze3", "conv0"), node("squeeze5", "conv0"),
    node("pool", "conv0", "MaxPooling2D"), node("three", "squeeze3"), node("five", "squeeze5"), node("project", "pool"),
    node("join", "one three five project", "Concatenate", (8, 8, 16)),
]  # fmt: skip


@st.composite
def made_up_networks(draw: st.DrawFn, most: int = 10) -> list[dict]:
    """Return the facts of up to `most` layers, each of which takes the outputs of one to three before it."""
    names, layers = ["input"], []
    for number in range(draw(st.integers(2, most))):
        taken = draw(st.lists(st.sampled_from(names[-5:]), min_size=1, max_size=3, unique=True))
        kind = draw(st.sampled_from(MERGES)) if len(taken) > 1 else "Conv2D"
        counts = {"parameters": draw(st.integers(0, 90_000)), "macs": draw(st.integers(0, 9_000_000))}
        layers.append(node(f"layer{number}", " ".join(taken), kind, **counts))
        names.append(f"layer{number}")
    return layers


@st.composite
def windows(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Return the kind and the options of a convolution or a pooling layer."""
    kind = draw(st.sampled_from(["Conv2D", "Conv2D", "AveragePooling2D", "MaxPooling2D"]))
    size, padding = draw(st.integers(1, 3)), draw(st.sampled_from(["same", "same", "valid"]))
    strides = draw(st.sampled_from([1, 1, 2]))
    if "Pooling" in kind:
        return kind, {"pool_size": size, "strides": strides, "padding": padding}
    spread = draw(st.sampled_from([1, 2])) if strides == 1 else 1
    return kind, {"filters": 2, "kernel_size": size, "strides": strides, "padding": padding, "dilation_rate": spread}


@st.composite
def steps(draw: st.DrawFn, most: int = 8) -> list[tuple[str, dict[str, Any], int, int]]:
    """Return what a random model is built of: kinds with options, and how far back the tensors are that they take."""
    backs = st.integers(0, 7)
    merges = st.sampled_from(MERGES).map(lambda kind: (kind, {}))
    chosen = draw(st.lists(st.one_of(windows(), merges), min_size=2, max_size=most))
    return [(kind, options, draw(backs), draw(backs)) for kind, options in chosen]


def build(plan: list[tuple[str, dict[str, Any], int, int]], side: int = 11) -> Any:
    """Return the model of a plan, on top of two convolutions: a merge takes what fits, too large windows are left out."""
    import keras
    from keras import layers

    tensors = [keras.Input((side, side, 2))]
    for _ in range(2):
        tensors.append(layers.Conv2D(2, 3, padding="same")(tensors[-1]))
    for kind, options, back, other in plan:
        taken = tensors[-1 - back % len(tensors)]
        if kind in MERGES:
            alike = [one for one in tensors if fits(one, taken, kind) and one is not taken] or [taken]
            tensors.append(getattr(layers, kind)()([taken, alike[other % len(alike)]]))
        elif reach_of(options) <= taken.shape[1]:
            tensors.append(getattr(layers, kind)(**options)(taken))
    return keras.Model(tensors[0], tensors[-1])


def fits(one: Any, other: Any, kind: str) -> bool:
    """Return whether a merge can take two tensors: their shapes are alike, but for channels that are joined."""
    axes = 3 if kind == "Concatenate" else 4
    return bool(one.shape[:axes] == other.shape[:axes])


def reach_of(options: dict[str, Any]) -> int:
    """Return how many rows a window spans."""
    size = options.get("kernel_size", options.get("pool_size"))
    return int((size - 1) * options.get("dilation_rate", 1) + 1)
