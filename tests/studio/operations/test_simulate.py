"""The simulate operation, driven without a process."""

from __future__ import annotations

from typing import Any

import pytest

from studio.config import Limits
from studio.operations import OPERATIONS, simulate
from studio.wire.requests import parse_config
from studio.wire.results import SimulateResult


def result(**config: Any) -> SimulateResult:
    operation = simulate.run(
        OPERATIONS["simulate"].resolve(parse_config("simulate", config), Limits()).config
    )
    (chunk,) = next(operation).chunks
    advancing = chunk.function(*chunk.args)
    part = None
    while part is None:
        try:
            next(advancing)
        except StopIteration as end:
            part = end.value
    with pytest.raises(StopIteration) as end:
        operation.send([part])
    answer: SimulateResult = end.value.value
    return answer


def test_the_model_gives_what_the_request_does_not() -> None:
    config = result(name="AdExNeuron").config
    assert (config["current"], config["duration"], config["dt"]) == (0.8, 200.0, 0.1)
    assert config["integrator"] == "euler"
    assert config["engine"] == "scalar"  # the faster one for a single column
    assert config["params"]["tau_w"] == 144.0
    assert config["init"] == {"V": -70.6, "w": 0.0}


def test_an_initial_state_follows_the_parameter_it_starts_at_unless_given() -> None:
    assert result(name="AdExNeuron", params={"E_L": -65.0}).states["V"][0] == -65.0
    assert result(name="AdExNeuron", init={"V": -60.0}).states["V"][0] == -60.0


def test_a_long_trace_is_thinned_but_keeps_its_extremes() -> None:
    long = result(name="HodgkinHuxleyNeuron", duration=200)
    assert len(long.t) <= 5000
    assert len(long.t) == len(long.states["V"])
    assert max(v for v in long.states["V"] if v is not None) > 35
    assert long.t == sorted(long.t)


def unknown(answer: SimulateResult) -> set[str]:
    return {k for k, value in answer.stats.items() if value is None} - {"detail", "description"}


def test_every_number_that_is_null_has_its_reason() -> None:
    silent = result(name="AdExNeuron", current=0.0)
    assert unknown(silent) == set(silent.reasons)
    assert silent.reasons["isi_cv"] == "needs three spikes"
    unit = result(name="JansenRitUnit")
    assert unit.stats["rate_hz"] is not None
    assert unknown(unit) <= set(unit.reasons)


def test_the_request_of_existing_clients_far_above_threshold_is_computed() -> None:
    answer = result(
        name="AdExNeuron", params={"a": 4.0, "b": 0.0805}, current=15.0, duration=200.0, dt=0.1
    )
    assert answer.status == "ok"
    assert answer.stats["rate_hz"] > 100  # type: ignore[operator]
