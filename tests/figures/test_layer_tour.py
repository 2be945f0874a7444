"""Digits stand where the experiment put them at each layer, and the ways of errors are drawn."""

from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import PANEL_TEXT, flaws
from said_numbers import assert_says

from figures import layer_tour
from figures.layer_tour import COLORS, compose, curves_of, describe, draw, place_points, trace
from figures.parts.keyframes import Rules
from figures.parts.numerals import corners_of, simplify
from generator.theme import DARK, LIGHT, THEMES, contrast_of

NAMES = ("pixels", "conv1", "dense1")


def found(count: int = 60, wrong: int = 2, layers: int = 3) -> dict[str, Any]:
    random = np.random.default_rng(0)
    labels = np.arange(count) % 10
    answers = labels.copy()
    answers[:wrong] = (labels[:wrong] + 1) % 10
    levels = [
        {"layer": NAMES[k % 3], "values": 1000 * (k + 1), "variance": 0.1 + k / 20, "same_class": 0.8 + k / 40}
        for k in range(layers)
    ]
    return {"labels": labels, "answers": answers, "levels": levels, "positions": random.normal(size=(layers, count, 2))}


def test_the_text_names_every_layer_and_every_error() -> None:
    words = describe(trace(found=found()))  # by default, all digits are shown
    assert words.alt.startswith("60 test digits as colored numerals in a plane of each of 3 layers")
    assert "conv1: 2,000 values; the plane shows 15 % of their variance; for 82.5 % of the digits" in words.alt
    assert words.steps[-1].endswith("It gets 2 wrong: 0 taken for 1 and 1 taken for 2.")
    assert len(words.steps) == 2


def test_a_network_without_errors_has_no_trails() -> None:
    shown = trace(found=found(wrong=0), count=60)
    assert "The network gets all of them right." in describe(shown).alt
    assert not [item for item in compose(shown, 2) if item.name == "trails"]
    assert flaws(draw(shown, LIGHT)) == []


def test_a_trail_leads_through_the_positions_of_a_digit_at_all_layers() -> None:
    shown = trace(found=found(wrong=1), count=60)
    (trails,) = [item for item in compose(shown, 2) if isinstance(item, Rules) and item.name == "trails"]
    ways = [tuple(map(float, place_points(shown, k)[0])) for k in range(3)]
    assert trails.lines == ((ways[0], ways[1]), (ways[1], ways[2]))


@pytest.mark.parametrize("number", range(3))
def test_points_fill_the_plane_with_one_scale_for_both_axes(number: int) -> None:
    shown = trace(found=found(), count=60)
    placed, points = place_points(shown, number), shown.levels[number].positions
    left, top, width, height = layer_tour.PLANE
    assert (placed > [left, top]).all()
    assert (placed < [left + width, top + height]).all()
    scale = np.ptp(placed[:, 0]) / np.ptp(points[:, 0])
    assert np.allclose(placed - placed[0], (points - points[0]) * scale * [1, -1])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_corners_of_a_numeral_are_near_its_outline_and_few() -> None:
    for digit in "0123456789":
        assert sum(map(len, corners_of(digit, 15.0))) < 40
        assert len(curves_of(digit, 15.0, (10.0, 10.0))) % 4 == 0
    line = np.array([[0.0, 0], [1, 0.1], [2, 0], [2, 5]])
    assert simplify(line, 0.5).tolist() == [[0, 0], [2, 0], [2, 5]]


@pytest.mark.parametrize("theme", THEMES)
def test_each_class_has_a_color_of_its_own_that_is_seen_on_the_paper(theme: str) -> None:
    from matplotlib.colors import to_rgb

    assert len(set(COLORS[theme])) == 10
    for color in COLORS[theme]:
        assert contrast_of(to_rgb(color), to_rgb(THEMES[theme].paper)) >= 3


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda source: source.pop("answers"), "found has no answers; give it the tour of an experiment"),
        (lambda source: source.update(positions=np.zeros((3, 60, 3))), r"positions has shape \(3, 60, 3\)"),
        (lambda source: source.update(positions=np.full((3, 60, 2), np.nan)), "a value that is not finite"),
        (lambda source: source.update(labels=source["labels"] + 1), "there are classes up to 10; only digits"),
        (
            lambda source: source.update(levels=source["levels"][:1], positions=source["positions"][:1]),
            "there are 1 layers; give 2 to 8",
        ),
    ],
)
def test_another_result_is_refused(change: Any, problem: str) -> None:
    source = found()
    change(source)
    with pytest.raises(ValueError, match=problem):
        trace(found=source, count=10)


@pytest.mark.parametrize("count", [0, 61])
def test_more_digits_than_there_are_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"count is {count}; the experiment kept 1 to 60 digits"):
        trace(found=found(), count=count)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("count", "wrong", "layers"), [(60, 9, 8), (12, 1, 2), (1, 0, 3)])
def test_the_picture_fits_a_slide_and_its_texts_stand_apart(theme: Any, count: int, wrong: int, layers: int) -> None:
    figure = draw(trace(found=found(count, wrong, layers), count=count), theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []
    assert sum(len(group.get_offsets()) for group in figure.axes[0].collections) == count


def test_a_panel_fits_its_sheet() -> None:
    figure = draw(trace(found=found(), count=60), LIGHT, 1)
    assert figure.get_size_inches().tolist() == pytest.approx([4.2, 3.2])
    assert flaws(figure, PANEL_TEXT) == []


@pytest.fixture(scope="module")
def played() -> Played:
    return play(layer_tour, {"found": found(), "count": 60}, DARK)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_mark_follows_the_opening_and_each_layer(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)
    for mark, level in zip(played.marks, played.trace.levels, strict=True):
        assert f"{level.values:,} values; the plane shows" in " ".join(text.text for text in mark)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_is_legible(played: Played) -> None:
    assert faults(played) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("most", "every"), [(150, 1), (25, 3)])
def test_the_film_moves_one_of_so_many_digits_and_all_errors_and_says_so(
    most: int, every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_tour, "MOST_MOVED", most)
    tour = trace(found=found(wrong=5), count=60)
    *others, (errors, _, _) = layer_tour.Cloud(tour, DARK).groups
    assert set(errors) == set(tour.wrong)
    assert set(np.concatenate([chosen for chosen, _, _ in others])) == set(range(0, 60, every)) - set(tour.wrong)
    said = [item.text for item in layer_tour._write_moved(tour)]
    assert said == ([f"1 of {every} digits moves, and every error"] if every > 1 else [])


@given(st.integers(1, 60), st.integers(0, 8), st.floats(0.01, 1), st.floats(0, 1))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(count: int, wrong: int, variance: float, same: float) -> None:
    source = found(wrong=wrong)
    source["levels"][1] |= {"variance": variance, "same_class": same}
    words = describe(trace(found=source, count=count))
    levels = source["levels"]
    said = [[level["values"], 100 * level["variance"], 100 * level["same_class"]] for level in levels]
    errors = [pair for k in range(min(wrong, count, 6)) for pair in (k % 10, (k + 1) % 10)]
    ending = [min(wrong, count), *errors] if errors else []
    assert_says(words.alt, [count, 3, *(number for numbers in said for number in numbers), *ending])
    assert_says(words.steps[0], said[1])
    assert_says(words.steps[1], [*said[2], *ending])
