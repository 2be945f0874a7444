"""Films a figure kind with Manim: `film.mp4`, for the clicker, and `film_plain.mp4`, which plays without a stop.

The first has a key frame at each mark, so that a player may go there at once; the second, of the same pictures, takes
two thirds of its size. Frames go straight from Manim's camera into both. Manim's own cache and its segment files are
not used (they are written in place and trusted by name), and no LaTeX is called. The same scene gives the same bytes.
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

from generator.theme import FILM_HEIGHT, FILM_RATE, FILM_WIDTH, FONT_FOLDER, LIGHT, Theme

STILL_FRAMES = 6  # that stand still on either side of a mark, so that a player may miss it by 0.2 s
# One thread: with more, equal frames give different bytes. No date and no build of the encoder goes into the file.
ENCODER = {"crf": "29", "preset": "veryfast", "threads": "1", "forced-idr": "1", "g": "300"}
CONTAINER = {"movflags": "+faststart", "fflags": "+bitexact"}
BT709 = 1


def run(recipe: ModuleType, arguments: dict[str, Any], out: Path, *, theme: Theme = LIGHT) -> dict[str, Any]:
    """Write the film of one figure into `out`; return its marks in seconds, its length, size, alt, steps and facts."""
    trace = recipe.trace(**arguments)
    description = recipe.describe(trace)
    path = out / "film.mp4"
    with manim_settings(theme):
        film = FilmScene(theme, path)
        recipe.animate(trace, film)
        film.finish()
    marks = [frame / FILM_RATE for frame in film.marks]
    check_film(path, film.marks, film.frames)
    check_film(plain(path), [], film.frames)
    return {
        "alt": description.alt,
        "steps": list(description.steps),
        "facts": dict(description.facts),
        "marks": marks,
        "seconds": film.frames / FILM_RATE,
        "width": FILM_WIDTH,
        "height": FILM_HEIGHT,
    }


@contextmanager
def manim_settings(theme: Theme) -> Iterator[None]:
    """Set Manim up for a film: size, paper, the project's fonts; what it leaves on disk vanishes afterwards."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix="film-") as folder:
        settings = {
            "pixel_width": FILM_WIDTH,
            "pixel_height": FILM_HEIGHT,
            "frame_height": 8.0,
            "frame_width": 8.0 * FILM_WIDTH / FILM_HEIGHT,
            "frame_rate": FILM_RATE,
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
    """Let Pango see the project's fonts and no others; its first look at FONTCONFIG_FILE decides."""
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
    """Takes Manim's frames and encodes them at once; counts them."""

    def open(self, path: Path | None) -> None:
        """Begin a film at `path`, and its plain form beside it; without a path frames are only counted."""
        self.frames, self.is_key = 0, False
        self.strips = [VideoFile(path), VideoFile(plain(path))] if path else []

    def write_frame(self, pixels: NDArray[np.uint8], *, repeat: int = 1) -> None:
        """Append a picture (height, width, RGBA) `repeat` times; the first is a key frame if that was asked for."""
        if self.strips:
            picture = av.VideoFrame.from_ndarray(pixels, format="rgba")
            frame = picture.reformat(format="yuv420p", dst_colorspace="ITU709")
            for k in range(repeat):
                frame.pts, frame.time_base = self.frames + k, Fraction(1, FILM_RATE)
                for strip, is_key in zip(self.strips, (self.is_key, False), strict=True):
                    strip.append(frame, is_key=is_key)
                self.is_key = False
        self.frames += repeat

    def close(self) -> None:
        """End the film."""
        for strip in self.strips:
            strip.close()

    def begin_animation(self, *_: object, **__: object) -> None:
        """Do nothing: there are no segments."""

    def end_animation(self, *_: object, **__: object) -> None:
        """Do nothing: there are no segments."""


class VideoFile:
    """One file of a film, while it is written."""

    def __init__(self, path: Path) -> None:
        """Begin a file at `path`."""
        self.container = av.open(path, "w", format="mp4", options=CONTAINER)
        self.stream = self.container.add_stream("libx264", rate=FILM_RATE, options=ENCODER)
        self.stream.width, self.stream.height, self.stream.pix_fmt = FILM_WIDTH, FILM_HEIGHT, "yuv420p"
        self.stream.time_base = Fraction(1, FILM_RATE)
        codec = self.stream.codec_context
        codec.colorspace = codec.color_primaries = codec.color_trc = codec.color_range = BT709

    def append(self, frame: av.VideoFrame, *, is_key: bool) -> None:
        """Encode a picture; as a key frame, if so wanted or if the encoder thinks it best."""
        frame.pict_type = PictureType.I if is_key else PictureType.NONE
        self.container.mux(self.stream.encode(frame))

    def close(self) -> None:
        """End the file."""
        self.container.mux(self.stream.encode())
        self.container.close()


def plain(path: Path) -> Path:
    """Return where the plain form of a film lies."""
    return path.with_stem(f"{path.stem}_plain")


class FilmScene(manim.Scene):  # type: ignore[misc]
    """The scene that `animate` plays in: `theme` has the colors, `mark` ends a step.

    `marks` are the frames at which the film stops, `frames` is how many there are so far.
    """

    def __init__(self, theme: Theme, path: Path | None = None) -> None:
        """Open a film; without a path nothing is drawn, and every animation jumps to its end."""
        self.theme = theme
        self.marks: list[int] = []
        super().__init__(
            renderer=CairoRenderer(file_writer_class=FrameEncoder, skip_animations=path is None), random_seed=0
        )
        self.reel: FrameEncoder = self.renderer.file_writer
        self.reel.open(path)

    @property
    def frames(self) -> int:
        """How many frames the film has."""
        return self.reel.frames

    def mark(self, sentence: str) -> None:
        """End a step, which `sentence` puts into words: the film stops here and shows a picture that stands still."""
        if not sentence:
            raise ValueError("a mark has no sentence; say what the picture shows")
        self._hold()
        self.marks.append(self.frames)
        self.reel.is_key = True
        self._hold()

    def _hold(self) -> None:
        """Let the picture stand still, and a millisecond for rounding."""
        self.wait(STILL_FRAMES / FILM_RATE + 0.001)

    def finish(self) -> None:
        """Close the film; it ends with the last picture."""
        self.reel.close()


def check_film(path: Path, marks: list[int], frames: int) -> None:
    """Look at every packet of a film; raise ValueError unless it has all its frames, and a key frame at each mark."""
    with av.open(path) as container:
        keys = {packet.pts: packet.is_keyframe for packet in container.demux(video=0) if packet.size}
        step = container.streams.video[0].time_base
    places = {round(pts * step * FILM_RATE): is_key for pts, is_key in keys.items()}
    if places.keys() != set(range(frames)) or not all(places[mark] for mark in marks):
        raise ValueError(f"the film is damaged: {len(places)} of {frames} frames; build it again")
