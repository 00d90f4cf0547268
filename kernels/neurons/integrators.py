"""One step of a model over a batch: Euler's in five forms, Runge-Kutta's, iterations of maps.

Every integrator takes (model, xp, states, params, current, noise, dt), with the current held over
the step and dt in ms, and returns the new states as a dict. They are written over the namespace
``xp``, so each engine uses the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kernels.neurons.model import Array, Integrator, Model, Relax, Values

States = dict[str, Array]
Step = Callable[[Model, Any, Values, Values, Array, Values, float], States]


def _rate(x: Array, rate: Array) -> Array:
    return (rate.target - x) / rate.tau if isinstance(rate, Relax) else rate


def _rates(model: Model, xp: Any, s: Values, p: Values, current: Array) -> States:
    derivatives = model.derivatives(xp, s, p, current)  # type: ignore[misc]
    x = vars(s)
    return {name: _rate(x[name], rate) for name, rate in derivatives.items()}


def _moved(s: Values, rates: States, dt: float) -> States:
    x = vars(s)
    return {name: x[name] + dt * rates[name] for name in x}


def _relaxed(xp: Any, s: Values, derivatives: Mapping[str, Array], dt: float) -> States:
    new: States = {}
    x = vars(s)
    for name, rate in derivatives.items():
        if isinstance(rate, Relax):
            new[name] = rate.target + (x[name] - rate.target) * xp.exp(-dt / rate.tau)
        else:
            new[name] = x[name] + dt * rate
    return new


def euler(
    model: Model, xp: Any, s: Values, p: Values, current: Array, noise: Values, dt: float
) -> States:
    """Forward Euler."""
    return _moved(s, _rates(model, xp, s, p, current), dt)


def exponential_euler(
    model: Model, xp: Any, s: Values, p: Values, current: Array, noise: Values, dt: float
) -> States:
    """Exact relaxation of every Relax state with the others held; forward Euler for the rest."""
    return _relaxed(xp, s, model.derivatives(xp, s, p, current), dt)  # type: ignore[misc]


def exponential_midpoint(
    model: Model, xp: Any, s: Values, p: Values, current: Array, noise: Values, dt: float
) -> States:
    """Exponential Euler's step with what half of one finds in its middle: of second order.

    Source: Börgers and Nectow 2013, doi:10.1137/120883657.
    """
    middle = Values(exponential_euler(model, xp, s, p, current, noise, dt / 2))
    return _relaxed(xp, s, model.derivatives(xp, middle, p, current), dt)  # type: ignore[misc]


def rk4(
    model: Model, xp: Any, s: Values, p: Values, current: Array, noise: Values, dt: float
) -> States:
    """The classical fourth-order Runge-Kutta step."""
    k1 = _rates(model, xp, s, p, current)
    k2 = _rates(model, xp, Values(_moved(s, k1, dt / 2)), p, current)
    k3 = _rates(model, xp, Values(_moved(s, k2, dt / 2)), p, current)
    k4 = _rates(model, xp, Values(_moved(s, k3, dt)), p, current)
    x = vars(s)
    return {
        name: x[name] + dt / 6 * (k1[name] + 2 * (k2[name] + k3[name]) + k4[name]) for name in x
    }


def semi_implicit_euler(
    model: Model, xp: Any, s: Values, p: Values, current: Array, noise: Values, dt: float
) -> States:
    """Forward Euler, one state after the other: each sees those before it already moved."""
    new = dict(vars(s))
    for name in vars(s):
        new[name] = new[name] + dt * _rates(model, xp, Values(new), p, current)[name]
    return new


def euler_maruyama(
    model: Model, xp: Any, s: Values, p: Values, current: Array, noise: Values, dt: float
) -> States:
    """Forward Euler for the drift, and sqrt(dt) times a normal number for the diffusion."""
    new = euler(model, xp, s, p, current, noise, dt)
    for name, amplitude in model.diffusion(xp, s, p).items():  # type: ignore[misc]
        new[name] = new[name] + xp.sqrt(dt) * amplitude * getattr(noise, name)
    return new


def iterate(
    model: Model, xp: Any, s: Values, p: Values, current: Array, noise: Values, dt: float
) -> States:
    """One iteration of a map or discrete model."""
    return dict(model.step(xp, s, p, current, noise))  # type: ignore[misc]


INTEGRATORS: dict[Integrator, Step] = {
    "euler": euler,
    "exponential_euler": exponential_euler,
    "exponential_midpoint": exponential_midpoint,
    "rk4": rk4,
    "semi_implicit_euler": semi_implicit_euler,
    "euler_maruyama": euler_maruyama,
    "map": iterate,
}
