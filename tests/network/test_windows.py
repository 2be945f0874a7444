"""What a page's explorers compute is what Keras computes; what they say no window sees, changes nothing."""

import json
import subprocess
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

RUNNER = Path(__file__).with_name("windows.mjs")


def computed(**asked: Any) -> dict[str, Any]:
    done = subprocess.run(["node", RUNNER], input=json.dumps(asked), text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@settings(max_examples=12)
@given(
    st.tuples(st.integers(4, 9), st.integers(4, 9)), st.integers(1, 3), st.sampled_from(["valid", "same"]),
    st.integers(2, 4), st.integers(0, 2), st.integers(0, 99),
)  # fmt: skip
def test_convolutions_and_poolings_are_those_of_keras(
    shape: tuple[int, int], strides: int, padding: str, size: int, right: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    image, kernel = random.integers(1, 9, shape), random.integers(-3, 4, (3, 3))
    found = computed(
        map=image.tolist(), kernel=kernel.tolist(), strides=strides, padding=padding, size=size, right=right
    )
    x = image[None, ..., None].astype(np.float32)
    expected = keras.ops.conv(x, kernel[..., None, None].astype(np.float32), strides=strides, padding=padding)
    assert found["shape"] == list(expected.shape[1:3])
    np.testing.assert_allclose(found["values"], np.ravel(expected), atol=1e-4)
    for way, mode in (("max", "max"), ("average", "average")):
        np.testing.assert_allclose(
            found["pooled"][way], np.ravel(keras.ops.average_pool(x, size) if mode == "average" else keras.ops.max_pool(x, size)), rtol=1e-6
        )  # fmt: skip
    whole = [side // size * size for side in shape]
    np.testing.assert_array_equal(found["pooled"]["strided"], image[: whole[0] : size, : whole[1] : size].ravel())
    shifted = np.zeros_like(image)
    shifted[:, right:] = image[:, : shape[1] - right]
    np.testing.assert_array_equal(found["moved"], shifted.ravel())
    assert found["change"] == pytest.approx(np.abs(image - shifted).sum() / image.sum())
    blind = image.copy()
    blind[found["unseen"][0]] = 100
    blind[:, found["unseen"][1]] = 100
    again = computed(
        map=blind.tolist(), kernel=kernel.tolist(), strides=strides, padding=padding, size=size, right=right
    )
    assert again["values"] == found["values"]


def test_the_last_row_of_an_even_map_is_in_no_window_of_three_at_stride_two() -> None:
    found = computed(map=[[1] * 28] * 28, kernel=[[1] * 3] * 3, strides=2, padding="valid", size=2, right=1)
    assert found["shape"] == [13, 13]
    assert found["unseen"] == [[27], [27]]
