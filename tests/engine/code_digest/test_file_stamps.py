"""Stamps tell that nothing has changed without reading it; where they cannot be sure, they do not say so."""

import os
from pathlib import Path

import pytest

from generator import disk
from generator.disk import FileStamps
from generator.engine.code_digest.digest import CodeDigests
from generator.engine.code_digest.modules import ModuleIndex


@pytest.fixture
def settled(monkeypatch) -> None:
    """Let files count as old at once: a stamp is then compared, and not doubted."""
    monkeypatch.setattr(disk, "MIN_STAMP_AGE", 0)


def looked_at(*paths: Path) -> FileStamps:
    stamps = FileStamps()
    for path in paths:
        stamps.look_at(str(path))
    return stamps


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "figures" / "pen.py"
    path.parent.mkdir()
    path.write_text("WIDTH = 1\n")
    return path


@pytest.mark.usefixtures("settled")
def test_what_nobody_has_touched_is_as_it_was(file):
    assert looked_at(file, file.parent, file.parent / "ink.py").are_current()


@pytest.mark.usefixtures("settled")
def test_an_edit_of_the_same_size_whose_time_was_set_back_is_seen(file):
    stamps, before = looked_at(file), file.stat()
    file.write_text("WIDTH = 2\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not stamps.are_current()


@pytest.mark.usefixtures("settled")
def test_a_file_that_is_put_in_the_place_of_another_is_seen(file, tmp_path):
    stamps = looked_at(file)
    other = tmp_path / "other.py"
    other.write_bytes(file.read_bytes())
    other.replace(file)
    assert not stamps.are_current()


@pytest.mark.usefixtures("settled")
def test_a_file_that_was_not_there_is_seen_when_it_comes(file):
    stamps = looked_at(file.parent / "ink.py")
    (file.parent / "ink.py").touch()
    assert not stamps.are_current()


@pytest.mark.usefixtures("settled")
def test_a_file_that_goes_is_missed(file):
    stamps = looked_at(file)
    file.unlink()
    assert not stamps.are_current()


@pytest.mark.usefixtures("settled")
def test_a_new_file_in_a_folder_is_seen(file):
    stamps = looked_at(file.parent)
    (file.parent / "ink.py").touch()
    assert not stamps.are_current()


def test_a_file_that_was_written_a_moment_ago_is_never_taken_for_unchanged(file):
    assert not looked_at(file).are_current()


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("figures/pen.py", "WIDTH = 2\n"),
        ("figures/__init__.py", "print(1)\n"),
        ("numpy.py", "pi = 3\n"),
        ("figures/table.csv", "2\n"),
    ],
    ids=["a module that is imported", "a package", "a module that shadows a library", "a file that a text names"],
)
def test_whatever_code_reaches_is_looked_at(file, path, text):
    project = file.parent.parent
    (file.parent / "table.csv").write_text("1\n")
    lines = (
        "import numpy\nfrom figures.pen import WIDTH\n\n\ndef draw():\n    return open('figures/table.csv'), WIDTH\n"
    )
    (file.parent / "wave.py").write_text(lines)
    index = ModuleIndex(project)
    CodeDigests(index).of_verbs("figures.wave", ("draw",))
    assert index.stamps.are_current()
    (project / path).write_text(text)
    assert not index.stamps.are_current()


@pytest.mark.usefixtures("settled")
def test_a_module_that_comes_into_a_package_that_is_handed_on_is_seen(file):
    (file.parent / "shape").mkdir()
    (file.parent / "wave.py").write_text("import figures.shape\n\n\ndef draw():\n    return vars(figures.shape)\n")
    index = ModuleIndex(file.parent.parent)
    CodeDigests(index).of_verbs("figures.wave", ("draw",))
    (file.parent / "shape" / "ring.py").write_text("SIZE = 1\n")
    assert not index.stamps.are_current()
