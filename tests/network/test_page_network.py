"""The network of the lecture in a page: the values and the answers of Keras, from the same rounded weights."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from page_networks import computed, written
from saved_models import noise, save

from lectures.experiments.mnist_convnet import fit
from lectures.experiments.page_network import choose, measure
from lectures.experiments.parts.training import Split, prepare

pytestmark = [  # of Keras, when it saves and loads
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
MNIST = Path(__file__).parents[2] / "generator" / "datasets" / "mnist.npz"
COMPARED, SEEN = 1_000, 10_000  # test digits of which all values are compared; of which the answers are


class Digits:
    """The digits that come with the project."""

    digest = ""

    def __init__(self) -> None:
        with np.load(MNIST) as data:
            self.x_train, self.y_train = data["x_train"], data["y_train"]
            self.x_test, self.y_test = data["x_test"], data["y_test"]


@pytest.fixture(scope="module")
def split() -> Split:
    return prepare(Digits(), 3_000)


@pytest.fixture(scope="module")
def model(split: Split) -> Any:
    return fit(split, seed=0, epochs=1)[0]


def test_all_values_of_a_thousand_test_digits_are_those_of_keras(model: Any, split: Split, tmp_path: Path) -> None:
    parts = [
        written(model, split.x_test[start : start + 250], tmp_path / f"part-{start}")
        for start in range(0, COMPARED, 250)
    ]
    results = computed(parts)
    assert [result["compared"] for result in results] == [True] * len(parts)
    assert max(result["largest"]["absolute"] for result in results) <= 1e-5


def test_no_answer_to_ten_thousand_test_digits_is_another_one(model: Any, split: Split, tmp_path: Path) -> None:
    (result,) = computed([written(model, split.x_test[:SEEN], tmp_path / "answers", with_golden=False)])
    answers = model.predict(split.x_test[:SEEN], batch_size=500, verbose=0).argmax(axis=1)
    assert len(answers) == SEEN
    assert result["classes"] == answers.tolist()


def test_what_is_measured_is_of_the_rounded_network(model: Any, split: Split, tmp_path: Path) -> None:
    model.save(tmp_path / "mine.keras")
    found = measure(data=Digits(), path=tmp_path / "mine.keras")
    rounded = keras.saving.load_model(tmp_path / "mine.keras")
    rounded.set_weights([weight.astype(np.float16).astype(np.float32) for weight in rounded.get_weights()])
    answers = rounded.predict(split.x_test, batch_size=500, verbose=0)
    assert found["accuracy"] == (answers.argmax(axis=1) == split.y_test).mean()
    assert found["numbers"] == found["parameters"] == 93_322
    digits = found["digits"]
    assert digits["classes"][:10] == list(range(10))
    assert (digits["probabilities"][:10].argmax(axis=1) == digits["classes"][:10]).all()
    assert (digits["probabilities"][10:].argmax(axis=1) != digits["classes"][10:]).all()


def test_the_digits_to_choose_from_are_the_first_of_their_kind() -> None:
    labels, answers = np.array([1, 0, 1, 0, 1]), np.array([0, 0, 1, 1, 1])
    assert choose(answers, labels, 1) == [1, 2, 0]


def test_a_network_without_probabilities_is_refused(tmp_path: Path) -> None:
    _, path = save([keras.layers.Flatten(), keras.layers.Dense(3)], tmp_path)
    with pytest.raises(ValueError, match="gives no probabilities of classes; let it end with a softmax layer"):
        measure(data=noise(), path=path, digit=4)


def test_a_layer_that_no_page_computes_is_refused_by_its_name(tmp_path: Path) -> None:
    made = [
        keras.layers.Normalization(mean=0, variance=1, name="norm"),
        keras.layers.Flatten(),
        keras.layers.Dense(3, "softmax"),
    ]
    _, path = save(made, tmp_path)
    with pytest.raises(ValueError, match=r"the layer 'norm' \(Normalization\) cannot be computed in a page; a page"):
        measure(data=noise(), path=path, digit=4)


@pytest.mark.parametrize("given", [{}, {"weights": {}, "path": Path("net.keras")}])
def test_one_network_is_needed(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="one network is needed; give either weights or path"):
        measure(data=noise(), **given)
