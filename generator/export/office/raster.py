"""SVG as pixels, for formats that cannot draw it; one library, which is installed only where it is wanted."""

from functools import lru_cache

from generator.errors import PageError


@lru_cache(maxsize=128)
def rasterize(svg: bytes, width: int, ground: str = "#ffffff") -> bytes:
    """Return an SVG as PNG, `width` pixels wide, on the color `ground`.

    Raises PageError for what is no SVG with a size.
    """
    import resvg_py

    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg.decode("utf-8"), width=width, dpi=96.0, background=ground, skip_system_fonts=True
            )
        )
    except ValueError as error:
        raise PageError(f"a picture cannot be drawn: {error}", hint="build the lecture again") from error
