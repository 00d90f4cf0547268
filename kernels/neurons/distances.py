"""How far a model is from recorded data: spike times, traces, f-I curves."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np

from kernels.neurons.noise import Floats


def van_rossum(times: Floats, others: Floats, tau: float) -> float:
    """Distance of two spike trains, (n,) and (m,) ms, of which each spike fades with tau ms.

    A spike alone is sqrt(1/2) from none; two trains far apart in time add up.
    Source: van Rossum 2001, Neural Comput 13:751, equation 2.2, integrated in closed form
    """
    both = np.concatenate([times, others])
    weight = np.concatenate([np.ones(len(times)), -np.ones(len(others))])
    order = np.argsort(both, kind="stable")
    total, faded, before = 0.0, 0.0, 0.0
    for t, w in zip(both[order].tolist(), weight[order].tolist(), strict=True):
        faded *= exp((before - t) / tau)
        total += w * w + 2.0 * w * faded
        faded, before = faded + w, t
    return sqrt(max(0.5 * total, 0.0))


def trace_error(t: Floats, x: Floats, recorded_t: Floats, recorded_x: Floats) -> float:
    """Root mean square difference at the recorded times of a trace from the recorded one."""
    return root_mean_square(np.interp(recorded_t, t, x) - recorded_x)


def root_mean_square(differences: Floats) -> float:
    """The root of the mean of the squares."""
    return float(np.sqrt(np.mean(differences**2)))
