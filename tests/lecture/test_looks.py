"""A course has colors of its own, where these can be seen."""

from pathlib import Path

import pytest

from generator.errors import SourceError
from generator.lecture.looks import SHAPE, TEXT, contrast_of, pairs, parts_of, read_looks
from generator.theme import ACCENTS, LIGHT, default_colors, own_colors, recolor


def looks(folder: Path, text: str):
    (folder / "theme.toml").write_text(text)
    return read_looks(folder).colors


def told(folder: Path, text: str) -> str:
    with pytest.raises(SourceError) as caught:
        looks(folder, text)
    return str(caught.value)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_colors_that_come_along_can_be_seen(name):
    colors = default_colors()[name]
    faint = [
        (role, what)
        for role, one, other, least, what in pairs({role: colors[role] for role in ACCENTS}, colors)
        if contrast_of(parts_of(one), parts_of(other)) < least
    ]
    assert faint == []
    assert SHAPE < TEXT


def test_a_role_gets_its_color_and_a_tint_of_it(tmp_path):
    found = looks(tmp_path, '[light]\ninput = "#00557F"\n')
    assert found == {"light": {"input": "#00557f", "input_tint": "#d6e4eb"}}


def test_a_course_without_the_file_or_with_an_empty_one_keeps_all_colors(tmp_path):
    assert read_looks(tmp_path).colors == {}
    assert looks(tmp_path, "# nothing\n[light]\n") == {"light": {}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[light]\ninput = "#ffff00"\n', "theme.toml:2: 'input' has a contrast of 1.1 to the paper in the light theme, and 4.5"),
        ('[dark]\n\nwrong = "#550000"\n', "theme.toml:3: 'wrong' has a contrast of"),
        ('[light]\ninput = "#005a9c"\ninput_tint = "#003355"\n', "theme.toml:3: 'input_tint' has a contrast of"),
        ('[light]\nimput = "#005a9c"\n', "theme.toml:2: no role 'imput' has a color of a course's own\nhint: did you mean 'input'?"),
        ('[light]\npaper = "#fff0e0"\n', "theme.toml:2: no role 'paper' has a color of a course's own"),
        ('[light]\ninput = "blue"\n', "theme.toml:2: 'blue' is no color"),
        ("[light]\ninput = 3\n", "theme.toml:2: 3 is no color"),
        ('[ligth]\ninput = "#005a9c"\n', "theme.toml:1: there is no theme 'ligth'\nhint: did you mean 'light'?"),
        ("light = 3\n", "theme.toml:1: there is no theme 'light'"),
        ("[light\n", "theme.toml:1: not TOML"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_line(tmp_path, text, message):
    assert told(tmp_path, text).startswith(message)


def test_whoever_has_a_theme_has_its_new_colors_and_the_old_ones_again():
    before = LIGHT.input
    try:
        recolor({"light": {"input": "#00557f"}})
        assert (LIGHT.input, own_colors()) == ("#00557f", {"light": {"input": "#00557f"}})
    finally:
        recolor({})
    assert (LIGHT.input, own_colors()) == (before, {})
