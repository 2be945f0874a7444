"""The samples are the beginning of the dataset as it is."""

import numpy as np
import pytest
from small_networks import data

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def test_the_first_images_are_returned_with_the_classes_of_all() -> None:
    from lectures.experiments.samples import measure

    given = data()
    found = measure(data=given, count=20)
    np.testing.assert_array_equal(found["images"], given.x_train[:20])
    np.testing.assert_array_equal(found["labels"], given.y_train)


def test_more_images_than_there_are_are_refused() -> None:
    from lectures.experiments.samples import measure

    with pytest.raises(ValueError, match="count is 1000; the dataset has 240 training images"):
        measure(data=data(), count=1000)
