"""A model that branches is measured, drawn and traced along its graph, as Keras computes it."""

import math
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from branching_networks import MERGES, build, steps
from hypothesis import given, settings
from legibility import sheet_flaws
from saved_models import CLASSES, SIZE, measure, noise, refusal, traced

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def branching() -> Any:
    """Return a model with a skip connection, a concatenation, and a model within that has two outputs."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(3)
    shown = keras.Input((SIZE, SIZE, 1), name="image")
    x = layers.Conv2D(8, 3, padding="same", use_bias=False, name="conv1")(shown)
    x = layers.Activation("relu", name="relu1")(layers.BatchNormalization(name="norm")(x))
    taken = keras.Input((SIZE, SIZE, 8))
    y = layers.Conv2D(8, 3, padding="same", name="conv2")(taken)
    block = keras.Model(taken, [layers.ReLU(name="relu2")(y), layers.Conv2D(2, 1, name="narrow")(y)], name="block")
    wide, narrow = block(x)
    x = layers.Concatenate(name="join")([layers.Add(name="add")([x, wide]), narrow])
    x = layers.MaxPooling2D(2, name="pool")(x)
    return keras.Model(shown, layers.Dense(CLASSES, name="scores")(layers.Flatten(name="flatten")(x)))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, dict[str, Any]]:
    """Return the model as Keras has it, and what was measured of its file."""
    model, path = branching(), tmp_path_factory.mktemp("models") / "mine.keras"
    model.save(path)
    return model, measure(path)


def test_each_layer_says_whose_outputs_it_takes_also_those_of_models_within(found: tuple[Any, dict[str, Any]]) -> None:
    inputs = {layer["name"]: layer["inputs"] for layer in found[1]["layers"]}
    assert inputs == {
        "conv1": ["input"], "norm": ["conv1"], "relu1": ["norm"], "conv2": ["relu1"], "relu2": ["conv2"], "narrow": ["conv2"],
        "add": ["relu1", "relu2"], "join": ["add", "narrow"], "pool": ["join"], "flatten": ["pool"], "scores": ["flatten"],
    }  # fmt: skip


def test_the_network_gives_what_the_model_of_the_file_gives(found: tuple[Any, dict[str, Any]]) -> None:
    model, results = found
    image = noise().x_test[4][None, ..., None].astype(np.float32) / 255
    np.testing.assert_allclose(results["maps"]["scores"], np.asarray(model(image, training=False))[0], atol=1e-5)
    assert results["parameters"] == model.count_params()


def test_the_residual_network_of_the_gallery_adds_what_it_skips() -> None:
    from small_networks import data

    from lectures.experiments.residual import measure as train_residual

    results = train_residual(data=data(), train_images=200, digit=5)
    maps = results["maps"]
    np.testing.assert_allclose(maps["add"], maps["conv1"] + maps["conv3"], rtol=1e-6)
    np.testing.assert_array_equal(maps["relu"], np.maximum(maps["add"], 0))
    assert results["parameters"] == 160 + 2 * 2_320 + (7 * 7 * 16 + 1) * 3


def test_a_merge_multiplies_or_not_as_it_says() -> None:
    import keras
    from keras import layers

    from lectures.experiments.parts.costing import cost_of

    shown = keras.Input((5, 6, 2))
    three = [layers.Conv2D(3, 1)(shown) for _ in range(3)]
    product, total = layers.Multiply(), layers.Add()
    product(three)
    total(three)
    assert cost_of(product) == {"parameters": 0, "macs": 180, "formula": "0", "macs_formula": "2 · 5 · 6 · 3 = 180"}
    assert cost_of(total)["macs"] == 0


def test_the_activation_behind_a_layer_is_that_of_its_only_taker(found: tuple[Any, dict[str, Any]]) -> None:
    from lectures.experiments.parts.patches import answering_layer

    model = branching()
    flat = import_module("lectures.experiments.parts.saved_model").rebuild(model, "mine.keras", None)
    assert answering_layer(flat, "conv1") == "norm"
    assert answering_layer(flat, "conv2") == "conv2"  # its output goes to relu2 and to narrow
    np.testing.assert_array_equal(
        found[1]["patches"]["conv1"]["activations"], np.maximum(found[1]["patches"]["conv1"]["activations"], 0)
    )


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("architecture", ("layers", "maps")),
        ("receptive_field", ("layers", "image")),
        ("coverage", ("influence", "image")),
        ("feature_maps", ("maps of join", "image")),
        ("top_patches", ("patches of conv2",)),
        ("cost_table", ("costs",)),
        ("model_summary", ("layers",)),
    ],
)
def test_figures_draw_a_network_that_branches(
    found: tuple[Any, dict[str, Any]], kind: str, arguments: tuple[str, ...]
) -> None:
    from generator.theme import LIGHT

    figure, trace = traced(kind, arguments, found[1])
    assert sheet_flaws(figure.draw(trace, LIGHT)) == []
    assert len(figure.describe(trace).alt) > 20


@pytest.mark.parametrize("kind", ["size_ladder", "receptive_pyramid", "arrows"])
def test_figures_of_one_path_say_where_the_network_branches(found: tuple[Any, dict[str, Any]], kind: str) -> None:
    layers = found[1]["layers"][:8]
    assert layers[-1]["name"] == "join"
    with pytest.raises(ValueError, match=r"so the network branches, and a .* shows one path; give the layers before"):
        import_module(f"figures.{kind}").trace(layers=layers)


def test_two_outputs_are_both_drawn_and_their_influence_is_that_of_either(tmp_path: Path) -> None:
    import keras
    from keras import layers

    shown = keras.Input((SIZE, SIZE, 1))
    top = layers.Conv2D(1, (8, SIZE), strides=(8, 1), kernel_initializer="ones", name="halves")(shown)
    ends = [layers.Dense(2, kernel_initializer="ones", name=name)(layers.Flatten()(top)) for name in ("one", "two")]
    keras.Model(shown, ends).save(tmp_path / "mine.keras")
    results = measure(tmp_path / "mine.keras")
    assert results["judged"] is False
    assert (results["border"]["influence"] > 0).all()
    assert {"one", "two"} <= results["maps"].keys()


def test_two_inputs_are_drawn_without_images(tmp_path: Path) -> None:
    import keras
    from keras import layers

    both = [keras.Input((4,), name="left"), keras.Input((4,), name="right")]
    keras.Model(both, layers.Add(name="add")(both)).save(tmp_path / "mine.keras")
    (layer,) = measure(tmp_path / "mine.keras", images=False)["layers"]
    assert (layer["inputs"], layer["input_shapes"]) == (["left", "right"], [[4], [4]])
    assert refusal(tmp_path / "mine.keras") == (
        "mine.keras has 2 inputs (left, right), and an example of the dataset is one image; add `images: no` to draw its "
        "layers alone"
    )


def ends(name: str) -> Any:
    """Return a model that is refused after it is loaded."""
    import keras
    from keras import layers

    shown = keras.Input((SIZE, SIZE, 1), name="image")
    x = layers.Conv2D(2, 3, padding="same", name="conv1")(shown)
    pooled = layers.MaxPooling2D(2, name="pool")(x)
    inner = keras.Sequential([keras.Input((SIZE, SIZE, 2)), layers.Conv2D(2, 3, name="conv1")], name="inner")
    models = {
        "passed on": lambda: keras.Model(shown, [x, pooled]),
        "rows": lambda: keras.Model(shown, layers.Concatenate(axis=1, name="tall")([x, x])),
        "two names": lambda: keras.Model(shown, layers.Flatten()(inner(x))),
        "named input": lambda: keras.Model(shown, layers.Flatten(name="input")(x)),
    }
    return models[name]()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("passed on", "gives as a result what comes out of 'conv1', and passes it on to 'pool'; let it give only what"),
        ("rows", "joins rows or columns in 'tall', along axis 1; join channels: keras.layers.Concatenate(axis=-1)"),
        ("two names", "has two layers named 'conv1'; give each layer a name of its own"),
        ("named input", "has a layer named 'input', as the image is; give the layer another name"),
    ],
)
def test_what_no_graph_can_show_is_refused(name: str, told: str, tmp_path: Path) -> None:
    ends(name).save(tmp_path / "mine.keras")
    assert refusal(tmp_path / "mine.keras", images=False).startswith(f"mine.keras {told}")


def made_by(layer: Any, tensors: dict[str, Any], inputs: list[str]) -> Any:
    """Return what a layer makes of the tensors that its facts name."""
    values = [tensors[name] for name in inputs]
    return layer(values if type(layer).__name__ in MERGES else values[0])


@given(steps())
@settings(max_examples=15, deadline=None, derandomize=True)
def test_shapes_parameters_costs_and_inputs_of_any_graph_are_those_of_keras(plan: list[Any]) -> None:
    from lectures.experiments.parts.probing import describe_network

    model = build(plan)
    network = describe_network(model)
    tensors: dict[str, Any] = {"input": np.random.default_rng(0).random((1, 11, 11, 2), dtype=np.float32)}
    for facts in network["layers"]:
        layer = model.get_layer(facts["name"])
        tensors[layer.name] = made_by(layer, tensors, facts["inputs"])
        assert (1, *facts["output_shape"]) == tuple(tensors[layer.name].shape)
        assert facts["parameters"] == layer.count_params()
        kernel = math.prod(layer.kernel.shape) if hasattr(layer, "kernel") else 0
        assert facts["macs"] == math.prod(facts["output_shape"][:2]) * kernel
    assert network["parameters"] == model.count_params()
    np.testing.assert_array_equal(tensors[network["layers"][-1]["name"]], model(tensors["input"]))


def lit(model: Any, side: int) -> dict[str, np.ndarray]:
    """Return for each layer which of its units (last axes) answer to which single bright pixel (first axes)."""
    import keras

    names = [layer.name for layer in model.layers[1:]]
    part = keras.Model(model.inputs[0], [model.get_layer(name).output for name in names])
    images = np.zeros((side, side, side, side, 2), np.float32)
    rows, columns = np.indices((side, side))
    images[rows, columns, rows, columns] = 1
    outputs = keras.tree.flatten(part(images.reshape(-1, side, side, 2)))
    maps = [np.asarray(output).max(axis=-1) > 0 for output in outputs]
    return {name: values.reshape(side, side, *values.shape[1:]) for name, values in zip(names, maps, strict=True)}


@given(steps())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_receptive_field_of_any_graph_is_what_single_pixels_reach(plan: list[Any]) -> None:
    """The authority is TensorFlow: all weights are one, so that a unit answers to each pixel that it sees."""
    from lectures.experiments.parts.probing import describe_network, receptive_fields

    receptive_field = import_module("figures.receptive_field")
    model = build(plan)
    model.set_weights([np.ones_like(weights) if weights.ndim > 1 else weights for weights in model.get_weights()])
    reached = lit(model, 11)
    for axis in (0, 1):
        for field in receptive_fields(model, axis):
            check_field(field, reached[field.layer], axis)
    layers = describe_network(model)["layers"]
    try:
        boxes = receptive_field.trace(layers=layers, image=np.ones((11, 11))).boxes
    except ValueError as error:
        assert any(part in str(error) for part in ("no box spans both", "no layer has a window", "names of 8 boxes"))  # noqa: PT017
        return
    fields = {field.layer: field for field in receptive_fields(model)}
    for box in boxes:
        field = fields[box.layer]
        assert (box.size, box.jump) == (field.size, field.jump)
        unit = (box.top - field.start) // field.jump, (box.left - field.start) // field.jump
        pixels = np.argwhere(reached[box.layer][:, :, unit[0], unit[1]])
        assert (tuple(np.unique(pixels[:, 0])), tuple(np.unique(pixels[:, 1]))) == (box.rows, box.columns)
        assert len(pixels) == box.pixels


def check_field(field: Any, reached: np.ndarray, axis: int) -> None:
    """Assert that each unit along an axis sees its field's first and last pixel, as far as these are in the image."""
    side = reached.shape[0]
    middle = reached.shape[3 - axis] // 2
    seen = reached.any(axis=1)[:, :, middle] if axis == 0 else reached.any(axis=0)[:, middle, :]
    for unit in range(seen.shape[1]):
        pixels = np.flatnonzero(seen[:, unit])
        first, last = unit * field.jump + field.start, unit * field.jump + field.start + field.size - 1
        if len(pixels) and first >= 0 and last < side:
            assert (pixels[0], pixels[-1]) == (first, last)
        assert all(first <= pixel <= last for pixel in pixels)
