"""Which of NEURON's built-in mechanisms is which of Studio's models, and with what parameters."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from neuron import h

from witnesses.neuron import CVODE, compartment, run, trajectory
from witnesses.witness import Case, witness

built_in = partial(witness, builtin=True)


@built_in("HodgkinHuxleyNeuron", "NEURON hh", integrator="rk4", note=CVODE)
def hodgkin_huxley(case: Case) -> Any:
    """The squid's axon at 6.3 degrees, without tables of its rates; mS/cm2 are 10^-3 S/cm2."""
    p = case.p
    section, _clamp = compartment(case)
    section.cm = p.C_m
    section.insert("hh")
    h.celsius, h.usetable_hh = 6.3, 0
    for segment in section:
        segment.hh.gnabar, segment.hh.gkbar = p.g_Na / 1000, p.g_K / 1000
        segment.hh.gl, segment.hh.el = p.g_L / 1000, p.E_L
    section.ena, section.ek = p.E_Na, p.E_K
    return run(case, [section(0.5)._ref_v], section, case.level)[0]


@built_in(
    "LapicqueNeuron",
    "NEURON IntFire2",
    note="NEURON knows the time of each spike in closed form; the steady synaptic current of an "
    "artificial cell is the stimulus",
    dt=0.01,
)
def lapicque(case: Case) -> Any:
    """m relaxes to its bias, fires at 1 and goes on from 0."""
    cell = h.IntFire2()
    cell.taum, cell.taus, cell.ib = case.p.tau, 10 * case.p.tau, case.p.R * case.current
    return run(case, [cell])[0]


@built_in("PoissonNeuron", "NEURON NetStim", kind="distribution", trials=200)
def poisson(case: Case) -> Any:
    """Intervals of an exponential distribution, every cell with a stream of its own."""
    cells = [h.NetStim() for _ in range(case.trials)]
    for trial, cell in enumerate(cells):
        cell.interval, cell.noise = 1000 / (case.p.r_0 + case.current), 1
        cell.start, cell.number = 0, 1e9
        cell.noiseFromRandom123(trial, 0, 1)
    return run(case, cells)


@built_in(
    "RallCableNeuron",
    "NEURON pas",
    kind="trajectory",
    note=CVODE + "; a cable of 10 segments, whose membrane time constant is 1 ms",
)
def cable(case: Case) -> Any:
    """Of 4 um with 1 uF/cm2, 10^-3 S/cm2 and 100 Ohm cm, the length constant is sqrt(1/10) mm."""
    section = h.Section(name="cable")
    section.nseg, section.diam, section.Ra, section.cm = 10, 4, 100, 1
    section.L = 10 * case.p.Delta_X * 1000 * np.sqrt(0.1)
    section.insert("pas")
    section.g_pas, section.e_pas = 1e-3, 0
    sites = [section((i + 0.5) / 10) for i in range(10)]
    clamp = h.IClamp(sites[round(case.p.site) - 1])
    clamp.delay, clamp.dur = 0, 1e9
    of_a_length_constant = sites[0].area() / case.p.Delta_X
    clamp.amp = case.current * 1e-3 * of_a_length_constant * 1e-2  # mV S/cm2 um2 are 0.01 nA
    return trajectory(case, {f"V_{i + 1}": site._ref_v for i, site in enumerate(sites)})
