"""Published sets of parameters do what their sources say."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.neurons import simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.catalogue import get
from kernels.neurons.spikes import SpikeStatistics
from kernels.neurons.stimulus import Constant


def run(name: str, preset_name: str) -> SpikeStatistics:
    """A model with a preset, as an operation runs it."""
    model = get(name)
    (preset,) = (preset for preset in model.presets if preset.name == preset_name)
    current = model.current if preset.current is None else preset.current
    recording = simulate.run(
        Batch(model, 1, Constant(current), preset.params, preset.init),
        duration=preset.duration or model.duration,
        dt=model.dt,
        integrator=model.integrator,
        engine="scalar",
    )
    assert np.isnan(recording.diverged_at).all()
    return spikes.statistics(recording)


@pytest.mark.parametrize(
    ("name", "preset", "shortest"),
    [
        ("PinskyRinzelNeuron", "bursting", 300.0),
        ("DestexheThalamicNeuron", "delta", 200.0),
    ],
)
def test_bursts_repeat_after_long_pauses(name: str, preset: str, shortest: float) -> None:
    stats = run(name, preset)
    assert stats.runs[0] >= 3
    assert stats.isi_max[0] > shortest > 10.0 * stats.isi_min[0]


@pytest.mark.parametrize("name", ["PinskyRinzelNeuron", "HindmarshRoseNeuron"])
def test_spikes_come_one_by_one(name: str) -> None:
    stats = run(name, "spiking")
    assert stats.spike_count[0] > 10
    assert stats.gap[0] < 1.5
    assert stats.silent_after[0] < stats.isi_max[0]


def test_a_burst_comes_once_where_the_current_is_weak() -> None:
    stats = run("HindmarshRoseNeuron", "one_burst")
    assert stats.spike_count[0] > 3
    assert stats.isi_max[0] < 50.0
    assert stats.silent_after[0] > 1500.0
