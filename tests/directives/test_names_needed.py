"""A function that is cut out of its file brings what it needs of it, or is told to need what no reader has."""

import ast

import pytest

from generator.directives.code.names_needed import names_needed

FILE = '''"""A file."""

import json
from typing import Any, Callable

import numpy as np
from lectures.experiments.parts import training

SIZE, LEFT = 3, 4
Array = np.ndarray
Twice = tuple[Array, Array]


def helper(values: Array) -> int:
    return len(values) * SIZE


def plain(a: int, b: list[int]) -> int:
    total = sum(b)
    return total + a


def shaped(images: Twice, way: Callable[[], Any] = json.dumps) -> Array:
    return np.stack([image for image in images])


def calls(values: Array) -> int:
    return helper(values)


def local(values: list[int]) -> int:
    import math

    def inner(value: int) -> float:
        return math.sqrt(value)

    try:
        return inner(values[0])
    except ValueError as error:
        return len(str(error))


def trained(seed: int) -> Any:
    return training.fit(seed)


def lost() -> Any:
    return nowhere
'''


def needed(function: str, text: str = FILE) -> str | None:
    return names_needed(function, ast.parse(text), text)


@pytest.mark.parametrize(
    ("function", "lines"),
    [
        ("plain", ""),
        ("local", ""),
        ("helper", "import numpy as np\nSIZE, LEFT = 3, 4\nArray = np.ndarray"),
        (
            "shaped",
            "import json\nfrom typing import Any, Callable\nimport numpy as np\nArray = np.ndarray\n"
            "Twice = tuple[Array, Array]",
        ),
        (
            "calls",
            "import numpy as np\nSIZE, LEFT = 3, 4\nArray = np.ndarray\n"
            "def helper(values: Array) -> int:\n    return len(values) * SIZE",
        ),
    ],
)
def test_what_is_needed_is_found_in_the_order_of_the_file(function, lines):
    assert needed(function) == lines


@pytest.mark.parametrize("function", ["plain", "local", "helper", "shaped", "calls"])
def test_a_function_can_be_made_with_what_it_needs_alone(function):
    source = next(ast.unparse(node) for node in ast.parse(FILE).body if getattr(node, "name", "") == function)
    names: dict[str, object] = {}
    exec(f"{needed(function)}\n{source}", names)  # noqa: S102 - the text above
    assert callable(names[function])


@pytest.mark.parametrize("function", ["trained", "lost"])
def test_what_no_reader_has_is_told(function):
    assert needed(function) is None


def test_annotations_that_are_not_evaluated_stay_so():
    text = f"from __future__ import annotations\n{FILE}"
    assert (needed("helper", text) or "").startswith("from __future__ import annotations\n")
