"""A row for each experiment, a column for each seed."""

import pytest

from lectures.experiments.accuracy_table import measure


def test_rows_are_experiments_and_columns_are_seeds() -> None:
    found = measure(first=[0.1, 0.2], second=[0.3, 0.4], third=[0.5, 0.6], fourth=[0.7, 0.8])["accuracy"]
    assert (found.shape, found[1].tolist()) == ((4, 2), [0.3, 0.4])


def test_unlike_numbers_of_seeds_are_refused() -> None:
    with pytest.raises(ValueError, match="there are 1, 2, 1, 1 seeds; give equally many for each"):
        measure(first=[0.1], second=[0.3, 0.4], third=[0.5], fourth=[0.7])
