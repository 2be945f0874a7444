"""A model from a file is measured as Keras measures it, and drawn as the networks of the course are."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from legibility import flaws
from saved_models import CLASSES, SIZE, convnet, measure, noise, save, stacks, traced

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, dict[str, Any]]:
    """Return the convnet as Keras has it, and what was measured of its file."""
    model, path = save(convnet(), tmp_path_factory.mktemp("models"))
    return model, measure(path)


@pytest.mark.parametrize("name", ["plain", "strided", "narrow", "dilated", "depthwise", "separable"])
def test_layer_facts_are_those_of_keras(name: str, tmp_path: Path) -> None:
    model, path = save(stacks()[name], tmp_path)
    network = measure(path, images=False)
    assert network["parameters"] == model.count_params()
    for facts, layer in zip(network["layers"], model.layers, strict=True):
        assert (facts["name"], facts["kind"]) == (layer.name, type(layer).__name__)
        assert tuple(facts["output_shape"]) == layer.output.shape[1:]
        assert facts["parameters"] == layer.count_params()
        for key, attribute in (("strides", "strides"), ("kernel_size", "kernel_size"), ("dilation", "dilation_rate")):
            if key in facts and hasattr(layer, attribute):
                assert tuple(np.broadcast_to(facts[key], 2)) == tuple(getattr(layer, attribute))


@pytest.mark.parametrize("name", ["plain", "strided", "narrow", "dilated", "depthwise", "separable"])
def test_every_formula_gives_its_number(name: str, tmp_path: Path) -> None:
    for facts in measure(save(stacks()[name], tmp_path)[1], images=False)["layers"]:
        for formula, number in (("formula", "parameters"), ("macs_formula", "macs")):
            product, _, result = facts[formula].replace("·", "*").replace(",", "").partition(" = ")
            assert eval(product) == int(result or product) == facts[number]  # noqa: S307


@pytest.mark.parametrize("name", ["strided", "narrow", "dilated", "depthwise", "separable"])
def test_receptive_fields_are_where_the_gradient_is_not_zero(name: str, tmp_path: Path) -> None:
    """The authority is TensorFlow: the pixels that the middle value of a layer depends on, all weights being one."""
    import keras
    import tensorflow as tf

    from lectures.experiments.parts.probing import receptive_fields

    model, _ = save(stacks()[name], tmp_path, (SIZE, SIZE + 3, 1))
    model.set_weights([np.ones_like(weights) for weights in model.get_weights()])
    for down, across in zip(receptive_fields(model, 0), receptive_fields(model, 1), strict=True):
        layer = model.get_layer(down.layer)
        image = tf.ones((1, SIZE, SIZE + 3, 1))
        row, column = (places // 2 for places in layer.output.shape[1:3])
        with tf.GradientTape() as tape:
            tape.watch(image)
            value = keras.Model(model.inputs[0], layer.output)(image)[0, row, column, 0]
        gradient = tape.gradient(value, image).numpy()[0, :, :, 0]
        for field, place, axis in ((down, row, 1), (across, column, 0)):
            seen = np.flatnonzero(gradient.any(axis=axis))
            first, length = place * field.jump + field.start, gradient.shape[1 - axis]
            assert (seen[0], seen[-1]) == (max(0, first), min(length, first + field.size) - 1)


def test_maps_are_what_each_layer_gives(found: tuple[Any, dict[str, Any]]) -> None:
    import keras

    model, results = found
    image = noise().x_test[4][None, ..., None].astype(np.float32) / 255
    assert np.array_equal(results["maps"]["input"], image[0, ..., 0])
    for layer in model.layers:
        given = np.asarray(keras.Model(model.inputs[0], layer.output)(image, training=False))[0]
        assert np.allclose(results["maps"][layer.name], given, atol=1e-6)


def test_the_accuracy_is_what_keras_evaluates_and_scores_become_probabilities(
    found: tuple[Any, dict[str, Any]],
) -> None:
    model, results = found
    images, labels = noise().x_test[..., None].astype(np.float32) / 255, noise().y_test
    model.compile(metrics=["accuracy"], loss="sparse_categorical_crossentropy")
    assert results["judged"]
    assert results["accuracy"] == pytest.approx(model.evaluate(images, labels, verbose=0, return_dict=True)["accuracy"])
    assert results["confusion"].sum() == len(labels)
    assert (results["mistakes"]["confidences"] <= 1).all()


def test_a_model_with_other_outputs_than_the_classes_is_not_judged(tmp_path: Path) -> None:
    results = measure(save(convnet()[:-1], tmp_path)[1])
    assert results["judged"] is False
    assert "accuracy" not in results


def test_pixels_that_floor_drops_have_no_influence(found: tuple[Any, dict[str, Any]]) -> None:
    """16 - 2 = 14 pools by three to 4: conv1's last two rows and columns go unseen, and two pixel rows behind them."""
    border = found[1]["border"]
    unseen = border["influence"] == 0
    assert unseen[14:].all()
    assert unseen[:, 14:].all()
    assert not unseen[:14, :14].any()
    assert (border["unseen_pixels"], border["pixels"]) == (60, 256)


