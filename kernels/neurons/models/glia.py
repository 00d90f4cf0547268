"""Glia: astrocytes, whose calcium oscillates and which do not spike."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Relax, Source, State, Values

_LI_RINZEL = Source(
    "Li YX, Rinzel J",
    1994,
    "Equations for InsP3 receptor-mediated [Ca2+]i oscillations derived from a detailed kinetic "
    "model: a Hodgkin-Huxley like formalism",
    "J Theor Biol 166:461-473",
    "10.1006/jtbi.1994.1041",
    "the reduced model of two variables",
)
_DE_YOUNG_KEIZER = Source(
    "De Young GW, Keizer J",
    1992,
    "A single-pool inositol 1,4,5-trisphosphate-receptor-based model for agonist-stimulated "
    "oscillations in Ca2+ concentration",
    "Proc Natl Acad Sci USA 89:9895-9899",
    "10.1073/pnas.89.20.9895",
    "the receptor and its constants",
)
# bounds of v_2, v_3 and k_3: what a step of 10 ms resolves
_STORE = (
    Param("v_1", 6.0, "1/s", 0.0, 1000.0, "rate of release through the IP3 receptors"),
    Param("v_2", 0.11, "1/s", 0.0, 200.0, "rate of the leak from the store"),
    Param("v_3", 0.9, "uM/s", 0.0, 20.0, "highest uptake by the pumps"),
    Param("k_3", 0.1, "uM", 0.01, 100.0, "calcium at which the pumps are half as fast"),
    Param("c_0", 2.0, "uM", 0.0, 100.0, "all calcium over the volume of the cytosol"),
    Param("c_1", 0.185, "1", 1e-3, 1.0, "volume of the store over that of the cytosol"),
    Param("d_1", 0.13, "uM", 1e-3, 100.0, "dissociation of IP3"),
    Param("d_2", 1.049, "uM", 1e-3, 100.0, "dissociation of inhibiting calcium"),
    Param("d_3", 0.9434, "uM", 1e-3, 100.0, "dissociation of IP3 when calcium inhibits"),
    Param("d_5", 0.08234, "uM", 1e-3, 100.0, "dissociation of activating calcium"),
    Param("a_2", 0.2, "1/(uM s)", 1e-3, 100.0, "rate at which calcium inhibits"),
)
_STORE_EQUATIONS = (
    "dCa/dt = (v_1 m³ h³ + v_2) (c_0 - (1 + c_1) Ca) - v_3 Ca²/(k_3² + Ca²)",
    "dh/dt = a_2 (Q_2 - (Q_2 + Ca) h)",
    "m = IP3/(IP3 + d_1) Ca/(Ca + d_5), Q_2 = d_2 (IP3 + d_1)/(IP3 + d_3)",
)
_PER_MS = 0.001  # the rates count in seconds and the models' time in ms


def _release(xp: Any, s: Values, p: Values, ip3: Array) -> dict[str, Array]:
    """Calcium in the cytosol and in the store, which IP3 opens."""
    # concentrations: a sweep or a coarse step may take them below 0, where m has poles
    Ca, ip3 = xp.maximum(s.Ca, 0.0), xp.maximum(ip3, 0.0)
    Q_2 = p.d_2 * (ip3 + p.d_1) / (ip3 + p.d_3)
    m = ip3 / (ip3 + p.d_1) * Ca / (Ca + p.d_5)
    gradient = p.c_0 - (1.0 + p.c_1) * s.Ca  # c_1 (Ca_ER - Ca)
    pump = p.v_3 * s.Ca**2 / (p.k_3**2 + s.Ca**2)
    return {
        "Ca": _PER_MS * ((p.v_1 * (m * s.h) ** 3 + p.v_2) * gradient - pump),
        "h": Relax(Q_2 / (Q_2 + Ca), 1.0 / (_PER_MS * p.a_2 * (Q_2 + Ca))),
    }


# With the IP3 of the stimulus it oscillates between 0.355 and 0.637 uM and rests elsewhere.
ASTROCYTE = Model(
    name="AstrocyteModel",
    family="glia and synapse",
    title="Calcium of an astrocyte at a given concentration of IP3",
    # rest without IP3
    states=(
        State("Ca", 0.0556383, "uM", "calcium in the cytosol"),
        State("h", 0.7220723, "1", "IP3 receptors that calcium does not inhibit"),
    ),
    params=_STORE,
    equations=(*_STORE_EQUATIONS, "IP3 is the input; t in seconds"),
    sources=(_LI_RINZEL, _DE_YOUNG_KEIZER),
    derivatives=lambda xp, s, p, current: _release(xp, s, p, current),
    rate=lambda xp, s, p: s.Ca,
    rate_unit="uM calcium",
    output="Ca",
    current_unit="uM",
    current=0.5,
    duration=100_000.0,
    dt=10.0,
    integrator="rk4",
)


def _nadkarni_jung(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {
        **_release(xp, s, p, s.IP3),
        "IP3": Relax(p.IP3_0 + p.tau_IP3 * _PER_MS * current, p.tau_IP3),
    }


def _slow_inward_current(xp: Any, s: Values, p: Values) -> Array:
    """What the astrocyte sends into its neuron."""
    nM_above = 1000.0 * s.Ca - p.Ca_theta
    return p.I_scale * xp.log(xp.maximum(nM_above, 1.0))


ASTROCYTE_NEURON = Model(
    name="AstrocyteNeuron",
    family="glia and synapse",
    title="Astrocyte that a synapse drives and that answers its neuron",
    # rest without production of IP3
    states=(
        State("Ca", 0.0722218, "uM", "calcium in the cytosol"),
        State("h", 0.7924208, "1", "IP3 receptors that calcium does not inhibit"),
        State("IP3", "IP3_0", "uM", "IP3 in the cytosol"),
    ),
    params=(
        *_STORE,
        Param("IP3_0", 0.16, "uM", 0.0, 100.0, "IP3 at rest"),
        Param("tau_IP3", 7142.0, "ms", 1.0, 1e6, "time constant of IP3"),
        Param("Ca_theta", 196.69, "nM", 0.0, 10_000.0, "calcium above which the neuron is excited"),
        Param("I_scale", 2.11, "uA/cm2", 0.0, 100.0, "current in the neuron per e-fold of calcium"),
    ),
    equations=(
        *_STORE_EQUATIONS,
        "dIP3/dt = (IP3_0 - IP3)/tau_IP3 + I",
        "I is the production of IP3, in uM/s; t in seconds",
        "the neuron receives I_scale ln(y) where y = Ca/nM - Ca_theta is above 1, 0 elsewhere",
    ),
    sources=(
        Source(
            "Nadkarni S, Jung P",
            2003,
            "Spontaneous oscillations of dressed neurons: a new mechanism for epilepsy?",
            "Phys Rev Lett 91:268101",
            "10.1103/PhysRevLett.91.268101",
            "the astrocyte, with a given production of IP3",
        ),
        _LI_RINZEL,
    ),
    derivatives=_nadkarni_jung,
    rate=_slow_inward_current,
    rate_unit="uA/cm2 into the neuron",
    output="Ca",
    current_unit="uM/s",
    current=0.05,
    duration=100_000.0,
    dt=10.0,
    integrator="rk4",
)
