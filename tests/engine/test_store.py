from pathlib import Path

import pytest

from generator.disk import write_atomically
from generator.engine.store import Store

KEY = "ab" + "0" * 62


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    (made / "still.svg").write_bytes(b"<svg/>")
    return made


def test_what_was_put_is_got_back(store, folder):
    store.put(KEY, folder, {"alt": "a line"}, {})
    artifact = store.get(KEY)
    assert artifact is not None
    assert (artifact.facts, artifact.files["still.svg"].read_bytes()) == ({"alt": "a line"}, b"<svg/>")


def test_an_unknown_key_has_no_artifact(store):
    assert store.get(KEY) is None


def test_equal_artifacts_have_equal_digests_under_other_keys(store, folder):
    one, other = store.put(KEY, folder, {"a": 1}, {}), store.put("cd" + KEY[2:], folder, {"a": 1}, {"numpy": "0"})
    assert one.digest == other.digest


def test_a_record_whose_object_is_cut_short_is_not_trusted(store, folder):
    path = store.put(KEY, folder, {}, {}).files["still.svg"]
    path.chmod(0o644)
    path.write_bytes(b"<s")
    assert store.get(KEY) is None


def test_a_record_whose_object_is_gone_is_not_trusted(store, folder):
    store.put(KEY, folder, {}, {}).files["still.svg"].unlink()
    assert store.get(KEY) is None


def test_a_half_written_record_is_not_trusted(store, folder):
    store.put(KEY, folder, {}, {})
    path = store.record_path(KEY)
    path.write_bytes(path.read_bytes()[:-9])
    assert store.get(KEY) is None


def test_a_record_made_with_another_version_of_a_package_is_not_trusted(store, folder):
    store.put(KEY, folder, {}, {"numpy": "0.0.1"})
    assert store.get(KEY) is None


def test_putting_again_mends_a_damaged_object(store, folder):
    path = store.put(KEY, folder, {}, {}).files["still.svg"]
    path.chmod(0o644)
    path.write_bytes(b"<s")
    assert store.put(KEY, folder, {}, {}).files["still.svg"].read_bytes() == b"<svg/>"


def test_a_failed_write_leaves_the_last_good_file(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    write_atomically(path, b"good")

    def fail(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="no space left"):
        write_atomically(path, b"half")
    assert (path.read_bytes(), [entry.name for entry in tmp_path.iterdir()]) == (b"good", ["page.html"])
