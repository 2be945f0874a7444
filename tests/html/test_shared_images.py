"""Images of a drawing that share one: each shows the pixels that it had, and only where that is shorter."""

import re
from base64 import b64decode, b64encode
from io import BytesIO

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from generator.check.pictures import read_drawing
from generator.html.shared_images import share_images


def webp(pixels: np.ndarray) -> str:
    stream = BytesIO()
    Image.fromarray(pixels, "RGBA").save(stream, "WEBP", lossless=True)
    return b64encode(stream.getvalue()).decode()


def drawing(images: list[np.ndarray]) -> str:
    placed = "".join(
        f'<image x="{20 * at}" y="5" width="18" height="18" href="data:image/webp;base64,{webp(image)}"/>'
        for at, image in enumerate(images)
    )
    return f'<svg viewBox="0 0 900 40"><path d="M0,0h9v9z"/>{placed}</svg>'


def noise(seed: int, size: tuple[int, int] = (12, 12)) -> np.ndarray:
    colors = np.random.default_rng(1).integers(0, 256, (40, 3))
    table = np.concatenate([colors, np.full((40, 1), 255)], axis=1).astype(np.uint8)
    return table[np.random.default_rng(seed).integers(0, 40, size)]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=3, max_size=9), st.tuples(st.integers(6, 14), st.integers(6, 14)))
def test_each_image_shows_its_own_pixels_in_its_own_place(seeds: list[int], size: tuple[int, int]) -> None:
    before = drawing([noise(seed, size) for seed in seeds])
    old, new = read_drawing(before).marks, read_drawing(share_images(before, "f1")).marks
    assert [mark.form for mark in old] == [mark.form for mark in new]
    for one, other in zip(old, new, strict=True):
        assert all(np.allclose(a, b) for a, b in zip(one.rings, other.rings, strict=True))
        assert one.pixels is None or np.array_equal(one.pixels, other.pixels)


def test_many_small_images_become_one_that_is_shorter() -> None:
    before = drawing([noise(seed) for seed in range(20)])
    after = share_images(before, "f7")
    assert len(after) < 0.8 * len(before)
    assert re.findall(r'<image id="([^"]*)"', after) == ["f7-s0"]
    assert after.count('<use href="#f7-s0"/>') == 20


def test_images_of_different_sizes_and_single_ones_stay_as_they_are() -> None:
    before = drawing([noise(at, (6 + at, 9)) for at in range(5)])
    assert share_images(before, "f1") == before


def test_an_image_has_copies_of_its_outer_rows_around_it() -> None:
    images = [noise(seed) for seed in range(8)]
    sheet = re.search(
        r'height="112" href="data:image/webp;base64,([^"]*)"',
        share_images(drawing(images), "f1"),
    )
    assert sheet
    with Image.open(BytesIO(b64decode(sheet[1]))) as opened:
        rows = np.asarray(opened.convert("RGBA"))
    for at, image in enumerate(images):
        part = rows[14 * at : 14 * at + 14]
        assert np.array_equal(part, np.concatenate([image[:1], image, image[-1:]]))
