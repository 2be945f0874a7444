"""The dense network that the convnet is compared with: one hidden layer, 407,050 parameters with 512 units.

With 117 units it has 93,025 parameters, about as many as the convnet, which makes for a fair comparison.
"""

from typing import Any

import keras
from keras import layers

from lectures.experiments.parts.probing import describe_network
from lectures.experiments.parts.shifting import shift_curve
from lectures.experiments.parts.training import Data, Shape, judge, prepare, train


def build_model(shape: Shape = (28, 28, 1), classes: int = 10, units: int = 512) -> keras.Sequential:
    """Return the untrained network with `units` hidden units."""
    model = keras.Sequential()
    model.add(keras.Input(shape))
    model.add(layers.Flatten(name="flatten"))
    model.add(layers.Dense(units, activation="relu", name="dense1"))
    model.add(layers.Dense(classes, activation="softmax", name="softmax"))
    return model


def measure(
    *, data: Data, seed: int = 0, epochs: int = 5, train_images: int = 60_000, units: int = 512
) -> dict[str, Any]:
    """Return test results and costs, and of the first 16 hidden units weights (16, height, width) and biases (16,)."""
    split = prepare(data, train_images)
    keras.utils.set_random_seed(seed)
    model = build_model(split.shape, split.classes, units)
    curves = train(model, split, optimizer=keras.optimizers.RMSprop(), epochs=epochs, batch_size=128, seed=seed)
    weights, biases = model.get_layer("dense1").get_weights()
    return {
        "seed": seed,
        "epochs": epochs,
        "units": units,
        **split.facts,
        **describe_network(model),
        **judge(model, split),
        "history": curves,
        "shift": shift_curve(model, split.x_test[:2000], split.y_test[:2000]),
        "weights": weights.T[:16].reshape(-1, *split.shape[:2]),
        "biases": biases[:16],
    }
