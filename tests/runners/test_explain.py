"""What went wrong in a job is put into words that say what to do."""

import subprocess

import pytest

from generator.runners.job import explain


@pytest.mark.parametrize("program", ["latex", "dvisvgm"])
def test_a_missing_latex_is_told_with_what_needs_none(program):
    with pytest.raises(FileNotFoundError) as caught:
        subprocess.run([program], env={"PATH": ""}, check=True)
    said = explain(caught.value)
    assert said["problem"] == f"LaTeX is not there, and Manim calls its '{program}'"
    assert said["hint"].startswith("use Text, or for formulas MathTypst")


def test_another_missing_program_is_told_as_it_is():
    with pytest.raises(FileNotFoundError) as caught:
        subprocess.run(["no_such_program"], env={"PATH": ""}, check=True)
    assert "No such file or directory: 'no_such_program'" in explain(caught.value)["problem"]
