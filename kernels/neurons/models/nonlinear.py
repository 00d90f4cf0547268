"""Nonlinear integrate-and-fire models in two dimensions: quartic, and Izhikevich's of 2007."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Preset, Source, State, Values
from kernels.neurons.stimulus import Step, Stimulus


def _quartic(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    # beyond the cut there is no v to follow, though an intermediate step of rk4 may go there
    v = xp.minimum(s.v, p.v_cut)
    return {"v": v**4 + 2.0 * p.a * v - s.w + current, "w": p.a * (p.b * v - s.w)}


# The spike is at infinite v, which is 1/(3 v_cut³), 0.0003 units of time, away from the cut.
# Saddle-node at I = 3 ((b - 2a)/4)^(4/3); Hopf bifurcation at I = -(b - 2a) x - x⁴ with
# x = (a/4)^(1/3), which for b above 5a/2 gives rise to oscillations below the threshold.
QUARTIC = Model(
    name="NonlinearLIFNeuron",
    family="integrate-and-fire",
    title="Quartic adaptive integrate-and-fire",
    # rest at I = -4 for the defaults; there is none without current
    states=(
        State("v", -1.0, "1", "membrane potential"),
        State("w", -5.0, "1", "adaptation"),
    ),
    params=(
        Param("a", 1.0, "1", 0.001, 100.0, "rate of adaptation, and linear part of F"),
        Param("b", 5.0, "1", -100.0, 100.0, "sensitivity of adaptation to the potential"),
        Param("v_r", 0.0, "1", -10.0, 10.0, "potential after a spike"),
        Param("d", 1.0, "1", 0.0, 100.0, "what a spike adds to adaptation"),
        Param("v_cut", 10.0, "1", 2.0, 20.0, "potential at which a spike is cut"),
    ),
    equations=(
        "dv/dt = F(v) - w + I, F(v) = v⁴ + 2 a v",
        "dw/dt = a (b v - w)",
        "v -> infinity (v >= v_cut): spike, v <- v_r, w <- w + d",
    ),
    sources=(
        Source(
            "Touboul J",
            2008,
            "Bifurcation analysis of a general class of nonlinear integrate-and-fire neurons",
            "SIAM J Appl Math 68:1045-1079",
            "10.1137/070687268",
            "the quartic model; its reset is free, and v_r, d and b are our choice",
        ),
        Source(
            "Touboul J, Brette R",
            2009,
            "Spiking dynamics of bidimensional integrate-and-fire neurons",
            "SIAM J Appl Dyn Syst 8:1462-1506",
            "10.1137/080742762",
            "the class of models to which it belongs",
        ),
    ),
    derivatives=_quartic,
    spike=lambda xp, s, p: s.v >= p.v_cut,
    reset=lambda xp, s, p: {"v": p.v_r, "w": s.w + p.d},
    output="v",
    current_unit="1",
    current=5.0,
    duration=50.0,
    dt=0.001,
    integrator="rk4",
    time_unit="1",
    without_input="fires",
)


def _recovery(xp: Any, v: Array, p: Values) -> Array:
    """What recovery follows: b (v - v_u), with b_low below v_b, or a cube above v_b."""
    b = xp.where(v > p.v_b, p.b, p.b_low)
    return b * (v - p.v_u) + p.b_3 * xp.maximum(v - p.v_b, 0.0) ** 3


def _izhikevich_2007(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    # beyond the peak there is no v to follow, though an intermediate step of rk4 may go there
    v = xp.minimum(s.v, p.v_peak + p.p_u * s.u)
    return {
        "v": (p.k * (v - p.v_r) * (v - p.v_t) - s.u + current) / p.C,
        "u": p.a * (_recovery(xp, v, p) - s.u),
    }


_CELL = ("C", "k", "v_r", "v_t", "v_peak", "a", "b", "c", "d")


def _cell(
    title: str,
    figure: int,
    drive: float | Stimulus,
    duration: float,
    values: tuple[float, ...],
    **others: float,
) -> Preset:
    params = dict(zip(_CELL, values, strict=True))
    return Preset(
        name=title.lower().replace(" ", "_").replace("-", "_"),
        title=title,
        # recovery measures from rest, but for one cell
        params={"v_u": params["v_r"], **params, **others},
        init={"v": params["v_r"], "u": 0.0},
        current=drive if isinstance(drive, float) else None,
        stimulus=None if isinstance(drive, float) else drive,
        duration=duration,
        source=f"Izhikevich 2007, figure 8.{figure}; currents: ModelDB 39948",
    )


_RS = (100.0, 0.7, -60.0, -40.0, 35.0, 0.03, -2.0, -50.0, 100.0)
_IB = (150.0, 1.2, -75.0, -45.0, 50.0, 0.01, 5.0, -56.0, 130.0)
_CH = (50.0, 1.5, -60.0, -40.0, 25.0, 0.03, 1.0, -40.0, 150.0)
_LTS = (100.0, 1.0, -56.0, -42.0, 40.0, 0.03, 8.0, -53.0, 20.0)
_FS = (20.0, 1.0, -55.0, -40.0, 25.0, 0.2, 0.0, -45.0, 0.0)
_TC = (200.0, 1.6, -60.0, -50.0, 35.0, 0.01, 0.0, -60.0, 10.0)
_RTN = (40.0, 0.25, -65.0, -45.0, 0.0, 0.015, 2.0, -55.0, 50.0)
_LTS_SPIKE = {"p_u": -0.1, "c_u": 0.04, "u_max": 670.0}
_FS_RECOVERY = {"b_3": 0.025, "v_b": -55.0}
_TC_SPIKE = {"p_u": 0.1, "c_u": -0.1, "v_u": -65.0, "v_b": -65.0, "b_low": 15.0}
_RTN_RECOVERY = {"v_b": -65.0, "b_low": 10.0}
# 120 ms of hyperpolarization, and then a weak current
_TC_BURST = Step(end=120.0, amplitude=-1200.0, baseline=50.0)
_RTN_BURST = Step(end=120.0, amplitude=-350.0, baseline=50.0)


IZHIKEVICH_2007 = Model(
    name="Izhikevich2007Neuron",
    family="integrate-and-fire",
    title="Izhikevich's simple model with biophysical units",
    states=(
        State("v", "v_r", "mV", "membrane potential"),
        State("u", 0.0, "pA", "recovery current"),
    ),
    # the defaults are a regular spiking cell of layer 5
    params=(
        Param("C", 100.0, "pF", 1.0, 10_000.0, "membrane capacitance"),
        Param("k", 0.7, "pA/mV²", 0.001, 100.0, "steepness of the I-V curve"),
        Param("v_r", -60.0, "mV", -120.0, 0.0, "resting potential"),
        Param("v_t", -40.0, "mV", -100.0, 50.0, "instantaneous threshold"),
        Param("v_peak", 35.0, "mV", -30.0, 100.0, "peak of a spike"),
        Param("a", 0.03, "1/ms", 0.0001, 2.0, "rate of recovery"),
        Param("b", -2.0, "nS", -100.0, 100.0, "sensitivity of recovery to the potential"),
        Param("c", -50.0, "mV", -120.0, 50.0, "potential after a spike"),
        Param("d", 100.0, "pA", -1000.0, 1000.0, "what a spike adds to recovery"),
        Param("v_u", -60.0, "mV", -120.0, 0.0, "potential from which recovery measures v"),
        Param("v_b", -1000.0, "mV", -1000.0, 0.0, "potential below which b is b_low"),
        Param("b_low", 0.0, "nS", -100.0, 100.0, "b at low potentials"),
        Param("b_3", 0.0, "pA/mV³", 0.0, 1.0, "cubic sensitivity of recovery above v_b"),
        Param("p_u", 0.0, "mV/pA", -1.0, 1.0, "dependence of the peak on recovery"),
        Param("c_u", 0.0, "mV/pA", -1.0, 1.0, "dependence of the reset on recovery"),
        Param("u_max", 1e6, "pA", 0.0, 1e6, "what recovery is at most after a spike"),
    ),
    equations=(
        "C dv/dt = k (v - v_r) (v - v_t) - u + I",
        "du/dt = a (U(v) - u), U(v) = b (v - v_u), with b_low for b where v <= v_b",
        "fast spiking: U(v) = b_3 (v - v_b)³ above v_b, 0 below",
        "v >= v_peak + p_u u: spike, v <- c + c_u u, u <- min(u + d, u_max)",
    ),
    sources=(
        Source(
            "Izhikevich EM",
            2007,
            "Dynamical systems in neuroscience: the geometry of excitability and bursting",
            "MIT Press",
            "10.7551/mitpress/2526.001.0001",
            where="chapter 8, equations 8.5 and 8.6",
        ),
    ),
    derivatives=_izhikevich_2007,
    spike=lambda xp, s, p: s.v >= p.v_peak + p.p_u * s.u,
    reset=lambda xp, s, p: {
        "v": p.c + p.c_u * s.u,
        "u": xp.minimum(s.u + p.d, p.u_max),
    },
    presets=(
        _cell("Regular spiking", 12, 70.0, 520.0, _RS),
        _cell("Intrinsically bursting", 19, 500.0, 600.0, _IB),
        _cell("Chattering", 23, 400.0, 210.0, _CH),
        _cell("Low-threshold spiking", 25, 300.0, 320.0, _LTS, **_LTS_SPIKE),
        _cell("Fast spiking", 27, 200.0, 100.0, _FS, **_FS_RECOVERY),
        _cell("Thalamocortical", 31, 100.0, 650.0, _TC, **_TC_SPIKE),
        _cell("Thalamocortical burst", 31, _TC_BURST, 770.0, _TC, **_TC_SPIKE),
        _cell("Reticular thalamic", 32, 70.0, 650.0, _RTN, **_RTN_RECOVERY),
        _cell("Reticular thalamic burst", 32, _RTN_BURST, 840.0, _RTN, **_RTN_RECOVERY),
    ),
    output="v",
    current_unit="pA",
    current=70.0,
    duration=520.0,
    # the cubic recovery of the fast spiking cell counts every moment near the peak
    dt=0.02,
    integrator="rk4",
)
