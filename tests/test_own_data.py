"""A course of its own learns from data of its own, with libraries of its own choice."""

from pathlib import Path

import pytest
from own_course import CLONE, made_in, make_own_course, run_lectern
from PIL import Image

TABLE = "x,y\n0,0\n0.1,0\n0,0.2\n5,5\n5.1,5\n5,5.2\n"
GROUPING = '''"""K-means as SciPy has it."""

from scipy.cluster.vq import kmeans2


def measure(*, data, seed: int = 0):
    points = [[x, y] for x, y in zip(data.x, data["y"], strict=True)]
    centers, group = kmeans2(points, 2, seed=seed, minit="++")
    return {"points": len(points), "parted": bool(group[0] != group[-1]), "centers": centers}
'''
COUNTING = '''"""How many images there are."""


def measure(*, data):
    return {"images": len(data.x), "first": str(data.names[0])}
'''
LECTURE = """---
title: Data of our own
dataset: {data}
---
## A

{text}
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = make_own_course(tmp_path / "course")
    (folder / "lectures" / "experiments" / "grouping.py").write_text(GROUPING)
    (folder / "lectures" / "experiments" / "counting.py").write_text(COUNTING)
    return folder


def write(course: Path, data: str, text: str) -> None:
    """Write the lecture `first` with these data and this text."""
    (course / "lectures" / "first.md").write_text(LECTURE.format(data=data, text=text))


def handout(course: Path) -> str:
    """Return the handout of the lecture `first`."""
    return (course / "build" / "first" / "handout.html").read_text()


@pytest.mark.slow
def test_a_table_is_data_that_a_library_of_ones_choice_groups(course):
    (course / "points.csv").write_text(TABLE)
    write(course, "points.csv", "{value}`grouping.points` points")
    run_lectern(CLONE, course, "build")
    page = handout(course)
    assert "data: points, SHA-256 " in page
    assert "scipy " in page
    assert made_in(run_lectern(CLONE, course, "build")) == []
    (course / "points.csv").write_text(TABLE + "9,9\n")
    assert made_in(run_lectern(CLONE, course, "build")) == ["experiment"]
    assert ">7</data> points" in handout(course)


@pytest.mark.slow
def test_images_in_folders_are_data_and_another_one_is_seen(course):
    for kind in ("elm", "oak"):
        (course / "pictures" / kind).mkdir(parents=True)
        Image.new("L", (4, 4)).save(course / "pictures" / kind / "1.png")
    write(course, "pictures", "{value}`counting.images` images, the first an {value}`counting.first`")
    run_lectern(CLONE, course, "build")
    assert ">2</data> images, the first an" in handout(course)
    Image.new("L", (4, 4)).save(course / "pictures" / "oak" / "2.png")
    assert made_in(run_lectern(CLONE, course, "build")) == ["experiment"]
    assert ">3</data> images" in handout(course)


def test_data_that_are_no_data_are_told_at_the_line_that_takes_them(course):
    (course / "points.csv").write_text("1,2\n")
    write(course, "points.csv", "{value}`grouping.points` points")
    told = run_lectern(CLONE, course, "build", code=1)
    assert "experiment grouping, seed 0: data 'points.csv': its first line does not name the columns" in told
    write(course, "points.csv", "{value}`grouping.points`\n\n:::{figure} pixel_values\n:image: digit(5)\n:::")
    assert "first.md:10: digit(…) is one of the images of an .npz, and the data are 'points.csv'" in run_lectern(
        CLONE, course, "build", code=1
    )
