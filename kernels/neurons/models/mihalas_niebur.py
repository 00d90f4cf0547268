"""The generalized linear integrate-and-fire model of Mihalas and Niebur and its patterns."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Preset, Source, State, Values
from kernels.neurons.models.firing_patterns import pulses
from kernels.neurons.stimulus import Step, Stimulus


def _mihalas_niebur(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {
        "V": current + s.I_1 + s.I_2 - p.G * (s.V - p.E_L),
        "theta": p.a * (s.V - p.E_L) - p.b * (s.theta - p.theta_inf),
        "I_1": -p.k_1 * s.I_1,
        "I_2": -p.k_2 * s.I_2,
    }


def _pattern(
    panel: str,
    title: str,
    duration: float,
    drive: float | Stimulus,
    a: float = 0.0,
    A_1: float = 0.0,
    A_2: float = 0.0,
    **init: float,
) -> Preset:
    return Preset(
        name=title.lower().replace(" ", "_").replace("-", "_"),
        title=title,
        params={"a": a, "A_1": A_1, "A_2": A_2},
        init=init,
        current=drive if isinstance(drive, float) else None,
        stimulus=None if isinstance(drive, float) else drive,
        duration=duration,
        source=f"Mihalas and Niebur 2009, figure 1{panel} and table 1",
    )


# Currents are table 1's. The paper draws when they change without telling the times: they are
# those of the replication of Detorakis.
MIHALAS_NIEBUR = Model(
    name="MihalasNieburNeuron",
    family="integrate-and-fire",
    title="Generalized linear integrate-and-fire of Mihalas and Niebur",
    states=(
        State("V", "E_L", "mV", "membrane potential"),
        State("theta", "theta_inf", "mV", "threshold"),
        State("I_1", 0.0, "mV/ms", "fast spike-induced current, over the capacitance"),
        State("I_2", 0.0, "mV/ms", "slow spike-induced current, over the capacitance"),
    ),
    # rates in 1/ms where the paper has 1/s, and currents in mV/ms, which are its V/s
    params=(
        Param("a", 0.0, "1/ms", -1.0, 1.0, "dependence of the threshold on the potential"),
        Param("A_1", 0.0, "mV/ms", -100.0, 100.0, "what a spike adds to I_1"),
        Param("A_2", 0.0, "mV/ms", -100.0, 100.0, "what a spike adds to I_2"),
        Param("b", 0.01, "1/ms", 0.0, 1.0, "decay rate of the threshold"),
        Param("G", 0.05, "1/ms", 0.0, 10.0, "leak conductance, over the capacitance"),
        Param("k_1", 0.2, "1/ms", 0.0, 10.0, "decay rate of I_1"),
        Param("k_2", 0.02, "1/ms", 0.0, 10.0, "decay rate of I_2"),
        Param("theta_inf", -50.0, "mV", -100.0, 50.0, "threshold at rest"),
        Param("R_1", 0.0, "1", 0.0, 1.0, "share of I_1 that a spike leaves"),
        Param("R_2", 1.0, "1", 0.0, 1.0, "share of I_2 that a spike leaves"),
        Param("E_L", -70.0, "mV", -120.0, 0.0, "resting potential"),
        Param("V_r", -70.0, "mV", -120.0, 0.0, "potential after a spike"),
        Param("theta_r", -60.0, "mV", -120.0, 50.0, "lowest threshold after a spike"),
    ),
    equations=(
        "dV/dt = I_e/C + I_1/C + I_2/C - (G/C) (V - E_L)",
        "dtheta/dt = a (V - E_L) - b (theta - theta_inf)",
        "dI_j/dt = -k_j I_j, for j = 1, 2",
        "V >= theta: spike, V <- V_r, theta <- max(theta_r, theta), I_j <- R_j I_j + A_j",
    ),
    sources=(
        Source(
            "Mihalaş Ş, Niebur E",
            2009,
            "A generalized linear integrate-and-fire neural model produces diverse spiking "
            "behaviors",
            "Neural Comput 21:704-718",
            "10.1162/neco.2008.12-07-680",
            "equations 2.1 and 2.2, table 1",
        ),
        Source(
            "Detorakis G",
            2017,
            "[Re] A generalized linear integrate-and-fire neural model produces diverse spiking "
            "behaviors",
            "ReScience 3(1)",
            "10.5281/zenodo.1003214",
            where="the times at which currents change",
        ),
    ),
    derivatives=_mihalas_niebur,
    spike=lambda xp, s, p: s.V >= s.theta,
    reset=lambda xp, s, p: {
        "V": p.V_r,
        "theta": xp.maximum(p.theta_r, s.theta),
        "I_1": p.R_1 * s.I_1 + p.A_1,
        "I_2": p.R_2 * s.I_2 + p.A_2,
    },
    presets=(
        _pattern("A", "Tonic spiking", 200.0, 1.5),
        _pattern("B", "Class 1", 500.0, 1.0 + 1e-6),
        _pattern("C", "Spike frequency adaptation", 200.0, 2.0, 0.005),
        _pattern("D", "Phasic spiking", 500.0, 1.5, 0.005),
        _pattern(
            *("E", "Accommodation", 1000.0),
            pulses(
                (0.0, 100.0, 1.5), (600.0, 700.0, 0.5), (700.0, 800.0, 1.0), (800.0, 900.0, 1.5)
            ),
            0.005,
        ),
        _pattern(
            *("F", "Threshold variability", 400.0),
            pulses((0.0, 20.0, 1.5), (200.0, 225.0, -1.5), (250.0, 275.0, 1.5)),
            0.005,
        ),
        _pattern(
            *("G", "Rebound spike", 1000.0, Step(onset=50.0, end=806.0, amplitude=-3.5), 0.005),
        ),
        _pattern("H", "Class 2", 300.0, 2.0 * (1.0 + 1e-6), 0.005, V=-30.0, theta=-30.0),
        _pattern(
            *("I", "Integrator", 400.0),
            pulses((0.0, 20.0, 1.5), (30.0, 50.0, 1.5), (300.0, 320.0, 1.5), (340.0, 360.0, 1.5)),
            0.005,
        ),
        _pattern(
            *("J", "Input bistability", 1000.0),
            pulses((100.0, 500.0, 1.7), (600.0, 1000.0, 1.7), baseline=1.5),
            0.005,
        ),
        _pattern("K", "Hyperpolarization-induced spiking", 400.0, -1.0, 0.03),
        _pattern("L", "Hyperpolarization-induced bursting", 400.0, -1.0, 0.03, 10.0, -0.6),
        _pattern("M", "Tonic bursting", 500.0, 2.0, 0.005, 10.0, -0.6),
        _pattern("N", "Phasic bursting", 500.0, 1.5, 0.005, 10.0, -0.6),
        _pattern(
            *("O", "Rebound burst", 1000.0, Step(onset=100.0, end=600.0, amplitude=-3.5)),
            *(0.005, 10.0, -0.6),
        ),
        _pattern("P", "Mixed mode", 500.0, 2.0, 0.005, 5.0, -0.3),
        _pattern("Q", "Afterpotentials", 200.0, Step(end=15.0, amplitude=2.0), 0.005, 5.0, -0.3),
        _pattern(
            *("R", "Basal bistability", 200.0),
            pulses((0.0, 10.0, 5.0), (100.0, 110.0, 5.0)),
            *(0.0, 8.0, -0.1),
        ),
        _pattern(
            *("S", "Preferred frequency", 800.0),
            pulses((0.0, 5.0, 5.0), (10.0, 15.0, 4.0), (400.0, 405.0, 5.0), (450.0, 455.0, 4.0)),
            *(0.005, -3.0, 0.5),
        ),
        _pattern("T", "Spike latency", 50.0, Step(end=2.0, amplitude=8.0), -0.08),
    ),
    output="V",
    current_unit="mV/ms",
    current=1.5,
    duration=200.0,
    dt=0.05,
    integrator="rk4",
)
