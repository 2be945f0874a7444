"""What is said about a network is what Keras does: sizes, costs, receptive fields, patches."""

import numpy as np
import pytest
from small_networks import build

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def random_images(count: int = 30, size: int = 14) -> np.ndarray:
    return np.random.default_rng(2).integers(0, 256, (count, size, size), dtype=np.uint8)


def test_parameters_are_those_that_keras_counts() -> None:
    from lectures.experiments.parts.probing import describe_network

    model = build()
    network = describe_network(model)
    assert network["parameters"] == model.count_params()
    assert [layer["parameters"] for layer in network["layers"]] == [layer.count_params() for layer in model.layers]


def test_the_network_of_the_lecture_has_its_93322_parameters_and_2794240_multiplications() -> None:
    from lectures.experiments.mnist_convnet import build_model
    from lectures.experiments.parts.probing import describe_network

    network = describe_network(build_model())
    assert (network["parameters"], network["macs"]) == (93_322, 2_794_240)
    assert [layer["output_shape"][0] for layer in network["layers"][:5]] == [26, 13, 11, 5, 3]
    assert [layer["receptive_field"] for layer in network["layers"][:5]] == [3, 4, 8, 10, 18]
    assert [layer["jump"] for layer in network["layers"][:5]] == [1, 2, 2, 4, 4]
    assert [layer["macs"] for layer in network["layers"]] == [194_688, 0, 2_230_272, 0, 331_776, 0, 36_864, 640]
    assert network["layers"][2]["formula"] == "(3 · 3 · 32 + 1) · 64 = 18,496"


@pytest.mark.parametrize(("units", "parameters"), [(512, 407_050), (117, 93_025)])
def test_the_dense_rivals_have_their_parameters(units: int, parameters: int) -> None:
    from lectures.experiments.mnist_dense import build_model

    assert build_model(units=units).count_params() == parameters


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2])
def test_the_receptive_field_is_where_the_gradient_is_not_zero(padding: str, strides: int) -> None:
    """The authority is TensorFlow: the pixels that one value of conv2 depends on, all weights being one."""
    import tensorflow as tf

    from lectures.experiments.parts.probing import before_activation, receptive_fields

    model = build(padding=padding, strides=strides, pooling="average", size=20)
    for layer in model.layers:
        layer.set_weights([np.ones_like(weights) for weights in layer.get_weights()])
    part = before_activation(model, "conv2")
    field = receptive_fields(model)[-1]
    image, place = tf.ones((1, 20, 20, 1)), part.output.shape[1] // 2
    with tf.GradientTape() as tape:
        tape.watch(image)
        value = part(image)[0, place, place, 0]
    rows = np.flatnonzero(tape.gradient(value, image).numpy()[0, :, :, 0].any(axis=1))
    assert (rows[0], len(rows)) == (place * field.jump + field.start, field.size)


def test_a_dense_layer_multiplies_once_a_weight() -> None:
    from lectures.experiments.parts.probing import layer_facts

    dense = layer_facts(build())[-1]
    assert dense["macs"] == dense["parameters"] - dense["units"]


def test_activations_are_what_each_layer_gives() -> None:
    from lectures.experiments.parts.probing import activations

    model, image = build(), random_images(1)[0, ..., None].astype(np.float32) / 255
    maps = activations(model, image)
    assert np.array_equal(maps["input"], image[..., 0])
    assert np.allclose(maps["softmax"], model.predict(image[None], verbose=0)[0], atol=1e-6)
    assert maps["conv2"].shape == (4, 4, 4)


def test_relu_of_what_stands_before_the_activation_is_the_activation() -> None:
    from lectures.experiments.parts.probing import activations, before_activation

    model, image = build(), random_images(1)[0, ..., None].astype(np.float32) / 255
    before = before_activation(model, "conv2")(image[None]).numpy()[0]
    assert (before < 0).any()
    assert np.allclose(np.maximum(before, 0), activations(model, image)["conv2"], atol=1e-6)


