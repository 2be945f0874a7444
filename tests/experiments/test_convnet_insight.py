"""What is said about the inside of a network is what Keras computes: drops, sums, neighbors, ascents, reach."""

import numpy as np
import pytest
from small_networks import build, data

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def source():
    return data(480, 60)


@pytest.fixture(scope="module")
def model(source):
    from lectures.experiments.mnist_convnet import fit
    from lectures.experiments.parts.training import prepare

    network, _ = fit(prepare(source, 480), seed=0, epochs=3)
    return network


@pytest.fixture(scope="module")
def insight(source, model) -> dict:
    from lectures.experiments.convnet_insight import measure
    from lectures.experiments.mnist_convnet import weights_of

    return measure(data=source, weights=weights_of(model), traced=1, steps=40, channels=3)


def inputs(images: np.ndarray) -> np.ndarray:
    return images[..., None].astype(np.float32) / 255


def before(model, layer: str, image: np.ndarray) -> np.ndarray:
    from lectures.experiments.parts.probing import before_activation

    return before_activation(model, layer)(image[None], training=False).numpy()[0]


def test_the_results_can_be_kept(insight: dict) -> None:
    from generator.runners.experiment import split_results

    facts, arrays = split_results(insight)
    assert facts["hierarchy"]["label"] == 1
    assert arrays["occlusion.drops"].shape == (3, 28, 28)
    assert arrays["reach.effect"].shape == (28, 28)


def test_weights_that_were_kept_make_the_same_network(model, source) -> None:
    from lectures.experiments.mnist_convnet import restore, weights_of

    again, images = restore(weights_of(model)), inputs(source.x_test[:5])
    assert np.array_equal(again(images).numpy(), model(images).numpy())


def test_a_class_that_the_network_never_gets_right_cannot_be_traced(source, model) -> None:
    from lectures.experiments.convnet_insight import digit_of

    with pytest.raises(ValueError, match="traced is 7; the network gets none of that class right"):
        digit_of(7, np.array([0, 1]), source.y_test)


def test_hiding_background_changes_nothing_at_all(model, source) -> None:
    from lectures.experiments.parts.occluding import occlude

    images = source.x_test.copy()
    images[images < 50] = 0
    found = occlude(model, inputs(images), source.y_test, np.arange(3))
    inked = np.stack([sum_around(image > 0, found["size"]) > 0 for image in found["images"]])
    assert (found["drops"][~inked] == 0).all()
    assert (found["drops"][inked] != 0).any()
    assert 0.2 < inked.mean() < 0.8


def sum_around(ink: np.ndarray, size: int) -> np.ndarray:
    reach = size // 2
    padded = np.pad(ink.astype(int), reach)
    return np.lib.stride_tricks.sliding_window_view(padded, (size, size)).sum(axis=(2, 3))


def test_a_drop_is_how_far_the_score_falls_when_the_square_is_blank(model, source, insight: dict) -> None:
    found = insight["occlusion"]
    for digit, (row, column) in enumerate([(0, 0), (12, 9), (27, 20)]):
        image = inputs(source.x_test[found["numbers"][digit]])
        hidden = image.copy()
        hidden[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3] = 0
        label = found["labels"][digit]
        fall = before(model, "softmax", image)[label] - before(model, "softmax", hidden)[label]
        assert found["drops"][digit, row, column] == pytest.approx(fall, abs=1e-4)


def test_the_digits_are_the_first_of_their_class_that_the_network_gets_right(model, source, insight: dict) -> None:
    found = insight["occlusion"]
    right = model.predict(inputs(source.x_test), verbose=0).argmax(axis=1) == source.y_test
    assert found["labels"].tolist() == insight["occlusion_control"]["labels"].tolist() == [0, 1, 2]
    for number, label in zip(found["numbers"], found["labels"], strict=True):
        assert number == np.flatnonzero(right & (source.y_test == label))[0]


