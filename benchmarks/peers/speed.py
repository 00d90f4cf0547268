"""One simulator, one model, 225 columns: how long it takes from a cold start and when warm.

A process of its own for each, so that nobody's memory and start count for another.

    python benchmarks/peers/speed.py PEER MODEL ROUNDS     prints JSON
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from plain import HH_START, adex, hodgkin_huxley

Run = Callable[[], list[int]]
"""Simulates once, and returns the spikes of every column."""

N = 225
AMPLITUDES = {
    "adex": [0.8 * (0.5 + i / (N - 1)) for i in range(N)],  # nA
    "hodgkin_huxley": [10.0 * (0.5 + i / (N - 1)) for i in range(N)],  # uA/cm2
}
DURATION = {"adex": 200.0, "hodgkin_huxley": 100.0}  # ms
DT = {"adex": 0.1, "hodgkin_huxley": 0.01}
PLAIN = {"adex": adex, "hodgkin_huxley": hodgkin_huxley}


def steps(model: str) -> int:
    """How many steps a run takes."""
    return round(DURATION[model] / DT[model])


def studio(engine: str) -> Callable[[str], Run]:
    """An engine of Studio's."""

    def prepare(model: str) -> Run:
        import numpy as np

        from kernels.neurons import catalogue, simulate
        from kernels.neurons.batch import Batch
        from kernels.neurons.stimulus import Constant

        name = {"adex": "AdExNeuron", "hodgkin_huxley": "HodgkinHuxleyNeuron"}[model]
        batch = Batch(catalogue.get(name), N, Constant(np.array(AMPLITUDES[model])))

        def run() -> list[int]:
            recording = simulate.run(
                batch, duration=DURATION[model], dt=DT[model], integrator="euler", engine=engine
            )
            counts: list[int] = np.bincount(recording.spike_columns, minlength=N).tolist()
            return counts

        return run

    return prepare


def c(model: str) -> Run:
    """baselines.c, compiled for this processor."""
    import numpy as np
    from bench_kernels import baselines, in_c

    from kernels.neurons import catalogue
    from kernels.neurons.batch import Batch
    from kernels.neurons.stimulus import Constant

    name = {"adex": "AdExNeuron", "hodgkin_huxley": "HodgkinHuxleyNeuron"}[model]
    batch = Batch(catalogue.get(name), N, Constant(np.array(AMPLITUDES[model])))
    with baselines() as library:
        go = in_c(library, model, batch, DURATION[model], DT[model])
    return lambda: [go()]


def plain_python(model: str) -> Run:
    """A loop over columns and steps, flattened to local variables."""
    one = PLAIN[model]
    return lambda: [one(current) for current in AMPLITUDES[model]]


def jax_scan(model: str) -> Run:
    """jax on the processor in 64 bits: a scan over the steps that records who fired."""
    import jax

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    import jax.numpy as jnp

    current = jnp.array(AMPLITUDES[model])
    step, start = _array_step(model, jnp)

    @jax.jit
    def whole(current: Any) -> Any:
        states = tuple(jnp.full(N, x) for x in start)
        return jax.lax.scan(lambda s, _: step(s, current), states, None, length=steps(model))[1]

    return lambda: [int(count) for count in whole(current).sum(axis=0)]


