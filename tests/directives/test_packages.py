"""A directive is one package, and what it lacks is told before anything is built."""

from pathlib import Path
from types import ModuleType

import pytest

from generator.errors import Report, SourceError
from generator.lecture import course, directive
from generator.lecture.directive import check_package, find_directives, find_form


def package(folder: Path, *views: str, **parts: object) -> ModuleType:
    """Return the package of a directive in `folder`, with these templates and these parts."""
    made = ModuleType("generator.directives.aside")
    made.__file__ = str(folder / "__init__.py")
    for name in views:
        (folder / name).touch()
    for name, part in parts.items():
        setattr(made, name, part)
    return made


def test_every_directive_has_what_pages_ask_it_for() -> None:
    for name, found in find_directives().items():
        check_package(name, found)


@pytest.mark.parametrize(
    ("views", "parts", "problem"),
    [
        (["slides.html.j2"], {"read": print, "CELL": object}, "the directive '{aside}' has no 'handout.html.j2'"),
        (
            [],
            {"read": print, "CELL": object},
            "the directive '{aside}' has no 'slides.html.j2' and no 'handout.html.j2'",
        ),
        ([], {"read": print}, "the directive '{aside}' has no 'CELL'"),
        ([], {"CELL": None}, "the directive '{aside}' has no 'read'"),
    ],
)
def test_what_a_directive_lacks_is_told(
    tmp_path: Path, views: list[str], parts: dict[str, object], problem: str
) -> None:
    with pytest.raises(SourceError) as caught:
        check_package("aside", package(tmp_path, *views, **parts))
    assert str(caught.value).startswith(f"generator/directives/aside: {problem}\nhint: ")


@pytest.mark.parametrize("parts", [{"read": print, "CELL": None}, {"expand": print, "CELL": None}])
def test_a_directive_without_cells_needs_no_view(tmp_path: Path, parts: dict[str, object]) -> None:
    check_package("aside", package(tmp_path, **parts))


def test_it_is_told_once_and_before_any_lecture_is_read(
    project: Path, write_lecture: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lack() -> None:
        raise SourceError("the directive '{aside}' has no 'read'")

    monkeypatch.setattr(course, "find_directives", lack)
    with pytest.raises(SourceError, match=r"'\{aside\}' has no 'read'"):
        course.read_lectures(project, course.read_course(project), (), Report())


def test_a_form_is_found_only_where_there_is_one() -> None:
    assert find_form("quiz", "jupyter") is not None
    assert find_form("columns", "jupyter") is None
    assert find_form("prose", "jupyter") is None
    assert directive.PACKAGE == "generator.directives"
