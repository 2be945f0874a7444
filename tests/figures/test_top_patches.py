"""The wall of patches shows what the experiment found, and says so."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from said_numbers import assert_says

from figures.top_patches import common_classes, describe, draw, trace
from generator.theme import DARK, LIGHT


def found(channels: int = 5, count: int = 6) -> dict:
    random = np.random.default_rng(0)
    return {
        "channels": np.arange(channels) * 3,
        "patches": random.integers(0, 256, (channels, count, 8, 8), dtype=np.uint8),
        "activations": np.sort(random.random((channels, count)))[:, ::-1],
        "boxes": random.integers(0, 20, (channels, count, 2)),
        "images": random.integers(0, 256, (channels, count, 28, 28), dtype=np.uint8),
        "labels": random.integers(0, 10, (channels, count)),
        "mean": random.random((channels, 8, 8)) * 255,
        "classes": random.integers(1, 9, (channels, 10)),
        "receptive_field": 8,
    }


def test_the_trace_keeps_the_first_channels_and_patches() -> None:
    kept = trace(found=found(), channels=2, count=3)
    assert kept.channels == (0, 3)
    assert kept.patches.shape == (2, 3, 8, 8)
    assert kept.images is None


def test_whole_digits_are_kept_when_they_are_asked_for() -> None:
    kept = trace(found=found(), channels=2, count=3, whole=True)
    assert kept.images is not None
    assert kept.images.shape == (2, 3, 28, 28)


@pytest.mark.parametrize(("name", "wanted"), [("channels", 6), ("channels", 0), ("count", 7)])
def test_more_than_the_experiment_kept_is_refused(name: str, wanted: int) -> None:
    with pytest.raises(ValueError, match=f"{name} is {wanted}; the experiment kept 1 to"):
        trace(found=found(), **{"channels": 1, "count": 1, name: wanted})


def test_another_result_than_top_patches_is_refused() -> None:
    with pytest.raises(ValueError, match="found has no channels; give it"):
        trace(found={"accuracy": 0.9})


def test_the_text_has_a_sentence_for_each_channel_with_its_answers() -> None:
    source = found()
    words = describe(trace(found=source, layer="conv2", channels=5, count=6))
    assert len(words.steps) == 5
    assert f"Channel 12 responds with {source['activations'][4, 0]:.2f} down to" in words.steps[4]
    assert words.alt.startswith("5 channels of conv2")


def test_the_commonest_classes_come_first_and_absent_ones_are_left_out() -> None:
    assert common_classes([1, 0, 3]) == "2: 75 %, 0: 25 %"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("whole", [False, True])
def test_the_wall_fits_a_slide(theme, *, whole: bool) -> None:
    figure = draw(trace(found=found(), channels=5, count=6, whole=whole), theme)
    assert isinstance(figure, Figure)
    width, height = figure.get_size_inches()
    assert width == pytest.approx(12.8)
    assert height <= 6


def test_a_panel_shows_the_patches_of_one_channel() -> None:
    panel = draw(trace(found=found(), channels=2, count=6), LIGHT, step=1)
    assert panel.get_size_inches().tolist() == pytest.approx([4.2, 3.2])
    assert panel.axes[0].texts[0].get_text().startswith("channel 3:")
    assert len(panel.axes[0].images) == 6


@given(st.integers(1, 5), st.integers(1, 6), st.integers(0, 99), st.sampled_from([2, 9, 400]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(channels: int, count: int, seed: int, most: int) -> None:

    source = found()
    source["classes"] = np.random.default_rng(seed).integers(0, most, (5, 10))
    source["classes"][:, 4] += 1
    source["mean"] += np.arange(8) * np.arange(5)[:, None, None] * seed  # some channels see an upright edge
    said, sentences = [], describe(trace(found=source, channels=channels, count=count)).steps
    for row in range(channels):
        values, counts = source["activations"][row, :count], source["classes"][row]
        common = sorted((k for k in range(10) if counts[k]), key=lambda k: (-counts[k], k))
        shares = [number for k in common[:3] for number in (k, 100 * counts[k] / counts.sum())]
        rest = [100 * sum(counts[k] for k in common[3:]) / counts.sum()] if common[3:] else []
        down, across = np.gradient(source["mean"][row])
        steepest, ways = np.linalg.eigh([[np.sum(a * b) for a in (across, -down)] for b in (across, -down)])
        is_one = steepest[1] - steepest[0] >= 0.5 * steepest.sum()
        angle = [round(np.degrees(np.arctan2(*ways[::-1, 0])) % 180) % 180] if is_one else []
        said += [3 * row, max(values), min(values), *shares, *rest, *angle]
        assert_says(sentences[row], [3 * row, max(values), min(values), *shares, *rest, *angle])
    assert_says(describe(trace(found=source, channels=channels, count=count)).alt, [channels, count, 8, 8, *said])


def test_the_classes_that_are_not_named_are_summed() -> None:
    source = found(1)
    source["classes"] = np.array([[40, 30, 20, 10]])
    assert (
        "come from 0: 40 %, 1: 30 %, 2: 20 %, others: 10 %; their mean "
        in describe(trace(found=source, channels=1, count=6)).alt
    )


def test_the_channels_of_each_direction_are_counted() -> None:
    source = found(3)
    source["mean"] = np.stack([np.tri(8), np.tri(8)[::-1], np.zeros((8, 8))])
    facts = describe(trace(found=source, channels=3, count=6)).facts
    assert facts["directions"] == ["falling", "rising", ""]
    assert facts["strokes"] == {"level": 0, "rising": 1, "upright": 0, "falling": 1, "none": 1}
