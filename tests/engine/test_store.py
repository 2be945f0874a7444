import json
from pathlib import Path

import pytest
from damage import flip_bit

from generator.disk import canonical_json, content_digest, write_atomically
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


def test_a_record_with_another_digit_is_not_trusted(store, folder):
    store.put(KEY, folder, {"accuracy": 0.711}, {})
    path = store.record_path(KEY)
    path.write_bytes(path.read_bytes().replace(b"0.711", b"0.911"))
    assert store.get(KEY) is None


def test_no_bit_of_a_record_may_be_flipped(store, folder):
    store.put(KEY, folder, {"accuracy": 0.711}, {"numpy": ""})
    path = store.record_path(KEY)
    content = path.read_bytes()
    for number in range(8 * len(content)):
        path.write_bytes(flip_bit(content, number))
        assert store.get(KEY) is None


def test_a_record_is_json_and_says_whose_it_is(store, folder):
    store.put(KEY, folder, {"accuracy": 0.711}, {})
    assert json.loads(store.record_path(KEY).read_bytes())["key"] == KEY


def test_a_record_without_a_seal_is_not_trusted(store, folder):
    store.put(KEY, folder, {"accuracy": 0.711}, {})
    record = store.read_record(KEY)
    del record["seal"]
    store.record_path(KEY).write_bytes(canonical_json(record))
    assert store.get(KEY) is None


def test_a_record_under_the_name_of_another_key_is_not_trusted(store, folder):
    store.put(KEY, folder, {"accuracy": 0.711}, {})
    other = store.record_path(KEY[:-1] + "1")
    other.write_bytes(store.record_path(KEY).read_bytes())
    assert store.get(KEY[:-1] + "1") is None


def test_no_bit_of_an_object_may_be_flipped(store, folder):
    path = store.put(KEY, folder, {}, {}).files["still.svg"]
    content = path.read_bytes()
    path.chmod(0o644)
    for number in range(8 * len(content)):
        path.write_bytes(flip_bit(content, number))
        assert store.get(KEY) is None


def test_an_object_in_the_place_of_another_is_not_trusted(store, folder):
    path = store.put(KEY, folder, {}, {}).files["still.svg"]
    (folder / "still.svg").write_bytes(b"<svg >")
    path.chmod(0o644)
    path.write_bytes(store.put("cd" + KEY[2:], folder, {}, {}).files["still.svg"].read_bytes())
    assert store.get(KEY) is None


@pytest.fixture
def observed(store, folder, tmp_path) -> Path:
    """Return a file of the project that the task of KEY was seen to read."""
    path = tmp_path / "data" / "x.txt"
    path.parent.mkdir()
    path.write_text("0.711")
    store.observed.project = tmp_path
    reads = {"data/x.txt": content_digest(path), "data/y.txt": "", "data": content_digest(path.parent)}
    store.put(KEY, folder, {}, {}, reads)
    return path


def test_a_record_whose_observed_files_are_as_they_were_is_trusted_whatever_their_times(store, observed):
    observed.unlink()
    observed.write_text("0.711")
    assert store.get(KEY) is not None


def test_a_record_is_not_trusted_while_an_observed_file_is_another(store, observed):
    for text in ("0.911", "0.711 "):
        observed.write_text(text)
        assert store.get(KEY) is None
    observed.unlink()
    assert store.get(KEY) is None
    observed.write_text("0.711")
    assert store.get(KEY) is not None


@pytest.mark.parametrize("name", ["y.txt", "z.txt"])
def test_a_record_is_not_trusted_once_a_file_has_appeared_that_was_looked_for_or_in_a_folder_that_was_listed(
    store, observed, name
):
    (observed.parent / name).write_text("")
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


def test_it_is_kept_on_what_machine_something_was_learned_which_does_not_change_what_it_is(store, folder):
    one = store.put(KEY, folder, {"a": 1}, {}, machine="AVX2, oneDNN on")
    other = store.put("cd" + KEY[2:], folder, {"a": 1}, {}, machine="AVX2, oneDNN off")
    assert [store.get(artifact.key).machine for artifact in (one, other)] == ["AVX2, oneDNN on", "AVX2, oneDNN off"]
    assert one.digest == other.digest
