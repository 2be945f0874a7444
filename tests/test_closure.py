import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator.closure import closure_files, packages_imported, parse_text

FILES = {
    "figures/__init__.py": "",
    "figures/wave.py": '"""Waves."""\nfrom figures import grid\n\ndef trace():\n    """Return a wave."""\n    return grid.cell()\n',
    "figures/grid.py": "from figures.pen import WIDTH\n\ndef cell():\n    return WIDTH\n",
    "figures/pen.py": "WIDTH = 2\n",
    "figures/other.py": "X = 1\n",
    "lectures/__init__.py": "",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_closure_follows_imports_across_modules(tree):
    names = {path.relative_to(tree).as_posix() for path in closure_files("figures.wave", tree)}
    assert names == {"figures/__init__.py", "figures/wave.py", "figures/grid.py", "figures/pen.py"}


def test_an_import_inside_a_function_counts(tree):
    (tree / "figures/wave.py").write_text("def trace():\n    import figures.other\n")
    assert tree / "figures/other.py" in closure_files("figures.wave", tree)


@pytest.mark.parametrize(
    "text", ["import importlib\n", "def trace():\n    return eval('1')\n", "from . import grid\n", "__import__('x')\n"]
)
def test_an_import_by_name_at_run_time_reaches_the_whole_project(tree, text):
    (tree / "figures/wave.py").write_text(text)
    assert tree / "figures/other.py" in closure_files("figures.wave", tree)


def test_a_package_imported_with_its_module_counts(tree):
    (tree / "figures/set").mkdir()
    (tree / "figures/set/__init__.py").write_text("import keras\n")
    (tree / "figures/wave.py").write_text("from figures.set import crayon\n")
    assert packages_imported("figures.wave", tree) == {"keras"}


def test_the_packages_that_a_module_can_import_are_those_of_all_it_reaches(tree):
    (tree / "figures/pen.py").write_text("import keras.layers\nfrom numpy import array\nfrom figures import grid\n")
    assert packages_imported("figures.wave", tree) == {"keras", "numpy"}


def test_files_can_be_parsed_by_many_threads_at_once():
    def pause(*_):  # what is collected while a tree is made lets another thread in
        sum(range(50))

    text = "\n".join(f"def f{n}(x):\n    return [[x + {n}, {{x: ({n}, x)}}] for y in x if y]\n" for n in range(40))
    switching, before = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    gc.callbacks.append(pause)
    try:
        with ThreadPoolExecutor(4) as pool:
            trees = list(pool.map(parse_text, [text] * 60))
    finally:
        gc.callbacks.remove(pause)
        sys.setswitchinterval(switching)
        gc.set_threshold(*before)
    assert {len(tree.body) for tree in trees} == {40}
