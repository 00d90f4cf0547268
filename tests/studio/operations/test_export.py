"""Results as files, read the way that others read them."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import pytest

from studio import local
from studio.operations.export import to_csv, to_npz
from tests.conftest import ADEX_HEATMAP

Plain = dict[str, Any]

CONFIGS: dict[str, Plain] = {
    "heatmap": {**ADEX_HEATMAP, "x_steps": 3, "y_steps": 2},
    "characterize": {"name": "AdExNeuron"},
    "simulate": {"name": "AdExNeuron", "duration": 50.0},
    "scan": {"duration": 5.0},
}
OPS = pytest.mark.parametrize("op", CONFIGS)


@cache
def result_of(op: str) -> Plain:
    return local.run(op, CONFIGS[op])


def read_csv(op: str, result: Plain) -> tuple[Plain, list[dict[str, str]]]:
    """The comments of a file, and the rows below its head."""
    lines = to_csv(op, msgspec.json.encode(result)).decode().splitlines()
    told = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    table = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {name: json.loads(value) for name, value in told.items()}, list(table)


def read_npz(op: str, result: Plain) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(to_npz(op, msgspec.json.encode(result))), allow_pickle=False) as file:
        return dict(file)


def numbers(texts: list[str]) -> list[float | None]:
    return [float(text) if text else None for text in texts]


@OPS
def test_a_file_holds_the_request_that_it_answers(op: str) -> None:
    told, _ = read_csv(op, result_of(op))
    assert told["op"] == op
    assert told["config"] == result_of(op)["config"]
    request = json.loads(str(read_npz(op, result_of(op))["request"]))
    assert request == {"op": op, "config": result_of(op)["config"]}


def test_a_heatmap_has_a_row_for_each_cell_with_all_that_is_known_of_it() -> None:
    result = result_of("heatmap")
    told, rows = read_csv("heatmap", result)
    assert (told["param_x"], told["param_y"]) == ("a", "b")
    assert [float(row["x"]) for row in rows] == result["x"] * 2
    assert [float(row["y"]) for row in rows] == [y for y in result["y"] for _ in range(3)]
    for name, cells in result["metrics"].items():
        assert numbers([row[name] for row in rows]) == [*chain.from_iterable(cells)]
    assert [row["pattern"] or None for row in rows] == [*chain.from_iterable(result["pattern"])]
    assert {row["status"] for row in rows} == {"ok"}


def test_a_characterization_has_its_curve_and_its_sensitivity_under_one_head() -> None:
    result = result_of("characterize")
    told, rows = read_csv("characterize", result)
    assert told["threshold_current"] == result["threshold_current"]
    curve = [row for row in rows if row["table"] == "fi_curve"]
    assert numbers([row["current"] for row in curve]) == result["fi_curve"]["currents"]
    assert numbers([row["rate"] for row in curve]) == result["fi_curve"]["rates"]
    rest = [row for row in rows if row["table"] == "sensitivity"]
    assert [row["param"] for row in rest] == [row["param"] for row in result["sensitivity"]]
    assert numbers([row["rate_change"] for row in rest]) == [
        row["rate_change"] for row in result["sensitivity"]
    ]


def test_a_scan_has_a_row_for_each_model() -> None:
    _, rows = read_csv("scan", result_of("scan"))
    told = [[row["name"], row["pattern"], row["status"]] for row in rows]
    models = result_of("scan")["models"]
    assert told == [[m["name"], m["pattern"] or "", m["status"]] for m in models]


def test_a_run_has_a_row_for_each_point_in_time() -> None:
    result = result_of("simulate")
    told, rows = read_csv("simulate", result)
    assert told["spike_times"] == result["spike_times"]
    assert numbers([row["t"] for row in rows]) == result["t"]
    for name, values in result["states"].items():
        assert numbers([row[name] for row in rows]) == values


@OPS
def test_arrays_are_named_by_what_leads_to_them_and_lose_nothing(op: str) -> None:
    arrays = read_npz(op, result_of(op))
    for name, array in arrays.items():
        if name != "request":
            assert array.dtype.kind in "fU"
            assert same(array.tolist(), found(result_of(op), name.split(".")))


def found(value: Any, path: list[str]) -> Any:
    if not path:
        return value
    if isinstance(value, list):
        return [row.get(path[0]) for row in value]
    return found(value[path[0]], path[1:])


def same(array: Any, value: Any) -> bool:
    if isinstance(value, list):
        return len(array) == len(value) and all(map(same, array, value))
    return (array != array or array == "") if value is None else bool(array == value)


def test_numbers_that_nobody_knows_are_gaps() -> None:
    result = result_of("simulate")
    states = {"V": [None, 1.5, *result["states"]["V"][2:]]}
    unknown = {**result, "states": states, "trials": [[1.0, 2.0], [], [3.0]]}
    _, rows = read_csv("simulate", unknown)
    assert [row["V"] for row in rows[:2]] == ["", "1.5"]
    arrays = read_npz("simulate", unknown)
    assert np.isnan(arrays["states.V"][0])
    nan = np.nan
    np.testing.assert_array_equal(arrays["trials"], [[1.0, 2.0], [nan, nan], [3.0, nan]])
