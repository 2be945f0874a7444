"""Whatever happens to a build: no page is torn, and the next build ends as one that was left in peace."""

import os
import random
from collections import Counter

import pytest
from damage import FULL_STATES, Patient, fill, flip, hurt, kept_files, kill, patient, read_pages, refuse
from processes import code_of

KINDS = {
    "cache/bytecode", "cache/code", "cache/coverage", "cache/fonts", "cache/formulas", "cache/libraries", "cache/recipes", "cache/rendered",
    "cache/templates", "cache/works", "costs", "fresh", "journal", "journal/reached", "pages", "store/objects", "store/records",
}  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def subject():
    with patient() as found:
        yield found


@pytest.mark.parametrize(("harm", "times"), [(kill, 6), (refuse, 6), (fill, 6)])
def test_no_page_is_torn_and_the_next_build_is_a_clean_one(subject: Patient, harm, times: int):
    assert hurt(subject, harm, times) == []


def test_two_builds_at_once_end_as_one(subject: Patient):
    subject.turn("old", forget=True)
    builds = [subject.start(), subject.start()]
    assert [code_of(build) for build in builds] == [0, 0]
    assert read_pages(subject.folder) == subject.pages["old"]


@pytest.fixture(scope="module")
def full_subject():
    """Return a project with every kind of file that a build can leave, its fonts cut for it alone."""
    with patient(FULL_STATES, forget=False) as found:
        yield found


def test_two_hundred_flipped_bits_in_every_kind_of_file_reach_no_page(full_subject: Patient):
    chance, flipped = random.Random(0), Counter[str]()  # noqa: S311
    assert kept_files(full_subject.folder).keys() == KINDS
    for turn in range(10):
        state = list(FULL_STATES)[turn % 2]
        full_subject.turn(state, forget=False)
        flipped.update(flip(full_subject, chance, flips=20))
        assert (full_subject.build(), full_subject.said.read_bytes()) == (0, b"")
        assert read_pages(full_subject.folder) == full_subject.pages[state]
    assert flipped.total() == 200
    assert flipped.keys() == KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_pipe_in_the_place_of_any_kept_file_counts_as_a_file_that_is_gone(full_subject: Patient, kind: str):
    """Whoever opened it as a file would wait for ever."""
    state = list(FULL_STATES)[sorted(KINDS).index(kind) % 2]
    full_subject.turn(state, forget=False)
    for path in kept_files(full_subject.folder)[kind]:
        path.unlink()
        os.mkfifo(path)
    assert (full_subject.build(), full_subject.said.read_bytes()) == (0, b"")
    assert read_pages(full_subject.folder) == full_subject.pages[state]
