"""Other builders over the files of a course: each makes a page anew when its lecture, or any code, is newer."""

import os
import shutil
import sys
from pathlib import Path

DODO = """
def task_page():
    yield {{"name": "code", "file_dep": {code!r}, "targets": ["code.stamp"], "actions": ["touch code.stamp"]}}
    for page, lecture in {pages!r}:
        needs = [lecture, "code.stamp"]
        yield {{"name": page, "file_dep": needs, "targets": [page], "actions": ["touch " + page]}}
"""


def code_of(project: Path) -> list[str]:
    """Return the files of the project's code."""
    return [str(path) for root in ("generator", "figures") for path in (project / root).rglob("*") if path.is_file()]


def pages_of(project: Path) -> list[tuple[str, str]]:
    """Return every page that is built, with the lecture that it is made of."""
    pages = sorted((project / "build").glob("*/*.*"))
    return [(str(page), str(project / "lectures" / f"{page.parent.name}.md")) for page in pages]


def write_rules(project: Path) -> dict[str, list[str]]:
    """Write the rules of make, ninja and doit beside the project, and return the commands that follow them."""
    place, code, pages = project.parent, " ".join(code_of(project)), pages_of(project)
    names = " ".join(page for page, _ in pages)
    rules = "".join(f"{page}: {lecture} code.stamp\n\ttouch $@\n" for page, lecture in pages)
    (place / "rules.mk").write_text(f"all: {names}\n{rules}code.stamp: {code}\n\ttouch $@\n")
    rules = "".join(f"build {page}: touch {lecture} code.stamp\n" for page, lecture in pages)
    (place / "build.ninja").write_text(f"rule touch\n  command = touch $out\nbuild code.stamp: touch {code}\n{rules}")
    (place / "dodo.py").write_text(DODO.format(code=code_of(project), pages=pages))
    return {
        "make -rR": ["make", "-rR", "-C", str(place), "-f", "rules.mk"],
        "ninja": [program("ninja"), "-C", str(place)],
        "doit": [program("doit"), "-f", str(place / "dodo.py")],
    }


def program(name: str) -> str:
    """Return the path of a program, beside this Python or on the path; stop where it is not installed."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which(name, path=places)
    if found is None:
        raise SystemExit(f"{name} is not installed\nhint: run make setup-bench")
    return found
