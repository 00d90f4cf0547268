"""What operations answer. Numbers that cannot be computed are null, and a reason stands beside."""

from __future__ import annotations

from typing import Any, TypedDict

from msgspec import Struct

Number = float | None
Cells = list[list[Number]]


class Result(Struct, kw_only=True):
    """What every result carries besides its own; engine is what ran, engine_reason why that."""

    config: dict[str, Any]
    units: dict[str, str]
    engine: str
    engine_reason: str = ""
    elapsed_s: float = 0.0
    version: str


class SimulateResult(Result, kw_only=True):
    """One run: states over time, spike times, statistics; times in the model's own unit."""

    t: list[float]
    states: dict[str, list[Number]]
    spike_times: list[float]
    trials: list[list[float]] | None
    stats: dict[str, float | int | str | None]
    status: str
    reason: str | None
    reasons: dict[str, str]


class CharacterizeResult(Result, kw_only=True):
    """A model from all sides; every number in the unit that `units` gives for it."""

    trace: dict[str, Any]
    spike_times: list[float]
    pattern: dict[str, Any]
    fi_curve: dict[str, list[Number]]
    threshold_current: Number
    max_rate: Number
    isi_stats: dict[str, Number]
    state_ranges: dict[str, dict[str, Number]]
    sensitivity: list[dict[str, Any]]
    status: str
    reason: str | None
    reasons: dict[str, str]


class ScanRow(TypedDict):
    """A model and what it did; current, duration, dt and integrator are those that it ran with.

    Those of a row that failed are what was asked of it. current: null where a stimulus was asked
    for; duration and dt: in time_unit
    """

    name: str
    family: str
    pattern: str | None
    detail: str | None
    description: str | None
    rate_hz: Number
    rate_unit: str
    spike_count: Number
    current: Number
    current_unit: str
    duration: float
    dt: float
    time_unit: str
    integrator: str
    status: str
    reason: str | None
    engine: str | None


class ScanResult(Result, kw_only=True):
    """Every model of the catalogue, and how many show each pattern.

    config: what was asked for all; null where each model has a value of its own, which its row
    tells
    """

    models: list[ScanRow]
    pattern_counts: dict[str, int]


class HeatmapResult(Result, kw_only=True):
    """A sweep: every metric, pattern and status as [y][x]; reasons tell why numbers are null."""

    param_x: str
    param_y: str
    x: list[float]
    y: list[float]
    metrics: dict[str, Cells]
    pattern: list[list[str | None]]
    detail: list[list[str | None]]
    status: list[list[str]]
    reasons: dict[str, str]
