"""What code reaches is kept from build to build, and believed only while nothing behind it has changed."""

import shutil
from pathlib import Path

import pytest
from sample_project import make_project

from generator import disk
from generator.engine.code_digest import digest
from generator.engine.code_digest.digest import (
    CodeDigests,
    ReachedCode,
    cache_file,
    load_code_digests,
    save_code_digests,
)

ASKED = ("figures.mark", ("trace", "describe", "draw"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project of which a build has kept what its figure reaches; its files count as old."""
    monkeypatch.setattr(disk, "MIN_STAMP_AGE", 0)
    made = make_project(tmp_path)
    save_code_digests(ask(load_code_digests(made)))
    return made


def ask(code_digests: CodeDigests) -> CodeDigests:
    code_digests.of_verbs(*ASKED)
    return code_digests


def known_of(project: Path) -> dict[tuple[str, ...], ReachedCode]:
    return load_code_digests(project).known


def test_what_was_found_out_is_known_to_the_next_build(project: Path) -> None:
    assert known_of(project) == ask(CodeDigests(load_code_digests(project).index)).known


def test_an_edit_of_any_file_behind_it_forgets_it(project: Path) -> None:
    (project / "figures" / "mark.py").write_text((project / "figures" / "mark.py").read_text() + "\nx = 1\n")
    assert known_of(project) == {}


def test_a_file_that_comes_where_none_was_forgets_it(project: Path) -> None:
    (project / "numpy.py").write_text("")
    assert known_of(project) == {}


def test_a_copy_of_the_project_knows_nothing(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = tmp_path_factory.mktemp("copy") / "project"
    shutil.copytree(project, copy)
    assert known_of(copy) == {}


def test_another_engine_forgets_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "cache_identity", lambda project: "another")
    assert known_of(project) == {}


def test_a_damaged_file_is_as_good_as_none(project: Path) -> None:
    content = cache_file(project).read_bytes()
    cache_file(project).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert known_of(project) == {}


def test_what_was_read_just_now_is_not_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache_file(project).unlink()
    monkeypatch.setattr(disk, "MIN_STAMP_AGE", 10**12)
    save_code_digests(ask(load_code_digests(project)))
    assert not cache_file(project).exists()
