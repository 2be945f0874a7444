"""Builds that are hurt: killed, refused a write, on a full disk, with flipped bits; and what then became of the pages.

The project is a small one that has two states, an old and a new one. A hurt build goes from one to the other. Afterwards
every page must be that of the one or of the other, whole; and the next build must make exactly the other's.
"""

import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from processes import PATIENCE, code_of
from sample import MARK
from sample_project import make_full_project

LECTURE = """---
title: Sample
---
## A {mark}

:::{{figure}} mark
:number: toss.accuracy
:::

The toss: {{value}}`toss.accuracy`.

:::{{figure}} mark
:number: {number}
:::
"""
STATES = {"old": LECTURE.format(mark="walk", number=0.25), "new": LECTURE.format(mark="race", number=0.75)}
# With a work, an image and code besides, so that a build leaves every kind of file.
FULL_LECTURE = (
    LECTURE.replace("title: Sample\n", "title: Sample\nbibliography: lectures/references.bib\n")
    + """
As {{cite}}`lecun1998` has shown, ![a grey point](data/point.svg) $x^2$.

:::{{code}}
print(6 * 7)
:::
"""
)
FULL_STATES = {
    "old": FULL_LECTURE.format(mark="walk", number=0.25),
    "new": FULL_LECTURE.format(mark="race", number=0.75),
}
# With a film and a training, whose processes are large and take their time.
SLOW_LECTURE = """---
title: Sample
experiments:
  taught: {{recipe: taught, epochs: {epochs}}}
---
## A {mark}

:::{{figure}} clip
:number: {number}
:view: film
:::

The loss: {{value}}`taught.loss`.
"""
SLOW_STATES = {
    "old": SLOW_LECTURE.format(mark="walk", number=0.25, epochs=1),
    "new": SLOW_LECTURE.format(mark="race", number=0.75, epochs=2),
}
CLIP = (
    MARK.replace("(), {", '("It has moved.",), {')
    + """

def animate(number, scene):
    from manim import RIGHT, Square

    square = Square(side_length=1 + number)
    scene.add(square)
    scene.mark("It stands.")
    scene.play(square.animate.shift(RIGHT), run_time=0.5)
    scene.mark("It has moved.")
"""
)
TAUGHT = '''"""A layer that learns to add two numbers."""

import keras
import numpy as np


def measure(*, seed: int = 0, epochs: int = 1) -> dict:
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    numbers = np.arange(64.0).reshape(32, 2) / 64
    history = model.fit(numbers, numbers.sum(axis=1), epochs=epochs, batch_size=8, verbose=0)
    return {"loss": round(history.history["loss"][-1], 4)}
'''
POINT = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><rect width="1" height="1" fill="#777"/></svg>'
PAGES = "build/sample"

# Lets the n-th call that changes something below FOLDER fail with ERRNO; a disk that is FULL stays so.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
static long calls;
static int below(const char *path) { const char *f = getenv("HURT_FOLDER"); return f && strncmp(path, f, strlen(f)) == 0; }
static int fails(void) {
  const char *n = getenv("HURT_CALL"); if (!n) return 0;
  long at = atol(n); calls++;
  if (calls == at || (getenv("HURT_FULL") && calls > at)) { errno = atoi(getenv("HURT_ERRNO")); return 1; }
  return 0;
}
static int file_fails(int fd) {
  char link[64], path[PATH_MAX + 1]; snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, PATH_MAX); if (n <= 0) return 0; path[n] = 0;
  return below(path) && fails();
}
ssize_t write(int fd, const void *b, size_t n) {
  static ssize_t (*real)(int, const void *, size_t); if (!real) real = dlsym(RTLD_NEXT, "write");
  return file_fails(fd) ? -1 : real(fd, b, n);
}
int fsync(int fd) {
  static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fsync");
  return file_fails(fd) ? -1 : real(fd);
}
int rename(const char *a, const char *b) {
  static int (*real)(const char *, const char *); if (!real) real = dlsym(RTLD_NEXT, "rename");
  return below(b) && fails() ? -1 : real(a, b);
}
int mkdir(const char *p, mode_t m) {
  static int (*real)(const char *, mode_t); if (!real) real = dlsym(RTLD_NEXT, "mkdir");
  return below(p) && fails() ? -1 : real(p, m);
}
int open64(const char *p, int flags, ...) {
  static int (*real)(const char *, int, ...); if (!real) real = dlsym(RTLD_NEXT, "open64");
  va_list l; va_start(l, flags); mode_t m = va_arg(l, mode_t); va_end(l);
  if ((flags & O_CREAT) && below(p) && fails()) return -1;
  return real(p, flags, m);
}
"""


@dataclass(slots=True)
class Patient:
    """A project that is hurt again and again; `pages` are those of each of its `states`, made in an unhurt one.

    seconds: how long the last unhurt build took from nothing.
    """

    folder: Path
    states: dict[str, str]
    pages: dict[str, dict[str, str]]
    shim: Path
    said: Path  # what the last build said of errors
    seconds: float = 0.0

    def turn(self, state: str, *, forget: bool) -> None:
        """Write the lecture of a state; `forget` empties the store, so that everything has to be made."""
        (self.folder / "lectures" / "sample.md").write_text(self.states[state], encoding="utf-8")
        if forget:
            shutil.rmtree(self.folder / ".lectern", ignore_errors=True)

    def start(self, **hurt: str) -> "subprocess.Popen[bytes]":
        """Start a build in a session of its own."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder), **hurt}
        with self.said.open("wb") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "generator", "build"], cwd=self.folder, env=environment,
                stdout=subprocess.DEVNULL, stderr=said, start_new_session=True,
            )  # fmt: skip

    def build(self) -> int:
        """Build undisturbed; return the exit code."""
        return code_of(self.start())

    def faults(self, state: str) -> list[str]:
        """Return what is wrong after a hurt build on the way to `state`, and after the next one."""
        found = ["a traceback is shown"] if b"Traceback" in self.said.read_bytes() else []
        torn = [name for name, digest in read_pages(self.folder).items()
                if digest not in [pages.get(name) for pages in self.pages.values()]]  # fmt: skip
        found += [f"{name} is torn" for name in torn]
        if self.build() != 0:
            found.append("the next build fails")
        if read_pages(self.folder) != self.pages[state]:
            found.append("the next build makes other pages")
        return found


