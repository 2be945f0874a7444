"""What a build costs when there is little to do, as ratios to a bare Python and to nbconvert in the same run.

    python tests/bench/bench_build.py

Works on a copy of the project, which has to be built. CPU seconds of all processes, medians of several runs.
"""

import resource
import shutil
import subprocess
import tempfile
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).parents[2]
LECTURE = "convolution_and_pooling"
BUILD = ["-c", "from generator.__main__ import run; run()", "build"]  # as the Makefile starts it


def cpu_seconds(command: list[str], folder: Path) -> float:
    """Return the processor time of `command` and of all that it starts; raise if it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def copy_project(folder: Path) -> Path:
    """Return a copy of the project, with its store and its pages; what was set up is linked."""
    copy = folder / "project"
    left_out = shutil.ignore_patterns(".venv", "node_modules", ".git", "__pycache__", "scratch", "quick", "gallery")
    shutil.copytree(PROJECT, copy, ignore=left_out)
    for name in (".venv", "setup/node_modules"):
        (copy / name).symlink_to(PROJECT / name)
    return copy


def edit_one_word(copy: Path, word: str) -> None:
    """Put `word` into the lecture's subtitle."""
    path = copy / "lectures" / f"{LECTURE}.md"
    text = (PROJECT / "lectures" / f"{LECTURE}.md").read_text(encoding="utf-8")
    path.write_text(text.replace("subtitle: What", f"subtitle: {word}", 1), encoding="utf-8")


def main() -> None:
    """Print the table."""
    python = str(PROJECT / ".venv" / "bin" / "python")
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_project(Path(folder))
        subprocess.run([python, *BUILD], cwd=copy, check=True, stdout=subprocess.DEVNULL)
        bare = median(cpu_seconds([python, "-c", "pass"], copy) for _ in range(9))
        nothing = median(cpu_seconds([python, *BUILD], copy) for _ in range(9))
        edits = []
        for word in ("Whatever", "Whenever", "Wherever"):
            edit_one_word(copy, word)
            edits.append(cpu_seconds([python, *BUILD], copy))
        notebook = str(copy / "build" / LECTURE / "notebook.ipynb")
        nbconvert = [python, "-m", "nbconvert", "--to", "slides", "--output-dir", folder, notebook]
        peer = median(cpu_seconds(nbconvert, copy) for _ in range(3))
    rows = [("python -c pass", bare), ("build, nothing to do", nothing), ("build, one word edited", median(edits)),
            ("nbconvert --to slides of the same notebook, nothing executed", peer)]  # fmt: skip
    for name, seconds in rows:
        print(f"{seconds:7.3f} CPU s  {seconds / bare:6.1f} × bare Python   {name}")  # noqa: T201


if __name__ == "__main__":
    main()
