"""Each mean stands in its class's place, and what is said of the farthest images is true of them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import sheet_flaws, words_of
from said_numbers import assert_says

from figures.class_means import describe, draw, trace
from generator.theme import DARK, LIGHT


def example(classes: int, seed: int = 0, shape: tuple[int, int] = (6, 6), unit: float = 255) -> dict[str, Any]:
    """Return means and farthest images of random classes."""
    random = np.random.default_rng(seed)
    means = random.uniform(0, 255, (classes, *shape))
    images = random.integers(0, 256, (classes, *shape))
    apart = np.linalg.norm((images[:, None] - means[None]).reshape(classes, classes, -1), axis=2)
    found = {"images": images, "distances": apart.diagonal() / unit, "nearest": apart.argmin(axis=1)}
    return {"means": means, "farthest": found}


TEN = example(10)


def test_the_means_keep_their_places() -> None:
    shown = trace(means=TEN["means"])
    assert (shown.means == TEN["means"]).all()
    assert shown.farthest == ()


@given(st.integers(2, 12), st.integers(0, 99), st.sampled_from([1, 255]))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_an_image_is_misread_if_another_mean_is_nearest(classes: int, seed: int, unit: float) -> None:
    given_ = example(classes, seed, unit=unit)
    nearest = given_["farthest"]["nearest"]
    assert trace(**given_).misread == tuple(k for k in range(classes) if nearest[k] != k)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"means": TEN["means"][0]}, r"means has shape \(6, 6\); give an array \(classes, height, width\)"),
        ({"means": TEN["means"][:1]}, "there are means of 1 classes; 2 to 12 fit a slide"),
        ({"means": TEN["means"] - 300}, "means are not made of pixels; give numbers from 0 to 255"),
        ({"means": TEN["means"] / 255}, "only; give pixels from 0 to 255, not divided by it"),
        ({"farthest": {"images": TEN["means"]}}, "farthest has no distances; give images, distances, nearest"),
        ({"means": TEN["means"][:5]}, "there are means 5 × 6 × 6, images 10 × 6 × 6, 10 distances and 10 nearest"),
        ({"farthest": TEN["farthest"] | {"nearest": [10] * 10}}, "nearest are not classes; give whole numbers"),
        ({"farthest": TEN["farthest"] | {"distances": np.ones(10)}}, "the distances are not those of the images"),
        (
            {"farthest": TEN["farthest"] | {"nearest": (TEN["farthest"]["nearest"] + 1) % 10}},
            "the image of class 0 is nearer to the mean of class [0-9]; compute nearest from these means",
        ),
    ],
)
def test_what_are_no_means_or_not_their_farthest_images_is_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**(TEN | change))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("classes", [2, 5, 7, 10, 12])
@pytest.mark.parametrize("shape", [(6, 6), (9, 4)])
def test_the_picture_fits_a_slide(theme: Any, classes: int, shape: tuple[int, int]) -> None:
    given_ = example(classes, shape=shape, unit=1)
    for arguments, images in ((given_, 2 * classes), ({"means": given_["means"]}, classes)):
        figure = draw(trace(**arguments), theme)
        assert sheet_flaws(figure) == []
        assert len(figure.axes[0].images) == images


def test_the_nearest_class_is_written_below_each_image() -> None:
    words = words_of(draw(trace(**TEN), LIGHT))
    assert [word for word in words if word.startswith("nearest")] == [
        f"nearest {k}" for k in TEN["farthest"]["nearest"]
    ]


@given(st.integers(2, 12), st.integers(0, 99), st.booleans())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(classes: int, seed: int, far: bool) -> None:
    given_ = example(classes, seed)
    ink = [mean.sum() / mean.size / 255 for mean in given_["means"]]
    said: list[float] = [classes, 0, classes - 1, 6, 6, np.argmax(ink), 100 * max(ink), np.argmin(ink), 100 * min(ink)]
    found = given_["farthest"]
    if far:
        rows = zip(range(classes), found["distances"], found["nearest"], strict=True)
        said += [number for row in rows for number in row]
        said += [sum(found["nearest"] != np.arange(classes)), classes]
    words = describe(trace(means=given_["means"], farthest=found if far else None))
    assert_says(words.alt, said)
    assert words.facts["ink"] == pytest.approx(ink)
