"""Every engine gives the answer of the reference, numpy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.catalogue import CATALOGUE, get
from kernels.neurons.engines import ENGINES
from kernels.neurons.model import Integrator, Model, Preset
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant, Fluctuating
from tests.contracts.start import shortly_before_a_spike

OTHERS = [name for name in ENGINES if name != "numpy"]
CASES = [(model, integrator) for model in CATALOGUE for integrator in model.integrators]

# No other model is chaotic at its canonical stimulus, so all are held to the same spikes.
N_STEPS = 3000
# Chaos makes another spike of the last bit of a product: how many steps of a model, or of one of
# its presets, are compared.
CHAOTIC = {
    "RulkovChaoticMapNeuron": 250,
    "IbarzTanakaMapNeuron": 500,
    "CourbageNekorkinMapNeuron": 900,
    "CazellesMapNeuron": 250,
    "AdExNeuron irregular_spiking": 1900,
    "IzhikevichNeuron class_2": 2600,
    "Izhikevich2007Neuron fast_spiking": 2200,
    "ChialvoMapNeuron chaotic": 400,
    "KTzMapNeuron bursting": 1300,
    "KTzLogisticMapNeuron bursting": 2200,
    "AiharaMapNeuron chaotic": 130,
}


def assert_same(reference: Recording, other: Recording) -> None:
    assert np.array_equal(other.spike_columns, reference.spike_columns)
    assert np.array_equal(other.spike_times, reference.spike_times)
    assert np.array_equal(other.diverged_at, reference.diverged_at, equal_nan=True)
    for name, trace in other.trace.states.items():
        finite = np.isfinite(reference.trace.states[name])
        scale = np.abs(reference.trace.states[name][finite]).max() + 1e-12
        assert np.allclose(trace, reference.trace.states[name], 1e-6, 1e-6 * scale, equal_nan=True)
    if reference.mean_rate is not None:
        assert other.mean_rate is not None
        assert np.allclose(other.mean_rate, reference.mean_rate)


def assert_engines_agree(batch: Batch, **options: Any) -> Recording:
    """Every engine does as the reference, which is returned; every column is traced."""
    options = {"traced": range(batch.n_columns), **options}
    reference = simulate.run(batch, **options)
    for engine in OTHERS:
        assert_same(reference, simulate.run(batch, **options, engine=engine))
    return reference


@pytest.mark.parametrize(
    ("model", "integrator"), CASES, ids=lambda x: x.name if isinstance(x, Model) else x
)
def test_every_engine_finds_the_same_spikes_states_and_rates(
    model: Model, integrator: Integrator
) -> None:
    currents = model.current * np.array([0.5, 1.0, 1.5])
    n_steps = CHAOTIC.get(model.name, N_STEPS) // (4 if integrator == "rk4" else 1)
    begun = shortly_before_a_spike(model, n_steps, integrator)
    batch = Batch(model, 3, Constant(currents), init=begun, seed=11)
    duration = min(model.duration, n_steps * model.dt)
    options: dict[str, Any] = {"duration": duration, "dt": model.dt, "integrator": integrator}
    reference = assert_engines_agree(batch, **options, transient=duration / 3)
    assert len(reference.spike_times) > 0 or not model.spiking or integrator != model.integrator


class Presets(NamedTuple):
    """Presets of one model that run as the columns of one batch."""

    batch: Batch
    dt: float
    integrator: Integrator
    names: list[str]


def batches_of_presets(model: Model) -> Iterator[Presets]:
    alike: dict[tuple[str, float, Integrator], list[Preset]] = defaultdict(list)
    for preset in model.presets:
        alone = preset.name if preset.stimulus or preset.init else ""
        key = alone, preset.dt or model.dt, preset.integrator or model.integrator
        alike[key].append(preset)
    for (_, dt, integrator), presets in alike.items():
        params = {
            param.name: np.array([one.params.get(param.name, param.default) for one in presets])
            for param in model.params
        }
        currents = [model.current if one.current is None else one.current for one in presets]
        stimulus = presets[0].stimulus or Constant(np.array(currents))
        batch = Batch(model, len(presets), stimulus, params, presets[0].init, seed=11)
        yield Presets(batch, dt, integrator, [one.name for one in presets])


@pytest.mark.parametrize(
    "presets",
    [presets for model in CATALOGUE for presets in batches_of_presets(model)],
    ids=lambda presets: f"{presets.batch.model.name}-{presets.names[0]}",
)
def test_every_engine_finds_the_same_for_presets(presets: Presets) -> None:
    batch, dt, integrator, names = presets
    n_steps = min(CHAOTIC.get(f"{batch.model.name} {name}", N_STEPS) for name in names)
    assert_engines_agree(batch, duration=n_steps * dt, dt=dt, integrator=integrator)


def test_every_engine_diverges_where_the_reference_does() -> None:
    batch = Batch(get("HodgkinHuxleyNeuron"), 3, Constant(np.array([10.0, 1e6, 1e9])))
    reference = assert_engines_agree(batch, duration=50.0, dt=0.5, integrator="euler")
    assert np.isfinite(reference.diverged_at).all()


def test_every_engine_meets_the_same_noise() -> None:
    batch = Batch(get("AdExNeuron"), 2, Fluctuating(mean=0.6, std=0.5, tau=5.0), seed=4)
    reference = assert_engines_agree(batch, duration=200.0, dt=0.1, integrator="euler")
    assert len(reference.spike_times) > 2


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("block_steps", [1, 7, 10_000])
def test_an_engine_does_not_depend_on_the_length_of_its_blocks(
    engine: str, block_steps: int
) -> None:
    batch = Batch(get("LapicqueNeuron"), 2, Constant(np.array([1.5, 3.0])), {"t_ref": 3.3})
    options: dict[str, Any] = {"duration": 100.0, "dt": 0.1, "integrator": "euler"}
    whole = simulate.run(batch, **options, engine=engine)
    blocks = simulate.run(batch, **options, engine=engine, block_steps=block_steps)
    assert len(whole.spike_times) > 5
    assert np.array_equal(blocks.spike_times, whole.spike_times)
