"""Data of a course's own: arrays of any shape, tables, and images in folders."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.errors import DatasetError
from generator.runners.dataset import Dataset
from generator.runners.own_data import Data, load_own_data


def table(folder: Path, text: str, name: str = "points.csv") -> Data:
    """Return the columns of a table with this text."""
    (folder / name).write_text(text)
    data = load_own_data(folder / name, name)
    assert isinstance(data, Data)
    return data


def problem_of(folder: Path, text: str) -> str:
    """Return what is told of a table with this text."""
    with pytest.raises(DatasetError) as caught:
        table(folder, text)
    return caught.value.problem


def paint(path: Path, value: int | tuple[int, int, int], size: tuple[int, int] = (4, 3)) -> None:
    """Save an image of one color, gray or not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L" if isinstance(value, int) else "RGB", size, value).save(path)


def test_a_column_is_of_whole_numbers_of_numbers_or_of_texts(tmp_path):
    data = table(tmp_path, "count,height,kind\n1,2.5,oak\n2,-3,elm\n")
    assert data.count.dtype == np.int64
    assert data["height"].tolist() == [2.5, -3.0]
    assert data.kind.tolist() == ["oak", "elm"]
    assert list(data) == ["count", "height", "kind"]


@pytest.mark.parametrize("text", ["a;b\n1;2\n", "a\tb\n1\t2\n", "\ufeffa,b\r\n1,2\r\n", 'a,b\n"1",2\n\n'])
def test_a_table_is_read_as_programs_save_it(tmp_path, text):
    data = table(tmp_path, text)
    assert (data.a.tolist(), data.b.tolist()) == ([1], [2])


def test_a_number_that_is_missing_is_not_a_number(tmp_path):
    assert np.isnan(table(tmp_path, "a,b\n1,1\n,2\n").a).tolist() == [False, True]


def test_a_value_in_quotes_may_have_lines_of_its_own(tmp_path):
    assert table(tmp_path, 'name,words\nada,"two\nlines"\nbo,one\u2028line\n').words.tolist() == [
        "two\nlines",
        "one\u2028line",
    ]


def test_a_quote_that_does_not_end_is_told(tmp_path):
    assert problem_of(tmp_path, 'a,b\n1,"2\n3,4\n') == "data 'points.csv': line 3: unexpected end of data"


def test_a_value_in_quotes_may_hold_what_stands_between_values(tmp_path):
    assert table(tmp_path, 'a,b\n"x, y",2\n').a.tolist() == ["x, y"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "its first line does not name the columns"),
        ("1,2\n3,4\n", "its first line does not name the columns"),
        ("a,b\n", "it has no rows"),
        ("a,a\n1,2\n", "two columns are called 'a'"),
        ("a,\n1,2\n", "a column has no name"),
        ("a,b\n1,2\n1,2,3\n", "line 3 has 3 values for 2 columns"),
    ],
)
def test_a_table_that_is_none_is_told(tmp_path, text, problem):
    assert problem_of(tmp_path, text) == f"data 'points.csv': {problem}"


def test_a_table_that_is_not_utf_8_is_told(tmp_path):
    (tmp_path / "points.csv").write_bytes(b"\xe4,b\n1,2\n")
    with pytest.raises(DatasetError, match="its text is not UTF-8"):
        load_own_data(tmp_path / "points.csv", "points.csv")


def test_a_column_that_is_not_there_is_told_with_the_nearest_name(tmp_path):
    with pytest.raises(DatasetError) as caught:
        _ = table(tmp_path, "height,kind\n1,oak\n").heigth
    assert (caught.value.problem, caught.value.hint) == (
        "data 'points.csv' have no 'heigth'",
        "did you mean 'height'?",
    )


def test_arrays_may_have_any_shape_and_type(tmp_path):
    arrays = {"x": np.zeros((2, 3, 4, 5)), "names": np.array(["a", "b"]), "y": np.arange(2)}
    np.savez(tmp_path / "own.npz", **arrays)
    data = load_own_data(tmp_path / "own.npz", "data/own.npz")
    assert {name: array.shape for name, array in data.items()} == {"x": (2, 3, 4, 5), "names": (2,), "y": (2,)}


def test_labeled_gray_images_are_a_dataset_from_which_figures_take_digits(tmp_path):
    images, labels = np.zeros((2, 4, 4), np.uint8), np.array([0, 1], np.uint8)
    np.savez(tmp_path / "own.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    assert isinstance(load_own_data(tmp_path / "own.npz", "own.npz"), Dataset)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_an_npz_that_is_none_is_told(tmp_path, content):
    (tmp_path / "own.npz").write_bytes(content)
    with pytest.raises(DatasetError, match=r"data 'own\.npz': it"):
        load_own_data(tmp_path / "own.npz", "own.npz")


def test_a_pickle_is_not_read(tmp_path):
    np.savez(tmp_path / "own.npz", x=np.array([{}], dtype=object))
    with pytest.raises(DatasetError, match="cannot be read"):
        load_own_data(tmp_path / "own.npz", "own.npz")


def test_images_lie_in_a_folder_for_each_class(tmp_path):
    for kind, value in (("oak", 10), ("elm", 20)):
        paint(tmp_path / kind / "1.png", value)
    paint(tmp_path / "oak" / "2.png", 30)
    (tmp_path / "oak" / "notes.txt").write_text("left out")
    data = load_own_data(tmp_path, "pictures")
    assert (data.names.tolist(), data.classes) == (["elm", "oak"], 2)
    assert data.y.tolist() == [0, 1, 1]
    assert data.x.shape == (3, 3, 4)
    assert data.x[:, 0, 0].tolist() == [20, 10, 30]


def test_images_for_training_and_for_tests_are_told_apart_and_one_in_color_makes_all_so(tmp_path):
    paint(tmp_path / "train" / "oak" / "1.png", 10)
    paint(tmp_path / "train" / "elm" / "1.png", 20)
    paint(tmp_path / "test" / "elm" / "1.png", (1, 2, 3))
    data = load_own_data(tmp_path, "pictures")
    assert (data.x_train.shape, data.x_test.shape) == ((2, 3, 4, 3), (1, 3, 4, 3))
    assert (data.y_train.tolist(), data.y_test.tolist()) == ([0, 1], [0])
    assert data.x_test[0, 0, 0].tolist() == [1, 2, 3]


def test_images_of_two_sizes_are_told_by_name(tmp_path):
    paint(tmp_path / "oak" / "1.png", 10)
    paint(tmp_path / "oak" / "2.png", 10, (5, 3))
    with pytest.raises(DatasetError) as caught:
        load_own_data(tmp_path, "pictures")
    assert caught.value.problem == "data 'pictures': 'oak/2.png' has 5x3 pixels, and 'oak/1.png' 4x3"


def test_an_image_that_is_damaged_and_a_folder_without_any_are_told(tmp_path):
    (tmp_path / "oak").mkdir()
    with pytest.raises(DatasetError, match="has no images in folders of classes"):
        load_own_data(tmp_path, "pictures")
    (tmp_path / "oak" / "1.png").write_bytes(b"\x89PNG")
    with pytest.raises(DatasetError, match=r"the image 'oak/1\.png' cannot be read"):
        load_own_data(tmp_path, "pictures")
