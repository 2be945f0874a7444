"""What the tests share: a small project of their own in a temporary folder."""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from sample_project import make_full_project, make_project


def pytest_configure() -> None:
    """Let signals end processes of the tests: a script that starts the tests in the background has them ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


# What a property is tried on depends on neither chance nor on how busy the machine is.
settings.register_profile("tests", deadline=None, derandomize=True)
settings.load_profile("tests")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the folder of a small project."""
    return make_project(tmp_path)


@pytest.fixture
def write_lecture(project: Path) -> Callable[..., Path]:
    """Return a function that writes a lecture with a title, the text given, and further front matter."""

    def write(text: str, front: str = "", name: str = "sample") -> Path:
        path = project / "lectures" / f"{name}.md"
        path.write_text(f"---\ntitle: Sample\n{front}---\n{text}", encoding="utf-8")
        return path

    return write


@pytest.fixture
def full_project(tmp_path: Path) -> Path:
    """Return a small project in which builds can run; its folder is that of `project`."""
    shutil.rmtree(tmp_path)
    return make_full_project(tmp_path)
