"""Maps for Brian2, typed from their papers and iterated by an operation at every step."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from witnesses.brian2 import trajectory
from witnesses.witness import Case, witness

typed = partial(witness, peer="Brian2", builtin=False, kind="trajectory")

CHAOS = "a chaotic map: the run ends before rounding has grown to anything"


@typed("RulkovMapNeuron")
def rulkov(case: Case) -> Any:
    """Rulkov 2002, equations 1 and 2, iterated by an operation at every step."""
    return _map(
        case,
        """
        z = y + beta_e*I_in
        y = y - mu*(x + 1) + mu*(sigma + sigma_e*I_in)
        left = alpha/(1 - clip(x, -1e9, 0)) + z
        right = int(x < alpha + z)*(alpha + z) - int(x >= alpha + z)
        x = int(x <= 0)*left + int(x > 0)*right
        """,
    )


@typed("ChialvoMapNeuron")
def chialvo(case: Case) -> Any:
    """Chialvo 1995, equation 1, with the current beside the bias."""
    return _map(
        case,
        """
        x_next = x**2*exp(y - x) + k + I_in
        y = a*y - b*x + c
        x = x_next
        """,
    )


@typed("RulkovChaoticMapNeuron", duration=500.0, note=CHAOS)
def rulkov_chaotic(case: Case) -> Any:
    """Rulkov 2001, equations 1 and 2, without current."""
    return _map(
        case,
        """
        y_next = y - sigma*x - beta
        x = alpha/(1 + x**2) + y
        y = y_next
        """,
    )


@typed("IbarzTanakaMapNeuron", duration=1000.0)
def shilnikov_rulkov(case: Case) -> Any:
    """Shilnikov and Rulkov 2004: a parabola continues the fast map below x = 0."""
    return _map(
        case,
        """
        z = y + beta_e*I_in
        y = y - mu*(x + 1 - sigma - sigma_e*I_in)
        far = int(x < -1 - alpha/2)*(-alpha**2/4 - alpha + z)
        left = int(x >= -1 - alpha/2)*int(x <= 0)*(alpha*x + (x + 1)**2 + z)
        right = int(x > 0)*(int(x < 1 + z)*(1 + z) - int(x >= 1 + z))
        x = far + left + right
        """,
    )


@typed(
    "CourbageNekorkinMapNeuron",
    note=CHAOS,
    duration=250.0,
    current=0.0,
    params={"J": 0.13},
    init={"x": 0.25},
)
def courbage_nekorkin(case: Case) -> Any:
    """Courbage, Nekorkin and Vdovin 2007, equations 3 to 5: the stimulus is J alone."""
    return _map(
        case,
        """
        y_next = y + epsilon*(x - J)
        low = int(x <= a*m_1/(m_0 + m_1))
        high = int(x >= (m_0 + a*m_1)/(m_0 + m_1))
        f = -low*m_0*x - high*m_0*(x - 1) + (1 - low)*(1 - high)*m_1*(x - a)
        x = x + f - y - beta*int(x >= d)
        y = y_next
        """,
    )


@typed("KTzMapNeuron", duration=1000.0)
def ktz(case: Case) -> Any:
    """Kuva et al. 2001: a hyperbolic tangent."""
    return _ktz(case, "tanh(u)")


@typed("KTzLogisticMapNeuron")
def ktz_logistic(case: Case) -> Any:
    """Girardi-Schappo et al. 2017: u/(1 + |u|) in its place."""
    return _ktz(case, "u/(1 + abs(u))")


def _ktz(case: Case, output: str) -> dict[str, np.ndarray]:
    update = f"""
    u = (x - K*y + z + H + I_in)/T
    z = (1 - delta)*z - lam*(x - x_R)
    y = x
    x = {output}
    """
    return trajectory(case, "x : 1\ny : 1\nz : 1", ("x", "z"), every_step=update)


def _map(case: Case, update: str) -> dict[str, np.ndarray]:
    return trajectory(case, "x : 1\ny : 1", ("x", "y"), every_step=update)
