import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import PATIENCE, running

from generator.commands import up_to_date
from generator.commands.gc import collect_garbage
from generator.engine.store import Artifact, Store, removing_results, using_results

DAY = 86_400
Put = Callable[..., Artifact]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / ".lectern" / "store")


@pytest.fixture
def put(store: Store, tmp_path: Path) -> Put:
    """Return a function that keeps a result of some bytes, last used so many days ago."""

    def keep(key: str, text: str, days: float) -> Artifact:
        folder = tmp_path / "out"
        folder.mkdir(exist_ok=True)
        (folder / "file.txt").write_text(text)
        artifact = store.put(key * 64, folder, {"key": key}, {})
        used = time.time() - days * DAY
        os.utime(store.record_path(key * 64), (used, used))
        return artifact

    return keep


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def gc(project: Path, days: float = 30, most: float = float("inf"), *, dry_run: bool = False) -> int:
    return collect_garbage(str(project), days, most, dry_run=dry_run)


def test_what_no_build_has_used_for_long_goes_and_the_rest_stays(store, put, tmp_path):
    put("a", "old", 31)
    put("b", "new", 29)
    assert gc(tmp_path) == 0
    assert store.get("a" * 64) is None
    assert store.get("b" * 64) is not None
    assert len(files(store.folder / "objects")) == 1


def test_an_object_that_another_result_needs_stays(store, put, tmp_path):
    put("a", "same", 31)
    put("b", "same", 0)
    gc(tmp_path)
    assert store.get("b" * 64).files["file.txt"].read_text() == "same"


def test_beyond_a_size_the_oldest_goes_first(store, put, tmp_path):
    for age, key in enumerate("abc"):
        put(key, key * 4000, age)
    gc(tmp_path, most=10_000)
    assert [store.get(key * 64) is not None for key in "abc"] == [True, True, False]


def test_a_use_is_marked_on_the_record(store, put, tmp_path):
    put("a", "old", 31)
    assert store.get("a" * 64) is not None
    gc(tmp_path)
    assert store.get("a" * 64) is not None


def test_a_use_is_marked_once_a_day(store, put):
    put("a", "new", 0.5)
    before = store.record_path("a" * 64).stat().st_mtime
    store.get("a" * 64)
    assert store.record_path("a" * 64).stat().st_mtime == before


def test_a_dry_run_removes_nothing_and_says_how_much_it_would(store, put, tmp_path, capsys):
    put("a", "x" * 1_000_000, 31)
    gc(tmp_path, dry_run=True)
    assert store.get("a" * 64) is not None
    assert capsys.readouterr().out == "would free 1.0 MB: 1 results, 2 files\nkept 0.0 MB: 0 results\n"


def test_what_was_freed_is_told(put, tmp_path, capsys):
    put("a", "x" * 1_000_000, 31)
    put("b", "y" * 3_000_000, 0)
    gc(tmp_path)
    assert capsys.readouterr().out == "freed 1.0 MB: 1 results, 2 files\nkept 3.0 MB: 1 results\n"


def test_what_a_killed_build_has_left_goes(store, put, tmp_path):
    put("a", "new", 0)
    (store.folder / "records" / "aa" / ".half.json.x1").write_text("{")
    left = tmp_path / ".lectern" / "scratch" / "abc" / "out"
    left.mkdir(parents=True)
    (left / "film.mp4").write_text("half")
    gc(tmp_path)
    assert not (tmp_path / ".lectern" / "scratch").exists()
    assert len(files(store.folder)) == 2


def test_nothing_is_removed_while_a_build_runs(store, put, tmp_path, capsys):
    put("a", "old", 31)
    build = "import sys\nfrom pathlib import Path\nfrom generator.engine.store import using_results\n"
    build += "with using_results(Path(sys.argv[1])):\n    print('building', flush=True)\n    sys.stdin.read()\n"
    with running(
        [sys.executable, "-c", build, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[2],
    ) as process:  # fmt: skip
        assert process.stdout.readline() == "building\n"
        assert gc(tmp_path) == 1
        assert store.record_path("a" * 64).is_file()
        process.stdin.close()
        process.wait(PATIENCE)
    assert capsys.readouterr().err == "a build of this project is running\nhint: try again when it has ended\n"
    assert gc(tmp_path) == 0


def test_two_builds_hold_the_lock_together(tmp_path):
    with using_results(tmp_path), using_results(tmp_path):
        assert (tmp_path / ".lectern" / "lock").is_file()
    with removing_results(tmp_path):
        pass


def test_without_results_there_is_nothing_to_free(tmp_path, capsys):
    assert gc(tmp_path) == 0
    assert capsys.readouterr().out.startswith("freed 0.0 MB: 0 results")


def test_after_a_day_a_build_with_nothing_to_do_plans_again_and_so_marks_what_it_uses(tmp_path):
    here, request = str(tmp_path), ["full", "build"]
    up_to_date.remember_build(here, request, [], up_to_date.snapshot(here, []))
    assert up_to_date.find_up_to_date(here, request) == []
    yesterday = time.time() - DAY - 60
    os.utime(up_to_date.state_file(here, request), (yesterday, yesterday))
    assert up_to_date.find_up_to_date(here, request) is None
