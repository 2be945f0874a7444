"""A lecture with a pad before a network that has learned to read digits, drawn and measured in this process."""

import shutil
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from sample_project import make_project
from training_lecture import drawn

from generator.document.compose import compose
from generator.document.tree import Document
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import Plan, plan_lecture
from generator.runners import experiment

ROOT = Path(__file__).parents[1]
MEASURE = "def measure(*, seed: int = 0) -> dict[str, object]: ...\n"
PAD = ":::{draw} live\n:name: pad\n\nDraw here.\n:::\n"
TEXT = f"# Reading\n\n## A network reads\n\n{PAD}\n## Another slide\n\nText.\n"


class Digits:
    """The digits that come with the project."""

    digest = ""

    def __init__(self) -> None:
        with np.load(ROOT / "generator" / "datasets" / "mnist.npz") as data:
            self.x_train, self.y_train = data["x_train"], data["y_train"]
            self.x_test, self.y_test = data["x_test"], data["y_test"]


def trained(train_images: int) -> Any:
    """Return the weights of the lecture's convnet, trained on so many images for a pass."""
    convnet, training = (import_module(f"lectures.experiments.{name}") for name in ("mnist_convnet", "parts.training"))
    model, _ = convnet.fit(training.prepare(Digits(), train_images), seed=0, epochs=1)
    return convnet.weights_of(model)


def measured(weights: Any) -> dict[str, Any]:
    """Return what `page_network` says of the lecture's convnet with these weights."""
    recipe = import_module("lectures.experiments.page_network")
    return dict(recipe.measure(data=Digits(), weights=weights))


def examined(weights: Any, *, judged_on: int = 20) -> dict[str, Any]:
    """Return what `page_channels` says of the lecture's convnet with these weights, and of a few of the digits."""
    recipe, data = import_module("lectures.experiments.page_channels"), Digits()
    data.x_test, data.y_test = data.x_test[:300], data.y_test[:300]
    return dict(recipe.measure(data=data, weights=weights, judged_on=judged_on))


def plan_drawing(folder: Path, text: str = TEXT) -> Plan:
    """Return the plan of a lecture with this text, and experiments `live` and `study`, in a project of its own."""
    project = make_project(folder)
    shutil.copy(ROOT / "figures" / "forward_pass.py", project / "figures")
    for name in ("live", "study"):
        (project / "lectures" / "experiments" / f"{name}.py").write_text(MEASURE)
    path = project / "lectures" / "drawn.md"
    path.write_text(f"---\ntitle: Drawn\n---\n{text}", encoding="utf-8")
    return plan_lecture(read_lecture(path, project), project, Profile())


def drawing_document(
    folder: Path, results: dict[str, Any], text: str = TEXT, study: dict[str, Any] | None = None
) -> Document:
    """Return the document of a lecture with these results of `live`, and of `study`; raise the first error in it."""
    plan = plan_drawing(folder, text)
    for error in plan.errors:
        raise error
    kept = {"live": keep(results, folder / "live.npz"), "study": keep(study or {}, folder / "study.npz")}
    artifacts = {name: kept[task.module.rpartition(".")[2]] if task.runner == "experiment" else drawn(task, results, folder / f"task-{at}")
                 for at, (name, task) in enumerate(plan.tasks.items())}  # fmt: skip
    document = compose(plan, artifacts, Profile(), {})
    for error in document.errors:
        raise error
    return document


def keep(results: dict[str, Any], path: Path) -> Any:
    """Return results as the store has them, their arrays in a file at `path`."""
    facts, arrays = experiment.split_results(results)
    experiment.write_arrays(path, arrays)
    return SimpleNamespace(files={"arrays.npz": path}, facts=facts, machine="", packages={})
