import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator.closure import closure_digest, closure_files, code_digest, parse_text

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


def digest_after(tree: Path, name: str, text: str) -> tuple[str, str]:
    before = closure_digest("figures.wave", tree)
    (tree / name).write_text(text)
    return before, closure_digest("figures.wave", tree)


def test_the_closure_follows_imports_across_modules(tree):
    names = {path.relative_to(tree).as_posix() for path in closure_files("figures.wave", tree)}
    assert names == {"figures/__init__.py", "figures/wave.py", "figures/grid.py", "figures/pen.py"}


def test_an_edit_two_imports_away_changes_the_digest(tree):
    before, after = digest_after(tree, "figures/pen.py", "WIDTH = 3\n")
    assert before != after


def test_an_edit_elsewhere_changes_nothing(tree):
    before, after = digest_after(tree, "figures/other.py", "X = 2\n")
    assert before == after


def test_comments_docstrings_and_layout_do_not_count(tree):
    text = '"""Big waves."""\nfrom figures import grid\n\n\n# a comment\ndef trace():\n    """Return."""\n\n    return grid.cell()\n'
    before, after = digest_after(tree, "figures/wave.py", text)
    assert before == after


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
    before, after = digest_after(tree, "figures/__init__.py", "X = 1\n")
    assert before != after


def test_code_in_a_lecture_reaches_what_it_imports(tree):
    cells = ["import numpy", "from figures.grid import cell\ncell()"]
    before = code_digest(cells, tree)
    (tree / "figures/pen.py").write_text("WIDTH = 3\n")
    assert code_digest(cells, tree) != before


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
