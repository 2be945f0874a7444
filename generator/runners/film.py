"""Renders a film of a figure kind with Manim: `film.mp4` for slides, and `film_plain.mp4`, which plays without stops.

Both have the same pictures. `film.mp4` has a key frame at each mark, so that a player can jump there at once; without
them, and encoded a little more coarsely, `film_plain.mp4` is half as large. For who can play neither, `mark_00.webp` …
hold the picture at each mark. They are transparent where nothing has changed since the one before: laid over each
other, the first few are the picture.

Frames go straight from Manim's camera into the files. Its own cache and segment files are not used, because they are
written in place and trusted by name. LaTeX is never called. The same scene gives the same bytes.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

import av
import manim
import numpy as np
from av.video.frame import PictureType
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from numpy.typing import NDArray
from PIL import Image

from generator.theme import FILM_HEIGHT, FILM_WIDTH, FONT_FOLDER, LIGHT, Theme

FRAME_RATE = 30  # frames a second
STILL_FRAMES = 6  # held on either side of a mark, so that a player may miss it by 0.2 s
# One thread, because with more, equal frames give different bytes. Bit-exact: no date, no version of the encoder.
ENCODER = {"crf": "29", "preset": "veryfast", "threads": "1", "forced-idr": "1", "g": "300"}
PLAIN_CRF = "31"  # of the plain form: handouts show it smaller than slides do, and hold every film
CONTAINER = {"movflags": "+faststart", "fflags": "+bitexact"}
BT709 = 1


def run(recipe: ModuleType, arguments: dict[str, Any], out: Path, *, theme: Theme = LIGHT) -> dict[str, Any]:
    """Write the film of one figure into `out`; return alt, steps, facts, marks and length in seconds, and size.

    Raises ValueError for a film whose marks do not fit its sentences, and as `check_film` does.
    """
    trace = recipe.trace(**arguments)
    description = recipe.describe(trace)
    path = out / "film.mp4"
    with manim_settings(theme):
        film = FilmScene(theme, path)
        recipe.animate(trace, film)
        film.finish()
    check_marks(len(film.marks), len(description.steps))
    marks = [frame / FRAME_RATE for frame in film.marks]
    check_film(path, film.marks, film.frames)
    check_film(plain(path), [], film.frames)
    return {
        "alt": description.alt,
        "steps": list(description.steps),
        "facts": dict(description.facts),
        "marks": marks,
        "seconds": film.frames / FRAME_RATE,
        "width": FILM_WIDTH,
        "height": FILM_HEIGHT,
    }


@contextmanager
def manim_settings(theme: Theme) -> Iterator[None]:
    """Configure Manim for a film (size, background, fonts) in a temporary folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix="film-") as folder:
        settings = {
            "pixel_width": FILM_WIDTH,
            "pixel_height": FILM_HEIGHT,
            "frame_height": 8.0,
            "frame_width": 8.0 * FILM_WIDTH / FILM_HEIGHT,
            "frame_rate": FRAME_RATE,
            "background_color": theme.paper,
            "media_dir": folder,
            "dry_run": True,  # Manim writes nothing itself
            "disable_caching": True,
            "progress_bar": "none",
            "verbosity": "ERROR",
        }
        with _project_fonts(Path(folder)), manim.tempconfig(settings):
            yield