def read_pages(project: Path) -> dict[str, str]:
    """Return the digest of every page by name."""
    folder = project / PAGES
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()
            if not path.name.startswith(".")} if folder.is_dir() else {}  # fmt: skip


@contextmanager
def patient(states: dict[str, str] = STATES, *, forget: bool = True) -> Iterator[Patient]:
    """Give a project that has been built in both states; `forget` lets it keep the results of the second alone."""
    with tempfile.TemporaryDirectory() as place:
        folder = make_full_project(Path(place) / "project")
        (folder / "data").mkdir()
        (folder / "data" / "point.svg").write_text(POINT)
        (folder / "figures" / "clip.py").write_text(CLIP)
        (folder / "lectures" / "experiments" / "taught.py").write_text(TAUGHT)
        source, shim = Path(place) / "shim.c", Path(place) / "shim.so"
        source.write_text(SHIM)
        subprocess.run(["gcc", "-shared", "-fPIC", "-w", "-o", shim, source, "-ldl"], check=True)
        if not forget:
            (folder / ".lectern" / "cache" / "fonts").unlink()  # those of all tests are not to be hurt
        subject = Patient(folder, states, {}, shim, Path(place) / "said.txt")
        for state in states:
            subject.turn(state, forget=forget)
            begun = time.monotonic()
            assert subject.build() == 0, subject.said.read_text()
            subject.seconds = time.monotonic() - begun
            subject.pages[state] = read_pages(folder)
        yield subject


def kept_files(project: Path) -> dict[str, list[Path]]:
    """Return all files that builds have left, by their kind: the folder that they lie in, or their own name."""
    home, found = project / ".lectern", dict[str, list[Path]]()
    for path in sorted(path for path in home.rglob("*") if path.is_file() and path.stat().st_size):
        folder = path.parent.relative_to(home).as_posix()
        kind = "/".join(folder.split("/")[:2]) if folder.startswith("store/") else folder
        found.setdefault(path.relative_to(home).as_posix() if kind in (".", "cache") else kind, []).append(path)
    return found


def flip(subject: Patient, chance: random.Random, *, flips: int) -> list[str]:
    """Flip a bit in each of some files that builds have left, in each kind as often; return the kinds.

    A build may mend a file, so that each time other files can be there.
    """
    kept = kept_files(subject.folder)
    kinds = [kind for kind in kept for _ in range(1 + flips // len(kept))]
    chosen = chance.sample(kinds, flips)
    for kind in chosen:
        path = chance.choice(kept[kind])
        content = path.read_bytes()
        path.chmod(0o644)
        path.write_bytes(flip_bit(content, chance.randrange(8 * len(content))))
    return chosen


def flip_bit(content: bytes, number: int) -> bytes:
    """Return `content` with one of its bits the other way round."""
    damaged = bytearray(content)
    damaged[number // 8] ^= 1 << number % 8
    return bytes(damaged)


def kill(subject: Patient, chance: random.Random) -> None:
    """Kill a build at a random moment; half of the time with the session that it runs in."""
    build = subject.start()
    try:
        build.wait(timeout=chance.uniform(0, subject.seconds))
    except subprocess.TimeoutExpired:
        (os.killpg if chance.random() < 0.5 else os.kill)(build.pid, signal.SIGKILL)
    build.wait(PATIENCE)


def refuse(subject: Patient, chance: random.Random) -> None:
    """Let one call of a build that changes a file fail with an I/O error."""
    run_with_shim(subject, chance.randint(1, 60), "5")


def fill(subject: Patient, chance: random.Random) -> None:
    """Let the disk be full from a random moment of a build on, or let no file grow beyond a random size."""
    if chance.random() < 0.5:
        run_with_shim(subject, chance.randint(1, 60), "28", HURT_FULL="1")
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (chance.randint(0, 40_000), before[1]))
    try:
        build = subject.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    code_of(build)


def run_with_shim(subject: Patient, call: int, error: str, **more: str) -> None:
    """Run a build whose n-th change below the project fails."""
    hurt = {"LD_PRELOAD": str(subject.shim), "HURT_FOLDER": str(subject.folder), "HURT_CALL": str(call)}
    code_of(subject.start(**hurt, HURT_ERRNO=error, **more))


def hurt(subject: Patient, harm: Callable[[Patient, random.Random], None], times: int, seed: int = 0) -> list[str]:
    """Hurt a project `times` times; return all faults."""
    chance = random.Random(seed)  # noqa: S311
    found = []
    for turn in range(times):
        state = list(subject.states)[turn % 2]
        subject.turn(state, forget=chance.random() < 0.5)
        harm(subject, chance)
        found += [f"{harm.__name__} {turn}: {fault}" for fault in subject.faults(state)]
    return found
