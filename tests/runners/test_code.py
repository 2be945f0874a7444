"""What differs between runs is taken out of outputs, and nothing else."""

import json
from pathlib import Path
from types import ModuleType

import pytest

from generator.document import compose
from generator.runners import code
from generator.runners.code import plain, run


def test_addresses_are_taken_out_of_text_and_not_out_of_pictures():
    data = {"image/png": "iVB0xabcdef12", "text/plain": "<object at 0xabcdef12>"}
    assert plain({"output_type": "execute_result", "execution_count": 3, "metadata": {}, "data": data}) == {
        "output_type": "display_data",
        "metadata": {},
        "data": {"image/png": "iVB0xabcdef12", "text/plain": "<object at 0x…>"},
    }


def test_addresses_are_taken_out_of_what_was_printed():
    printed = {"output_type": "stream", "name": "stdout", "text": "<object at 0xabcdef12>\n"}
    assert plain(printed)["text"] == "<object at 0x…>\n"


@pytest.mark.parametrize(
    "text",
    [
        "/a/ipykernel_12/34.py:2: UserWarning: careless\n  warnings.warn('careless')\n",
        "/a/b.py:7: UserWarning: careless\n",
        "UserWarning: careless\n",
    ],
)
def test_of_a_warning_its_words_stay(text):
    assert plain({"output_type": "stream", "name": "stderr", "text": text})["text"] == "UserWarning: careless\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('Traceback:\n  File "/tmp/ipykernel_9/77.py", line 2, in f\n', 'Traceback:\n  File "<cell>", line 2, in f\n'),
        ('  File "/usr/lib/python3.11/threading.py", line 9\n', '  File "threading.py", line 9\n'),
        ("W1130 19:43:54.415655 140442887228288 88.py:1] slow\n", "slow\n"),
        ("ratio 3:1] and /a/b\n", "ratio 3:1] and /a/b\n"),
    ],
)
def test_what_is_told_names_no_place_of_this_machine(text, shown):
    assert plain({"output_type": "stream", "name": "stderr", "text": text})["text"] == shown


@pytest.mark.slow
def test_a_warning_of_several_lines_is_shown_with_all_its_words_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))  # as the process of a job has it
    monkeypatch.chdir(tmp_path)
    run(ModuleType("code"), {"cells": ["import warnings\nwarnings.warn('one\\n  two')"]}, tmp_path)
    (output,) = json.loads((tmp_path / "outputs_000.json").read_text())
    assert output["text"] == "UserWarning: one\n  two\n"


def test_planner_runner_and_composer_call_a_file_alike():
    assert code.OUTPUTS == compose.OUTPUTS


@pytest.mark.slow
def test_a_plot_becomes_an_output(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.chdir(tmp_path)
    plot = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    run(ModuleType("code"), {"cells": [plot]}, tmp_path)
    (output,) = json.loads((tmp_path / "outputs_000.json").read_text())
    assert {"image/png", "image/svg+xml"} <= output["data"].keys()


@pytest.mark.slow
def test_a_plot_is_drawn_the_same_each_time(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    made = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        run(
            ModuleType("code"),
            {"cells": ["import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"]},
            tmp_path / name,
        )
        made.append((tmp_path / name / "outputs_000.json").read_bytes())
    assert made[0] == made[1]
    assert b"2026" not in made[0]
