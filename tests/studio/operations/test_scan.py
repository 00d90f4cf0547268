"""The scan operation."""

from __future__ import annotations

from typing import Any

import pytest

from kernels.neurons.catalogue import CATALOGUE
from studio.config import WorkerLimits
from studio.errors import StudioError
from studio.jobs.slots import SlotPool
from studio.operations.scan import classify
from studio.operations.stage import Chunk
from studio.wire.requests import ScanConfig
from tests.studio.operations.drive import drive


def scan(**config: Any) -> Any:
    return drive("scan", **config)[1]


@pytest.fixture(scope="module")
def canonical() -> Any:
    return scan()


def test_every_model_has_a_row_in_the_order_of_the_catalogue(canonical: Any) -> None:
    assert [row["name"] for row in canonical.models] == [model.name for model in CATALOGUE]
    assert {row["status"] for row in canonical.models} == {"ok"}


def test_each_model_is_run_at_its_canonical_stimulus(canonical: Any) -> None:
    for row, model in zip(canonical.models, CATALOGUE, strict=True):
        assert (row["current"], row["current_unit"]) == (model.current, model.current_unit)
        assert (row["duration"], row["time_unit"]) == (model.duration, model.time_unit)
        assert (row["dt"], row["integrator"]) == (model.dt, model.integrator)
        alone = drive("simulate", name=model.name)[1]
        assert row["pattern"] == alone.stats["pattern"]
        assert row["rate_hz"] == pytest.approx(alone.stats["rate_hz"], rel=1e-9)


def test_patterns_are_counted_and_models_without_spikes_have_none(canonical: Any) -> None:
    silent = [row for row in canonical.models if row["pattern"] is None]
    names = {row["name"] for row in silent}
    assert names == {model.name for model in CATALOGUE if not model.spiking}
    assert {"WilsonCowanUnit", "JansenRitUnit"} <= names
    assert all(row["reason"].startswith("no spikes") for row in silent)
    assert all(row["rate_hz"] > 0 for row in silent)
    assert sum(canonical.pattern_counts.values()) == len(CATALOGUE) - len(silent)


def test_its_progress_names_the_model_done_last() -> None:
    (stage,), _ = drive("scan", duration=1.0)
    assert stage.step == "scan"
    assert stage.message(13, 12) == f"Scan 13/{len(CATALOGUE)}: {CATALOGUE[12].name}"


OWN = ("current", "duration", "dt", "integrator")


def test_what_is_each_model_s_own_is_null_in_the_config_and_told_in_its_row(canonical: Any) -> None:
    assert {canonical.config[key] for key in OWN} == {None}
    for row in canonical.models:
        assert None not in {row[key] for key in OWN}
    assert canonical.config["trials"] == 1


def test_what_is_asked_for_all_stands_in_the_config_and_in_every_row() -> None:
    asked = {"current": 0.0, "duration": 20.0, "dt": 0.5, "integrator": "euler"}
    result = scan(**asked)
    assert {key: result.config[key] for key in OWN} == asked
    for row in result.models:
        assert {key: row[key] for key in OWN} == asked


def test_a_step_beyond_a_model_s_own_is_told_beside_what_it_gave() -> None:
    rows = {row["name"]: row for row in scan(dt=0.1, duration=20.0).models}
    told = "dt is 2 times the 0.05 that is known to resolve it"
    assert rows["ExpIFNeuron"]["reason"].startswith(told)
    assert "beyond all bounds" in rows["HodgkinHuxleyNeuron"]["reason"]
    assert rows["AdExNeuron"]["reason"] is None  # whose own step it is
    assert rows["WilsonCowanUnit"]["reason"].startswith("no spikes")
    assert f"; {told}" in rows["WilsonCowanUnit"]["reason"]


def test_a_model_that_cannot_run_says_so_in_its_row_and_stops_nothing() -> None:
    result = scan(duration=0.3)
    failed = [row for row in result.models if row["status"] == "failed"]
    assert {row["name"] for row in failed} == {m.name for m in CATALOGUE if m.dt > 0.3}
    assert all("dt" in row["reason"] for row in failed)
    assert all(row["rate_hz"] is None for row in failed)
    assert len(failed) < len(result.models)


def test_a_model_that_diverges_says_so_in_its_row_and_stops_nothing() -> None:
    result = scan(current=1e7, duration=5.0)
    rows = {row["name"]: row for row in result.models}
    lost = rows["HodgkinHuxleyNeuron"]
    assert lost["status"] == "diverged"
    assert lost["rate_hz"] is None
    assert "dt" in lost["reason"]
    assert rows["LapicqueNeuron"]["status"] == "ok"