def test_hidden_ink_is_the_sum_under_the_square() -> None:
    from lectures.experiments.parts.occluding import hidden_brightness

    image = np.random.default_rng(0).random((1, 8, 9))
    for size in (4, 5):
        hidden = hidden_brightness(image, size)
        assert hidden.shape == image.shape
        start = max(0, 2 - size // 2)
        assert hidden[0, 2, 8] == pytest.approx(image[0, start : 2 - size // 2 + size, 8 - size // 2 :].sum())


def test_what_a_unit_is_made_of_sums_to_its_value_before_relu(model, source, insight: dict) -> None:
    from lectures.experiments.parts.hierarchy import Unit, parts_of
    from lectures.experiments.parts.probing import activations

    image = inputs(source.x_test[insight["hierarchy"]["number"]])
    maps = activations(model, image)
    for node in insight["hierarchy"]["nodes"][:4]:
        unit = Unit(*(node[name] for name in ("layer", "channel", "row", "column")))
        parts = parts_of(model, maps, unit)
        value = before(model, node["layer"], image)[node["row"], node["column"], node["channel"]]
        assert len(parts) == insight["hierarchy"]["terms"][node["layer"]]
        assert sum(part.contribution for part in parts) + node["bias"] == pytest.approx(value, abs=1e-4)
        assert node["bias"] + node["shown"] + node["others"] == pytest.approx(value, abs=1e-4)
        for part in parts[::29]:
            source_unit = part.unit
            given = maps[source_unit.layer][source_unit.row, source_unit.column, source_unit.channel]
            assert given == pytest.approx(part.value, abs=1e-6)  # pooling handed on just this value


def test_children_are_the_largest_parts_and_lie_within_what_their_parent_sees(insight: dict) -> None:
    nodes = insight["hierarchy"]["nodes"]
    assert [node["layer"] for node in nodes] == ["conv3"] + 3 * ["conv2"] + 9 * ["conv1"]
    for node in nodes[1:]:
        parent = nodes[node["parent"]]
        for side in ("top", "left"):
            assert parent[side] <= node[side] <= node[side] + node["size"] <= parent[side] + parent["size"]
    assert nodes[0]["shown"] == pytest.approx(sum(node["contribution"] for node in nodes[1:4]), abs=1e-5)


def test_a_layer_that_does_not_follow_a_max_pooling_cannot_be_taken_apart() -> None:
    from lectures.experiments.parts.hierarchy import trace_unit

    image = np.ones((14, 14, 1), np.float32)
    for network in (build(pooling="average"), build(padding="same")):
        with pytest.raises(ValueError, match="conv2 cannot be followed; it takes convolution, max pooling"):
            trace_unit(network, image, layer="conv2")


def test_every_level_is_judged_by_neighbors_and_means(model, source, insight: dict) -> None:
    levels = insight["separation"]["levels"]
    assert [(level["layer"], level["values"]) for level in levels] == [
        ("pixels", 784), ("conv1", 21_632), ("conv2", 7_744), ("conv3", 576), ("dense1", 64),
    ]  # fmt: skip
    known, asked = source.x_train.reshape(480, -1) / 255.0, source.x_test.reshape(60, -1) / 255.0
    near = ((asked[:, None] - known) ** 2).sum(axis=2).argmin(axis=1)
    assert levels[0]["nearest_neighbor"] == pytest.approx((source.y_train[near] == source.y_test).mean())
    wrong = insight["separation"]["pixels"]["wrong"]
    assert wrong.tolist() == (source.y_train[near] != source.y_test).tolist()


def test_the_value_rises_and_the_image_keeps_the_norm_of_a_real_patch(insight: dict) -> None:
    found = insight["maximized"]
    assert (found["values"] > found["curves"][:, 0]).all()
    assert found["curves"].max(axis=1) == pytest.approx(found["values"], abs=0.2)
    assert np.linalg.norm(found["images"].reshape(3, -1), axis=1) == pytest.approx(found["norms"], rel=1e-3)
    assert (found["images"].min() >= 0, found["images"].max() <= 1) == (True, True)


def test_running_the_network_on_the_image_gives_the_value_that_is_written(model, insight: dict) -> None:
    found = insight["maximized"]
    for channel, image, value in zip(found["channels"], found["images"], found["values"], strict=True):
        whole = np.zeros((28, 28, 1), np.float32)
        whole[4:22, 4:22, 0] = image
        assert before(model, "conv3", whole)[1, 1, channel] == pytest.approx(value, abs=1e-3)


def test_an_ascent_without_a_gradient_is_refused(model, insight: dict) -> None:
    from lectures.experiments.parts.maximizing import ascend, for_one_place

    part = for_one_place(model, "conv3")
    kernel, bias = part.layers[-1].get_weights()
    part.layers[-1].set_weights([0 * kernel, bias])
    with pytest.raises(ValueError, match="channel 5 has no gradient at the start; take another seed"):
        ascend(part, np.array([5]), np.array([4.0]), steps=2, seed=0)


def test_images_of_silent_channels_never_move(model, source) -> None:
    from lectures.experiments.parts.maximizing import ascend_carelessly

    kernel, bias = model.get_layer("conv3").get_weights()
    shift = np.zeros_like(bias)
    shift[:5] = -1e4
    model.get_layer("conv3").set_weights([kernel, bias + shift])
    try:
        found = ascend_carelessly(model, inputs(source.x_test), steps=2)
    finally:
        model.get_layer("conv3").set_weights([kernel, bias])
    assert not found["moved"][:5].any()
    assert (found["images"][~found["moved"]] == found["start"]).all()
    assert (found["images"][found["moved"]] != found["start"]).any(axis=(1, 2)).all()
    assert found["alive"] <= found["stuck"] == (~found["moved"]).sum()


def test_nothing_outside_the_box_has_any_effect(insight: dict) -> None:
    found = insight["reach"]
    box = (slice(found["top"], found["top"] + found["size"]), slice(found["left"], found["left"] + found["size"]))
    assert (found["top"], found["left"], found["size"]) == (4, 4, 18)
    outside = found["effect"].copy()
    outside[box] = 0
    assert (outside == 0).all()
    assert found["effect"][box].any(axis=1).all()
    assert 0 < found["half"] <= 18


def test_the_box_is_where_the_gradient_of_a_linear_twin_is_not_zero() -> None:
    from lectures.experiments.parts.reaching import reach

    twin = build(pooling="average", size=20)
    for layer in twin.layers:
        layer.set_weights([np.ones_like(weights) for weights in layer.get_weights()])
    found = reach(twin, np.ones((2, 20, 20, 1), np.float32), name="conv2")
    rows, columns = (np.flatnonzero(found["effect"].any(axis=axis)) for axis in (1, 0))
    assert (rows[0], len(rows)) == (found["top"], found["size"])
    assert (columns[0], len(columns)) == (found["left"], found["size"])


@pytest.mark.parametrize(("size", "middle"), [(4, 9.0), (5, 9.5), (18, 9.0)])
def test_the_half_square_is_the_smallest_with_half_of_the_effect(size: int, middle: float) -> None:
    from lectures.experiments.parts.reaching import half_square

    effect = np.zeros((20, 20))
    start = int(middle - size / 2)
    effect[start : start + size, start : start + size] = 1
    side = half_square(effect, (middle, middle))
    assert side % 2 == size % 2
    assert side**2 >= size**2 / 2 > (side - 2) ** 2 or side <= 2


def test_what_is_constant_correlates_with_nothing() -> None:
    from lectures.experiments.parts.occluding import correlate

    assert correlate(np.zeros(4), np.arange(4.0)) == 0
    assert correlate(np.arange(4.0), -np.arange(4.0)) == pytest.approx(-1)
