"""Every network is trained and judged alike: what it learns from, what it is checked on, what judges it, kept apart."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from small_networks import data

PROJECT = Path(__file__).parents[3]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def test_a_twelfth_is_held_out_and_no_image_is_in_two_parts() -> None:
    from lectures.experiments.parts.training import prepare

    source = data()
    source.x_train[:, 0, 0] = np.arange(240)  # each image carries its number
    split = prepare(source, 240)
    learned, held = (np.rint(255 * part[:, 0, 0, 0]).astype(int) for part in (split.x_train, split.x_validation))
    assert (len(learned), len(held)) == (220, 20)
    assert set(learned) | set(held) == set(range(240))


def test_networks_take_values_from_zero_to_one() -> None:
    from lectures.experiments.parts.training import prepare

    split = prepare(data(), 120)
    assert split.x_train.dtype == np.float32
    assert (split.x_train.min() >= 0, split.x_train.max() <= 1, split.shape) == (True, True, (28, 28, 1))


@pytest.mark.parametrize("count", [0, 11, 241])
def test_more_images_than_there_are_is_refused(count: int) -> None:
    from lectures.experiments.parts.training import prepare

    with pytest.raises(ValueError, match=f"train_images is {count}; the data allow 12 to 240"):
        prepare(data(), count)


def test_the_learning_rate_rises_then_falls_to_zero() -> None:
    from lectures.experiments.parts.training import prepare, warm_up_and_decay

    rate = warm_up_and_decay(prepare(data(), 240), peak=0.01, epochs=5, batch_size=22)
    steps = [float(rate(step)) for step in range(51)]
    assert max(steps) == pytest.approx(steps[10]) == pytest.approx(0.01)
    assert steps[:11] == sorted(steps[:11])
    assert steps[10:] == sorted(steps[10:], reverse=True)
    assert steps[50] == pytest.approx(0, abs=1e-9)


def test_an_epoch_shows_every_image_once_however_often_it_is_checked() -> None:
    from lectures.experiments.parts.training import _parts

    parts = list(_parts(103, epochs=2, batch_size=10, checks=4, seed=0))
    assert len(parts) == 8
    for epoch in (parts[:4], parts[4:]):
        assert sorted(np.concatenate(epoch).tolist()) == list(range(103))
    assert not np.array_equal(parts[0], parts[4])


def test_the_last_epoch_may_be_cut_short() -> None:
    from lectures.experiments.parts.training import _parts, pass_sizes

    parts = list(_parts(100, epochs=1.5, batch_size=10, checks=4, seed=0))
    assert pass_sizes(100, 1.5) == [100, 50]
    assert [sum(map(len, group)) for group in (parts[:4], parts[4:])] == [100, 50]
    assert len(np.unique(np.concatenate(parts[4:]))) == 50


@pytest.fixture(scope="module")
def convnet() -> dict:
    from lectures.experiments.mnist_convnet import measure

    return measure(data=data(600), train_images=600, epochs=3, digit=3)


def test_the_convnet_learns_what_can_be_learned(convnet: dict) -> None:
    assert convnet["accuracy"] > 0.9
    assert (convnet["trained_on"], convnet["validated_on"], convnet["tested_on"]) == (550, 50, 60)


def test_rows_of_the_confusion_matrix_are_the_true_classes(convnet: dict) -> None:
    confusion = convnet["confusion"]
    assert confusion.sum(axis=1).tolist() == np.bincount(data().y_test, minlength=3).tolist()
    assert np.trace(confusion) == 60 - convnet["errors"]
    assert convnet["accuracy"] == pytest.approx(np.trace(confusion) / 60)


def test_the_curves_are_measured_four_times_an_epoch(convnet: dict) -> None:
    assert convnet["history"]["epochs"] == pytest.approx([0.25 * check for check in range(1, 13)], abs=0.25)
    assert convnet["history"]["epochs"][3::4] == [1, 2, 3]
    assert len(convnet["history"]["validation_loss"]) == 12


def test_mistakes_are_real_and_the_surest_come_first(convnet: dict) -> None:
    mistakes = convnet["mistakes"]
    assert len(mistakes["labels"]) == convnet["errors"]
    assert (mistakes["labels"] != mistakes["predictions"]).all()
    assert (np.diff(mistakes["confidences"]) <= 0).all()


def test_the_results_can_be_kept(convnet: dict) -> None:
    from generator.runners.experiment import split_results

    facts, arrays = split_results(convnet)
    assert facts["border"]["unseen_pixels"] == 108
    assert arrays["conv3.patches"].shape[2:] == (18, 18)
    assert arrays["conv1.kernels"].shape == (32, 3, 3)


def test_unmoved_digits_are_answered_as_in_the_test(convnet: dict) -> None:
    from lectures.experiments.parts.shifting import shifted

    curve = convnet["shift"]
    assert curve["pixels"] == list(range(9))
    assert curve["ink_lost"][0] == 0
    image = np.arange(6.0).reshape(1, 2, 3)
    assert shifted(image, 1)[0].tolist() == [[0, 0, 1], [0, 3, 4]]


def test_the_dense_network_learns_it_too() -> None:
    from lectures.experiments.mnist_dense import measure

    found = measure(data=data(600), train_images=600, epochs=2, units=16)
    assert found["accuracy"] > 0.9
    assert (found["weights"].shape, found["biases"].shape) == ((16, 28, 28), (16,))


SAME_SEED = """
import hashlib, sys, types
sys.path.insert(0, "tests")
from small_networks import data
from generator.runners.experiment import run, DETERMINISM
from lectures.experiments import mnist_convnet
from lectures.experiments.parts import training
def measure():
    model, _ = mnist_convnet.fit(training.prepare(data(), 240), seed=int(sys.argv[1]), epochs=1)
    return {"digest": hashlib.sha256(b"".join(weights.tobytes() for weights in model.get_weights())).hexdigest()}
import pathlib, tempfile
print(run(types.SimpleNamespace(measure=measure), {}, pathlib.Path(tempfile.mkdtemp()))["digest"])
"""


def weights_of(seed: int) -> str:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-c", SAME_SEED, str(seed)]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


def test_the_same_seed_gives_the_same_weights_in_another_process() -> None:
    first, second, other = weights_of(0), weights_of(0), weights_of(1)
    assert first == second != other
