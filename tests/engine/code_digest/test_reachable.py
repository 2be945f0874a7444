import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from reach_cases import CASES, Case, digest, write

from generator.engine.code_digest.digest import CodeDigests
from generator.engine.code_digest.modules import ModuleIndex
from generator.engine.keys import VERBS
from generator.plan.recipes import recipe_names

ROOT = Path(__file__).parents[3]
RUN = """
import sys
sys.path.insert(0, sys.argv[1])
try:
    from figures.wave import draw
    print(draw())
except Exception as error:
    print(type(error), error)
"""


def lay_out(folder: Path, case: Case) -> None:
    for name, text in {"figures/__init__.py": "", **case.files}.items():
        write(folder, name, text)
    if case.before:
        write(folder, case.path, case.before)


def drawn(folder: Path) -> str:
    """Return what `draw` gives in a process of its own."""
    command = [sys.executable, "-S", "-B", "-c", RUN, str(folder)]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_what_a_verb_reaches_changes_with(case, tmp_path):
    lay_out(tmp_path, case)
    before, result = digest(tmp_path), drawn(tmp_path)
    write(tmp_path, case.path, case.after)
    assert (digest(tmp_path) != before) == case.changes
    assert (drawn(tmp_path) != result) == case.changes


def covered(folder: Path, *cells: str) -> set[str]:
    return set(CodeDigests(ModuleIndex(folder)).of_texts(cells).parts)


def test_code_in_a_lecture_reaches_what_it_imports(tmp_path):
    for name, text in {"pen": "WIDTH = 1\n", "ink": "", "wave": ""}.items():
        write(tmp_path, f"figures/{name}.py", text)
    assert covered(tmp_path, "import numpy", "%matplotlib inline\nfrom figures.pen import WIDTH\nWIDTH") == {
        "figures.pen"
    }


@pytest.mark.parametrize("cell", ["for", "import importlib\nimportlib.import_module(name)"])
def test_code_in_a_lecture_that_cannot_be_followed_reaches_all(tmp_path, cell):
    write(tmp_path, "figures/pen.py", "WIDTH = 1\n")
    (tmp_path / "generator").mkdir()
    assert covered(tmp_path, cell) == {"figures/pen.py"}


def test_code_that_cannot_be_followed_reaches_all_of_the_library_too(tmp_path):
    write(tmp_path, "figures/pen.py", "WIDTH = 1\n")
    assert {"figures/pen.py", "figures/pooling.py", "generator/theme.py"} <= covered(tmp_path, "for")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the project's figures and experiments."""
    for name in ("figures", "lectures"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    write(tmp_path, "generator/__init__.py", "")
    write(tmp_path, "generator/theme.py", (ROOT / "generator" / "theme.py").read_text())
    return tmp_path


def digests(project: Path) -> dict[str, str]:
    """Return the digest of the code of every task that the project's recipes can be run as."""
    code_digests, found = CodeDigests(ModuleIndex(project)), {}
    for kind in recipe_names("figure", project):
        for runner in ("still", "film"):
            found[f"{kind} {runner}"] = code_digests.of_verbs(f"figures.{kind}", VERBS[runner]).digest
    for name in recipe_names("experiment", project):
        found[name] = code_digests.of_verbs(f"lectures.experiments.{name}", VERBS["experiment"]).digest
    return found


def changed_by(project: Path, path: str, before: str, after: str) -> set[str]:
    """Return the tasks that an edit of the project's file makes again."""
    old = digests(project)
    text = (project / path).read_text()
    assert before in text
    (project / path).write_text(text.replace(before, after))
    new = digests(project)
    return {name for name in old if old[name] != new[name]}


def test_an_edit_of_a_film_draws_no_still_again(copy):
    changed = changed_by(copy, "figures/pooling.py", "animate_sliding(look", "animate_sliding(look_at")
    assert changed == {"pooling film"}


def test_an_edit_of_a_still_films_nothing_again(copy):
    assert changed_by(copy, "figures/pooling.py", "draw_panel(look(trace)", "draw_panel(look(trace or 0)") == {
        "pooling still"
    }


def test_an_edit_of_the_film_of_all_sliding_windows_films_them_again_and_draws_nothing(copy):
    changed = changed_by(copy, "figures/parts/sliding_film.py", "film.open()", "film.open() or 0")
    assert {"convolution film", "pooling film"} <= changed
    assert not [name for name in changed if name.endswith("still")]


def test_an_edit_of_a_function_trains_only_the_networks_that_are_measured_by_it(copy):
    changed = changed_by(copy, "lectures/experiments/parts/patches.py", "min(100, len(images))", "min(99, len(images))")
    assert "mnist_convnet" in changed
    assert not {"mnist_dense", "corner"} & changed


def test_an_edit_of_a_docstring_makes_nothing_again(copy):
    assert changed_by(copy, "figures/pooling.py", '"""Let the window slide', '"""Let a window slide') == set()
