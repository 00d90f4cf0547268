"""Rate functions of the literature whose removable singularities need care, safe everywhere."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Relax, gate


def linoid(xp: Any, x: Array, scale: float) -> Array:
    """x / (1 - exp(-x / scale)), which tends to `scale` as x tends to 0; x and scale in mV."""
    z = x / -scale
    z = xp.where(z == 0.0, 1e-300, z)  # expm1 is exact for tiny arguments; only 0/0 is to avoid
    return scale * (z / xp.expm1(z))


def softplus(xp: Any, x: Array) -> Array:
    """log(1 + exp(x)) without overflow; x has no unit."""
    return xp.maximum(x, 0.0) + xp.log(1.0 + xp.exp(xp.minimum(x, -x)))


def traub_miles(xp: Any, v: Array) -> dict[str, Relax]:
    """Gates m, h and n of the hippocampal spike; v is measured from the voltage V_T, in mV.

    Source: Traub and Miles 1991, Neuronal Networks of the Hippocampus, with V_T at rest.
    """
    return {
        "m": gate(0.32 * linoid(xp, v - 13.0, 4.0), 0.28 * linoid(xp, 40.0 - v, 5.0)),
        "h": gate(0.128 * xp.exp((v - 17.0) / -18.0), 4.0 / (1.0 + xp.exp((v - 40.0) / -5.0))),
        "n": gate(0.032 * linoid(xp, v - 15.0, 5.0), 0.5 * xp.exp((v - 10.0) / -40.0)),
    }
