import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator.engine.code_digest import modules
from generator.engine.code_digest.modules import ModuleIndex
from generator.engine.code_digest.statements import parse_text


@pytest.fixture
def project(tmp_path: Path, monkeypatch) -> Path:
    """Return a project of one module, of which this process has read nothing yet."""
    monkeypatch.setattr(modules, "READ", {})
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "pen.py").write_text("WIDTH = 1\nfrom figures import ink\n")
    return tmp_path


def kept(project: Path) -> list[Path]:
    return list((project / ".lectern" / "cache" / "code").iterdir())


def labels(project: Path, name: str = "figures.pen") -> list[str]:
    return [statement.label for statement in ModuleIndex(project).find(name).statements]


def test_what_was_read_off_a_file_is_kept_and_read_again(project, monkeypatch):
    before = ModuleIndex(project).find("figures.pen").statements
    monkeypatch.setattr(modules, "READ", {})
    monkeypatch.setattr(modules, "read_statements", None)
    assert ModuleIndex(project).find("figures.pen").statements == before


@pytest.mark.parametrize("damage", [b"", b"x" * 40, None])
def test_what_is_kept_and_damaged_is_read_anew(project, damage, monkeypatch):
    before = labels(project)
    (path,) = kept(project)
    path.write_bytes(path.read_bytes()[:-3] if damage is None else damage)
    monkeypatch.setattr(modules, "READ", {})
    assert labels(project) == before


def test_an_edit_of_the_same_size_at_the_same_time_is_seen(project):
    path = project / "figures" / "pen.py"
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    before = ModuleIndex(project).find("figures.pen").statements
    path.write_text(path.read_text().replace("1", "2"))
    os.utime(path, ns=times)
    assert ModuleIndex(project).find("figures.pen").statements != before


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(project):
    (project / ".lectern").write_text("a file")
    assert labels(project) == ["WIDTH", "import of ink"]


def test_a_package_goes_before_a_module_of_its_name_and_a_folder_comes_last(project):
    (project / "figures" / "pen").mkdir()
    assert labels(project) == ["WIDTH", "import of ink"]
    (project / "figures" / "pen" / "__init__.py").write_text("NIB = 1\n")
    assert labels(project) == ["NIB"]
    assert labels(project, "figures") == []


def test_what_is_not_in_the_project_is_not_found(project):
    assert ModuleIndex(project).find("numpy.linalg") is None
    assert ModuleIndex(project).find("figures.none") is None


def write(project: Path, name: str, text: str) -> None:
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_packages_that_a_module_may_import_are_those_of_all_that_it_imports(project):
    write(project, "figures/ink.py", "from numpy import array\nfrom figures import pen\n")
    write(project, "figures/pen.py", "import keras.layers\nfrom figures import ink\n")
    assert ModuleIndex(project).packages("figures.pen") == {"keras", "numpy"}


def test_a_package_imported_with_its_module_counts(project):
    write(project, "figures/set/__init__.py", "import keras\n")
    write(project, "figures/pen.py", "def draw():\n    from figures.set import crayon\n")
    assert ModuleIndex(project).packages("figures.pen") == {"keras"}


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