async def test_a_model_that_needs_too_much_memory_says_so_in_its_row_and_stops_nothing() -> None:
    config = ScanConfig(trials=1000, duration=100.0, current=1e9, engine="numpy")
    limits = WorkerLimits(memory_bytes=400 * 2**20)
    async with SlotPool(1, limits=limits) as pool:
        chunk = Chunk(classify, (config, "NonlinearLIFNeuron"), 1.0)
        row = await pool.run(chunk, lambda *_: None, lambda _: None)
    assert row["status"] == "failed"
    assert "memory" in row["reason"]
    assert row["rate_hz"] is None


def by_name(result: Any) -> dict[str, Any]:
    return {row["name"]: row for row in result.models}


def test_every_key_that_applies_to_a_model_holds_for_all() -> None:
    stimulus = {"kind": "step", "amplitude": 2.0, "onset": 10.0}
    keys: dict[str, Any] = {"stimulus": stimulus, "duration": 40.0, "dt": 0.02}
    rows = by_name(scan(**keys, integrator="rk4", transient=5.0, seed=3, trials=2))
    alone = drive("simulate", name="AdExNeuron", **keys, integrator="rk4", transient=5.0)[1]
    adex = rows["AdExNeuron"]
    assert (adex["spike_count"], adex["pattern"]) == (
        alone.stats["spike_count"],
        alone.stats["pattern"],
    )
    assert (adex["current"], adex["current_unit"]) == (None, "nA")
    other = by_name(scan(**keys, integrator="euler", transient=5.0))["HodgkinHuxleyNeuron"]
    assert other["status"] == rows["HodgkinHuxleyNeuron"]["status"] == "ok"


@pytest.mark.parametrize(
    ("config", "cannot", "why"),
    [
        ({"dt": 0.05}, {m.name for m in CATALOGUE if m.time_unit == "iteration"}, "dt: must be 1"),
        ({"dt": 1.0}, {"ResonateAndFireNeuron"}, None),
        ({"integrator": "map"}, {m.name for m in CATALOGUE if m.step is None}, "integrator: must"),
        (
            {"stimulus": {"kind": "noise", "mean": 0.1, "std": 0.1}},
            {m.name for m in CATALOGUE if m.time_unit != "iteration"},
            "stimulus/tau: must be above 0",
        ),
    ],
)
def test_a_model_that_cannot_take_a_key_says_so_in_its_row_alone(
    config: dict[str, Any], cannot: set[str], why: str | None
) -> None:
    rows = by_name(scan(duration=10.0, **config))
    failed = {name for name, row in rows.items() if row["status"] == "failed"}
    if why is None:  # it can be run, though what comes of it may diverge
        assert failed == set()
        return
    assert failed == cannot
    assert all(rows[name]["reason"].startswith(why) for name in cannot)


@pytest.mark.parametrize(
    ("config", "pointer"),
    [
        ({"integrator": "leapfrog"}, "/integrator"),
        ({"dt": 0.0}, "/dt"),
        ({"current": 1.0, "stimulus": {"kind": "constant", "amplitude": 1.0}}, "/current"),
        ({"stimulus": {"kind": "ramp", "final": 1.0, "onset": 3.0, "end": 2.0}}, "/stimulus/end"),
        ({"params": {"tau": 3.0}}, "/params"),
        ({"tau": 3.0}, "/tau"),
    ],
)
def test_what_no_model_can_take_is_refused(config: dict[str, Any], pointer: str) -> None:
    with pytest.raises(StudioError) as error:
        scan(**config)
    assert [field.pointer for field in error.value.errors] == [pointer]


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("name", "is a key of characterize, heatmap, simulate; scan takes current,"),
        ("preset", "is a key of characterize, heatmap, simulate; scan takes current,"),
        ("param_x", "is a key of heatmap; scan takes current,"),
        ("metric", "is not a known key; there are current,"),
        ("durations", "is not a known key; did you mean duration?"),
    ],
)
def test_a_key_that_a_scan_does_not_have_is_told_from_a_slip_of_the_pen(
    key: str, told: str
) -> None:
    with pytest.raises(StudioError) as error:
        scan(**{key: 1})
    (found,) = error.value.errors
    assert found.pointer == f"/{key}"
    assert found.detail.startswith(told)


def test_a_transient_as_long_as_the_run_is_refused() -> None:
    with pytest.raises(StudioError) as error:
        scan(duration=10.0, transient=10.0)
    assert error.value.errors[0].pointer == "/transient"


def test_the_same_seed_gives_the_same_rows() -> None:
    assert scan(seed=5, duration=50.0).models == scan(seed=5, duration=50.0).models
