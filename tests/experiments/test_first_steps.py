"""The slice of the loss is that of Keras, and descent on it is what its numbers say."""

import numpy as np
import pytest
from small_networks import data

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def found():
    """Return a network as it is before training, its split, and its loss over two weights."""
    import keras

    from lectures.experiments.first_steps import TwoWeights
    from lectures.experiments.mnist_convnet import build_model
    from lectures.experiments.parts.training import prepare

    keras.utils.set_random_seed(0)
    split = prepare(data(), 240)
    model = build_model(split.shape, split.classes)
    hidden = keras.Model(model.inputs, model.get_layer("dense1").output).predict(split.x_train, verbose=0)
    surface = TwoWeights(hidden, *model.get_layer("softmax").get_weights(), split.y_train, 1)
    return model, split, surface


def with_weights(model, surface, weights):
    """Set the two weights in the network itself."""
    kernel, bias = model.get_layer("softmax").get_weights()
    kernel = kernel.copy()
    kernel[surface.units, surface.label] = weights
    model.get_layer("softmax").set_weights([kernel, bias])


@pytest.mark.parametrize("moved", [(0, 0), (-3, 1), (2, 5)])
def test_the_loss_and_its_gradient_are_those_of_keras(found, moved) -> None:
    import keras
    import tensorflow as tf

    model, split, surface = found
    weights = surface.trained + np.array(moved)
    with_weights(model, surface, weights)
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(split.y_train, model(split.x_train))
        loss = tf.reduce_mean(losses)
    slope = tape.gradient(loss, model.get_layer("softmax").kernel).numpy()[surface.units, surface.label]
    with_weights(model, surface, surface.trained)
    assert surface.loss(weights) == pytest.approx(float(loss), rel=1e-3)
    np.testing.assert_allclose(surface.gradient(weights), slope, rtol=1e-3, atol=1e-5)


def test_each_step_goes_against_the_gradient(found) -> None:
    from lectures.experiments.first_steps import descend

    _, _, surface = found
    went = descend(surface, surface.trained + 2, 0.1, 4)
    np.testing.assert_allclose(np.diff(went["path"], axis=0), -0.1 * went["gradients"], atol=1e-12)
    assert went["path_losses"].tolist() == [surface.loss(point) for point in went["path"]]


def test_axes_hold_all_points_with_room_around_them() -> None:
    from lectures.experiments.first_steps import SIDE, axes_around

    points = np.array([[-1.0, 2.0], [3.0, 2.1]])
    for axis, values in enumerate(axes_around(points)):
        assert values[0] < points[:, axis].min()
        assert values[-1] > points[:, axis].max()
        assert len(values) == SIDE


def test_kernels_are_kept_before_training_and_after_each_number_of_steps(found) -> None:
    from lectures.experiments.first_steps import STEPS, kernel_history

    _, split, _ = found
    history = kernel_history(split, seed=0)
    assert history["steps"].tolist() == list(STEPS)
    assert history["kernels"].shape == (len(STEPS), 32, 3, 3)
    assert all((a != b).any() for a, b in zip(history["kernels"], history["kernels"][1:], strict=False))


def test_the_samples_are_the_surest_right_the_least_sure_right_and_the_surest_wrong_answer() -> None:
    from lectures.experiments.first_steps import choose

    probabilities = np.array([[0.6, 0.4], [0.1, 0.9], [0.51, 0.49], [0.8, 0.2], [0.7, 0.3], [0.95, 0.05]])
    assert choose(probabilities, np.array([0, 1, 0, 1, 1, 0])).tolist() == [5, 2, 3]
    with pytest.raises(ValueError, match="6 of 6 answers are right; samples need both kinds"):
        choose(probabilities, probabilities.argmax(axis=1))
