"""A synthetic course of 200 lectures and 4,000 artifacts: what a task costs besides itself, and a build with nothing to do.

    python tests/bench/bench_course.py [lectures] [artifacts a lecture]

Beside the build with nothing to do, in the same run: make -rR over as many files.
"""

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "bench")]

import bench_build  # noqa: E402
from bench_build import cpu_seconds  # noqa: E402
from sample_project import make_full_project  # noqa: E402

BUILD = [sys.executable, *bench_build.BUILD]


def write_course(folder: Path, lectures: int, artifacts: int) -> Path:
    """Return a project of so many lectures, each of which needs so many experiments of its own."""
    project = make_full_project(folder / "project")
    for package in ("lectures", "lectures/experiments"):
        (project / package / "__init__.py").touch()
    for number in range(lectures):
        uses = "".join(f"  toss{k}: {{recipe: toss, epochs: {number * artifacts + k}}}\n" for k in range(artifacts))
        values = " ".join(f"{{value}}`toss{k}.epochs`" for k in range(artifacts))
        text = f"---\ntitle: Lecture {number}\nexperiments:\n{uses}---\n## Numbers\n\n{values}\n"
        (project / "lectures" / f"lecture_{number:03}.md").write_text(text, encoding="utf-8")
    return project


def write_makefile(project: Path) -> Path:
    """Return a makefile with a rule for every page, which depends on its lecture and on all code."""
    code = [str(path) for root in ("generator", "figures") for path in (project / root).rglob("*") if path.is_file()]
    pages = sorted((project / "build").glob("*/*.*"))
    rules = [f"{page}: {project}/lectures/{page.parent.name}.md {' '.join(code)}\n\ttouch $@\n" for page in pages]
    makefile = project.parent / "rules.mk"
    makefile.write_text(f"all: {' '.join(map(str, pages))}\n{''.join(rules)}", encoding="utf-8")
    return makefile


def main() -> None:
    """Print the table."""
    given = [int(word) for word in sys.argv[1:]]
    lectures, artifacts = given + [200, 20][len(given) :]
    with tempfile.TemporaryDirectory() as place:
        project = write_course(Path(place), lectures, artifacts)
        begun = time.monotonic()
        cpu = cpu_seconds(BUILD, project)
        wall = time.monotonic() - begun
        print(f"{lectures * artifacts} tasks, {lectures} lectures: {wall:.0f} s, {cpu:.0f} CPU s")  # noqa: T201
        makefile = str(write_makefile(project))
        commands = {"python -c pass": [sys.executable, "-c", "pass"], "nothing to do": BUILD,
                    "make -rR": ["make", "-rR", "-f", makefile]}  # fmt: skip
        cpu_seconds(commands["make -rR"], project)
        spent = {name: median(cpu_seconds(command, project) for _ in range(9)) for name, command in commands.items()}
        for name, seconds in spent.items():
            print(f"{seconds:7.3f} CPU s {seconds / spent['python -c pass']:6.1f} × bare Python   {name}")  # noqa: T201


if __name__ == "__main__":
    main()
