"""What was made of some bytes is kept under their digest, and made anew whenever there is any doubt."""

from pathlib import Path

import pytest
from damage import flip_bit

from generator.disk import cached, content_digest, write_changed

ABOUT = ("pooling.py", b"def trace(): ...")


def made(project: Path, *about: str | bytes, outcome: str = "parts") -> tuple[str, bool]:
    """Return what is remembered about something, and whether it had to be made."""
    calls = []
    value = cached(project, "recipes", about or ABOUT, lambda: calls.append(1) or outcome)
    return value, bool(calls)


def kept(project: Path) -> list[Path]:
    return list((project / ".lectern" / "cache" / "recipes").iterdir())


def test_what_was_made_is_not_made_again(tmp_path):
    assert made(tmp_path) == ("parts", True)
    assert made(tmp_path, outcome="others") == ("parts", False)


@pytest.mark.parametrize("about", [("pool.py", ABOUT[1]), (ABOUT[0], b""), ("pooling.pyd", b"ef trace(): ...")])
def test_it_is_made_anew_of_anything_else(tmp_path, about):
    made(tmp_path)
    assert made(tmp_path, *about, outcome="others") == ("others", True)


@pytest.mark.parametrize("damage", [b"", b"x" * 80, None])
def test_a_damaged_memo_is_as_good_as_none(tmp_path, damage):
    made(tmp_path)
    (path,) = kept(tmp_path)
    path.write_bytes(path.read_bytes()[:-1] if damage is None else damage)
    assert made(tmp_path) == ("parts", True)
    assert made(tmp_path) == ("parts", False)


def test_a_memo_under_the_name_of_another_is_as_good_as_none(tmp_path):
    made(tmp_path, outcome="others")
    (path,) = kept(tmp_path)
    made(tmp_path, "another")
    (other,) = {*kept(tmp_path)} - {path}
    other.write_bytes(path.read_bytes())
    assert made(tmp_path, "another") == ("parts", True)


def test_no_bit_of_a_memo_may_be_flipped(tmp_path):
    made(tmp_path)
    (path,) = kept(tmp_path)
    content = path.read_bytes()
    for number in range(8 * len(content)):
        path.write_bytes(flip_bit(content, number))
        assert made(tmp_path) == ("parts", True)


def test_the_digest_of_a_folder_is_that_of_its_names_without_hidden_ones(tmp_path):
    (tmp_path / "a").write_text("1")
    before = content_digest(tmp_path)
    (tmp_path / "a").write_text("2")
    (tmp_path / ".b").write_text("")
    (tmp_path / "__pycache__").mkdir()
    assert content_digest(tmp_path) == before != ""
    (tmp_path / "c").write_text("")
    assert content_digest(tmp_path) != before


def test_what_does_not_exist_has_an_empty_digest(tmp_path):
    assert content_digest(tmp_path / "none") == ""


def test_what_cannot_be_made_is_asked_for_again(tmp_path):
    def fail() -> None:
        raise KeyError("no work")

    with pytest.raises(KeyError):
        cached(tmp_path, "recipes", ABOUT, fail)
    assert made(tmp_path) == ("parts", True)


def test_a_folder_that_cannot_be_written_costs_work_alone(tmp_path):
    (tmp_path / ".lectern").write_text("a file")
    assert made(tmp_path) == ("parts", True)
    assert made(tmp_path) == ("parts", True)


def test_of_files_that_cannot_all_be_written_those_that_were_are_told(tmp_path):
    (tmp_path / "b").mkdir()
    told: list[Path] = []
    with pytest.raises(IsADirectoryError):
        told.extend(write_changed({"a": b"1", "b": b"2", "c": b"3"}, tmp_path))
    assert told == [tmp_path / "a"]
