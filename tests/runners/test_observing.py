"""What a job reads of the project while it runs is noted: whichever way, and nothing besides."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.disk import content_digest
from generator.engine.local_workers import LocalWorkers

JOB = {"runner": "experiment", "module": "lectures.experiments.count", "results": {}, "dataset": "", "theme": "light"}
FORKED = """process = os.fork()
    if process == 0:
        open(data / "x.txt").close()
        os._exit(0)
    os.waitpid(process, 0)"""
THREADED = "thread = threading.Thread(target=(data / 'x.txt').read_text); thread.start(); thread.join()"
EXPERIMENT = """import os, threading
from pathlib import Path

data = Path(__file__).parents[2] / "data"


def measure(*{names}):
    {lines}
    return {{}}
"""
Observe = Callable[..., Mapping[str, str]]

pytestmark = pytest.mark.slow


@pytest.fixture
def observe(full_project: Path, tmp_path_factory) -> Observe:
    """Return a function that runs lines in an experiment, and tells what was noted."""
    data = full_project / "data"
    data.mkdir()
    (data / "x.txt").write_text("0.711")
    (data / ".hidden").write_text("")
    (full_project / "tools").mkdir()
    (full_project / "tools" / "shares.py").write_text("SHARE = 0.711\n")
    (full_project / "lectures" / "parts").mkdir()
    (full_project / "lectures" / "parts" / "counts.py").write_text("COUNT = 5\n")

    def run(lines: str, arguments: Mapping[str, object] | None = None, **parts: object) -> Mapping[str, str]:
        names = "".join(f", {name}" for name in arguments or {})
        text = EXPERIMENT.format(names=names or ", seed=0", lines=lines)
        (full_project / "lectures" / "experiments" / "count.py").write_text(text)
        job = {**JOB, "project": str(full_project), "arguments": arguments or {}, **parts}
        workers = LocalWorkers(full_project, 1)
        try:
            result = workers.run(tmp_path_factory.mktemp("job"), job, [f"generator.runners.{job['runner']}"])
        finally:
            workers.close()
        assert result.get("problem") is None, result
        return result["observed"]

    return run


@pytest.mark.parametrize(
    "lines",
    [
        "(data / 'x.txt').read_text()",
        "open(data / 'x.txt', 'rb').close()",
        "os.close(os.open(data / 'x.txt', os.O_RDONLY))",
        "os.chdir(data); open('x.txt').close()",
        "open(data / '..' / 'data' / 'x.txt', 'r+').close()",
        "import numpy; numpy.loadtxt(data / 'x.txt')",
        THREADED,
        FORKED,
    ],
)
def test_a_file_that_is_read_is_noted_with_its_digest(observe, full_project, lines):
    assert observe(lines) == {"data/x.txt": content_digest(full_project / "data" / "x.txt")}


def test_a_file_that_is_looked_for_in_vain_is_noted_without_a_digest(observe):
    lines = "try:\n        open(data / 'y.txt')\n    except OSError:\n        pass"
    assert observe(lines) == {"data/y.txt": ""}


@pytest.mark.parametrize(
    "lines", ["os.listdir(data)", "list(data.glob('*.csv'))", "list(os.scandir(data))", "os.chdir(data); os.listdir()"]
)
def test_a_folder_that_is_listed_is_noted_with_the_digest_of_its_names(observe, full_project, lines):
    assert observe(lines) == {"data": content_digest(full_project / "data")}


def test_a_module_from_outside_the_course_is_noted(observe, full_project):
    digest = content_digest(full_project / "tools" / "shares.py")
    assert observe("import tools.shares") == {"tools/shares.py": digest}


@pytest.mark.parametrize(
    "lines",
    [
        "import lectures.parts.counts, json, numpy",
        "open(data / '.hidden').close()",
        "open('mine.txt', 'w').close(); open('mine.txt').close(); os.listdir('.')",
        "open(__import__('numpy').__file__).close(); os.listdir('/tmp')",
        "(data / 'new.txt').write_text('1'); (data / 'new.txt').read_text()",
        "(data / 'log.txt').open('a').close()",
    ],
    ids=["modules of the course", "hidden", "its own folder", "elsewhere", "what it has written", "what it adds to"],
)
def test_nothing_else_is_noted(observe, lines):
    assert observe(lines) == {}


def test_what_the_key_has_already_is_not_noted(observe, full_project):
    source = content_digest(full_project / "data" / "x.txt")
    file = {"form": "file", "value": "data/x.txt", "source": source}
    assert observe("model.read_text()", {"model": file}) == {}


def test_a_file_that_the_job_reads_and_then_writes_counts_as_it_is_at_the_end(observe, full_project):
    seen = observe("(data / 'x.txt').write_text((data / 'x.txt').read_text() + '5')")
    assert (full_project / "data" / "x.txt").read_text() == "0.7115"
    assert seen == {"data/x.txt": content_digest(full_project / "data" / "x.txt")}


def test_the_cells_of_a_lecture_are_observed_too_and_show_nothing_of_it(observe, full_project):
    cells = [
        f"import os\nopen('{full_project}/data/x.txt').read()",
        "import tools.shares, lectures.parts.counts\nprint([name for name in os.environ if 'OBSERVER' in name])",
    ]
    seen = observe("", {"cells": {"form": "literal", "value": cells, "source": ""}}, runner="code", module="")
    assert seen == {name: content_digest(full_project / name) for name in ("data/x.txt", "tools/shares.py")}
