"""The wheel: installed where nothing else of the clone is, it makes a course and builds it, in three commands."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from own_course import CLONE, ROOT, made_in, pages_in, run_lectern

sys.path.insert(0, str(ROOT / "setup"))
import backend  # the build backend, which pip imports in the same way

TASKS = ["code", *["experiment"] * 6, "film", "still"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a wheel that has just been built."""
    folder = tmp_path_factory.mktemp("wheel")
    return folder / backend.build_wheel(str(folder))


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return what runs the installed command: pip has installed the wheel alone, its requirements are the tests' own."""
    place = tmp_path_factory.mktemp("an installation")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-warn-script-location", "--target", str(place), str(wheel)], check=True)
    program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from lectern import main; main()"
    return [sys.executable, "-c", program, str(place)]


@pytest.fixture(scope="module")
def built(command: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the folder of a new course that the installed command has made and built, and what it said."""
    folder = tmp_path_factory.mktemp("somewhere")
    run_lectern(command, folder, "new", "my-course")
    return folder / "my-course", run_lectern(command, folder / "my-course", "build")


def test_the_same_files_give_the_same_wheel(wheel, tmp_path):
    assert (tmp_path / backend.build_wheel(str(tmp_path))).read_bytes() == wheel.read_bytes()


def test_a_wheel_has_at_most_twenty_megabytes(wheel):
    assert wheel.stat().st_size < 20_000_000


def test_a_wheel_takes_one_name_in_site_packages(wheel):
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert names == {"lectern", f"lectern-{version()}.dist-info"}


def test_a_wheel_has_the_license_of_everything_in_it(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    packages = {name.split("/")[4] for name in names if "/node_modules/" in name}
    assert packages == {"reveal.js", "temml", "axe-core"}
    assert all(f"lectern/library/setup/node_modules/{name}/LICENSE" in names for name in packages)
    assert {"lectern/library/generator/fonts/LICENSE.txt", "lectern/library/generator/datasets/LICENSE-mnist.txt"} < {
        *names
    }


def test_a_wheel_requires_what_is_locked_and_nothing_else(wheel):
    lines = [line for line in metadata_of(wheel).splitlines() if line.startswith("Requires-Dist: ")]
    required = {line.split()[1] for line in lines if "extra ==" not in line}
    locked = {*re.findall(r"^([\w.-]+==[^\s;\\]+)", (ROOT / "setup" / "requirements.txt").read_text(), re.MULTILINE)}
    assert len(locked) > 100
    assert required == locked


def test_a_wheel_offers_powerpoint_clusters_and_checks_as_extras(wheel):
    names = {requirement.partition("==")[0] for requirement in extras_of(wheel)}
    assert {"python-pptx", "resvg-py", "distributed", "playwright"} <= names
    assert not names & {"pytest", "mypy"}


@pytest.mark.slow
def test_two_commands_give_a_deck_a_handout_and_a_notebook(built):
    course, said = built
    assert made_in(said) == TASKS
    assert {"slides.html", "handout.html", "notebook.ipynb"} <= {*pages_in(course)}
    assert not [line for line in said.splitlines() if line.startswith("warning")]


@pytest.mark.slow
def test_the_code_that_plots_shows_its_picture(built):
    cells = json.loads(pages_in(built[0])["notebook.ipynb"])["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    assert any("image/svg+xml" in output.get("data", {}) for output in outputs)


@pytest.mark.slow
def test_a_second_build_has_nothing_to_do(built, command):
    assert run_lectern(command, built[0], "build").startswith("Nothing to do")


@pytest.mark.slow
def test_nothing_is_written_where_the_library_is(built, command, wheel):
    assert made_in(built[1])
    place = Path(command[-1])
    installed = {path.relative_to(place).as_posix() for path in place.rglob("*") if "__pycache__" not in path.parts}
    files = {name for name in installed if name.startswith("lectern/") and (place / name).is_file()}
    assert files == {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("lectern/")}


@pytest.mark.slow
def test_a_clone_believes_what_the_installed_library_has_made_and_gives_the_same_pages(built, tmp_path):
    course = tmp_path / "moved"
    shutil.copytree(built[0], course)
    shutil.rmtree(course / "build")
    assert made_in(run_lectern(CLONE, course, "build")) == []
    assert pages_in(course) == pages_in(built[0])


@pytest.mark.slow
def test_an_edit_of_a_kind_makes_only_what_it_changes(built, command, tmp_path):
    course = tmp_path / "edited"
    shutil.copytree(built[0], course)
    kind = course / "figures" / "walk.py"
    kind.write_text(kind.read_text().replace("min(150, ", "min(140, "))
    assert "figures.walk: compose" in run_lectern(command, course, "why", "walk")
    kind.write_text(kind.read_text().replace("min(140, ", "min(150, "))
    assert made_in(run_lectern(command, course, "build")) == []


@pytest.mark.slow
def test_a_course_of_its_own_is_verified_and_cleared_as_any(built, command):
    assert "made 1 of 9 results again: 0 differences" in run_lectern(command, built[0], "verify", "--sample", "1")
    assert "would free 0.0 MB" in run_lectern(command, built[0], "gc", "--dry-run")


@pytest.mark.slow
@pytest.mark.browser
def test_the_pages_of_the_starter_stand_the_check(built, command):
    assert "0 faults, 0 warnings" in run_lectern(command, built[0], "check")


def version() -> str:
    return re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[1]


def metadata_of(wheel: Path) -> str:
    return zipfile.ZipFile(wheel).read(f"lectern-{version()}.dist-info/METADATA").decode()


def extras_of(wheel: Path) -> set[str]:
    """Return the requirements of the extras."""
    return {*re.findall(r"^Requires-Dist: (\S+) ;.*extra == '", metadata_of(wheel), re.MULTILINE)}
