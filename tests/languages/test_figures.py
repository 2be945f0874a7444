"""What kinds of figures say of themselves, in German and Hebrew, without a picture being drawn again."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.words import read_catalog, say_sentences, speaking

ROOT = Path(__file__).parents[2]
MAP = np.arange(36).reshape(6, 6) % 7
KERNEL = np.array([[1, 0.333], [0, -1]])
CASES: list[tuple[str, dict[str, Any]]] = [
    ("convolution", {"input": MAP, "kernel": KERNEL.round()}),
    (
        "convolution",
        {"input": MAP, "kernel": KERNEL, "strides": 2, "padding": "same", "bias": 1.0, "activation": "relu"},
    ),
    ("convolution", {"input": MAP, "kernel": KERNEL.round(), "dilation_rate": 3}),
    ("convolution", {"input": np.arange(144).reshape(12, 12), "kernel": KERNEL.round(), "strides": 3}),
    *(("pooling", {"input": MAP[:5, :5], "mode": mode, "strides": 3}) for mode in ("max", "average", "strided")),
    ("padding_modes", {}),
    ("padding_modes", {"size": 7, "kernel_size": 4}),
]


def words_of(kind: str, arguments: dict[str, Any]) -> Iterator[str]:
    """Yield the text alternatives and the sentences of a kind for a trace."""
    module = import_module(f"figures.{kind}")
    trace = module.trace(**arguments)
    described = module.describe(trace)
    yield from (described.alt, *described.steps)
    if hasattr(module, "describe_question"):
        yield module.describe_question(trace).alt


@pytest.mark.parametrize("lang", ["de", "he"])
@pytest.mark.parametrize(("kind", "arguments"), CASES)
def test_the_kinds_that_take_part_say_all_in_the_language(kind: str, arguments: dict[str, Any], lang: str) -> None:
    catalog = read_catalog(lang, ROOT)
    assert catalog is not None
    with speaking(catalog):
        said = {text: say_sentences(text) for text in words_of(kind, arguments)}
    assert [text for text, words in said.items() if words is None] == []
    english = r"\b(the|of|and|with|is|are|seen|row|column|output|input|window)\b"
    assert [words for words in said.values() if words and re.search(english, words, re.IGNORECASE)] == []
    numbers = re.compile(r"\d+(?:\.\d+)?")
    assert all(set(numbers.findall(text)) <= {*numbers.findall(words or ""), "1"} for text, words in said.items())


@given(st.sampled_from(["one", "two words", "größer", "a; b"]), st.integers(0, 9), st.integers(2, 9))
def test_names_of_an_author_stay_as_they_are(name: str, mean: int, seeds: int) -> None:
    text = f"{name}, one dot per seed: {name} {mean} % ({seeds} seeds: 0 % to {mean} %). Verdict: {name} is above x in one run."
    with speaking(read_catalog("de", ROOT)):  # type: ignore[arg-type]
        said = say_sentences(text)
    assert said is None or said.startswith(f"{name}, ein Punkt je Startwert: {name} {mean} % ({seeds} Startwerte: ")
    assert said is not None or ";" in name


def test_a_sentence_of_no_known_form_is_none_and_numbers_are_as_they_were() -> None:
    with speaking(read_catalog("de", ROOT)):  # type: ignore[arg-type]
        assert say_sentences("A tree of nine branches.") is None
        assert say_sentences("The output is 2 × 2 [1, 2; 3, 4]. A tree.") is None
        assert say_sentences("3 × 4 = 12; 7") == "3 × 4 = 12; 7"
    assert say_sentences("A tree of nine branches.") == "A tree of nine branches."
