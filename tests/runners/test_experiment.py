"""An experiment's results come back as they were, in bytes that depend on them alone."""

import json
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from generator.runners.experiment import read_results, run, split_results, write_arrays


def experiment(results):
    return SimpleNamespace(measure=lambda **arguments: results | arguments)


def test_facts_are_returned_and_arrays_are_written(tmp_path: Path) -> None:
    facts = run(experiment({"accuracy": 0.5, "conv2": {"maps": np.arange(6).reshape(2, 3)}}), {"seed": 3}, tmp_path)
    assert facts == {"accuracy": 0.5, "conv2": {}, "seed": 3}
    with np.load(tmp_path / "arrays.npz", allow_pickle=False) as archive:
        assert archive.files == ["conv2.maps"]
        assert archive["conv2.maps"].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_numpy_numbers_become_those_of_python() -> None:
    facts, _ = split_results({"a": np.float32(0.5), "b": np.int64(3), "c": np.array(7), "d": (1, np.uint8(2))})
    assert json.dumps(facts) == '{"a": 0.5, "b": 3, "c": 7, "d": [1, 2]}'


def test_a_list_may_hold_mappings() -> None:
    facts, _ = split_results({"layers": [{"name": "conv1", "output_shape": (26, 26, 32)}]})
    assert facts == {"layers": [{"name": "conv1", "output_shape": [26, 26, 32]}]}


@pytest.mark.parametrize(
    ("results", "message"),
    [
        ({"loss": math.nan}, "loss is nan; look"),
        ({"run": {"loss": [1.0, np.float32("inf")]}}, r"run\.loss\[1\] is inf; look"),
        ({"maps": np.array([1.0, np.nan])}, "maps holds numbers that are not finite; look"),
        ({"model": object()}, "model is object; a result is"),
        ({"nothing": None}, "nothing is NoneType; a result is"),
        ({"maps": [np.zeros(3)]}, r"maps\[0\] is ndarray; a result is"),
        ({"names": np.array([{}], dtype=object)}, "names is an array of object; numbers"),
        ({"a.b": 1}, "'a.b' cannot name a result; use"),
        ({3: 1}, "3 cannot name a result; use"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(results, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        split_results(results)


def test_an_experiment_returns_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="measure returns float; return a mapping"):
        run(SimpleNamespace(measure=lambda: 0.5), {}, tmp_path)


names = st.text("abcxyz_019", min_size=1, max_size=4)
arrays = hnp.arrays(
    st.sampled_from([np.uint8, np.int64, np.float32, np.bool_]), hnp.array_shapes(max_dims=3, max_side=4),
    elements={"allow_nan": False, "allow_infinity": False},
)  # fmt: skip
leaves = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(), arrays)
branches = st.recursive(leaves, lambda inner: st.dictionaries(names, inner, max_size=3), max_leaves=6)
trees = st.dictionaries(names, branches)


def same(one: object, other: object) -> bool:
    if isinstance(other, np.ndarray):
        return isinstance(one, np.ndarray) and one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(other, dict):
        return set(one) == set(other) and all(same(one[key], other[key]) for key in other)
    return one == other


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw of a text loads Unicode's tables
@given(trees)
def test_results_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, results: dict[str, object]) -> None:
    path = tmp_path_factory.mktemp("round") / "arrays.npz"
    facts, found = split_results(results)
    write_arrays(path, found)
    assert same(read_results(json.loads(json.dumps(facts)), path), results)


def test_an_array_is_read_only_when_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    write_arrays(path, {"conv1.kernels": np.zeros(3), "conv2.patches": np.ones(3)})
    results = read_results({"accuracy": 0.9}, path)
    content = path.read_bytes()
    path.write_bytes(content.replace(np.zeros(3).tobytes(), b"damaged!" * 3))
    assert results["conv2"]["patches"].tolist() == [1, 1, 1]
    assert sorted(results) == ["accuracy", "conv1", "conv2"]


def test_equal_arrays_make_equal_bytes_whatever_their_order(tmp_path: Path) -> None:
    one, two = np.arange(6.0).reshape(2, 3), np.arange(3)
    write_arrays(tmp_path / "a.npz", {"one": one, "two": two})
    write_arrays(tmp_path / "b.npz", {"two": two, "one": np.asfortranarray(one)})
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_an_experiment_without_arrays_still_writes_the_file(tmp_path: Path) -> None:
    run(experiment({"accuracy": 1.0}), {}, tmp_path)
    assert dict(read_results({"accuracy": 1.0}, tmp_path / "arrays.npz")) == {"accuracy": 1.0}
