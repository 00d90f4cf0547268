"""Where the short runs of the contracts begin."""

from __future__ import annotations

from functools import cache

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.model import Integrator, Model
from kernels.neurons.stimulus import Constant


@cache
def shortly_before_a_spike(model: Model, n_steps: int, integrator: Integrator) -> dict[str, float]:
    """States of the canonical run from which it fires within n_steps; none where it does at once.

    A run too short to fire from the initial states would compare neither spikes nor resets.
    """
    options = {"dt": model.dt, "integrator": integrator, "engine": "llvm"}
    batch = Batch(model, 1, Constant(model.current), seed=11)
    times = simulate.run(batch, duration=model.duration, **options).spike_times
    if not len(times) or times[0] < n_steps / 2 * model.dt:
        return {}
    before = times[0] - n_steps / 2 * model.dt
    trace = simulate.run(batch, duration=before, **options, traced=[0]).trace
    return {name: float(states[-1, 0]) for name, states in trace.states.items()}
