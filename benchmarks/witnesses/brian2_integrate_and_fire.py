"""Integrate-and-fire, phase and stochastic models for Brian2, typed from their papers."""

from __future__ import annotations

from functools import partial
from typing import Any

from witnesses.brian2 import CUT, STAMP, refractory, spikes, trials
from witnesses.witness import Case, witness

typed = partial(witness, peer="Brian2", builtin=False, note=STAMP)


@typed("LapicqueNeuron", integrator="rk4")
def lapicque(case: Case) -> Any:
    """Leaky integration to a threshold."""
    return spikes(
        case,
        "dV/dt = (V_rest - V + R*I_in)/(tau*ms) : 1",
        threshold="V >= theta",
        reset="V = V_r",
    )


@typed("QuadraticIFNeuron", integrator="rk4")
def quadratic(case: Case) -> Any:
    """Latham et al. 2000: parabola through rest and threshold."""
    return spikes(
        case,
        "dV/dt = ((V - V_r)*(V - V_t)/(V_t - V_r) + I_in)/(tau*ms) : 1",
        threshold="V >= V_apex",
        reset="V = V_repol",
    )


@typed("ExpIFNeuron", integrator="rk4")
def exponential(case: Case) -> Any:
    """Fourcaud-Trocmé et al. 2003, equations 6 and 7."""
    return spikes(
        case,
        """
        psi = g_L*Delta_T*exp((V - V_T)/Delta_T) : 1
        dV/dt = (-g_L*(V - V_L) + psi + I_in)/C/ms : 1 (unless refractory)
        """,
        threshold="V >= V_th",
        reset="V = V_r",
        refractory=refractory(case, case.p.tau_ref),
    )


@typed("AdExNeuron", integrator="rk4", dt=0.02, note=CUT)
def adaptive_exponential(case: Case) -> Any:
    """Brette and Gerstner 2005, equations 2 and 3: pF, nS and mV make pA, currents are in nA."""
    return spikes(
        case,
        """
        U = clip(V, -inf, V_peak) : 1
        leak = g_L*(E_L - U) : 1
        upstroke = g_L*Delta_T*exp((U - V_T)/Delta_T) : 1
        dV/dt = (leak + upstroke + 1000*(I_in - w))/C/ms : 1
        dw/dt = (a*(U - E_L)/1000 - w)/tau_w/ms : 1
        """,
        threshold="V >= V_peak",
        reset="V = V_r; w += b",
    )


@typed("IzhikevichNeuron", integrator="rk4")
@typed("IzhikevichNeuron", integrator="rk4", preset="chattering")
def izhikevich(case: Case) -> Any:
    """Izhikevich 2003, equations 1 to 3."""
    return spikes(
        case,
        """
        dv/dt = (0.04*v**2 + 5*v + 140 - u + I_in)/ms : 1
        du/dt = a*(b*v - u)/ms : 1
        """,
        threshold="v >= 30",
        reset="v = c; u += d",
    )


@typed("ResonateAndFireNeuron", integrator="rk4")
def resonate_and_fire(case: Case) -> Any:
    """Izhikevich 2001: z' = (b + i omega) z + I, a spike where Im z reaches 1, reset to i."""
    return spikes(
        case,
        """
        dx/dt = (b*x - omega*y + I_in)/ms : 1
        dy/dt = (omega*x + b*y)/ms : 1
        """,
        threshold="y > 1",
        reset="x = 0; y = 1",
    )


@typed("AdaptiveThresholdIFNeuron", integrator="rk4")
def adaptive_threshold(case: Case) -> Any:
    """Platkiewicz and Brette 2010, the threshold equation, with a leaky integrator."""
    return spikes(
        case,
        """
        theta_inf = V_T + k_a*log(1 + exp((V - V_i)/k_i)) : 1
        dV/dt = (E_L - V + I_in)/tau/ms : 1 (unless refractory)
        dtheta/dt = (theta_inf - theta)/tau_theta/ms : 1
        """,
        threshold="V > theta",
        reset="V = E_L",
        refractory=refractory(case, case.p.t_ref),
    )


@typed("GLIFNeuron", integrator="rk4", dt=0.05)
def glif5(case: Case) -> Any:
    """Teeter et al. 2018, equations 1 to 7, GLIF5: time stands still for V and theta_v in a spike.

    pA over pF and mV over MOhm (1000 pA): the currents that a spike sets hold from its end, so that
    what would decay during the spike is added larger by as much.
    """
    return spikes(
        case,
        """
        dV/dt = (I_in + I_1 + I_2 - 1000*(V - E_L)/R)/C/ms : 1 (unless refractory)
        dI_1/dt = -k_1*I_1/ms : 1
        dI_2/dt = -k_2*I_2/ms : 1
        dtheta_s/dt = -b_s*theta_s/ms : 1
        dtheta_v/dt = (a_v*(V - E_L) - b_v*theta_v)/ms : 1 (unless refractory)
        """,
        threshold="V > theta_inf + theta_s + theta_v",
        reset="""
        V = E_L + f_v*(V - E_L) - delta_V
        I_1 = f_1*I_1 + delta_I_1*exp(k_1*delta_t)
        I_2 = f_2*I_2 + delta_I_2*exp(k_2*delta_t)
        theta_s += delta_theta_s*exp(b_s*delta_t)
        """,
        refractory=refractory(case, case.p.delta_t),
    )


@typed("ThetaNeuron", integrator="rk4")
def theta(case: Case) -> Any:
    """Ermentrout and Kopell 1986: the normal form on the circle."""
    return spikes(
        case,
        "dtheta/dt = (1 - cos(theta) + (1 + cos(theta))*I_in)/ms : 1",
        threshold="theta > pi",
        reset="theta -= 2*pi",
    )


@typed("EscapeRateNeuron", kind="distribution", trials=200)
def escape_rate(case: Case) -> Any:
    """Gerstner 2000: a hazard that grows exponentially with the distance to the threshold."""
    return trials(
        case,
        """
        du/dt = (u_rest - u + R*I_in)/tau_m/ms : 1 (unless refractory)
        hazard = exp(beta*(u - theta))/tau_0/ms : Hz
        """,
        threshold="rand() < 1 - exp(-hazard*dt)",
        reset="u = u_r",
        refractory=refractory(case, case.p.Delta_abs),
    )


@typed("PoissonNeuron", kind="distribution", trials=200)
def poisson(case: Case) -> Any:
    """Dayan and Abbott 2001, section 1.4: the rate is the current above r_0."""
    return trials(case, "", threshold="rand() < (r_0 + I_in)/1000*dt/ms", method="euler")


@typed("HawkesNeuron", kind="distribution", trials=200, duration=4000.0)
def hawkes(case: Case) -> Any:
    """Hawkes 1971: every spike raises the rate, which decays exponentially."""
    return trials(
        case,
        "dr/dt = (r_0 + I_in - r)/tau/ms : 1",
        threshold="rand() < 1 - exp(-r/1000*dt/ms)",
        reset="r += 1000*n/tau",
    )
