"""A thousand texts that went wrong by accident or on purpose: each is read, or told by an error, and within seconds."""

import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from mutations import mutate
from sample import GLOSSARY, WORKS
from sample_project import ROOT

from generator.document.compose import compose
from generator.errors import LectureError, Where, telling
from generator.lecture.course import Profile, read_course
from generator.lecture.glossary import read_glossary
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

HERE = Where("lectures/sample.md", 1)
MOST_SECONDS = 5  # of work, for one text
COURSE = """title = "Seeing machines"
lectures = ["sample"]
macros = { '\\R' = '\\mathbb{R}' }

[topics]
sample = ["Windows"]

[profiles.quick]
seeds = [0, 1]
epochs = 2
"""


LECTURE = r"""---
title: Windows and $x^2$
subtitle: What they see
author: Ada Beispiel
minutes: 45
bibliography: lectures/references.bib
macros:
  \R: \mathbb{R}
---

# Part one

## A window {#window minutes=3}

Words, *emphasis*, **more**, `code`, ~~struck~~, https://example.org, [a link](https://example.org "title") and [another][b].

[b]: https://example.org/b

$$\sum_{i=1}^n x_i \in \R$$ (total)

By {ref}`total`, {ref}`window` and {cite}`lecun1998` a {term}`stride` is small.[^note]

[^note]: In most networks.

:::{notes}
Speak *slowly*.
:::

| a | b |
|---|--:|
| `x` | {value}`1 + 2` |

---

:::::{columns}
- one
  - two
+++
1. first
2. second

:::{handout}
> A quotation.
:::
:::::

## B & a quiz

:::{quiz} How large is $3 \times 3$?
- [x] nine
- [ ] six: {value}`min(2, 3)`

Because three threes are nine.
:::

. . .

:::{exercise}
Compute it.
:::

:::{solution}
Nine.
:::

Term
: its meaning

```python
print("shown")  # :::
```

<b>bold</b> &amp; <kbd>Ctrl</kbd> <!-- for the author -->

:::{incremental}
- a
- [ ] b
:::

:::{recap}
:::
"""


def pieces_of_lectures() -> list[bytes]:
    """Return a sound lecture, the mistakes that the tests have as data, and pieces of the project's own lectures."""
    pieces = [LECTURE.encode()] * 100 + [path.read_bytes() for path in sorted((ROOT / "tests" / "errors").glob("*.md"))]
    for path in sorted((ROOT / "lectures").glob("*.md")):
        _, front, text = (
            path.read_text(encoding="utf-8").split("---\n", maxsplit=2) if path.stem != "glossary" else "   "
        )
        slides = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
        pieces += [f"---\n{front}---\n{slide}".encode() for slide in slides]
    return pieces


@pytest.fixture
def read(project: Path) -> Iterator[Callable[[str, bytes], list[LectureError]]]:
    """Return a function that reads a text of some kind in a project, and returns its errors."""

    def stop(*_: object) -> None:
        raise AssertionError("it takes too long")

    def run(kind: str, text: bytes) -> list[LectureError]:
        signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
        try:
            with telling(HERE, "this cannot be read"):
                return READERS[kind](project, text)
        except LectureError as error:
            return [error, *error.others]
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    before = signal.signal(signal.SIGVTALRM, stop)
    yield run
    signal.signal(signal.SIGVTALRM, before)


def read_as_lecture(project: Path, text: bytes) -> list[LectureError]:
    """Read, plan and, if nothing has to be made for it, compose a lecture."""
    path = project / "lectures" / "sample.md"
    path.write_bytes(text)
    plan = plan_lecture(read_lecture(path, project), project, Profile())
    if plan.errors or plan.tasks:
        return plan.errors
    return list(compose(plan, {}, Profile(), {}).errors)


def read_as_course(project: Path, text: bytes) -> list[LectureError]:
    """Read a course file."""
    (project / "lectures" / "sample.md").touch()
    (project / "lectures" / "course.toml").write_bytes(text)
    read_course(project)
    return []


def read_as_bibliography(project: Path, text: bytes) -> list[LectureError]:
    """Read a bibliography, and set two of the works of the one that it was made of."""
    (project / "lectures" / "references.bib").write_bytes(text)
    cites = " ".join(f"{{cite}}`{key}`" for key in ("lecun1998", "dumoulin2016"))
    front = b"---\ntitle: Sample\nbibliography: lectures/references.bib\n---\n## A\n\n"
    return read_as_lecture(project, front + cites.encode())


def read_as_glossary(project: Path, text: bytes) -> list[LectureError]:
    """Read a glossary, and the terms in it."""
    (project / "lectures" / "glossary.md").write_bytes(text)
    read_glossary(project)
    return read_as_lecture(project, b"---\ntitle: Sample\n---\n## A\n\n{term}`stride` {term}`ReLU`\n")


READERS = {
    "lectures": read_as_lecture, "courses": read_as_course, "bibliographies": read_as_bibliography,
    "glossaries": read_as_glossary,
}  # fmt: skip
SOURCES = {
    "lectures": pieces_of_lectures, "courses": lambda: [COURSE.encode()], "bibliographies": lambda: [WORKS.encode()],
    "glossaries": lambda: [GLOSSARY.encode()],
}  # fmt: skip
COUNTS = {"lectures": 520, "courses": 160, "bibliographies": 160, "glossaries": 160}


@pytest.mark.parametrize("kind", COUNTS)
def test_mutated_texts_are_read_or_told(read, kind):
    sources = SOURCES[kind]()
    for seed in range(COUNTS[kind]):
        chance = Random(seed)  # noqa: S311 - no secret
        text = mutate(chance.choice(sources), chance)
        for error in read(kind, text):
            assert error.where is not None, (seed, error)
            assert "a fault of the generator" not in error.hint, (seed, error)
