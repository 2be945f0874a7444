import numpy as np
import pytest

from generator.errors import FactError
from generator.runners.experiment import write_arrays
from generator.runners.inputs import SOURCES, read_index


@pytest.fixture
def job(tmp_path):
    arrays = tmp_path / "arrays.npz"
    write_arrays(arrays, {"maps.conv1": np.arange(24).reshape(2, 3, 4)})
    entry = {"facts": {"accuracy": 0.9}, "arrays": str(arrays)}
    return {"results": {"net": entry, "net#1": {"facts": {"accuracy": 0.8}, "arrays": ""}}}


def result(path: str, job) -> object:
    return SOURCES["result"]({"source": "net", "value": path}, job)


def test_a_fact_is_found_by_its_name(job):
    assert result("accuracy", job) == 0.9


def test_each_gives_the_fact_of_every_seed(job):
    assert result("accuracy.each", job) == [0.9, 0.8]


def test_an_index_takes_a_part_of_an_array(job):
    assert np.array_equal(result("maps.conv1[..., 3]", job), np.arange(24).reshape(2, 3, 4)[..., 3])


@pytest.mark.parametrize("text", ["0", "1:3", "..., -1", ":, ::2", "0, 1"])
def test_an_index_means_what_it_means_in_numpy(text):
    array = np.arange(24).reshape(2, 3, 4)
    assert np.array_equal(array[read_index(text)], eval(f"array[{text}]", {"array": array}))  # noqa: S307


def test_a_misspelt_result_is_told_with_the_nearest_name(job):
    with pytest.raises(FactError, match="'net' has no result 'mapps'"):
        result("mapps", job)


def test_random_integers_are_the_same_for_a_seed(job):
    argument = {"value": [3, 4, 5]}
    one, other = SOURCES["random"](argument, job), SOURCES["random"](argument, job)
    assert one.shape == (4, 5)
    assert np.array_equal(one, other)
