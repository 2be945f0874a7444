"""What was made of some bytes is kept under their digest, and made anew whenever there is any doubt."""

from pathlib import Path

import pytest

from generator.disk import cached

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
