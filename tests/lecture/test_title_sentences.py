"""Titles that are to be sentences: which ones get a warning, and that sentences get none."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import Report, SourceError
from generator.lecture.course import read_course, read_lectures
from generator.lecture.parser import read_lecture
from generator.lecture.title_sentences import find_weak_titles, has_verb, title_words

Write = Callable[..., Path]
SENTENCES = [
    "Four pixels cost {value}`a.b:.0f` points",
    "A stride of two keeps every second number",
    "A picture that was wrong for years",
    "What Keras computes is not flipped",
    "Turn the kernel, and it sees other edges",
    "Convnets don't care where a digit stands",
    "In the opposite corner, the dense network fails as well",
    "A dilated kernel leaves holes between its cells",
    "It's the same kernel everywhere",
    "Two small windows see as far as a large one",
    "Global max pooling forgets its place",
    "The learned filter zaps the noise",
    "How large is the output?",
    "What each line costs",
    "Patches of one stroke gather in a row",
    "Weight decay pulls and unfreezing damages",
]
LABELS = [
    "Or every second one",
    "On a real map",
    "The sizes, all the way down",
    "Three kinds of shrinking, related",
    "From scores to probabilities",
    "The first layer: edges, mostly",
    "The second layer's maps",
    "The same, as a picture",
    "One network, two ways to write it",
    "Two small windows or one large?",
    "The network in nine calls",
]


@pytest.mark.parametrize("title", SENTENCES)
def test_a_sentence_has_a_verb(title: str) -> None:
    assert has_verb(title_words(title))


@pytest.mark.parametrize("title", LABELS)
def test_a_label_has_none(title: str) -> None:
    assert not has_verb(title_words(title))


def told(project: Path, path: Path) -> list[tuple[int, str]]:
    return [
        (error.where.line if error.where else 0, error.problem)
        for error in find_weak_titles(read_lecture(path, project))
    ]


TEXT = "# On maps\n\n## Try it\n\na\n\n---\n\nb\n\n## On a real map\n\n## The map is small\n"


def test_titles_are_told_at_their_lines_once_and_parts_are_left_alone(project: Path, write_lecture: Write) -> None:
    assert told(project, write_lecture(TEXT, "titles: sentences\n")) == [
        (7, "the title 'Try it' has fewer than 3 words"),
        (15, "the title 'On a real map' has no verb"),
    ]


def test_a_lecture_that_does_not_ask_is_not_judged(project: Path, write_lecture: Write) -> None:
    assert told(project, write_lecture(TEXT)) == []


def test_of_another_language_only_the_words_are_counted(project: Path, write_lecture: Write) -> None:
    assert told(project, write_lecture(TEXT, "titles: sentences\nlang: de\n")) == [
        (8, "the title 'Try it' has fewer than 3 words")
    ]


def test_they_are_warnings_of_reading_a_course(project: Path, write_lecture: Write) -> None:
    write_lecture(TEXT, "titles: sentences\n")
    report = Report()
    read_lectures(project, read_course(project), ["sample"], report)
    assert [warning.where.line for warning in report.warnings if warning.where] == [7, 15]


def test_another_judgement_is_refused(project: Path, write_lecture: Write) -> None:
    with pytest.raises(SourceError, match="there is no titles 'long'"):
        read_lecture(write_lecture(TEXT, "titles: long\n"), project)
