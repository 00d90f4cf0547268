"""Pacemaker neurons of the respiratory rhythm."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import (
    Array,
    Model,
    Param,
    Preset,
    Relax,
    Source,
    State,
    Threshold,
    Values,
)

_MODEL_1 = "Butera et al. 1999, model 1: E_L is what the paper varies"


def _butera(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    def x_inf(theta: Array, sigma: Array) -> Array:
        return 1.0 / (1.0 + xp.exp((s.V - theta) / sigma))

    def tau(bar: Array, theta: Array, sigma: Array) -> Array:
        return bar / xp.cosh((s.V - theta) / (2.0 * sigma))

    I_Na = p.g_Na * x_inf(p.theta_m, p.sigma_m) ** 3 * (1.0 - s.n) * (s.V - p.E_Na)
    I_NaP = p.g_NaP * x_inf(p.theta_mp, p.sigma_mp) * s.h * (s.V - p.E_Na)
    I_K = p.g_K * s.n**4 * (s.V - p.E_K)
    I_L = p.g_L * (s.V - p.E_L)
    I_tonic = p.g_tonic * (s.V - p.E_syn)
    return {
        "V": (current - I_Na - I_NaP - I_K - I_L - I_tonic) / p.C,
        "n": Relax(x_inf(p.theta_n, p.sigma_n), tau(p.tau_n_bar, p.theta_n, p.sigma_n)),
        "h": Relax(x_inf(p.theta_h, p.sigma_h), tau(p.tau_h_bar, p.theta_h, p.sigma_h)),
    }


BUTERA = Model(
    name="ButeraRespiratoryNeuron",
    family="burster",
    title="Pre-Bötzinger pacemaker with persistent sodium current",
    # it bursts without current; the states are between two bursts
    states=(
        State("V", -59.0, "mV", "membrane potential"),
        State("n", 0.0, "1", "activation of potassium"),
        State("h", 0.6, "1", "inactivation of the persistent sodium current"),
    ),
    params=(
        Param("C", 21.0, "pF", 0.1, 1000.0, "capacitance of the cell"),
        Param("g_Na", 28.0, "nS", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_NaP", 2.8, "nS", 0.0, 100.0, "maximal persistent sodium conductance"),
        Param("g_K", 11.2, "nS", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_L", 2.8, "nS", 0.0, 100.0, "leak conductance"),
        Param("g_tonic", 0.0, "nS", 0.0, 100.0, "conductance of steady excitatory input"),
        Param("E_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -85.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_L", -57.5, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("E_syn", 0.0, "mV", -120.0, 100.0, "reversal potential of the steady input"),
        Param("theta_m", -34.0, "mV", -100.0, 50.0, "half activation of sodium"),
        Param("sigma_m", -5.0, "mV", -50.0, -0.5, "width of it"),
        Param("theta_n", -29.0, "mV", -100.0, 50.0, "half activation of potassium"),
        Param("sigma_n", -4.0, "mV", -50.0, -0.5, "width of it"),
        Param("theta_mp", -40.0, "mV", -100.0, 50.0, "half activation of persistent sodium"),
        Param("sigma_mp", -6.0, "mV", -50.0, -0.5, "width of it"),
        Param("theta_h", -48.0, "mV", -100.0, 50.0, "half inactivation of persistent sodium"),
        Param("sigma_h", 6.0, "mV", 0.5, 50.0, "width of it"),
        Param("tau_n_bar", 10.0, "ms", 0.1, 1000.0, "largest time constant of potassium"),
        Param("tau_h_bar", 10000.0, "ms", 10.0, 1e6, "largest time constant of the inactivation"),
    ),
    equations=(
        "C dV/dt = I - I_Na - I_NaP - g_K n⁴ (V - E_K) - g_L (V - E_L) - g_tonic (V - E_syn)",
        "I_Na = g_Na m_inf³ (1 - n) (V - E_Na), I_NaP = g_NaP mp_inf h (V - E_Na)",
        "dx/dt = (x_inf - x)/tau_x, tau_x = tau_x_bar / cosh((V - theta_x)/(2 sigma_x)), "
        "for x = n, h",
        "x_inf = 1 / (1 + exp((V - theta_x)/sigma_x)), for x = m, mp, n, h",
        "V rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Butera RJ, Rinzel J, Smith JC",
            1999,
            "Models of respiratory rhythm generation in the pre-Bötzinger complex. I. Bursting "
            "pacemaker neurons",
            "J Neurophysiol 82:382-397",
            "10.1152/jn.1999.82.1.382",
            "model 1",
        ),
    ),
    derivatives=_butera,
    spike=Threshold("V", -20.0),
    output="V",
    current_unit="pA",
    current=0.0,
    duration=10000.0,
    dt=0.1,
    integrator="rk4",
    without_input="bursts",
    presets=(
        Preset(name="silent", title="Silence", params={"E_L": -65.0}, source=_MODEL_1),
        Preset(
            name="slow",
            title="Slow bursts, little depolarized",
            params={"E_L": -60.0},
            duration=40000.0,
            source=_MODEL_1,
        ),
        Preset(
            name="beating", title="Beating", params={"E_L": -50.0}, duration=5000.0, source=_MODEL_1
        ),
    ),
)
