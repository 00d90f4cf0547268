"""Which engine runs a job, and why."""

from __future__ import annotations

from typing import Any

import pytest

from kernels.neurons import catalogue
from kernels.neurons.program import usual
from studio.config import Limits
from studio.errors import Cause, StudioError
from studio.operations import OPERATIONS
from studio.operations.engine import Choice, EngineInUse
from studio.operations.stage import Chunk
from studio.wire.requests import RunConfig, parse_config
from tests.conftest import ADEX_HEATMAP


def choice(op: str, config: dict[str, Any], ready: frozenset[str] = frozenset()) -> Choice[Any]:
    parsed: RunConfig = parse_config(op, config)
    return OPERATIONS[op].resolve(parsed, Limits(), ready)


def test_the_engine_estimated_to_be_done_first_runs_and_the_reason_names_all() -> None:
    compiled = frozenset([usual(catalogue.get("AdExNeuron"), "euler").digest])
    cold, warm = choice("heatmap", ADEX_HEATMAP), choice("heatmap", ADEX_HEATMAP, compiled)
    assert (cold.config.engine, warm.config.engine) == ("numpy", "llvm")
    assert warm.seconds < cold.seconds
    assert warm.reason.startswith("estimated: llvm ")
    assert all(name in warm.reason for name in ("numpy", "scalar"))


@pytest.mark.parametrize(("asked", "runs"), [("scalar", "scalar"), ("jax", "llvm")])
def test_the_engine_asked_for_runs(asked: str, runs: str) -> None:
    chosen = choice("heatmap", {**ADEX_HEATMAP, "engine": asked})
    assert (chosen.config.engine, chosen.reason) == (runs, "asked for")
    assert chosen.seconds > 0.0


def test_several_models_have_an_engine_each() -> None:
    chosen = choice("scan", {})
    assert (chosen.config.engine, chosen.reason) == ("auto", "estimated for each model")


BROKEN = StudioError("no_engine", "no such library")
CRASHED = StudioError("worker_died", "it was ended by SIGILL", cause=Cause(signal="SIGILL"))


def first_chunk(op: str, chosen: Choice[Any]) -> Chunk:
    return next(OPERATIONS[op].run(chosen.config)).chunks[0]


@pytest.mark.parametrize(
    ("op", "config"), [("heatmap", {**ADEX_HEATMAP, "duration": 4000}), ("scan", {})]
)
@pytest.mark.parametrize("error", [BROKEN, CRASHED])
def test_where_machine_code_fails_the_engine_runs_that_is_next_best(
    op: str, config: dict[str, Any], error: StudioError
) -> None:
    chosen = choice(op, config)
    in_use = EngineInUse(chosen.reason, chosen.otherwise)
    chunk = first_chunk(op, chosen)
    assert in_use.of(chunk) is chunk
    other = in_use.instead(chunk, error)
    assert other.args[0].engine == {"heatmap": "numpy", "scan": "scalar"}[op]
    assert in_use.of(chunk) == other  # as are those that follow


@pytest.mark.parametrize("engine", ["numpy", "scalar"])
def test_without_machine_code_nothing_else_can_be_run(engine: str) -> None:
    chosen = choice("heatmap", {**ADEX_HEATMAP, "engine": engine})
    with pytest.raises(StudioError) as error:
        EngineInUse(chosen.reason).instead(first_chunk("heatmap", chosen), CRASHED)
    assert error.value is CRASHED


def test_a_worker_that_was_killed_is_not_put_down_to_machine_code() -> None:
    killed = StudioError("worker_died", cause=Cause(signal="SIGKILL"))
    chosen = choice("scan", {})
    with pytest.raises(StudioError) as error:
        EngineInUse(chosen.reason).instead(first_chunk("scan", chosen), killed)
    assert error.value is killed
