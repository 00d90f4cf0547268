"""One step of a model over a batch: Euler's in four forms, Runge-Kutta's, iterations of maps.

Every integrator takes (model, xp, states, params, current, noise, dt), with the current held over
the step and dt in ms, and returns the new states as a dict. They are written over the namespace
``xp``, so each engine uses the same ones.
"""

from __future__ import annotations

from collections.abc import Callable
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


def euler(
    model: Model, xp: Any, s: Values, p: Values, current: Array, noise: Values, dt: float
) -> States:
    """Forward Euler."""
    return _moved(s, _rates(model, xp, s, p, current), dt)


def exponential_euler(
    model: Model, xp: Any, s: Values, p: Values, current: Array, noise: Values, dt: float
) -> States:
    """Exact relaxation of every Relax state with the others held; forward Euler for the rest."""
    new: States = {}
    x = vars(s)
    for name, rate in model.derivatives(xp, s, p, current).items():  # type: ignore[misc]
        if isinstance(rate, Relax):
            new[name] = rate.target + (x[name] - rate.target) * xp.exp(-dt / rate.tau)
        else:
            new[name] = x[name] + dt * rate
    return new


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
    "rk4": rk4,
    "semi_implicit_euler": semi_implicit_euler,
    "euler_maruyama": euler_maruyama,
    "map": iterate,
}
