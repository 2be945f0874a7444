"""Builds each hostile case as a lecture of its own, one after another, and prints how each went as a line of JSON.

Its arguments are the folder of a project and the most bytes of address space that it may take. It runs in a process of
its own, so that the limit is that of the builds, and a case that ends it ends nothing else.
"""

import contextlib
import io
import json
import resource
import shutil
import sys
import time
from pathlib import Path

from generated import GENERATED

from generator.commands.build import build_course

CASES = Path(__file__).parent / "cases"
FREE = ("build", ".lectern")  # where a build may write
COURSE = 'title = "Hostile"\nlectures = []\n'


def case_names() -> list[str]:
    """Return the names of all cases, those of files and those that are generated."""
    return sorted({path.stem for path in CASES.iterdir()} | set(GENERATED))


def put(case: str, project: Path) -> None:
    """Put the files of a case into a project: its lecture, and a course file if it has one of its own."""
    folder = project / "lectures"
    for path in CASES.glob(f"{case}.*"):
        shutil.copyfile(path, folder / path.name)
    if case in GENERATED:
        GENERATED[case](folder)
    if (folder / f"{case}.toml").exists():
        (folder / f"{case}.toml").rename(folder / "course.toml")
    if not (folder / f"{case}.md").exists() and not (folder / f"{case}.md").is_symlink():
        (folder / f"{case}.md").write_text("---\ntitle: Sound\n---\n## A\n\ntext\n", encoding="utf-8")


def files_in(project: Path) -> dict[str, int]:
    """Return when each file of the project, and around it, was last changed, without those that a build may change."""
    names = [name for name in (*project.iterdir(), *project.parent.iterdir()) if name.name not in FREE]
    paths = [path for name in names if name != project for path in (name, *name.rglob("*"))]
    return {str(path): path.lstat().st_mtime_ns for path in paths if not path.is_dir()}


def build(case: str, project: Path) -> dict[str, object]:
    """Build one case and return its exit code, what was said, how long it took, and the files written elsewhere."""
    before_case = set((project / "lectures").iterdir())
    put(case, project)
    before, said = files_in(project), io.StringIO()
    started_at = time.process_time()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        code = build_course(str(project), [case])
    seconds = time.process_time() - started_at  # of work, so that a busy machine changes nothing
    elsewhere = sorted(name for name, at in files_in(project).items() if before.get(name) != at)
    for path in set((project / "lectures").iterdir()) - before_case:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    (project / "lectures" / "course.toml").write_text(COURSE, encoding="utf-8")
    return {"case": case, "code": code, "said": said.getvalue(), "seconds": seconds, "elsewhere": elsewhere}


def own_peak() -> int:
    """Return the most memory that this process has had, in kB; getrusage would count what its parent had at the fork."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1])


def main(project: Path, most: int) -> None:
    """Build all cases with at most `most` bytes, and print how each went, and the peak of memory in bytes at the end."""
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for case in case_names():
        sys.stdout.write(json.dumps(build(case, project)) + "\n")
    peak = max(own_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    sys.stdout.write(json.dumps({"case": "", "peak": peak << 10}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