def _array_step(model: str, xp: Any) -> tuple[Callable[..., Any], tuple[float, ...]]:
    def adex(states: Any, current: Any) -> Any:
        V, w = states
        from_rest = V + 70.6
        dV = (30.0 * (2.0 * xp.exp((V + 50.4) / 2.0) - from_rest) + 1000.0 * (current - w)) / 281.0
        w = w + 0.1 * (0.004 * from_rest - w) / 144.0
        V = V + 0.1 * dV
        fired = V >= 20.0
        return (xp.where(fired, -70.6, V), xp.where(fired, w + 0.0805, w)), fired

    def hodgkin_huxley(states: Any, current: Any) -> Any:
        V, m, h, n = states
        x, y, dt = V + 40.0, V + 55.0, 0.01
        a_m = xp.where(abs(x) < 1e-6, 1.0, 0.1 * x / (1.0 - xp.exp(-x / 10.0)))
        a_n = xp.where(abs(y) < 1e-6, 0.1, 0.01 * y / (1.0 - xp.exp(-y / 10.0)))
        b_m, b_n = 4.0 * xp.exp((V + 65.0) / -18.0), 0.125 * xp.exp((V + 65.0) / -80.0)
        a_h = 0.07 * xp.exp((V + 65.0) / -20.0)
        b_h = 1.0 / (1.0 + xp.exp((V + 35.0) / -10.0))
        ions = 120.0 * m**3 * h * (V - 50.0) + 36.0 * n**4 * (V + 77.0) + 0.3 * (V + 54.387)
        new = V + dt * (current - ions)
        m = m + dt * (a_m * (1.0 - m) - b_m * m)
        h = h + dt * (a_h * (1.0 - h) - b_h * h)
        n = n + dt * (a_n * (1.0 - n) - b_n * n)
        return (new, m, h, n), (V < 0.0) & (new >= 0.0)

    return {"adex": (adex, (-70.6, 0.0)), "hodgkin_huxley": (hodgkin_huxley, HH_START)}[model]


def numba_loop(model: str) -> Run:
    """The plain loop, compiled by numba; spikes are counted, not recorded."""
    import numba
    import numpy as np

    one = PLAIN[model]
    compiled = numba.njit(one, fastmath=True)

    @numba.njit
    def every(current: Any) -> Any:
        counts = np.zeros(len(current), np.int64)
        for i in range(len(current)):
            counts[i] = compiled(current[i])
        return counts

    current = np.array(AMPLITUDES[model])
    return lambda: every(current).tolist()


def brian2_runtime(model: str) -> Run:
    """Brian2 with steps that Cython compiles."""
    import brian2 as b2

    b2.prefs.codegen.target = "cython"
    network, spikes = _brian2_network(b2, model)
    network.store()

    def run() -> list[int]:
        network.run(DURATION[model] * b2.ms)
        return [int(count) for count in spikes.count]

    run.restart = network.restore  # type: ignore[attr-defined]
    return run


def brian2_standalone(model: str) -> Run:
    """Brian2 as a C++ program; its own time for the run, without starting and writing files."""
    import tempfile

    import brian2 as b2

    b2.set_device("cpp_standalone", build_on_run=False)
    network, spikes = _brian2_network(b2, model)
    network.run(DURATION[model] * b2.ms)
    b2.device.build(directory=tempfile.mkdtemp(), compile=True, run=False)

    def run() -> list[int]:
        b2.device.run()
        run.seconds = b2.device._last_run_time  # type: ignore[attr-defined]
        return [int(count) for count in spikes.count]

    return run


def _brian2_network(b2: Any, model: str) -> Any:
    b2.defaultclock.dt = DT[model] * b2.ms
    if model == "adex":
        group = b2.NeuronGroup(
            N,
            """dV/dt = (30*(2*exp((V + 50.4)/2) - (V + 70.6)) + 1000*(amplitude - w))/281/ms : 1
               dw/dt = (0.004*(V + 70.6) - w)/144/ms : 1
               amplitude : 1""",
            threshold="V >= 20",
            reset="V = -70.6; w += 0.0805",
            method="euler",
        )
        group.V = -70.6
    else:
        group = b2.NeuronGroup(
            N,
            """dV/dt = (amplitude - 120*m**3*h*(V - 50) - 36*n**4*(V + 77)
                        - 0.3*(V + 54.387))/ms : 1
               dm/dt = (1/exprel(-(V + 40)/10)*(1 - m) - 4*exp(-(V + 65)/18)*m)/ms : 1
               dh/dt = (0.07*exp(-(V + 65)/20)*(1 - h) - h/(1 + exp(-(V + 35)/10)))/ms : 1
               dn/dt = (0.1/exprel(-(V + 55)/10)*(1 - n) - 0.125*exp(-(V + 65)/80)*n)/ms : 1
               amplitude : 1""",
            threshold="V >= 0",
            refractory="V >= 0",
            method="euler",
        )
        group.V, group.m, group.h, group.n = HH_START
    group.amplitude = AMPLITUDES[model]
    spikes = b2.SpikeMonitor(group)
    return b2.Network(group, spikes), spikes


