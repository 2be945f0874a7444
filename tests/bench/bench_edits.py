"""What an edit makes again, counted on the real course: as many artifacts as were to be expected, and no other.

    python tests/bench/bench_edits.py [profile]

Works on a copy of the project, which has to be built in that profile; nothing is made. What is expected is counted
without the engine: the figures of a kind by their lines in the lectures, their films where a kind has `animate`.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS / "bench")]

from bench_build import copy_project  # noqa: E402

from generator.engine import store  # noqa: E402
from generator.errors import Report  # noqa: E402
from generator.plan.status import CourseStatus, read_course_status  # noqa: E402

FIGURE = re.compile(r"^:{3,}\{figure\} (\w+)\n((?:^:\w+:.*\n)*)", re.MULTILINE)
Rows = list[tuple[str, int, int]]
LOADED = {  # Keras and Manim load Matplotlib themselves
    "manim": {"film"}, "tensorflow_cpu": {"experiment"}, "nbclient": {"code"}, "matplotlib": {"still", "film", "experiment"},
}  # fmt: skip
EDITS = [  # what an edit is, where, the text and what comes in its place, whose stills and whose films it makes again
    ("a function of one figure, for its film", "pooling", "animate_sliding(look", "animate_sliding(look_at", "", "pooling"),
    ("a function of one figure, for its still", "pooling", "draw_panel(look(trace)", "draw_panel(look(trace or 0)", "pooling", ""),
    ("a function that films share", "parts/sliding_film", "film.open()", "film.open() or 0", "", "parts.sliding_film"),
    ("a docstring", "pooling", '"""Let the window slide', '"""Let a window slide', "", ""),
]  # fmt: skip


def to_make(project: Path, profile: str) -> list[str]:
    """Return the names of the tasks that a build would make."""
    course = read_course_status(project, profile, [], Report())
    return [status.task.name for status in course.tasks.values() if status.artifact is None]


def figures_in(project: Path) -> Iterator[tuple[str, str]]:
    """Yield the kind of every figure in the lectures, and its options; equal figures once."""
    found = {
        match.groups() for path in (project / "lectures").glob("*.md") for match in FIGURE.finditer(path.read_text())
    }
    yield from sorted(found)


def expected(project: Path, stills: str, films: str) -> int:
    """Return how many stills of the one kind and films of those that name the other there are in the lectures."""
    count = 0
    for kind, options in figures_in(project):
        source = (project / "figures" / f"{kind}.py").read_text()
        is_filmed = "\ndef animate(" in source and ":view: still" not in options
        count += kind == stills
        count += bool(films) and is_filmed and (kind == films or f"figures.{films} import" in source)
    return count


def edit_code(project: Path, profile: str) -> Rows:
    """Return what each edit would make again, beside what was expected."""
    rows = []
    for name, module, before, after, stills, films in EDITS:
        path = project / "figures" / f"{module}.py"
        text = path.read_text()
        if before not in text:
            raise SystemExit(f"figures/{module}.py has no '{before}'")
        path.write_text(text.replace(before, after))
        rows.append((name, len(to_make(project, profile)), expected(project, stills, films)))
        path.write_text(text)
    return rows


def change_library(course: CourseStatus, library: str, runners: set[str]) -> tuple[str, int, int]:
    """Return what another version of a library would make again, beside what the runners that load it have made.

    What needs a result that is made again is made again only where that comes out different: it is not counted.
    """
    real, kept = store.installed_version, store.Store(course.project / ".lectern" / "store")
    store.installed_version = lambda name: "0" if name == library else real(name)
    try:
        made = {name for name, status in course.tasks.items() if kept.get(status.key) is None}
    finally:
        store.installed_version = real
    users = {name for name, status in course.tasks.items() if status.task.runner in runners}
    if made - users:
        raise SystemExit(f"another version of {library} makes again what does not load it: {sorted(made - users)}")
    return f"another version of {library}", len(made), len(users)


def main() -> int:
    """Print the table; return 1 where a count is not as expected."""
    profile = sys.argv[1] if sys.argv[1:] else "full"
    with tempfile.TemporaryDirectory() as place:
        project = copy_project(Path(place))
        if missing := to_make(project, profile):
            raise SystemExit(f"{len(missing)} artifacts are not built\nhint: run make lecture PROFILE={profile}")
        rows = edit_code(project, profile)
        course = read_course_status(project, profile, [], Report())
        rows += [change_library(course, library, runners) for library, runners in LOADED.items()]
    for name, made, wanted in rows:
        print(f"{made:4} made again, {wanted:4} expected   {name}")  # noqa: T201
    return 0 if all(made == wanted for _, made, wanted in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
