"""Code that a lecture takes from a file is shown as it stands there, or the lecture's author is told why not."""

from pathlib import Path

import pytest

from generator.directives.code import Code
from generator.errors import SourceError, Where
from generator.lecture.included_files import IncludedFiles

HERE = Where("lectures/sample.md", 7)
FILE = '''import functools


@functools.cache
@functools.wraps(
    print
)
def half(x):
    """Return half."""
    return x / 2


def short(x): "one line"


def long(x):
    """Return nothing.

    At all.
    """


def dense(x):
    """Return one."""; return 1


async def later():
    """Wait."""
    return 2
'''


def snippet(project: Path, function: str, content: bytes = FILE.encode(), **fields: object) -> str:
    (project / "code.py").write_bytes(content)
    return Code("", HERE, "code.py", function, **fields).source(IncludedFiles(project))  # type: ignore[arg-type]


def test_a_function_is_shown_with_its_decorators_and_without_its_docstring(project):
    shown = "@functools.cache\n@functools.wraps(\n    print\n)\ndef half(x):\n    return x / 2"
    assert snippet(project, "half") == shown


@pytest.mark.parametrize(
    ("function", "shown"),
    [
        ("short", 'def short(x): "one line"'),
        ("long", 'def long(x):\n    """Return nothing.\n\n    At all.\n    """'),
        ("dense", 'def dense(x):\n    """Return one."""; return 1'),
    ],
)
def test_a_docstring_without_which_there_is_no_function_stays(project, function, shown):
    assert snippet(project, function) == shown


def test_a_function_may_be_asynchronous(project):
    assert snippet(project, "later") == "async def later():\n    return 2"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"x = 1\ndef broken(:\n  pass\ndef half(x):\n  return 1\n", "'code.py' is not Python, line 2: invalid syntax"),
        (b"def half(x):\n\treturn 1\n        return 2\n", "'code.py' is not Python, line 3:"),
        (b"x = 1\0\n", "'code.py' is not Python"),
        (b"x = " + b"(" * 999 + b")" * 999, "'code.py' is not Python"),
    ],
)
def test_a_function_of_a_file_that_is_not_python_is_told_at_the_lectures_line(project, content, problem):
    with pytest.raises(SourceError) as caught:
        snippet(project, "half", content)
    assert str(caught.value).startswith(f"lectures/sample.md:7: {problem}")
    assert caught.value.hint == "mend the file"


def test_a_byte_order_mark_is_not_part_of_the_code(project):
    content = b"\xef\xbb\xbfdef half(x):\n    return x / 2\n"
    assert snippet(project, "half", content) == snippet(project, "", content) == "def half(x):\n    return x / 2"


def test_a_line_that_a_function_has_not_cannot_light_up(project):
    with pytest.raises(SourceError, match="there is no line 7 to highlight") as caught:
        snippet(project, "half", highlight=((1,), (6, 7)))
    assert (caught.value.where, caught.value.hint) == (HERE, "the code has 6 lines")
