"""The size of a picture is read from its first bytes, as whoever decodes it would find it."""

from io import BytesIO

import pytest
from PIL import Image

from generator.lecture import picture_size
from generator.lecture.picture_size import is_too_large

FORMATS = {
    "png": ("png", {}), "gif": ("gif", {}), "jpeg": ("jpeg", {}), "progressive": ("jpeg", {"progressive": True}),
    "described": ("jpeg", {"comment": b"a" * 4000}), "webp": ("webp", {}), "lossless": ("webp", {"lossless": True}),
    "profiled": ("webp", {"icc_profile": b"a" * 200}),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_a_picture_with_a_pixel_too_many_is_told_with_its_size(monkeypatch, name):
    kind, options = FORMATS[name]
    stream = BytesIO()
    Image.new("RGB", (301, 42)).save(stream, kind, **options)
    monkeypatch.setattr(picture_size, "LONGEST_SIDE", 301)
    assert is_too_large(kind, stream.getvalue()) == ""
    monkeypatch.setattr(picture_size, "LONGEST_SIDE", 300)
    assert is_too_large(kind, stream.getvalue()) == "301 x 42"


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('<svg width="20000" height="10">', "20000 x 10"), ("<svg\nheight = '20000.5px'\nwidth='1px'>", "1 x 20000"),
        ('<svg width="100%" height="20cm">', ""), ('<svg viewBox="0 0 30000 30000">', ""), ("<html>", ""),
    ],
)  # fmt: skip
def test_a_drawing_has_the_size_of_its_root(root, size):
    assert is_too_large("svg+xml", root.encode()) == size


@pytest.mark.parametrize("kind", ["png", "gif", "jpeg", "webp", "svg+xml"])
def test_of_a_file_that_ends_early_no_size_is_known(kind):
    assert is_too_large(kind, b"\xff\xd8\xff") == ""
