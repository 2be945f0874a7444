"""Cross-validation on a few images, and early stopping, each held against the test images that real life lacks."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.few_digits import BATCH_SIZE, STEPS, Way, build_way, draw, judge_few, new_optimizer
from lectures.experiments.parts.few_images import Plan, train_few
from lectures.experiments.parts.training import Data, as_input

Array = NDArray[Any]


class BestWeights:
    """Keeps the weights of the moment at which the held-out loss was lowest, as early stopping does."""

    def __init__(self, model: keras.Model) -> None:
        """Watch `model`, from before its first step."""
        self.model = model
        self.loss, self.step, self.weights = np.inf, 0, model.get_weights()

    def __call__(self, step: int, measured: Any) -> None:
        """Keep the weights if the held-out loss is lower than ever."""
        if measured["validation_loss"] < self.loss:
            self.loss, self.step, self.weights = measured["validation_loss"], step, self.model.get_weights()

    def rewind(self) -> keras.Model:
        """Return the network with the weights that were kept."""
        self.model.set_weights(self.weights)
        return self.model


def measure(
    *,
    data: Data,
    seed: int = 0,
    per_class: int = 20,
    steps: int = STEPS,
    folds: int = 5,
    checks: int = 20,
    augment: str = "none",
) -> dict[str, Any]:
    """Return what `folds` trainings say of a network, each on all drawn images but one fold, which then judges it.

    fold_size, trained_on: how many images each judges, and learns from. held_out, test (folds,): the accuracy of each
    network on its own fold and on all test images, after the last step. estimate, low, high: mean, smallest and largest
    of held_out; spread: their standard deviation; truth: mean of test; off: how far the estimate lies from it.
    early: the first network as it was when the loss on its fold was lowest of all checks: that step, and its loss,
    accuracy and errors on the test images. late: the same network after the last step.
    """
    chosen = draw(data, per_class, seed)
    parts = split_evenly(data.y_train[chosen], folds)
    trainings = [
        train_without(data, chosen, part, way=Way(augment), seed=seed, plan=Plan(steps, BATCH_SIZE, often))
        for part, often in zip(parts, [checks] + [1] * (folds - 1), strict=True)
    ]
    held_out = [held for _, held in trainings]
    judged = [judge_few(keeper.model, data) for keeper, _ in trainings]
    first = trainings[0][0]
    return {
        "seed": seed,
        "drawn": len(chosen),
        "trained_on": len(chosen) - len(parts[0]),
        "fold_size": len(parts[0]),
        **compare_with_truth(held_out, [found["accuracy"] for found in judged]),
        "late": pick(judged[0]) | {"step": steps},
        "early": pick(judge_few(first.rewind(), data)) | {"step": first.step},
    }


def train_without(
    data: Data, chosen: Array, part: Array, *, way: Way, seed: int, plan: Plan
) -> tuple[BestWeights, float]:
    """Return a network trained on the `chosen` images without those at `part`, and its accuracy on these."""
    model = build_way(way, seed)
    keeper = BestWeights(model)
    x, y = as_input(data.x_train[chosen]), data.y_train[chosen]
    curves = train_few(
        model,
        np.delete(x, part, axis=0),
        np.delete(y, part),
        plan=plan,
        optimizer=new_optimizer(way, plan.steps),
        seed=seed,
        validation=(x[part], y[part]),
        watch=keeper,
    )
    return keeper, curves["validation_accuracy"][-1]


def compare_with_truth(held_out: list[float], test: list[float]) -> dict[str, Any]:
    """Return what the folds say, what the test images say, and how far they lie apart, as `measure` names it."""
    estimate, truth = float(np.mean(held_out)), float(np.mean(test))
    return {
        "folds": len(held_out),
        "held_out": held_out,
        "test": test,
        "estimate": estimate,
        "low": min(held_out),
        "high": max(held_out),
        "spread": float(np.std(held_out, ddof=1)),
        "truth": truth,
        "off": estimate - truth,
    }


def split_evenly(labels: Array, folds: int) -> list[Array]:
    """Return the places of `labels` (n,) in `folds` parts without overlap, every class equally often in each.

    Raises ValueError if a class cannot be split so.
    """
    groups: list[list[Array]] = [[] for _ in range(folds)]
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        if len(members) % folds:
            raise ValueError(f"{len(members)} images of class {label} do not split into {folds} folds; take a divisor")
        for group, part in zip(groups, np.split(members, folds), strict=True):
            group.append(part)
    return [np.sort(np.concatenate(group)) for group in groups]


def pick(judged: dict[str, Any]) -> dict[str, float]:
    """Return loss, accuracy and errors on the test images."""
    return {name: judged[name] for name in ("loss", "accuracy", "errors")}
