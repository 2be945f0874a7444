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


def refuse_sound() -> None:
    raise NotImplementedError("a film has no sound; say in the notes what is to be heard")


def test_what_a_film_cannot_do_is_told_with_what_to_do_instead():
    with pytest.raises(NotImplementedError) as caught:
        refuse_sound()
    said = explain(caught.value)
    assert (said["problem"], said["hint"]) == ("a film has no sound", "say in the notes what is to be heard")
