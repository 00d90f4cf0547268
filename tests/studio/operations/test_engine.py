"""Which engine runs a job, and why."""

from __future__ import annotations

from typing import Any

import pytest

from kernels.neurons import catalogue
from kernels.neurons.program import usual
from studio.config import Limits
from studio.operations import OPERATIONS
from studio.operations.engine import Choice
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
