"""Presets that carry a stimulus."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kernels.neurons.catalogue import CATALOGUE
from kernels.neurons.model import Preset
from kernels.neurons.stimulus import Constant, Fluctuating, Piecewise, Pulses, Ramp, Recorded, Step
from studio.config import Limits
from studio.operations import columns, models, simulate, stimuli
from studio.wire.requests import SimulateConfig
from tests.studio.operations.drive import drive


def simulated(preset: str, **config: Any) -> Any:
    return drive("simulate", name="IzhikevichNeuron", preset=preset, **config)[1]


def test_a_preset_runs_under_its_own_stimulus_and_the_result_tells_it() -> None:
    result = simulated("rebound_spike")
    assert result.config["stimulus"] == {
        "kind": "step",
        "amplitude": -15.0,
        "onset": 20.0,
        "end": 25.0,
        "baseline": 0.0,
    }
    assert result.config["current"] is None
    assert result.config["duration"] == 200.0
    assert len(result.spike_times) == 1
    # the latency counts from the stimulus on
    assert result.stats["latency_ms"] == pytest.approx(result.spike_times[0] - 20.0)


@pytest.mark.parametrize(
    "own",
    [{"current": 10.0}, {"stimulus": {"kind": "step", "amplitude": 10.0}}],
    ids=["current", "stimulus"],
)
def test_a_request_may_drive_a_preset_as_it_likes(own: dict[str, Any]) -> None:
    result = simulated("rebound_spike", **own)
    assert len(result.spike_times) > 3
    assert (result.config["current"], result.config["stimulus"]) != (None, None)


def test_a_current_on_an_axis_stands_instead_of_the_preset_s_stimulus() -> None:
    axes = {"param_x": "current", "x_min": 0.0, "x_max": 10.0, "x_steps": 2}
    axes |= {"param_y": "d", "y_min": 2.0, "y_max": 8.0, "y_steps": 2}
    result = drive("heatmap", name="IzhikevichNeuron", preset="rebound_spike", **axes)[1]
    assert result.config["stimulus"] is None
    counts = result.metrics["spike_count"]
    assert [row[0] for row in counts] == [0, 0]
    assert all(row[1] > 2 for row in counts)


def test_a_sweep_over_other_parameters_keeps_the_preset_s_stimulus() -> None:
    axes = {"param_x": "c", "x_min": -60.0, "x_max": -52.0, "x_steps": 2}
    axes |= {"param_y": "d", "y_min": 0.0, "y_max": 4.0, "y_steps": 2}
    result = drive("heatmap", name="IzhikevichNeuron", preset="rebound_spike", **axes)[1]
    assert result.config["stimulus"]["kind"] == "step"
    assert result.metrics["spike_count"][1][0] == 1


STIMULI = [
    Constant(2.0),
    Step(onset=1.0, amplitude=2.0),
    Step(onset=1.0, end=3.0, amplitude=2.0, baseline=0.5),
    Ramp(onset=1.0, end=4.0, initial=0.5, final=2.0),
    Pulses(onset=1.0, width=0.5, period=1.5, amplitude=2.0),
    Pulses(onset=1.0, width=0.5, period=1.5, count=2, amplitude=2.0),
    Fluctuating(mean=1.0, std=0.5, tau=2.0),
    Recorded(onset=1.0, values=(0.0, 1.0), dt=0.5),
    Piecewise(onset=1.0, times=(0.0, 1.0), values=(0.0, 1.0)),
]


@pytest.mark.parametrize("stimulus", STIMULI, ids=lambda stimulus: type(stimulus).__name__)
def test_a_stimulus_asked_for_is_the_one_that_runs(stimulus: Any) -> None:
    asked = SimulateConfig(name="LapicqueNeuron", stimulus=stimuli.request(stimulus))
    assert columns.stimulus_of(simulate.check(asked, Limits())) == stimulus


WITH_STIMULUS = [
    pytest.param(model.name, preset, id=f"{model.name}-{preset.name}")
    for model in CATALOGUE
    for preset in model.presets
    if preset.stimulus is not None
]


@pytest.mark.parametrize(("name", "preset"), WITH_STIMULUS)
def test_every_preset_with_a_stimulus_can_be_asked_for(name: str, preset: Preset) -> None:
    config = simulate.check(SimulateConfig(name=name, preset=preset.name), Limits())
    assert columns.stimulus_of(config) == preset.stimulus


def test_a_model_tells_the_stimuli_of_its_presets_as_plain_data() -> None:
    told = json.loads(json.dumps(models.get_model("IzhikevichNeuron"), allow_nan=False))
    kinds = {preset["name"]: preset["stimulus"] for preset in told["presets"]}
    assert kinds["chattering"] is None
    assert kinds["tonic_spiking"]["kind"] == "step"
    assert kinds["tonic_spiking"]["end"] is None
    assert kinds["accommodation"]["kind"] == "piecewise"
