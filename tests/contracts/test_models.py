"""What every model of the catalogue must hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kernels.neurons import patterns, simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.catalogue import CATALOGUE
from kernels.neurons.model import Model, Relax, Values
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant

each_model = pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model.name)

# What a canonical run must show; models without spikes are not here.
CANONICAL: dict[str, set[str]] = {
    "LapicqueNeuron": {"tonic"},
    "QuadraticIFNeuron": {"tonic"},
    "ExpIFNeuron": {"tonic"},
    "AdExNeuron": {"adapting"},
    "IzhikevichNeuron": {"adapting"},
    "ResonateAndFireNeuron": {"tonic"},
    "AdaptiveThresholdIFNeuron": {"tonic"},
    "GLIFNeuron": {"adapting"},
    "ThetaNeuron": {"tonic"},
    "MorrisLecarNeuron": {"tonic"},
    "FitzHughNagumoNeuron": {"tonic"},
    "HindmarshRoseNeuron": {"bursting"},
    "HodgkinHuxleyNeuron": {"tonic"},
    "ConnorStevensNeuron": {"tonic"},
    "RushRinzelNeuron": {"tonic"},
    "TraubMilesNeuron": {"tonic"},
    "WangBuzsakiNeuron": {"tonic"},
    "DestexheThalamicNeuron": {"bursting"},
    "PinskyRinzelNeuron": {"bursting"},
    "RulkovMapNeuron": {"bursting"},
    "ChialvoMapNeuron": {"tonic"},
    "EscapeRateNeuron": {"irregular"},
    "PoissonNeuron": {"irregular"},
    "LoihiCUBANeuron": {"tonic"},
    "Loihi2Neuron": {"adapting"},
    "SpiNNakerLIFNeuron": {"tonic"},
    "SpiNNaker2Neuron": {"tonic"},
    "TrueNorthNeuron": {"tonic"},
    "AkidaNeuron": {"single_spike"},
    "DPINeuron": {"adapting"},
    "NeuroGridNeuron": {"tonic"},
    "IntegerQIFNeuron": {"tonic"},
    "SigmaDeltaNeuron": {"tonic"},
    "ComplementaryLIFNeuron": {"adapting"},
    "GatedLIFNeuron": {"tonic"},
    "KLIFNeuron": {"tonic"},
    "ParametricLIFNeuron": {"tonic"},
    "DifferentiableSurrogateNeuron": {"tonic"},
    "ParallelSpikingNeuron": {"tonic"},
    "EPropALIFNeuron": {"adapting"},
    "SuperSpikeNeuron": {"tonic"},
    "TsodyksMarkramNeuron": {"tonic"},
    "LeakyCompeteFireNeuron": {"tonic"},
    "FitzHughRinzelNeuron": {"bursting"},
    "McKeanNeuron": {"tonic"},
    "TermanWangOscillator": {"tonic"},
    "RulkovChaoticMapNeuron": {"bursting"},
    "IbarzTanakaMapNeuron": {"adapting"},
    "CourbageNekorkinMapNeuron": {"bursting"},
    "CazellesMapNeuron": {"bursting"},
    "KTzMapNeuron": {"adapting"},
    "KTzLogisticMapNeuron": {"tonic"},
    "McCullochPittsNeuron": {"tonic"},
    "NagumoSatoNeuron": {"tonic"},
    "AiharaMapNeuron": {"tonic"},
    "GalvesLocherbachNeuron": {"irregular"},
    "GammaRenewalNeuron": {"irregular"},
    "GLMNeuron": {"irregular"},
    "DeadTimePoissonNeuron": {"irregular"},
    "HawkesNeuron": {"irregular", "bursting"},
    "PerfectIntegratorNeuron": {"tonic"},
    "StochasticIFNeuron": {"irregular"},
    "COBALIFNeuron": {"irregular"},
    "AlphaNeuron": {"tonic"},
    "EnergyLIFNeuron": {"adapting"},
    "FractionalLIFNeuron": {"tonic"},
    "SFANeuron": {"adapting"},
    "MATNeuron": {"adapting"},
    "AMATNeuron": {"tonic"},
    "SpikeResponseNeuron": {"tonic"},
    "GIFNeuron": {"adapting"},
    "MihalasNieburNeuron": {"tonic"},
    "NonlinearLIFNeuron": {"adapting"},
    "Izhikevich2007Neuron": {"tonic"},
    "TwoCompartmentLIFNeuron": {"tonic"},
    "InhibitoryLIFNeuron": {"tonic"},
    "ChayKeizerNeuron": {"bursting"},
    "ChayNeuron": {"tonic", "adapting"},
    "ShermanRinzelKeizerNeuron": {"bursting"},
    "BertramPhantomBurster": {"bursting"},
    "PernarowskiNeuron": {"bursting"},
    "ButeraRespiratoryNeuron": {"bursting"},
    "PlantR15Neuron": {"bursting"},
    "KomendantovKononenkoNeuron": {"bursting"},
    "MarderSTGNeuron": {"bursting"},
    "BoothRinzelNeuron": {"adapting"},
    "DendrifyNeuron": {"tonic"},
    "AvRonNeuron": {"tonic"},
    "PaulSCNNeuron": {"tonic"},
    "KramerPurkinjeNeuron": {"bursting"},
    "GolombFSNeuron": {"tonic"},
    "ErisirNeuron": {"tonic"},
    "PospischilNeuron": {"adapting"},
    "WilsonHRNeuron": {"adapting"},
    "PrescottNeuron": {"tonic"},
    "PersistentSodiumPotassiumNeuron": {"tonic"},
    "GolombYaariNeuron": {"bursting"},
    "MainenSejnowskiNeuron": {"adapting"},
    "DurstewitzDopamineNeuron": {"adapting"},
    "HayL5PyramidalNeuron": {"adapting"},
    "DestexheReticularNeuron": {"adapting"},
    "McCormickHuguenardNeuron": {"tonic"},
    "HillTononiNeuron": {"bursting"},
    "CompteWMNeuron": {"tonic", "irregular"},
    "HuberBraunNeuron": {"bursting"},
    "GolombAmitaiNeuron": {"adapting"},
    "YamadaNeuron": {"single_spike"},
    "BarretoCressmanNeuron": {"tonic"},
}


def run(model: Model, *, engine: str = "llvm", dt: float | None = None, n: int = 1) -> Recording:
    return simulate.run(
        Batch(model, n, Constant(model.current)),
        duration=model.duration,
        dt=model.dt if dt is None else dt,
        integrator=model.integrator,
        engine=engine,
        traced=range(n),
    )


@each_model
def test_everything_has_a_unit_a_meaning_and_a_source(model: Model) -> None:
    assert model.sources
    assert model.equations
    assert all(source.authors and source.year and source.title for source in model.sources)
    for item in (*model.params, *model.states):
        assert item.unit
        assert item.meaning
    for param in model.params:
        assert param.low < param.high
    assert model.current_unit


def test_names_are_unique_and_no_alias_hides_a_model() -> None:
    names = [name for model in CATALOGUE for name in (model.name, *model.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "model", [model for model in CATALOGUE if model.derivatives], ids=lambda model: model.name
)
def test_rates_are_finite_over_the_whole_voltage_range(model: Model) -> None:
    assert model.derivatives is not None
    batch = Batch(model, 1, Constant(0.0))
    states = {name: value[0] for name, value in batch.initial_states().items()}
    potentials = [s.name for s in model.states if s.unit == "mV"] or [model.output]
    # every multiple of 0.1 mV holds the removable singularities, which lie at round numbers
    sweep = np.round(np.arange(-200.0, 100.05, 0.1), 1)
    for name in potentials:
        swept = Values({**states, name: sweep})
        with np.errstate(over="ignore"):  # exp may overflow where its reciprocal then vanishes
            rates = model.derivatives(np, swept, Values(batch.parameters()), 0.0)
        for rate in rates.values():
            parts = rate if isinstance(rate, Relax) else (rate,)
            assert all(np.isfinite(part).all() for part in parts)


@pytest.mark.parametrize(
    "model",
    [m for m in CATALOGUE if m.family in {"conductance", "burster", "compartments"}],
    ids=lambda model: model.name,
)
def test_no_bound_of_a_parameter_takes_a_finite_membrane_beyond_a_volt(model: Model) -> None:
    bounds = [(param.name, bound) for param in model.params for bound in (param.low, param.high)]
    params = {
        param.name: np.array([b if name == param.name else param.default for name, b in bounds])
        for param in model.params
    }
    recording = simulate.run(
        Batch(model, len(bounds), Constant(model.current), params),
        duration=min(model.duration, 3000 * model.dt),
        dt=model.dt,
        integrator=model.integrator,
        engine="llvm",
        traced=range(len(bounds)),
    )
    finite = np.isnan(recording.diverged_at)
    for state in model.states:
        if state.unit == "mV":
            highest = np.abs(recording.trace.states[state.name]).max(axis=0)
            assert not [b for b, far in zip(bounds, finite & (highest > 1e3), strict=True) if far]


@each_model
def test_the_canonical_run_shows_what_its_source_shows(model: Model) -> None:
    recording = run(model)
    assert np.isnan(recording.diverged_at).all()
    if not model.spiking:
        assert recording.mean_rate is not None
        assert recording.mean_rate[0] > 0
        assert len(recording.spike_times) == 0
        return
    pattern = patterns.classify(spikes.statistics(recording), deterministic=model.deterministic)
    assert str(pattern[0]) in CANONICAL[model.name]


@each_model
def test_a_model_rests_at_its_initial_states_or_says_what_it_does_instead(model: Model) -> None:
    driven, alone = run(model), run(replace(model, current=0.0))
    moved = {
        name: np.ptp(states)
        for name, states in alone.trace.states.items()
        if np.ptp(states) > 0.01 * np.ptp(driven.trace.states[name]) + 1e-6 * np.abs(states).max()
    }
    fired = len(alone.spike_times) > 0
    assert (model.without_input == "rests") == (not moved and not fired), moved
    if model.spiking and fired:
        assert model.without_input.startswith(("fires", "bursts"))


@pytest.mark.parametrize(
    "model", [model for model in CATALOGUE if not model.tied_to_dt], ids=lambda model: model.name
)
def test_halving_dt_keeps_the_spike_count(model: Model) -> None:
    assert len(run(model).spike_times) == len(run(model, dt=model.dt / 2).spike_times)


@each_model
def test_a_column_alone_is_that_column_in_a_batch(model: Model) -> None:
    short = replace(model, duration=min(model.duration, 500 * model.dt))
    n = 5
    batch = Batch(short, n, Constant(model.current * np.linspace(0.5, 1.5, n)), seed=3)
    options = {"duration": short.duration, "dt": short.dt, "integrator": short.integrator}
    whole = simulate.run(batch, **options, traced=range(n))
    for column in range(n):
        alone = simulate.run(
            batch.take(slice(column, column + 1)), **options, traced=[0], block_steps=77
        )
        assert np.array_equal(alone.spike_times, whole.spike_times[whole.spike_columns == column])
        for name, trace in alone.trace.states.items():
            assert np.array_equal(trace[:, 0], whole.trace.states[name][:, column])


@each_model
def test_presets_set_what_the_model_has_within_its_bounds(model: Model) -> None:
    bounds = {param.name: (param.low, param.high) for param in model.params}
    for preset in model.presets:
        assert preset.source
        for name, value in preset.params.items():
            low, high = bounds[name]
            assert low <= value <= high