def nest(model: str) -> Run:
    """NEST's built-in models on one thread, with its own adaptive solver."""
    import nest as simulator

    simulator.verbosity = getattr(simulator, "VerbosityLevel", simulator).ERROR

    def build() -> None:
        simulator.ResetKernel()
        simulator.set(resolution=DT[model], local_num_threads=1)
        if model == "adex":
            parameters = {"V_peak": 20.0, "V_reset": -70.6, "t_ref": 0.0, "V_m": -70.6}
            neurons = simulator.Create("aeif_psc_delta", N, parameters)
            neurons.I_e = [1000.0 * current for current in AMPLITUDES[model]]
        else:  # 100 pF are 100 um2 at 1 uF/cm2, in its units of pF, nS and pA
            parameters = {"C_m": 100.0, "g_Na": 12000.0, "g_K": 3600.0, "g_L": 30.0}
            parameters |= {"E_Na": 50.0, "E_K": -77.0, "E_L": -54.387, "t_ref": 2.0}
            parameters |= dict(zip(("V_m", "Act_m", "Inact_h", "Act_n"), HH_START, strict=True))
            neurons = simulator.Create("hh_psc_alpha", N, parameters)
            neurons.I_e = [100.0 * current for current in AMPLITUDES[model]]
        recorder = simulator.Create("spike_recorder")
        simulator.Connect(neurons, recorder, "all_to_all", {"delay": DT[model]})
        run.recorder, run.first = recorder, neurons[0].global_id  # type: ignore[attr-defined]

    def run() -> list[int]:
        simulator.Simulate(DURATION[model])
        counts = [0] * N
        for sender in run.recorder.events["senders"]:  # type: ignore[attr-defined]
            counts[sender - run.first] += 1  # type: ignore[attr-defined]
        return counts

    build()
    run.restart = build  # type: ignore[attr-defined]
    return run


def neuron(model: str) -> Run:
    """NEURON's hh at 6.3 degrees, with its implicit steps."""
    from neuron import h

    if model != "hodgkin_huxley":
        raise LookupError("no built-in model")
    h.load_file("stdrun.hoc")
    h.celsius, h.dt, h.steps_per_ms = 6.3, DT[model], 1.0 / DT[model]
    kept = []
    for current in AMPLITUDES[model]:
        section = h.Section()
        section.L = section.diam = 10.0
        section.cm = 1.0
        section.insert("hh")
        section.el_hh = -54.387
        clamp = h.IClamp(section(0.5))
        clamp.dur, clamp.amp = 1e9, current * section(0.5).area() * 1e-5  # uA/cm2 um2 in nA
        times = h.Vector()
        counter = h.NetCon(section(0.5)._ref_v, None, sec=section)
        counter.threshold = 0.0
        counter.record(times)
        kept.append((section, clamp, counter, times))

    def run() -> list[int]:
        h.finitialize(-65.0)
        h.continuerun(DURATION[model])
        return [len(times) for *_, times in kept]

    return run


PEERS: dict[str, Callable[[str], Run]] = {
    "llvm": studio("llvm"),
    "numpy": studio("numpy"),
    "scalar": studio("scalar"),
    "c": c,
    "jax": jax_scan,
    "numba": numba_loop,
    "brian2_cython": brian2_runtime,
    "brian2_standalone": brian2_standalone,
    "nest": nest,
    "neuron": neuron,
    "python": plain_python,
}


def main() -> None:
    """Prepare, run, and tell the seconds of each."""
    peer, model, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    begun = time.perf_counter()
    run = PEERS[peer](model)
    counts = run()
    cold = time.perf_counter() - begun
    warm = []
    for _ in range(rounds):
        getattr(run, "restart", lambda: None)()
        begun = time.perf_counter()
        counts = run()
        took = time.perf_counter() - begun
        warm.append(getattr(run, "seconds", took))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cold": cold, "warm": warm, "memory": memory, "counts": counts}))


if __name__ == "__main__":
    main()
