"""NEST's models without spikes: rates, transfer functions, binary neurons and astrocytes."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from witnesses.nest import ADAPTIVE, nest, trajectory
from witnesses.witness import Case, witness

built_in = partial(witness, builtin=True, kind="trajectory")


@built_in("AstrocyteModel", "NEST astrocyte_lr_1994", duration=40000.0, note=ADAPTIVE)
def astrocyte(case: Case) -> Any:
    """IP3 stays where the current puts it; rates per second become rates per ms."""
    p = case.p
    return trajectory(
        case,
        "astrocyte_lr_1994",
        {"Ca": "Ca_astro", "h": "h_IP3R"},
        Ca_astro=case.init["Ca"],
        h_IP3R=case.init["h"],
        IP3=case.current,
        IP3_0=case.current,
        Ca_tot=p.c_0,
        ratio_ER_cyt=p.c_1,
        rate_IP3R=p.v_1 / 1000,
        rate_L=p.v_2 / 1000,
        rate_SERCA=p.v_3 / 1000,
        Km_SERCA=p.k_3,
        Kd_IP3_1=p.d_1,
        Kd_inh=p.d_2,
        Kd_IP3_2=p.d_3,
        Kd_act=p.d_5,
        k_IP3R=p.a_2 / 1000,
    )


@built_in(
    "SigmoidRateNeuron",
    "NEST sigmoid_rate_ipn",
    note="NEST's rate has no constant input: the threshold is lowered by as much",
)
def sigmoid(case: Case) -> Any:
    """Without noise."""
    p = case.p
    return trajectory(
        case,
        "sigmoid_rate_ipn",
        {"r": "rate"},
        tau=p.tau,
        beta=p.beta,
        theta=p.theta - case.current,
        sigma=0.0,
        rate=case.init["r"],
    )


ABOVE = (
    "NEST's fires above its threshold and not at it: inputs are whole, so half of one is "
    "between; it looks at its inputs at random times, soon enough not to matter"
)
SETTLED = "NEST's rate relaxes to the value that is Studio's at once: the settled one is compared"


@built_in("ThresholdLinearRateNeuron", "NEST threshold_lin_rate_ipn", current=30.0, note=SETTLED)
def threshold_linear(case: Case) -> Any:
    """Without noise, and with the input in the threshold."""
    p = case.p
    params = {"g": p.gain, "theta": p.theta - case.current, "sigma": 0.0, "tau": 1.0}
    return _settled(case, nest_rate(case, "threshold_lin_rate_ipn", params))


@built_in("SiegertTransferFunction", "NEST siegert_neuron", note=SETTLED)
@built_in(
    "SiegertTransferFunction",
    "NEST siegert_neuron",
    current=10.0,
    params={"sigma": 5.0},
    note=SETTLED,
)
@built_in(
    "SiegertTransferFunction",
    "NEST siegert_neuron",
    current=18.0,
    params={"sigma": 5.0},
    note=SETTLED,
)
def siegert(case: Case) -> Any:
    """Driven by another one, whose rate is 1, through a connection that gives mean and variance."""
    p = case.p
    params = {"tau_m": p.tau, "t_ref": p.tau_rp, "theta": p.theta, "V_reset": p.V_r, "tau": 1.0}
    factors = {"drift_factor": case.current, "diffusion_factor": p.sigma**2}
    return _settled(case, nest_rate(case, "siegert_neuron", params, factors))


def nest_rate(
    case: Case, model: str, params: dict[str, Any], factors: dict[str, float] | None = None
) -> float:
    """The rate at which a node settles, of its own or driven by a constant one."""
    nest.ResetKernel()
    nest.resolution = case.dt
    node = nest.Create(model, params=params)
    if factors:
        source = nest.Create(model, params={"mean": 1.0, "theta": 1e3, "tau": 1.0})
        nest.Connect(source, node, syn_spec={"synapse_model": "diffusion_connection", **factors})
    nest.Simulate(100.0)
    return float(node.rate)


def _settled(case: Case, rate: float) -> dict[str, np.ndarray]:
    values = np.full(round(case.duration / case.dt) + 1, rate)
    values[0] = case.init["r"]
    return {"r": values}


@built_in(
    "McCullochPittsNeuron",
    "NEST mcculloch_pitts_neuron",
    note=ABOVE,
)
@built_in(
    "McCullochPittsNeuron",
    "NEST mcculloch_pitts_neuron",
    params={"theta": 2.0},
    note=ABOVE,
)
def mcculloch_pitts(case: Case) -> Any:
    """Its input lowers its threshold."""
    nest.ResetKernel()
    nest.resolution = 0.1
    theta = case.p.theta - 0.5 - case.current
    node = nest.Create("mcculloch_pitts_neuron", params={"theta": theta, "tau_m": 0.1})
    nest.Simulate(20.0)
    values = np.full(round(case.duration / case.dt) + 1, float(node.S))
    values[0] = case.init["x"]
    return {"x": values}