def test_silence_counts_zeros_and_channels_that_never_answer() -> None:
    from lectures.experiments.parts.probing import silence

    model = build()
    kernel, bias = model.get_layer("conv1").get_weights()
    model.get_layer("conv1").set_weights([kernel, bias - np.array([1e3, 0, 0], bias.dtype)])
    found = silence(model, random_images()[..., None].astype(np.float32) / 255)
    assert found["conv1"]["silent_channels"] == 1
    assert found["conv1"]["zeros"] >= 1 / 3


def test_pixels_that_floor_drops_have_exactly_no_influence() -> None:
    """13 - 2 = 11 pools to 5: the last row and column of conv1's map, and the last pixel row behind it, go unseen."""
    from lectures.experiments.parts.probing import influence

    effect = influence(build(size=13), random_images(3, 13)[..., None].astype(np.float32) / 255)
    unseen = effect == 0
    assert unseen[12].all()
    assert unseen[:, 12].all()
    assert not unseen[:12, :12].any()


@pytest.mark.parametrize(("padding", "layer"), [("valid", "conv1"), ("valid", "conv2"), ("same", "conv2")])
def test_running_the_network_again_gives_the_printed_activation(padding: str, layer: str) -> None:
    from lectures.experiments.parts.patches import top_patches
    from lectures.experiments.parts.probing import activations, receptive_fields

    model, images = build(padding=padding), random_images()
    found = top_patches(model, layer, images, np.zeros(30, np.uint8), channels=3, n=4)
    field = next(field for field in receptive_fields(model) if field.layer == layer)
    for row, channel in enumerate(found["channels"]):
        for column, number in enumerate(found["image_numbers"][row]):
            maps = activations(model, images[number][..., None].astype(np.float32) / 255)[layer][..., channel]
            top, left = (found["boxes"][row, column] - field.start) // field.jump
            assert maps[top, left] == pytest.approx(found["activations"][row, column], abs=1e-5)
            assert maps.max() == pytest.approx(maps[top, left], abs=1e-5)


def test_the_patch_alone_excites_the_channel_as_much() -> None:
    """Receptive field complete: pasted on black at its place, the patch gives the same value."""
    from lectures.experiments.parts.patches import top_patches
    from lectures.experiments.parts.probing import activations

    model, images = build(), random_images()
    found = top_patches(model, "conv2", images, np.zeros(30, np.uint8), channels=2, n=3)
    size = found["receptive_field"]
    for row, channel in enumerate(found["channels"]):
        top, left = found["boxes"][row, 0]
        alone = np.zeros((14, 14, 1), np.float32)
        alone[top : top + size, left : left + size, 0] = found["patches"][row, 0] / 255
        again = activations(model, alone)["conv2"][..., channel][top // 2, left // 2]
        assert again == pytest.approx(found["activations"][row, 0], abs=1e-5)


def test_the_strongest_patches_come_first_and_from_different_images() -> None:
    from lectures.experiments.parts.patches import top_patches

    found = top_patches(build(), "conv2", random_images(), np.zeros(30, np.uint8), channels=4, n=5)
    assert (np.diff(found["activations"], axis=1) <= 0).all()
    assert all(len(set(numbers)) == 5 for numbers in found["image_numbers"].tolist())


def test_channels_are_chosen_by_how_much_their_patches_resemble_each_other() -> None:
    from lectures.experiments.parts.patches import choose_channels, resemblance

    random = np.random.default_rng(0)
    alike = np.repeat(random.integers(0, 256, (1, 1, 4, 4)), 6, axis=1)
    noise = random.integers(0, 256, (1, 6, 4, 4))
    patches = np.concatenate([noise, alike, alike + 0])
    values = np.ones((3, 6))
    assert resemblance(patches)[1] == pytest.approx(1)
    assert choose_channels(patches, values, 3).tolist() == [1, 0, 2]  # the third looks like the second


def test_a_channel_that_never_answers_is_chosen_last() -> None:
    from lectures.experiments.parts.patches import choose_channels

    patches = np.random.default_rng(0).integers(0, 256, (3, 6, 4, 4))
    patches[0] = patches[0, :1]
    values = np.array([[-1.0], [1], [1]]).repeat(6, axis=1)
    assert choose_channels(patches, values, 3)[-1] == 0
