"""What a task has printed is shown with --debug, and kept where it fails."""

import pytest

from generator.commands.build import build_course

LECTURE = "## A\n\n{value}`toss.accuracy`\n"
LOG = ".lectern/logs/sample.experiment_toss_seed_0.txt"
WORKS = "def measure(*, seed: int = 0):\n    print('heads', seed)\n    return {'accuracy': 0.5}\n"
FAILS = WORKS.replace("0.5", "1 / 0")


@pytest.fixture
def build(project, full_project, write_lecture, capsys):
    """Return a function that builds a lecture with an experiment of these lines, and returns its code and output."""
    write_lecture(LECTURE)

    def built(lines: str, *, debug: bool = False) -> tuple[int, str, str]:
        (project / "lectures" / "experiments" / "toss.py").write_text(lines)
        return build_course(str(full_project), debug=debug), *capsys.readouterr()

    return built


def test_what_a_run_prints_is_shown_with_debug_alone(build):
    assert build(WORKS, debug=True)[1].count("has printed:\n  heads 0\n") == 1
    assert "heads" not in build(WORKS.replace("0.5", "0.6"))[1]


def test_a_failure_names_the_file_that_keeps_what_was_printed(build, full_project):
    code, _, told = build(FAILS)
    assert code == 1
    assert f"hint: DEBUG=1 shows the traceback; {LOG} has what it has printed\n" in told
    kept = (full_project / LOG).read_text()
    assert kept.startswith("heads 0\n\nTraceback")
    assert kept.endswith("ZeroDivisionError: division by zero\n")


def test_the_log_of_what_fails_no_more_is_removed(build, full_project):
    build(FAILS)
    assert build(WORKS)[0] == 0
    assert not (full_project / LOG).exists()


def test_what_prints_nothing_and_fails_leaves_no_log(build, full_project):
    assert "logs" not in build(FAILS.replace("print('heads', seed)", "pass"))[2]
    assert not (full_project / LOG).parent.exists()
