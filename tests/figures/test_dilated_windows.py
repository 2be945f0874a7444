"""Networks with holes in their windows are drawn as Keras computes them; windows that are not square are refused."""

import numpy as np
import pytest

from figures import receptive_field, size_ladder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def dilated(kernel_size: int | tuple[int, int] = 3):
    """Return a linear network of ones whose second window has holes."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((20, 20, 1)),
            layers.Conv2D(1, 3, name="conv1"),
            layers.Conv2D(1, kernel_size, dilation_rate=2, name="conv2"),
        ]
    )
    model.set_weights([np.ones_like(weight) for weight in model.get_weights()])
    return model


def test_the_ladder_has_keras_sizes_and_says_the_dilation() -> None:
    from lectures.experiments.parts.probing import layer_facts

    shown = size_ladder.trace(layers=layer_facts(dilated()))
    assert size_ladder.describe(shown).facts["sizes"] == [20, 18, 14]
    assert "3 × 3 conv, dilation 2" in size_ladder.describe(shown).alt


def test_the_receptive_field_spans_the_holes_as_the_gradient_does() -> None:
    import tensorflow as tf

    from lectures.experiments.parts.probing import layer_facts

    model = dilated()
    box = receptive_field.trace(layers=layer_facts(model), image=np.ones((20, 20))).boxes[-1]
    image = tf.ones((1, 20, 20, 1))
    with tf.GradientTape() as tape:
        tape.watch(image)
        middle = model(image)[0, 7, 7, 0]
    rows = np.flatnonzero(np.abs(tape.gradient(middle, image)[0, :, :, 0]).sum(axis=1))
    assert (box.size, box.top) == (rows[-1] - rows[0] + 1, rows[0]) == (7, 7)


@pytest.mark.parametrize("kind", [size_ladder, receptive_field])
def test_a_window_that_is_not_square_is_refused_in_one_line(kind) -> None:
    from lectures.experiments.parts.probing import layer_facts

    arguments = {"image": np.ones((20, 20))} if kind is receptive_field else {}
    with pytest.raises(ValueError, match="conv2 has kernel_size 3 × 2; only what is square can be drawn here"):
        kind.trace(layers=layer_facts(dilated((3, 2))), **arguments)