@contextmanager
def _project_fonts(folder: Path) -> Iterator[None]:
    """Let Pango see only the project's fonts; must be entered before Pango first reads FONTCONFIG_FILE."""
    before = os.environ.get("FONTCONFIG_FILE")
    setting = folder / "fonts.conf"
    fonts, cache = escape(str(FONT_FOLDER)), escape(str(folder / "fonts"))
    setting.write_text(f"<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>", encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = str(setting)
    try:
        yield
    finally:
        os.environ.pop("FONTCONFIG_FILE")
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


class FrameEncoder(SceneFileWriter):  # type: ignore[misc]    # Manim is untyped here
    """Takes the place of Manim's file writer: encodes each frame at once, into both files, and counts frames."""

    def open(self, path: Path | None) -> None:
        """Begin a film at `path` and its plain form next to it; without a path, frames are only counted."""
        self.frames, self.is_key = 0, False
        self.shown = self.marked = np.zeros((FILM_HEIGHT, FILM_WIDTH, 4), np.uint8)
        self.video_files = [VideoFile(path), VideoFile(plain(path), PLAIN_CRF)] if path else []

    def write_frame(self, pixels: NDArray[np.uint8], *, repeat: int = 1) -> None:
        """Append a picture (height, width, RGBA) `repeat` times; the first is a key frame if `is_key` is set."""
        if self.video_files:
            self.shown = pixels.copy()
            picture = av.VideoFrame.from_ndarray(pixels, format="rgba")
            frame = picture.reformat(format="yuv420p", dst_colorspace="ITU709")
            for k in range(repeat):
                frame.pts, frame.time_base = self.frames + k, Fraction(1, FRAME_RATE)
                for file, is_key in zip(self.video_files, (self.is_key, False), strict=True):
                    file.append(frame, is_key=is_key)
                self.is_key = False
        self.frames += repeat

    def keep_still(self, path: Path) -> None:
        """Write what has changed since the mark before as a picture to `path`, if the film is written at all."""
        if self.video_files:
            changed = (self.shown[..., :3] != self.marked[..., :3]).any(axis=-1) | (self.marked[..., 3] == 0)
            layer = np.dstack([np.where(changed[..., None], self.shown[..., :3], 0), np.where(changed, 255, 0)])
            Image.fromarray(layer.astype(np.uint8)).save(path, "webp", lossless=True, quality=50, method=4, exact=True)
            self.marked = self.shown

    def close(self) -> None:
        """Finish both files."""
        for file in self.video_files:
            file.close()

    def begin_animation(self, *_: object, **__: object) -> None:
        """Do nothing: there are no segments."""

    def end_animation(self, *_: object, **__: object) -> None:
        """Do nothing: there are no segments."""


class VideoFile:
    """An MP4 file that is being written."""

    def __init__(self, path: Path, crf: str = ENCODER["crf"]) -> None:
        """Begin a file at `path`; crf: how coarse it may be, from 0 to 51."""
        self.container = av.open(path, "w", format="mp4", options=CONTAINER)
        self.stream = self.container.add_stream("libx264", rate=FRAME_RATE, options={**ENCODER, "crf": crf})
        self.stream.width, self.stream.height, self.stream.pix_fmt = FILM_WIDTH, FILM_HEIGHT, "yuv420p"
        self.stream.time_base = Fraction(1, FRAME_RATE)
        codec = self.stream.codec_context
        codec.colorspace = codec.color_primaries = codec.color_trc = codec.color_range = BT709

    def append(self, frame: av.VideoFrame, *, is_key: bool) -> None:
        """Encode a picture; `is_key` forces a key frame, else the encoder decides."""
        frame.pict_type = PictureType.I if is_key else PictureType.NONE
        self.container.mux(self.stream.encode(frame))

    def close(self) -> None:
        """Finish the file."""
        self.container.mux(self.stream.encode())
        self.container.close()


def plain(path: Path) -> Path:
    """Return the path of the plain form of a film."""
    return path.with_stem(f"{path.stem}_plain")


class FilmScene(manim.Scene):  # type: ignore[misc]
    """The scene passed to `animate`: `theme` has the colors, and `mark` ends a step.

    `marks` are the frames at which the film stops; `frames` is the number of frames so far.
    """

    def __init__(self, theme: Theme, path: Path | None = None) -> None:
        """Begin a film at `path`; without a path nothing is drawn and every animation jumps to its end."""
        self.theme = theme
        self.folder = path.parent if path else None
        self.marks: list[int] = []
        super().__init__(
            renderer=CairoRenderer(file_writer_class=FrameEncoder, skip_animations=path is None), random_seed=0
        )
        self.reel: FrameEncoder = self.renderer.file_writer
        self.reel.open(path)

    @property
    def frames(self) -> int:
        """The number of frames so far."""
        return self.reel.frames

    def mark(self, sentence: str) -> None:
        """End a step, described by `sentence`: the film stops here, on a still picture; ValueError if it is empty."""
        if not sentence:
            raise ValueError("a mark has no sentence; say what the picture shows")
        self._hold()
        if self.folder:
            self.reel.keep_still(self.folder / f"mark_{len(self.marks):02}.webp")
        self.marks.append(self.frames)
        self.reel.is_key = True
        self._hold()

    def _hold(self) -> None:
        """Hold the picture for STILL_FRAMES; the extra millisecond keeps rounding from losing a frame."""
        self.wait(STILL_FRAMES / FRAME_RATE + 0.001)

    def finish(self) -> None:
        """Finish the film with its last picture."""
        self.reel.close()


def check_marks(marks: int, sentences: int) -> None:
    """Raise ValueError unless there is a sentence, and one mark more than sentences: that of the opening picture.

    Else pages could not say what the film shows where it stops.
    """
    if marks != sentences + 1 or not sentences:
        counts = f"{marks} mark{'s' * (marks != 1)} and {sentences} sentence{'s' * (sentences != 1)}"
        hint = "`animate` marks the opening picture, and then each of the steps that `describe` returns"
        raise ValueError(f"the film has {counts}; {hint}")


def check_film(path: Path, marks: list[int], frames: int) -> None:
    """Raise ValueError unless a film has all its frames, and a key frame at each mark; reads every packet."""
    with av.open(path) as container:
        keys = {packet.pts: packet.is_keyframe for packet in container.demux(video=0) if packet.size}
        step = container.streams.video[0].time_base
    places = {round(pts * step * FRAME_RATE): is_key for pts, is_key in keys.items()}
    if places.keys() != set(range(frames)) or not all(places[mark] for mark in marks):
        raise ValueError(f"the film is damaged: {len(places)} of {frames} frames; build it again")
