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


def measured(train_images: int) -> dict[str, Any]:
    """Return what `page_network` says of the lecture's convnet, trained on so many images for a pass."""
    convnet, recipe, training = (
        import_module(f"lectures.experiments.{name}") for name in ("mnist_convnet", "page_network", "parts.training")
    )
    model, _ = convnet.fit(training.prepare(Digits(), train_images), seed=0, epochs=1)
    return dict(recipe.measure(data=Digits(), weights=convnet.weights_of(model)))


def plan_drawing(folder: Path, text: str = TEXT) -> Plan:
    """Return the plan of a lecture with this text, and with an experiment `live`, in a project of its own."""
    project = make_project(folder)
    shutil.copy(ROOT / "figures" / "forward_pass.py", project / "figures")
    (project / "lectures" / "experiments" / "live.py").write_text(MEASURE)
    path = project / "lectures" / "drawn.md"
    path.write_text(f"---\ntitle: Drawn\n---\n{text}", encoding="utf-8")
    return plan_lecture(read_lecture(path, project), project, Profile())


def drawing_document(folder: Path, results: dict[str, Any], text: str = TEXT) -> Document:
    """Return the document of a lecture with these results of its experiment; raise the first error in it."""
    plan = plan_drawing(folder, text)
    for error in plan.errors:
        raise error
    facts, arrays = experiment.split_results(results)
    experiment.write_arrays(folder / "arrays.npz", arrays)
    live = SimpleNamespace(files={"arrays.npz": folder / "arrays.npz"}, facts=facts, machine="", packages={})
    artifacts = {name: live if task.runner == "experiment" else drawn(task, results, folder / f"task-{at}")
                 for at, (name, task) in enumerate(plan.tasks.items())}  # fmt: skip
    document = compose(plan, artifacts, Profile(), {})
    for error in document.errors:
        raise error
    return document
