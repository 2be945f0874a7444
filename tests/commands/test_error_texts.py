"""Each `errors/<case>.md` is a lecture with a mistake; `<case>.txt` is, letter for letter, what its author is told."""

import contextlib
import io
import os
from pathlib import Path

import pytest
from sample_project import make_full_project

from generator.commands.build import build_course

FOLDER = Path(__file__).parents[1] / "errors"
CASES = sorted(path.stem for path in FOLDER.glob("*.md"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Build all the cases as one course, and return what was said of each."""
    project = make_full_project(tmp_path_factory.mktemp("course"))
    for case in CASES:
        (project / "lectures" / f"{case}.md").write_bytes((FOLDER / f"{case}.md").read_bytes())
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        assert build_course(str(project)) == 1
    return split_by_case(said.getvalue())


def split_by_case(text: str) -> dict[str, str]:
    told = dict.fromkeys(CASES, "")
    case = ""
    for line in text.splitlines(keepends=True)[:-1]:
        named = [name for name in CASES if line.startswith((f"lectures/{name}.md:", f"lectures/{name}.md "))]
        case = named[0] if named else case
        told[case] += line
    return told


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_author_is_told_what_is_wrong_and_what_to_do(told, case):
    golden = FOLDER / f"{case}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(told[case], encoding="utf-8")
    assert golden.is_file(), "make golden writes the text; read it before you keep it"
    assert told[case] == golden.read_text(encoding="utf-8")