@pytest.mark.parametrize(("conv", "after"), [("conv1", "relu"), ("conv2", "conv2")])
def test_patches_are_of_what_a_channel_answers_after_normalization_and_activation(
    found: tuple[Any, dict[str, Any]], conv: str, after: str
) -> None:
    from lectures.experiments.parts.probing import activations, receptive_fields

    model, results = found
    patches = results["patches"][conv]
    field = next(field for field in receptive_fields(model) if field.layer == conv)
    for row, channel in enumerate(patches["channels"]):
        for column, number in enumerate(patches["image_numbers"][row]):
            image = noise().x_test[number][..., None].astype(np.float32) / 255
            maps = activations(model, image)[after][..., channel]
            place = (patches["boxes"][row, column] - field.start) // field.jump
            assert maps[tuple(place)] == pytest.approx(patches["activations"][row, column], abs=1e-5)
            assert maps.max() == pytest.approx(patches["activations"][row, column], abs=1e-5)


def test_a_chain_of_functions_and_models_within_is_the_same_chain_of_layers(tmp_path: Path) -> None:
    import keras

    model, path = save(convnet(), tmp_path)
    plain = measure(path)
    shown = keras.Input((None, None, 1), name="any size")
    inner = keras.Sequential([keras.Input((SIZE, SIZE, 1)), *model.layers[:5]], name="inner")
    inner.compile("adam", "mse")
    x = inner(shown)
    for layer in model.layers[5:]:
        x = layer(x)
    keras.Model(shown, x).save(path)
    again = measure(path)
    assert again["layers"] == plain["layers"]
    assert all(np.allclose(again["maps"][name], maps, atol=1e-6) for name, maps in plain["maps"].items())


def test_a_model_that_rescales_bytes_is_shown_bytes(tmp_path: Path) -> None:
    from keras import layers

    plain = measure(save([layers.Flatten(), layers.Dense(CLASSES, name="last")], tmp_path)[1])
    scaled = measure(
        save([layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(CLASSES, name="last")], tmp_path)[1]
    )
    assert (plain["white"], scaled["white"]) == (1, 255)
    assert np.array_equal(scaled["maps"]["input"], noise().x_test[4])
    assert np.allclose(scaled["maps"]["last"], plain["maps"]["last"], atol=1e-5)
    assert scaled["accuracy"] == plain["accuracy"]
    assert np.allclose(scaled["border"]["influence"], plain["border"]["influence"], atol=1e-5)


def test_a_model_of_images_without_channels_is_taken_where_it_flattens_them(tmp_path: Path) -> None:
    from keras import layers

    model, path = save([layers.Flatten(), layers.Dense(CLASSES, name="last")], tmp_path, (SIZE, SIZE))
    expected = model.predict(noise().x_test[4:5].astype(np.float32) / 255, verbose=0)[0]
    assert np.allclose(measure(path)["maps"]["last"], expected, atol=1e-6)


def test_names_become_such_as_results_can_have(tmp_path: Path) -> None:
    from keras import layers

    path = save([layers.Conv2D(2, 3, name="my-conv.1"), layers.Flatten()], tmp_path)[1]
    assert list(measure(path)["patches"]) == ["my_conv_1"]


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("architecture", ("layers", "maps")),
        ("size_ladder", ("layers",)),
        ("receptive_field", ("layers", "image")),
        ("coverage", ("influence", "image")),
        ("feature_maps", ("maps of conv2", "image")),
        ("top_patches", ("patches of conv2",)),
    ],
)
def test_every_figure_of_a_network_draws_from_its_results(
    found: tuple[Any, dict[str, Any]], kind: str, arguments: tuple[str, ...]
) -> None:
    from generator.theme import LIGHT

    figure, trace = traced(kind, arguments, found[1])
    drawn = figure.draw(trace, LIGHT)
    assert drawn.get_size_inches()[1] <= 6
    assert flaws(drawn) == []
    assert len(figure.describe(trace).alt) > 40
