"""Neurons of the lobster's and the crab's motor rhythms."""

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

_NERNST = 1e3 * 8.31446 * 283.15 / (2.0 * 96485.3)  # R T / (2 F) at 10 degC, mV
_TABLE_2 = "Prinz et al. 2004, table 2"
_CONDUCTANCES = ("g_Na", "g_CaT", "g_CaS", "g_A", "g_KCa", "g_Kd", "g_H", "g_L")


def _stomatogastric(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    def rises(half: float, slope: float) -> Array:
        return 1.0 / (1.0 + xp.exp((s.V - half) / -slope))

    E_Ca = _NERNST * xp.log(p.Ca_out / xp.maximum(s.Ca, 1e-9))  # a pool has no less than nothing
    g_Na = p.g_Na * s.m_Na**3 * s.h_Na
    g_Ca = p.g_CaT * s.m_CaT**3 * s.h_CaT + p.g_CaS * s.m_CaS**3 * s.h_CaS
    g_K = p.g_A * s.m_A**3 * s.h_A + p.g_KCa * s.m_KCa**4 + p.g_Kd * s.m_Kd**4
    g_H = p.g_H * s.m_H
    inward = current + g_Na * p.E_Na + g_Ca * E_Ca + g_K * p.E_K + g_H * p.E_H + p.g_L * p.E_L
    total = xp.maximum(g_Na + g_Ca + g_K + g_H + p.g_L, 1e-9)  # as the authors integrate V
    return {
        "V": Relax(inward / total, p.C_m / total),
        "m_Na": Relax(rises(-25.5, 5.29), 2.64 - 2.52 * rises(-120.0, 25.0)),
        "h_Na": Relax(rises(-48.9, -5.18), 1.34 * rises(-62.9, 10.0) * (1.5 + rises(-34.9, -3.6))),
        "m_CaT": Relax(rises(-27.1, 7.2), 43.4 - 42.6 * rises(-68.1, 20.5)),
        "h_CaT": Relax(rises(-32.1, -5.5), 210.0 - 179.6 * rises(-55.0, 16.9)),
        "m_CaS": Relax(
            rises(-33.0, 8.1),
            2.8 + 14.0 / (xp.exp((s.V + 27.0) / 10.0) + xp.exp((s.V + 70.0) / -13.0)),
        ),
        "h_CaS": Relax(
            rises(-60.0, -6.2),
            120.0 + 300.0 / (xp.exp((s.V + 55.0) / 9.0) + xp.exp((s.V + 65.0) / -16.0)),
        ),
        "m_A": Relax(rises(-27.2, 8.7), 23.2 - 20.8 * rises(-32.9, 15.2)),
        "h_A": Relax(rises(-56.9, -4.9), 77.2 - 58.4 * rises(-38.9, 26.5)),
        "m_KCa": Relax(
            s.Ca / (s.Ca + 3.0) * rises(-28.3, 12.6), 180.6 - 150.2 * rises(-46.0, 22.7)
        ),
        "m_Kd": Relax(rises(-12.3, 11.8), 14.4 - 12.8 * rises(-28.3, 19.2)),
        "m_H": Relax(
            rises(-75.0, -5.5),
            2.0 / (xp.exp((s.V + 169.7) / -11.6) + xp.exp((s.V - 26.7) / 14.3)),
        ),
        "Ca": Relax(p.Ca_0 - p.f * 1e3 * p.A * g_Ca * (s.V - E_Ca), p.tau_Ca),
    }


def _preset(name: str, title: str, *conductances: float) -> Preset:
    return Preset(
        name=name,
        title=title,
        params=dict(zip(_CONDUCTANCES, conductances, strict=True)),
        source=_TABLE_2,
    )


STOMATOGASTRIC = Model(
    name="MarderSTGNeuron",
    family="burster",
    title="Stomatogastric neuron of eight currents, AB/PD pacemaker 1",
    # it bursts without current; the states are those after long silence at -50 mV
    states=(
        State("V", -50.0, "mV", "membrane potential"),
        State("m_Na", 0.0096, "1", "activation of sodium"),
        State("h_Na", 0.5529, "1", "inactivation of sodium"),
        State("m_CaT", 0.0399, "1", "activation of transient calcium"),
        State("h_CaT", 0.9629, "1", "inactivation of transient calcium"),
        State("m_CaS", 0.1092, "1", "activation of slow calcium"),
        State("h_CaS", 0.1662, "1", "inactivation of slow calcium"),
        State("m_A", 0.0678, "1", "activation of the A-current"),
        State("h_A", 0.1965, "1", "inactivation of the A-current"),
        State("m_KCa", 0.0025, "1", "activation of potassium by calcium"),
        State("m_Kd", 0.0394, "1", "activation of the delayed rectifier"),
        State("m_H", 0.0105, "1", "activation of the current that hyperpolarization opens"),
        State("Ca", 0.05, "uM", "calcium in the cell"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_Na", 400.0, "mS/cm2", 0.0, 2000.0, "maximal sodium conductance"),
        Param("g_CaT", 2.5, "mS/cm2", 0.0, 100.0, "maximal transient calcium conductance"),
        Param("g_CaS", 6.0, "mS/cm2", 0.0, 100.0, "maximal slow calcium conductance"),
        Param("g_A", 50.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of the A-current"),
        Param("g_KCa", 10.0, "mS/cm2", 0.0, 1000.0, "maximal conductance opened by calcium"),
        Param("g_Kd", 100.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of the delayed rectifier"),
        Param("g_H", 0.01, "mS/cm2", 0.0, 10.0, "maximal conductance opened by hyperpolarization"),
        Param("g_L", 0.0, "mS/cm2", 0.0, 10.0, "leak conductance"),
        Param("E_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -80.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_H", -20.0, "mV", -100.0, 50.0, "reversal potential of that opened so"),
        Param("E_L", -50.0, "mV", -120.0, 50.0, "leak reversal potential"),
        Param("Ca_out", 3000.0, "uM", 1.0, 1e5, "calcium outside"),
        Param("Ca_0", 0.05, "uM", 1e-3, 10.0, "calcium in the cell without calcium current"),
        Param("f", 14.96, "uM/nA", 0.0, 1000.0, "calcium that a current brings"),
        Param("A", 0.628e-3, "cm2", 1e-6, 0.1, "membrane of the cell"),
        Param("tau_Ca", 200.0, "ms", 1.0, 1e4, "removal of calcium"),
    ),
    equations=(
        "C_m dV/dt = I - I_Na - I_CaT - I_CaS - I_A - I_KCa - I_Kd - I_H - g_L (V - E_L)",
        "I_Na = g_Na m³ h (V - E_Na), I_CaT = g_CaT m³ h (V - E_Ca), "
        "I_CaS = g_CaS m³ h (V - E_Ca), I_A = g_A m³ h (V - E_K)",
        "I_KCa = g_KCa m⁴ (V - E_K), I_Kd = g_Kd m⁴ (V - E_K), I_H = g_H m (V - E_H)",
        "E_Ca = R T/(2 F) ln(Ca_out/Ca) at 10 °C",
        "tau_Ca dCa/dt = -f A (I_CaT + I_CaS) - Ca + Ca_0",
        "dx/dt = (x_inf - x)/tau_x; S(V_x, k) = 1 / (1 + exp(-(V - V_x)/k))",
        "m_Na: S(-25.5, 5.29), tau 2.64 - 2.52 S(-120, 25); "
        "h_Na: S(-48.9, -5.18), tau 1.34 S(-62.9, 10) (1.5 + S(-34.9, -3.6))",
        "m_CaT: S(-27.1, 7.2), tau 43.4 - 42.6 S(-68.1, 20.5); "
        "h_CaT: S(-32.1, -5.5), tau 210 - 179.6 S(-55, 16.9)",
        "m_CaS: S(-33, 8.1), tau 2.8 + 14 / (exp((V + 27)/10) + exp(-(V + 70)/13)); "
        "h_CaS: S(-60, -6.2), tau 120 + 300 / (exp((V + 55)/9) + exp(-(V + 65)/16))",
        "m_A: S(-27.2, 8.7), tau 23.2 - 20.8 S(-32.9, 15.2); "
        "h_A: S(-56.9, -4.9), tau 77.2 - 58.4 S(-38.9, 26.5)",
        "m_KCa: Ca/(Ca + 3) S(-28.3, 12.6), tau 180.6 - 150.2 S(-46, 22.7)",
        "m_Kd: S(-12.3, 11.8), tau 14.4 - 12.8 S(-28.3, 19.2); "
        "m_H: S(-75, -5.5), tau 2 / (exp(-(V + 169.7)/11.6) + exp((V - 26.7)/14.3))",
        "V rises through -15 mV: spike",
    ),
    sources=(
        Source(
            "Prinz AA, Bucher D, Marder E",
            2004,
            "Similar network activity from disparate circuit parameters",
            "Nat Neurosci 7:1345-1352",
            "10.1038/nn1352",
            "conductances of table 2",
        ),
        Source(
            "Prinz AA, Billimoria CP, Marder E",
            2003,
            "Alternative to hand-tuning conductance-based models: construction and analysis of "
            "databases of model neurons",
            "J Neurophysiol 90:3998-4015",
            "10.1152/jn.00641.2003",
            "currents, their kinetics and the calcium of the cell",
        ),
        Source(
            "Liu Z, Golowasch J, Marder E, Abbott LF",
            1998,
            "A model neuron with activity-dependent conductances regulated by multiple calcium "
            "sensors",
            "J Neurosci 18:2309-2320",
            "10.1523/JNEUROSCI.18-07-02309.1998",
            "the model that these kinetics slow down",
        ),
    ),
    derivatives=_stomatogastric,
    spike=Threshold("V", -15.0),
    output="V",
    current_unit="uA/cm2",
    current=0.0,
    duration=4300.0,
    dt=0.025,
    integrator="rk4",
    without_input="bursts",
    presets=(
        _preset("AB/PD 2", "Pacemaker 2", 100.0, 2.5, 6.0, 50.0, 5.0, 100.0, 0.01, 0.0),
        _preset("AB/PD 3", "Pacemaker 3", 200.0, 2.5, 4.0, 50.0, 5.0, 50.0, 0.01, 0.0),
        _preset("AB/PD 4", "Pacemaker 4", 200.0, 5.0, 4.0, 40.0, 5.0, 125.0, 0.01, 0.0),
        _preset("AB/PD 5", "Pacemaker 5", 300.0, 2.5, 2.0, 10.0, 5.0, 125.0, 0.01, 0.0),
        _preset("LP 1", "Lateral pyloric 1", 100.0, 0.0, 8.0, 40.0, 5.0, 75.0, 0.05, 0.02),
        _preset("LP 2", "Lateral pyloric 2", 100.0, 0.0, 6.0, 30.0, 5.0, 50.0, 0.05, 0.02),
        _preset("LP 3", "Lateral pyloric 3", 100.0, 0.0, 10.0, 50.0, 5.0, 100.0, 0.0, 0.03),
        _preset("LP 4", "Lateral pyloric 4", 100.0, 0.0, 4.0, 20.0, 0.0, 25.0, 0.05, 0.03),
        _preset("LP 5", "Lateral pyloric 5", 100.0, 0.0, 6.0, 30.0, 0.0, 50.0, 0.03, 0.02),
        _preset("PY 1", "Pyloric 1", 100.0, 2.5, 2.0, 50.0, 0.0, 125.0, 0.05, 0.01),
        _preset("PY 2", "Pyloric 2", 200.0, 7.5, 0.0, 50.0, 0.0, 75.0, 0.05, 0.0),
        _preset("PY 3", "Pyloric 3", 200.0, 10.0, 0.0, 50.0, 0.0, 100.0, 0.03, 0.0),
        _preset("PY 4", "Pyloric 4", 400.0, 2.5, 2.0, 50.0, 0.0, 75.0, 0.05, 0.0),
        _preset("PY 5", "Pyloric 5", 500.0, 2.5, 2.0, 40.0, 0.0, 125.0, 0.01, 0.03),
        _preset("PY 6", "Pyloric 6", 500.0, 2.5, 2.0, 40.0, 0.0, 125.0, 0.0, 0.02),
    ),
)
