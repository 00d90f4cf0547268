"""Oscillators for Brian2, typed from their papers."""

from __future__ import annotations

from functools import partial
from typing import Any

from witnesses.brian2 import STAMP, excursions
from witnesses.witness import Case, witness

typed = partial(witness, peer="Brian2", builtin=False, note=STAMP)


@typed("MorrisLecarNeuron")
@typed("MorrisLecarNeuron", preset="class_2")
def morris_lecar(case: Case) -> Any:
    """Morris and Lecar 1981, equation 9."""
    return excursions(
        case,
        """
        m_inf = 0.5*(1 + tanh((V - V_1)/V_2)) : 1
        w_inf = 0.5*(1 + tanh((V - V_3)/V_4)) : 1
        lambda_w = phi*cosh((V - V_3)/(2*V_4)) : 1
        I_ion = g_L*(V - V_L) + g_Ca*m_inf*(V - V_Ca) + g_K*w*(V - V_K) : 1
        dV/dt = (I_in - I_ion)/C/ms : 1
        dw/dt = lambda_w*(w_inf - w)/ms : 1
        """,
    )


@typed("FitzHughNagumoNeuron")
def fitzhugh_nagumo(case: Case) -> Any:
    """FitzHugh 1961 in the form of Scholarpedia 1(9):1349."""
    return excursions(
        case,
        """
        dv/dt = (v - v**3/3 - w + I_in)/ms : 1
        dw/dt = epsilon*(v + a - b*w)/ms : 1
        """,
    )


@typed("HindmarshRoseNeuron")
def hindmarsh_rose(case: Case) -> Any:
    """Hindmarsh and Rose 1984: three equations."""
    return excursions(
        case,
        """
        dx/dt = (y - a*x**3 + b*x**2 - z + I_in)/ms : 1
        dy/dt = (c - d*x**2 - y)/ms : 1
        dz/dt = r*(s*(x - x_1) - z)/ms : 1
        """,
    )


@typed("FitzHughRinzelNeuron")
def fitzhugh_rinzel(case: Case) -> Any:
    """Rinzel 1987: the oscillator of FitzHugh with a slow current."""
    return excursions(
        case,
        """
        dv/dt = (v - v**3/3 - w + y + I_in)/ms : 1
        dw/dt = delta*(a + v - b*w)/ms : 1
        dy/dt = mu*(c - v - d*y)/ms : 1
        """,
    )


@typed("McKeanNeuron")
def mckean(case: Case) -> Any:
    """McKean 1970: the cubic as three straight lines."""
    return excursions(
        case,
        """
        inner = int(v > a/2)*int(v < (1 + a)/2) : 1
        outer = int(v <= a/2)*(-v) + int(v >= (1 + a)/2)*(1 - v) : 1
        dv/dt = (outer + inner*(v - a) - w + I_in)/ms : 1
        dw/dt = epsilon*(v - gamma*w)/ms : 1
        """,
    )


@typed("TermanWangOscillator")
def terman_wang(case: Case) -> Any:
    """Terman and Wang 1995: a relaxation oscillator whose recovery steps between two levels."""
    return excursions(
        case,
        """
        dx/dt = (3*x - x**3 + 2 - y + I_in)/ms : 1
        dy/dt = epsilon*(gamma*(1 + tanh(x/beta)) - y)/ms : 1
        """,
    )
