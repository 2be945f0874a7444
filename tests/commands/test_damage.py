"""Whatever happens to a build: no page is torn, and the next build ends as one that was left in peace."""

import pytest
from damage import Patient, fill, hurt, kill, patient, read_pages, refuse

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
    assert [build.wait() for build in builds] == [0, 0]
    assert read_pages(subject.folder) == subject.pages["old"]
