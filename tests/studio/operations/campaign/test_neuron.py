"""A batch of candidates is one batch of columns, and tells of each what a run alone tells."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from studio.operations.campaign import domains
from studio.wire.campaigns import AnyCampaign
from tests.studio.operations.campaign.drive import config
from tests.studio.operations.drive import drive, work

TEXT = """
name: fit
domain: neuron
model: {name: AdExNeuron, duration: 200, current: 0.8}
parameters:
  - {name: b, type: continuous, bounds: [0, 0.2]}
  - {name: tau_w, type: continuous, bounds: [30, 300]}
objectives:
"""
POINTS: list[dict[str, Any]] = [{"b": 0.0805, "tau_w": 144.0}, {"b": 0.02, "tau_w": 60.0}]


def evaluate(asked: AnyCampaign, points: list[dict[str, Any]]) -> list[Any]:
    chunks = domains.of(asked).chunks
    assert chunks is not None
    (chunk,) = chunks(asked, points, list(range(1, len(points) + 1)))
    found: list[Any] = work(chunk)[1]
    return found


def alone(point: dict[str, Any], **more: Any) -> Any:
    asked = {"name": "AdExNeuron", "duration": 200, "current": 0.8, "params": point} | more
    return drive("simulate", **asked)[1]


def test_features_are_those_of_a_run_alone() -> None:
    names = ["rate_hz", "isi_cv", "latency_ms", "adaptation", "spike_count", "isi_min"]
    listed = "".join(f"  - {{name: {name}, direction: minimize}}\n" for name in names)
    for point, outcome in zip(POINTS, evaluate(config(TEXT + listed), POINTS), strict=True):
        stats = alone(point).stats
        assert outcome["outputs"] == pytest.approx({name: stats[name] for name in names})
        assert outcome["failure"] is None


def test_the_distance_of_a_neuron_from_its_own_recordings_is_nothing() -> None:
    true = alone(POINTS[0])
    rates = [alone(POINTS[0], current=current).stats["rate_hz"] for current in (0.6, 0.9)]
    asked = config(TEXT + "  - {name: rate_hz, target: 1}")
    document = msgspec.to_builtins(asked)
    document["objectives"] = [
        {"name": "fi_curve", "target": {"currents": [0.6, 0.9], "rates": rates}},
        {"name": "spike_times", "target": {"spike_times": true.spike_times}},
        {"name": "trace", "target": {"t": true.t, "values": true.states["V"]}},
    ]
    same, other = evaluate(config(msgspec.json.encode(document).decode()), POINTS)
    assert same["outputs"] == pytest.approx(dict.fromkeys(same["outputs"], 0.0), abs=1e-6)
    assert all(distance > 0.5 for distance in other["outputs"].values())


def test_silence_and_divergence_are_failures_with_their_reason() -> None:
    text = TEXT.replace("current: 0.8", "current: 0.0").replace(
        "b, type: continuous, bounds: [0, 0.2]", "Delta_T, type: continuous, bounds: [0.1, 20]"
    )
    (silent,) = evaluate(
        config(text + "  - {name: latency_ms, direction: minimize}"),
        [{"Delta_T": 2.0, "tau_w": 100.0}],
    )
    assert silent["outputs"] == {"latency_ms": None}
    assert silent["reasons"] == {"latency_ms": "no spike"}
    wild = """
name: wild
domain: neuron
model: {name: FitzHughNagumoNeuron, integrator: euler, dt: 5, duration: 500}
parameters: [{name: current, type: continuous, bounds: [0.3, 1]}]
objectives: [{name: rate_hz, direction: maximize}]
"""
    (lost,) = evaluate(config(wild), [{"current": 0.5}])
    assert "a smaller dt may help" in lost["failure"]
