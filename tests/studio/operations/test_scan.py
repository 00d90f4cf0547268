"""The scan operation."""

from __future__ import annotations

from typing import Any

import pytest

from kernels.neurons.catalogue import CATALOGUE
from studio.errors import StudioError
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


def test_one_current_and_duration_hold_for_all() -> None:
    result = scan(current=0.0, duration=20.0)
    assert {row["current"] for row in result.models} == {0.0}
    assert {row["duration"] for row in result.models} == {20.0}


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


def test_a_transient_as_long_as_the_run_is_refused() -> None:
    with pytest.raises(StudioError) as error:
        scan(duration=10.0, transient=10.0)
    assert error.value.errors[0].pointer == "/transient"


def test_the_same_seed_gives_the_same_rows() -> None:
    assert scan(seed=5, duration=50.0).models == scan(seed=5, duration=50.0).models
