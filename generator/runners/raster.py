"""The images inside a picture: upright, and in the smallest form that keeps every pixel."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from generator.transform import Matrix


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image's address, and its box in the picture's units."""

    address: str
    x: float
    y: float
    width: float
    height: float


def place_image(address: str, matrix: Matrix, width: float, height: float) -> PlacedImage:
    """Return an image that `matrix` lays out from a box of this size at the origin, without the matrix.

    A matrix that turns the image upside down or mirrors it does so to the pixels. Raises ValueError for one that
    rotates or shears.
    """
    if abs(matrix[0, 1]) + abs(matrix[1, 0]) > 1e-6:
        raise ValueError("a picture has a rotated image; rotate its pixels")
    image: Image.Image = Image.open(BytesIO(b64decode(address.partition("base64,")[2])))
    if matrix[0, 0] < 0:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if matrix[1, 1] < 0:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    left, right = sorted((matrix[0, 2], matrix[0, 2] + matrix[0, 0] * width))
    top, bottom = sorted((matrix[1, 2], matrix[1, 2] + matrix[1, 1] * height))
    packed = b64encode(pack_image(image)).decode()
    return PlacedImage(f"data:image/webp;base64,{packed}", left, top, right - left, bottom - top)


def pack_image(image: Image.Image) -> bytes:
    """Return an image as WebP without loss, which takes a third less than PNG for maps of some hundred pixels."""
    is_opaque = image.mode != "RGBA" or image.getextrema()[3] == (255, 255)  # type: ignore[misc]    # four bands
    stream = BytesIO()
    image.convert("RGB" if is_opaque else "RGBA").save(stream, "webp", lossless=True, quality=100, method=6, exact=True)
    return stream.getvalue()
