"""Writes the MP4 files of a film, one for slides and a smaller one for handouts: a picture that stands is one frame.

Only the part of a picture that has changed is turned into the encoder's colors, and the encoder runs in a thread beside
what draws; FFmpeg lets Python go on meanwhile.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import av
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from generator.theme import FILM_HEIGHT, FILM_WIDTH

FRAME_RATE = 30  # frames a second, at most: what stands still is one
# One thread, because with more, equal frames give different bytes. Many B frames, since most of a picture stays: that
# makes files a fifth smaller, and the cheap search for motion takes a third of the time.
ENCODER = {
    "crf": "31", "preset": "veryfast", "threads": "1", "forced-idr": "1", "g": "300",
    "x264-params": "bframes=8:b-adapt=0:subme=1:weightp=0",
}  # fmt: skip
CONTAINER = {"movflags": "+faststart", "fflags": "+bitexact"}  # bit-exact: no date, no version of the encoder
SMALL = (1152, 540)  # width and height, in pixels, of the film in a handout, which shows it smaller than a slide does
BT709 = 1
BLOCK = (60, 256)  # height and width, in pixels, of what is turned into the encoder's colors at a time
MARGIN = 8  # pixels around it, that a color may be mixed with
WAITING = 8  # pictures that may wait for the encoder

Block = tuple[int, int, int, int, av.VideoFrame]  # where it lies, where it begins in the picture around it, and that


def small(path: Path) -> Path:
    """Return where the smaller form of the film at `path` is."""
    return path.with_name(f"{path.stem}_small{path.suffix}")


class Encoding:
    """An MP4 file that is being written, in pictures of one size."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        """Begin a file at `path`."""
        self.container = av.open(path, "w", format="mp4", options=CONTAINER)
        self.stream: Any = self.container.add_stream("libx264", rate=FRAME_RATE, options=ENCODER)
        self.stream.width, self.stream.height, self.stream.pix_fmt = width, height, "yuv420p"
        self.stream.time_base = Fraction(1, FRAME_RATE)
        codec = self.stream.codec_context
        codec.colorspace = codec.color_primaries = codec.color_trc = codec.color_range = BT709
        self.last: Any = None  # packet, which is written when it is known how long it lasts

    def add(self, picture: av.VideoFrame | None) -> None:
        """Encode a picture, or without one what is still waiting."""
        for packet in self.stream.encode(picture):
            if self.last:
                self.container.mux(self.last)
            self.last = packet

    def close(self, frames: int) -> None:
        """Finish the file, which is to last so many frames.

        A film lasts until its last packet ends, which with B frames is decoded long before it is shown.
        """
        if self.last:
            self.last.duration = frames - self.last.dts
            self.container.mux(self.last)
        self.container.close()


class FilmFile:
    """The MP4 files of a film; `written` are the numbers of the frames that are in them, in their order."""

    def __init__(self, path: Path) -> None:
        """Begin the files: at `path` the one with key frames, and beside it the small one."""
        self.full, self.small = Encoding(path, FILM_WIDTH, FILM_HEIGHT), Encoding(small(path), *SMALL)
        self.picture = av.VideoFrame(FILM_WIDTH, FILM_HEIGHT, "yuv420p")
        self.planes = [plane_of(self.picture, number) for number in range(3)]
        self.reformatter: Any = VideoReformatter()
        self.written: list[int] = []
        self.waits: tuple[int, list[Block]] | None = None  # the last picture, which may become a key frame
        self.queue: Queue[tuple[int, bool, list[Block]] | None] = Queue(WAITING)
        self.error: BaseException | None = None
        self.thread = Thread(target=self._encode_all, name="film")
        self.thread.start()

    def append(self, at: int, pixels: NDArray[np.uint8], blocks: NDArray[np.bool_]) -> None:
        """Add a picture (height, width, RGBA) that stands from frame `at` on.

        blocks: what differs from the picture before, one for each BLOCK.
        """
        self.send(is_key=False)
        self.written.append(at)
        self.waits = at, list(cut_blocks(pixels, blocks))

    def send(self, *, is_key: bool) -> None:
        """Let the last picture be encoded, if that was not done yet; `is_key` makes it a key frame."""
        if self.waits:
            at, blocks = self.waits
            self.queue.put((at, is_key, blocks))
            self.waits = None

    def close(self) -> None:
        """Finish the file; raise what has stopped the encoder, if anything has."""
        self.send(is_key=False)
        self.queue.put(None)
        self.thread.join()
        for encoding in (self.full, self.small):
            encoding.close(self.written[-1] + 1 if self.written else 0)
        if self.error:
            raise self.error

    def _encode_all(self) -> None:
        """Encode what comes, to the end; after an error, only take it."""
        while item := self.queue.get():
            if not self.error:
                self._try_to(item)
        if not self.error:
            self._try_to(None)

    def _try_to(self, item: tuple[int, bool, list[Block]] | None) -> None:
        try:
            self.full.add(self._convert(*item) if item else None)
            self.small.add(self._shrink() if item else None)
        except BaseException as error:
            self.error = error

    def _convert(self, at: int, is_key: bool, blocks: list[Block]) -> av.VideoFrame:  # noqa: FBT001 - from a tuple
        """Return the picture with these blocks in it, for frame number `at`."""
        for y, x, top, left, window in blocks:
            source = self.reformatter.reformat(window, format="yuv420p", dst_colorspace="ITU709")
            for number, plane in enumerate(self.planes):
                by = 2 if number else 1
                height, width = BLOCK[0] // by, BLOCK[1] // by
                part = plane_of(source, number)[top // by : top // by + height, left // by : left // by + width]
                plane[y // by : y // by + height, x // by : x // by + width] = part
        self.picture.pts, self.picture.time_base = at, Fraction(1, FRAME_RATE)
        self.picture.pict_type = PictureType.I if is_key else PictureType.NONE
        return self.picture

    def _shrink(self) -> av.VideoFrame:
        """Return the picture as small as handouts show it; none of these has to be a key frame."""
        shrunk = self.reformatter.reformat(self.picture, width=SMALL[0], height=SMALL[1], interpolation="BICUBIC")
        shrunk.pts, shrunk.time_base = self.picture.pts, self.picture.time_base
        shrunk.pict_type = PictureType.NONE
        return shrunk


def plane_of(frame: av.VideoFrame, number: int) -> NDArray[np.uint8]:
    """Return the memory of one plane of a frame as an array (height, width with padding)."""
    plane: Any = frame.planes[number]
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)


def cut_blocks(pixels: NDArray[np.uint8], blocks: NDArray[np.bool_]) -> Iterator[Block]:
    """Yield the marked blocks of a picture, each with a margin, so that they become what the whole picture would."""
    height, width = BLOCK[0] + 2 * MARGIN, BLOCK[1] + 2 * MARGIN
    for row, column in np.argwhere(blocks).tolist():
        y, x = row * BLOCK[0], column * BLOCK[1]
        top = min(max(y - MARGIN, 0), FILM_HEIGHT - height)
        left = min(max(x - MARGIN, 0), FILM_WIDTH - width)
        window = np.ascontiguousarray(pixels[top : top + height, left : left + width])
        yield y, x, y - top, x - left, av.VideoFrame.from_ndarray(window, format="rgba")
