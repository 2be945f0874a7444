"""Neighbors are the nearest there are, and the plane is the one that statistics knows."""

import numpy as np
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def test_the_nearest_is_the_nearest() -> None:
    from lectures.experiments.parts.separation import nearest

    random = np.random.default_rng(0)
    points, others = random.normal(size=(20, 7)), random.normal(size=(30, 7))
    direct = ((points[:, None] - others) ** 2).sum(axis=2).argmin(axis=1)
    assert nearest(points, others).tolist() == direct.tolist()


def test_the_plane_is_that_of_the_largest_variance_with_its_sign_fixed() -> None:
    from lectures.experiments.parts.separation import plane_of

    random = np.random.default_rng(0)
    points = (random.normal(size=(80, 5)) * [1, 5, 2, 1, 1]).astype(np.float32)
    found = plane_of(points, np.arange(80) % 3)
    values = np.linalg.eigvalsh(np.cov(points.T))
    assert found["variance"] == pytest.approx(values[-2:].sum() / values.sum(), rel=1e-5)
    assert found["plane"].var(axis=0, ddof=1) == pytest.approx(values[:-3:-1], rel=1e-4)
    assert np.corrcoef(found["plane"][:, 0], points[:, 1])[0, 1] > 0.99
    assert np.allclose(plane_of(-points, np.arange(80) % 3)["plane"], -found["plane"], atol=1e-4)
