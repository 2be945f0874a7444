"""Compiled modules of the generator: believed for the bytes of their source and for their own, for nothing else."""

import os
from pathlib import Path
from types import ModuleType

import pytest
from damage import flip_bit

from generator import bytecode
from generator.bytecode import CachedLoader


@pytest.fixture
def source(tmp_path: Path, monkeypatch) -> Path:
    """Return the path of a module that says 1, with a cache of its own beside it."""
    monkeypatch.setattr(bytecode, "CACHE_HOME", tmp_path)
    path = tmp_path / "module.py"
    path.write_text("value = 1\n")
    return path


@pytest.fixture
def compiled(monkeypatch) -> list[str]:
    """Return the list to which every module that is compiled is added."""
    names: list[str] = []
    compile_source = CachedLoader.source_to_code

    def source_to_code(loader, data, path, **options):
        names.append(str(path))
        return compile_source(loader, data, path, **options)

    monkeypatch.setattr(CachedLoader, "source_to_code", source_to_code)
    return names


def value_in(path: Path) -> int:
    """Return what the module says."""
    module = ModuleType("module")
    CachedLoader("module", str(path)).exec_module(module)
    return int(module.value)


def test_a_module_is_compiled_once(source, compiled):
    assert [value_in(source), value_in(source)] == [1, 1]
    assert compiled == [str(source)]


def test_an_edit_of_the_same_size_and_time_is_seen(source):
    assert value_in(source) == 1
    before = source.stat()
    source.write_text("value = 2\n")
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert value_in(source) == 2


def test_a_module_that_has_moved_knows_where_it_is(source, tmp_path):
    value_in(source)
    moved = source.rename(tmp_path / "moved.py")
    assert CachedLoader("module", str(moved)).get_code("module").co_filename == str(moved)


def test_a_compiled_module_with_a_flipped_bit_is_compiled_again(source, compiled, tmp_path):
    value_in(source)
    (path,) = (tmp_path / ".lectern" / "cache" / "bytecode").iterdir()
    content = path.read_bytes()
    for number in range(0, 8 * len(content), 7):
        path.write_bytes(flip_bit(content, number))
        assert value_in(source) == 1
    assert len(compiled) == 1 + len(range(0, 8 * len(content), 7))
