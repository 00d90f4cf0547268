"""The heatmap operation, driven without a process."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.config import Limits
from studio.errors import StudioError
from studio.operations import OPERATIONS, heatmap
from studio.operations.stage import Stage
from studio.wire.requests import HeatmapConfig, parse_config
from studio.wire.results import HeatmapResult
from tests.conftest import ADEX_HEATMAP
from tests.studio.operations.drive import read, work


def config(limits: Limits | None = None, **changes: Any) -> HeatmapConfig:
    parsed = parse_config("heatmap", {**ADEX_HEATMAP, **changes})
    assert isinstance(parsed, HeatmapConfig)
    return OPERATIONS["heatmap"].resolve(parsed, limits or Limits()).config


def drive(resolved: HeatmapConfig) -> tuple[Stage, HeatmapResult]:
    operation = heatmap.run(resolved)
    stage = next(operation)
    with pytest.raises(StopIteration) as end:
        operation.send([work(chunk)[1] for chunk in stage.chunks])
    return stage, read(end.value.value)


def plain(told: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(told))


def test_rows_follow_y_and_columns_follow_x() -> None:
    resolved = config(x_steps=3, y_steps=2)
    _, result = drive(resolved)
    assert result.x == [0.0, 4.0, 8.0]
    assert result.y == [0.0, 0.16]
    for iy, b in enumerate(result.y):
        for ix, a in enumerate(result.x):
            alone = {"x_min": a, "x_max": a + 1, "y_min": b, "y_max": b + 1}
            _, cell = drive(config(**alone, x_steps=1, y_steps=1))
            for metric in heatmap.METRICS:
                assert result.metrics[metric][iy][ix] == cell.metrics[metric][0][0]
            assert result.pattern[iy][ix] == cell.pattern[0][0]


def test_current_can_be_an_axis() -> None:
    _, result = drive(config(param_x="current", x_min=0.0, x_max=1.6, x_steps=3, y_steps=1))
    rates = result.metrics["rate_hz"][0]
    assert rates[0] == 0.0
    assert rates[0] < rates[1] < rates[2]  # type: ignore[operator]


def test_a_log_axis_has_equal_factors() -> None:
    _, result = drive(
        config(param_y="tau_w", y_min=10, y_max=1000, y_steps=3, y_scale="log", x_steps=1)
    )
    assert result.y == pytest.approx([10.0, 100.0, 1000.0])


def test_the_transient_is_left_out_of_rates() -> None:
    _, whole = drive(config(x_steps=1, y_steps=1))
    _, late = drive(config(x_steps=1, y_steps=1, transient=100.0))
    count = late.metrics["spike_count"][0][0]
    assert count < whole.metrics["spike_count"][0][0]  # type: ignore[operator]
    assert late.metrics["rate_hz"][0][0] == count / 0.1  # type: ignore[operator]


def test_chunks_cover_every_cell_once_and_change_nothing() -> None:
    wide = config(x_steps=40, y_steps=20, duration=4000, engine="numpy")
    stage, result = drive(wide)
    assert len(stage.chunks) > 1
    edges = [chunk.args[1:] for chunk in stage.chunks]
    assert edges[0][0] == 0
    assert edges[-1][1] == 800
    assert all(a[1] == b[0] for a, b in pairwise(edges))
    row = config(x_steps=40, y_steps=1, y_min=0.16, y_max=0.17, duration=4000)
    assert drive(row)[1].metrics["spike_count"][0] == result.metrics["spike_count"][19]


def test_results_so_far_end_at_the_final_counts() -> None:
    stage, result = drive(config())
    told, part = work(stage.chunks[0])
    so_far = told[-1].so_far()
    flat = [n for row in result.metrics["spike_count"] for n in row]
    (cells,) = so_far["cells"]
    assert cells["spike_count"] == flat
    assert cells["t"] == pytest.approx(200.0)
    assert stage.finished is not None
    assert plain(stage.finished(part))["cells"][0]["spike_count"] == flat


@given(
    st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=40),
    st.integers(1, 12),
    st.sets(st.integers(1, 39)),
)
def test_rows_are_the_same_wherever_the_cells_were_cut(
    cells: list[float | None], n_x: int, cuts: set[int]
) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut < len(cells)), len(cells)]
    parts = [
        {"first": a, "rows": {"rate_hz": heatmap._encoded(cells[a:b], a, n_x)}}
        for a, b in pairwise(edges)
    ]
    rows = plain(heatmap._joined("rate_hz", parts, n_x))
    assert rows == [cells[i : i + n_x] for i in range(0, len(cells), n_x)]


def test_diverged_cells_are_null_with_a_reason_and_leave_their_neighbours_alone() -> None:
    _, result = drive(
        config(name="HodgkinHuxleyNeuron", param_x="current", x_min=0, x_max=1e9, x_steps=2,
               param_y="g_K", y_min=30, y_max=40, y_steps=1, current=None, duration=20)
    )  # fmt: skip
    assert result.status == [["ok", "diverged"]]
    assert result.metrics["rate_hz"][0][0] is not None
    assert result.metrics["rate_hz"][0][1] is None
    assert result.metrics["spike_count"][0][1] is None
    assert result.pattern[0][1] is None
    assert "dt" in result.reasons["status"]


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(StudioError) as error:
        config(params={"tau": 1, "C": -5}, init={"u": 0}, transient=1e6, integrator="x")
    pointers = {field.pointer for field in error.value.errors}
    assert pointers == {"/params/tau", "/params/C", "/init/u", "/transient", "/integrator"}


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "x_steps": st.integers(1, 10**9),
            "y_steps": st.integers(1, 10**9),
            "x_min": st.floats(-1e308, 1e308),
            "x_max": st.floats(-1e308, 1e308),
            "duration": st.floats(1e-300, 1e300),
            "dt": st.floats(1e-300, 1e300),
            "transient": st.floats(0, 1e300),
            "current": st.floats(-1e308, 1e308),
        },
    )
)
def test_any_numbers_are_accepted_or_refused_by_name(changes: dict[str, Any]) -> None:
    try:
        resolved = config(**changes)
    except StudioError as error:
        assert error.errors
        names = {field.pointer.split("/")[1] for field in error.errors}
        assert names <= {*changes, "dt", "transient", "duration", "x_max", "x_steps", "y_steps"}
    else:
        stage = next(heatmap.run(resolved))
        assert sum(chunk.work for chunk in stage.chunks) > 0


def test_results_so_far_show_no_numbers_of_cells_that_have_diverged() -> None:
    resolved = config(
        name="HodgkinHuxleyNeuron",
        param_x="current",
        x_min=0.0,
        x_max=1e7,
        x_steps=2,
        param_y="g_L",
        y_min=0.3,
        y_max=0.4,
        y_steps=1,
        current=None,
        duration=100.0,
    )
    stage = next(heatmap.run(resolved))
    told, part = work(stage.chunks[0])
    assert told[-1].so_far is not None
    (cells,) = told[-1].so_far()["cells"]
    assert stage.finished is not None
    (final,) = plain(stage.finished(part))["cells"]
    for shown in (cells, final):
        assert shown["status"] == ["ok", "diverged"]
        assert shown["spike_count"][0] is not None
        assert shown["spike_count"][1] is None
        assert np.isnan(np.array(shown["rate_hz"], float)).tolist() == [False, True]
