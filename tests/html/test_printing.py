"""A browser that prints ends with all that it has started, and its folder goes: whatever happens to it or to the build."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from processes import processes_in, wait_for

from generator.errors import PageError
from generator.html import pdf

ROOT = Path(__file__).parents[2]
# Fills its folder as Chromium does its profile, together with a process in a session of its own.
BROWSER = """#!/bin/sh
for word in "$@"; do case "$word" in --user-data-dir=*) profile="${word#*=}";; esac; done
mkdir -p "$profile"
setsid sh -c 'while :; do : > "$0/x"; rm -f "$0/x"; done' "$profile" &
: > begun
while :; do sleep 600; done
"""
# Prints where `build` would build.
SCRIPT = """import sys
from generator import __main__ as command
from generator.html.pdf import print_page

command.RUN["build"] = lambda *_: print_page(b"<!doctype html>")
sys.argv[1:] = ["build", "--strict"]
command.run()
"""


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let a browser that never ends be the one that prints; return the folder in which its own folder is."""
    (tmp_path / "chromium").write_text(BROWSER)
    (tmp_path / "chromium").chmod(0o755)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "temporary"


def test_a_browser_that_hangs_is_ended_and_told(browser, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "TIMEOUT", 0.5)
    with pytest.raises(PageError, match=r"chromium did not come to an end in 0\.5 s"):
        pdf.print_page(b"<!doctype html>")
    assert list(browser.iterdir()) == []
    assert processes_in(tmp_path) == [os.getpid()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_the_end_of_a_build_is_the_end_of_its_browser(browser, tmp_path, number):
    build = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True
    )
    wait_for((tmp_path / "begun").exists)
    build.send_signal(number)
    said = build.communicate()[1]
    if number == signal.SIGKILL:
        wait_for(lambda: processes_in(tmp_path) == [os.getpid()])
        return
    assert (build.returncode, said) == (128 + number, "\nstopped; what was finished is kept\n")
    assert list(browser.iterdir()) == []
    assert processes_in(tmp_path) == [os.getpid()]
