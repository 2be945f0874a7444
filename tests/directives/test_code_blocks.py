"""The result of a block of code depends on what stands above it, and stays when what is below it is edited."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.commands.build import build_course
from generator.commands.verify import verify
from generator.commands.why import explain
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

BLOCKS = "## A\n\n" + "\n\n".join(":::{{code}}\n{}\n:::" for _ in range(3)) + "\n"
DRAW = "import random; print('drawn', random.random())"  # no seed: another number in each run


@pytest.fixture
def build(project: Path, full_project: Path, write_lecture: Callable[..., Path], capsys: Any) -> Callable[..., Any]:
    """Return a function that builds a lecture of three blocks; it returns what each has printed, and what was said."""
    assert project == full_project

    def make(*blocks: str, code: int = 0) -> tuple[list[str], str]:
        write_lecture(BLOCKS.format(*blocks))
        assert build_course(str(full_project)) == code
        said = capsys.readouterr()
        cells = (
            json.loads((full_project / "build" / "sample" / "notebook.ipynb").read_bytes())["cells"] if not code else []
        )
        printed = ["".join(cell["outputs"][0]["text"]).strip() for cell in cells if cell.get("outputs")]
        return printed, said.out + said.err

    return make


def test_each_block_has_a_task_of_what_runs_up_to_it(project: Path, write_lecture: Callable[..., Path]) -> None:
    text = BLOCKS.format("a = 1", ":files: lectures/b.csv\nb = 2", "c = 3")
    (project / "lectures" / "b.csv").write_text("1")
    plan = plan_lecture(read_lecture(write_lecture(text), project), project, Profile())
    tasks = [plan.tasks[name] for name in plan.code]
    assert [dict(task.arguments)["cells"].value for task in tasks] == [
        ["a = 1"],
        ["a = 1", "b = 2"],
        ["a = 1", "b = 2", "c = 3"],
    ]
    assert ["file lectures/b.csv" in dict(task.arguments) for task in tasks] == [False, True, True]
    assert [task.where.line for task in tasks] == [7, 12, 16]
    assert [task.within for task in tasks] == [plan.code[2], plan.code[2], ""]


def test_lectures_that_begin_alike_share_no_task_but_the_last(
    project: Path, write_lecture: Callable[..., Path]
) -> None:
    plans = [
        plan_lecture(
            read_lecture(write_lecture(BLOCKS.format("a = 1", "b = 2", last), name=name), project), project, Profile()
        )
        for name, last in (("one", "c = 3"), ("two", "c = 4"))
    ]
    assert not plans[0].tasks.keys() & plans[1].tasks.keys()


@pytest.mark.slow
def test_an_edit_of_a_block_leaves_what_is_above_as_it_was(build: Any) -> None:
    first, said = build(DRAW, "print('two')", "print('three')")
    assert "warning" not in said
    edited, _ = build(DRAW, "print('two')", "print('four')")
    assert edited == [first[0], "two", "four"]
    anew, _ = build(DRAW + " ", "print('two')", "print('four')")
    assert anew[0] != first[0]


@pytest.mark.slow
def test_it_is_told_where_an_older_output_may_not_fit_to_what_is_below(build: Any) -> None:
    build(DRAW, "print('two')", "print('three')")
    _, said = build(DRAW, "print('two')", "print('four')")
    told = [line for line in said.split("\n") if "differs from run to run" in line]
    assert len(told) == 1
    assert "lectures/sample.md:7" in told[0]


@pytest.mark.slow
def test_an_edit_that_is_undone_runs_nothing(build: Any) -> None:
    first, _ = build(DRAW, "print('two')", "print('three')")
    build(DRAW, "print('two')", "print('four')")
    undone, said = build(DRAW, "print('two')", "print('three')")
    assert undone == first
    assert "done in" not in said


@pytest.mark.slow
def test_a_block_that_fails_is_told_once_at_its_line(build: Any) -> None:
    _, said = build("a = 1", "1 / 0", "print(a)", code=1)
    assert [line for line in said.split("\n") if "ZeroDivisionError" in line] == [
        "lectures/sample.md:11: code: ZeroDivisionError: division by zero"
    ]
    assert build("a = 1", "print(a / 2)", "print(a)")[0] == ["0.5", "1"]


@pytest.mark.slow
def test_a_block_alone_gives_the_result_that_it_has_in_the_run_of_all(
    build: Any, full_project: Path, capsys: Any
) -> None:
    build("a = 1; print(a)", "a += 1; print(a)", "print(a)")
    assert verify(str(full_project), "full", 99) == 0
    assert "made 3 of 3 results again: 0 differences" in capsys.readouterr().out
    assert explain(str(full_project), "full", "sample:11") == 0
    assert "code, block 2" in capsys.readouterr().out
