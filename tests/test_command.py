import pytest

from generator.__main__ import main, read_command


@pytest.mark.parametrize(
    "words",
    [
        ["why"], ["why", "a", "b"], ["why", "--into", "x", "a"], ["gc", "all"], ["gc", "--days"], ["gc", "--days", "-1"],
        ["gc", "--days", "many"], ["gc", "--max-size", "nan"], ["gc", "--debug"], ["verify", "x"],
        ["verify", "--sample", "1.5"], ["build", "--dry-run"],
    ],
)  # fmt: skip
def test_words_that_are_off_are_refused_with_the_usage(words, capsys):
    assert main(words) == 2
    assert capsys.readouterr().err.startswith("usage: ")


def test_commands_have_defaults():
    assert read_command(["gc"]) == ("gc", {"--days": "30", "--max-size": "inf"}, [])
    assert read_command(["verify"]) == ("verify", {"--profile": "full", "--sample": "5"}, [])
    assert read_command(["why", "lecture:31"]) == ("why", {"--profile": "full"}, ["lecture:31"])


def test_options_are_taken():
    assert read_command(["gc", "--days", "7", "--max-size", "0.5", "--dry-run"]) == (
        "gc", {"--days": "7", "--max-size": "0.5", "--dry-run": "yes"}, [],
    )  # fmt: skip
