"""The stills of the gallery that no training decides, as tasks."""

from sample import ROOT

from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

JOB = {"dataset": str(ROOT / "generator" / "datasets" / "mnist.npz")}
STILLS = {
    f"{task.module.removeprefix('figures.')}, line {task.where.line}": task
    for task in plan_lecture(read_lecture(ROOT / "docs" / "gallery.md", ROOT), ROOT, Profile()).tasks.values()
    if task.runner == "still" and all(argument.form != "result" for _, argument in task.arguments)
}
