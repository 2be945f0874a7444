"""Single pictures of a film, for what cannot play it; knows neither pages nor figures."""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

FRAME: Final = 1 / 30  # seconds; a mark may lie a little before the time of its frame


@lru_cache(maxsize=64)
def read_frames(film: bytes, times: Sequence[float]) -> tuple[bytes, ...]:
    """Return the pictures that `film` (an mp4) shows at `times` (seconds, rising), as PNG.

    A time after the end gives the last picture. Raises av.FFmpegError for bytes that are no film.
    """
    import av

    shown: list[Any] = []
    with av.open(BytesIO(film)) as container:
        last = None
        for frame in container.decode(video=0):
            while len(shown) < len(times) and last and frame.time > times[len(shown)] + FRAME / 2:
                shown.append(last)
            last = frame
            if len(shown) == len(times):
                break
        shown += [last] * (len(times) - len(shown))
    return tuple(encode(frame) for frame in shown)


def encode(frame: Any) -> bytes:
    """Return a frame as PNG."""
    stream = BytesIO()
    frame.to_image().save(stream, "PNG", optimize=False)
    return stream.getvalue()
