"""Test problems of optimisation with known optima, over the unit cube, minimised.

Sources: Picheny, Wagner and Ginsbourger 2013, Struct Multidiscip Optim 48:607 (Branin, Hartmann);
Belakaria, Deshwal and Doppa 2019, NeurIPS (Branin-Currin); Zitzler, Deb and Thiele 2000, Evol
Comput 8:173 (ZDT1); Deb et al. 2005 (DTLZ2)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Problem(NamedTuple):
    """A function of rows, (n, width), to values, (n, n_objectives).

    reference: of the hypervolume; best: the largest hypervolume there is, or the least value of one
    objective; n_initial: points of the initial design
    """

    function: Callable[[Floats], Floats]
    width: int
    n_initial: int
    reference: tuple[float, ...]
    best: float


def branin(x: Floats) -> Floats:
    """One objective, three minima."""
    a, b = 15.0 * x[:, 0] - 5.0, 15.0 * x[:, 1]
    valley = (b - 5.1 / (4.0 * np.pi**2) * a**2 + 5.0 / np.pi * a - 6.0) ** 2
    return (valley + 10.0 * (1.0 - 1.0 / (8.0 * np.pi)) * np.cos(a) + 10.0)[:, np.newaxis]


def currin(x: Floats) -> Floats:
    """One objective, an exponential cliff."""
    a, b = x[:, 0], np.maximum(x[:, 1], 1e-12)
    top = 2300.0 * a**3 + 1900.0 * a**2 + 2092.0 * a + 60.0
    bottom = 100.0 * a**3 + 500.0 * a**2 + 4.0 * a + 20.0
    return (-np.expm1(-0.5 / b) * top / bottom)[:, np.newaxis]


def branin_currin(x: Floats) -> Floats:
    """Two objectives."""
    return np.hstack([branin(x), currin(x)])


def zdt1(x: Floats) -> Floats:
    """Two objectives with a convex front on one edge of the cube."""
    g = 1.0 + 9.0 * x[:, 1:].mean(axis=1)
    return np.stack([x[:, 0], g * (1.0 - np.sqrt(x[:, 0] / g))], axis=1)


def dtlz2(n_objectives: int) -> Callable[[Floats], Floats]:
    """Objectives whose front is part of a sphere."""

    def function(x: Floats) -> Floats:
        angle = 0.5 * np.pi * x[:, : n_objectives - 1]
        radius = 1.0 + ((x[:, n_objectives - 1 :] - 0.5) ** 2).sum(axis=1)
        ones = np.ones((len(x), 1))
        cosines = np.cumprod(np.hstack([ones, np.cos(angle)]), axis=1)[:, ::-1]
        sines = np.hstack([ones, np.sin(angle)[:, ::-1]])
        return np.asarray(radius[:, np.newaxis] * cosines * sines)

    return function


_WEIGHTS = np.array([1.0, 1.2, 3.0, 3.2])
_SHARPNESS = np.array(
    [
        [10.0, 3.0, 17.0, 3.5, 1.7, 8.0],
        [0.05, 10.0, 17.0, 0.1, 8.0, 14.0],
        [3.0, 3.5, 1.7, 10.0, 17.0, 8.0],
        [17.0, 8.0, 0.05, 10.0, 0.1, 14.0],
    ]
)
_CENTRES = 1e-4 * np.array(
    [
        [1312.0, 1696.0, 5569.0, 124.0, 8283.0, 5886.0],
        [2329.0, 4135.0, 8307.0, 3736.0, 1004.0, 9991.0],
        [2348.0, 1451.0, 3522.0, 2883.0, 3047.0, 6650.0],
        [4047.0, 8828.0, 8732.0, 5743.0, 1091.0, 381.0],
    ]
)


def hartmann(x: Floats) -> Floats:
    """One objective in six dimensions, six minima."""
    apart = (_SHARPNESS * (x[:, np.newaxis] - _CENTRES) ** 2).sum(axis=2)
    return -(np.exp(-apart) @ _WEIGHTS)[:, np.newaxis]


PROBLEMS = {
    "Branin-Currin": Problem(branin_currin, 2, 10, (18.0, 6.0), 59.36011874867746),
    "ZDT1, 5 parameters": Problem(zdt1, 5, 12, (11.0, 11.0), 120.0 + 2.0 / 3.0),
    "DTLZ2, 4 parameters, 2 objectives": Problem(dtlz2(2), 4, 10, (1.1, 1.1), 1.21 - np.pi / 4.0),
    "DTLZ2, 6 parameters, 3 objectives": Problem(dtlz2(3), 6, 10, (1.1,) * 3, 1.331 - np.pi / 6.0),
    "Branin": Problem(branin, 2, 10, (), 0.39788735772973816),
    "Hartmann-6": Problem(hartmann, 6, 10, (), -3.32236801141551),
}
