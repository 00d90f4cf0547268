"""Run a case by Studio's kernels and by a witness, and measure how far they are apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy.stats import ks_2samp

from kernels.neurons import catalogue
from kernels.neurons.batch import Batch
from kernels.neurons.model import Model
from kernels.neurons.simulate import count_steps, run
from kernels.neurons.stimulus import Constant
from kernels.neurons.trace import MAX_POINTS
from witnesses.constants import typed
from witnesses.witness import Case, Witness

MAX_MS = 0.2  # spikes of a model in ms may be so far apart, or two steps
MAX_SHARE = 0.01  # and a trajectory by so much of its range
MIN_P = 0.01  # of Kolmogorov and Smirnov's test that two samples have one distribution


@dataclass(frozen=True)
class Row:
    """A line of the report; ours and theirs: spikes, or the range of a trajectory.

    largest, median: absolute differences of spike times or of a state; of a distribution, the
        relative difference of the rates and the test's p
    """

    witness: Witness
    case: Case
    ours: str
    theirs: str
    largest: float
    median: float
    limit: str
    agrees: bool


def case_of(witness: Witness) -> Case:
    """What a witness and the kernels both run."""
    model: Model = catalogue.get(witness.model)
    preset = next((p for p in model.presets if p.name == witness.preset), None)
    params = {**(preset.params if preset else {}), **witness.params}
    values = {p.name: params.get(p.name, p.default) for p in model.params}
    init = {**(preset.init if preset else {}), **witness.init}
    for state in model.states:
        start = values[state.initial] if isinstance(state.initial, str) else state.initial
        init.setdefault(state.name, start)
    current, duration = witness.current, witness.duration
    if preset is not None:
        current = preset.current if current is None else current
        duration = preset.duration if duration is None else duration
    return Case(
        model=model,
        p=SimpleNamespace(**values),
        init=init,
        current=model.current if current is None else current,
        duration=model.duration if duration is None else duration,
        dt=model.dt if witness.dt is None else witness.dt,
        integrator=witness.integrator or model.integrator,
        trials=witness.trials,
    )


def as_typed(case: Case, witness: Witness) -> Case:
    """The same with the constants that were typed from the literature in place of Studio's."""
    of_preset = next((p.params for p in case.model.presets if p.name == witness.preset), {})
    again = {k: v for k, v in typed(witness.model).items() if k not in of_preset}
    if witness.preset:
        again |= typed(witness.model, witness.preset)
    ours = vars(case.p)
    theirs = {k: v for k, v in again.items() if k in ours and k not in witness.params}
    return replace(case, p=SimpleNamespace(**{**ours, **theirs}))


def allowed(model: Model, dt: float) -> float:
    """How far apart a spike of two sides may be, in the model's time."""
    return max(MAX_MS if model.time_unit == "ms" else 0.0, 2 * dt)


def pairs(
    ours: np.ndarray, theirs: np.ndarray, duration: float, limit: float
) -> tuple[np.ndarray, bool]:
    """How far apart spikes of the same number are, and whether there are as many of them."""
    n = min(len(ours), len(theirs))
    apart = np.abs(ours[:n] - theirs[:n]) if n else np.array([np.inf])
    unmatched = [*ours[n:], *theirs[n:]]  # a spike within the limit of the end may be one side's
    return apart, len(unmatched) <= 1 and all(t > duration - limit for t in unmatched)


def compare(witness: Witness) -> Row:
    """Run both sides; where they agree is said, not asserted."""
    case = case_of(witness)
    theirs = witness.run(as_typed(case, witness))
    if witness.kind == "trajectory":
        return _trajectories(witness, case, theirs)
    if witness.kind == "distribution":
        return _distributions(witness, case, theirs)
    return _spikes(witness, case, theirs)


def _ours(case: Case, traced: tuple[int, ...] = ()) -> Any:
    batch = Batch(
        case.model,
        case.trials,
        Constant(amplitude=case.current),
        params=vars(case.p),
        init=case.init,
        seed=1,
    )
    return run(batch, duration=case.duration, dt=case.dt, integrator=case.integrator, traced=traced)


def _spikes(witness: Witness, case: Case, theirs: np.ndarray) -> Row:
    ours = np.sort(_ours(case).spike_times)
    theirs = theirs[theirs <= case.duration + 1e-9]
    limit = witness.tolerance
    if limit is None:
        limit = allowed(case.model, case.dt)
    apart, same = pairs(ours, theirs, case.duration, limit)
    return Row(
        witness,
        case,
        f"{len(ours)}",
        f"{len(theirs)}",
        float(apart.max()),
        float(np.median(apart)),
        f"{limit:g}",
        bool(same and apart.max() <= limit * (1 + 1e-9)),
    )


def _trajectories(witness: Witness, case: Case, theirs: dict[str, np.ndarray]) -> Row:
    """The state that is farthest off, by its share of the witness's range."""
    assert count_steps(case.duration, case.dt) < MAX_POINTS, "a thinned trace has no fixed times"
    recording = _ours(case, traced=(0,))
    steps = np.round(recording.trace.t / case.dt).astype(int)
    share, rows = witness.tolerance or MAX_SHARE, []
    for name, values in theirs.items():
        ours = recording.trace.states[name][:, 0]
        apart = np.abs(ours - values[steps])
        limit = share * np.ptp(values)
        row = Row(
            witness,
            case,
            f"{name}: {ours.min():.4g} to {ours.max():.4g}",
            f"{values.min():.4g} to {values.max():.4g}",
            float(apart.max()),
            float(np.median(apart)),
            f"{limit:.2g}",
            bool(apart.max() <= limit),
        )
        rows.append((apart.max() / limit if limit else apart.max(), row))
    return max(rows, key=lambda item: item[0])[1]


def _distributions(witness: Witness, case: Case, theirs: list[np.ndarray]) -> Row:
    """Counts and intervals of independent trials, by two tests that must not reject."""
    recording = _ours(case)
    order = np.lexsort((recording.spike_times, recording.spike_columns))
    times, columns = recording.spike_times[order], recording.spike_columns[order]
    ours = np.split(times, np.searchsorted(columns, np.arange(1, case.trials)))
    counts = [np.array([len(t) for t in side]) for side in (ours, theirs)]
    intervals = [np.concatenate([np.diff(t) for t in side]) for side in (ours, theirs)]
    rates = [1000 * n.mean() / case.duration for n in counts]
    variation = [d.std() / d.mean() for d in intervals]
    # intervals differ in pairs within a bin of a step: jitter spreads them evenly over it
    jitter = np.random.default_rng(1)
    spread = [d + jitter.uniform(-case.dt / 2, case.dt / 2, len(d)) for d in intervals]
    p = ks_2samp(*spread).pvalue
    apart = abs(rates[0] - rates[1])
    error = 1000 / case.duration * np.sqrt(sum(n.var(ddof=1) / len(n) for n in counts))
    said = [f"{r:.2f} Hz, CV {c:.3f}" for r, c in zip(rates, variation, strict=True)]
    return Row(
        witness,
        case,
        said[0],
        said[1],
        float(apart),
        float(p),
        f"{3 * error:.2g} Hz, p {MIN_P}",
        bool(apart <= 3 * error and p >= MIN_P),
    )
