"""Scan the catalogue over the socket, cold, compiled and from the cache, beside plain Python.

The plain loop calls the same equations on Python floats, step after step and model after model.
Models that are not random must have its spike counts before any time counts (chaotic ones within
10 %, since rounding decides there); random ones are left to the tests, since it draws no numbers.

    python benchmarks/bench_scan.py
"""

from __future__ import annotations

import argparse
import math
import time
from types import SimpleNamespace
from typing import Any

from measure import Answer, over_socket, server, timed

from kernels.neurons.batch import Batch
from kernels.neurons.catalogue import CATALOGUE
from kernels.neurons.integrators import INTEGRATORS
from kernels.neurons.model import Model, Threshold, Values
from kernels.neurons.simulate import count_steps
from kernels.neurons.stimulus import Constant


def _sign(x: float) -> float:
    return math.copysign(1.0, x) if x else x


ONE = {"current": 15.0, "duration": 100.0}  # how existing tools scan
SHARED = ("exp", "expm1", "log", "log1p", "sqrt", "tanh", "sinh", "cosh", "sin", "cos", "tan")
MATH = SimpleNamespace(
    **{name: getattr(math, name) for name in SHARED},
    where=lambda condition, chosen, otherwise: chosen if condition else otherwise,
    minimum=min,
    maximum=max,
    abs=abs,
    arctan=math.atan,
    floor=math.floor,
    power=math.pow,
    sign=_sign,
    isnan=math.isnan,
    isfinite=math.isfinite,
)


def plain_count(model: Model) -> int:
    """Spikes of one model, its equations called on floats."""
    batch = Batch(model, 1, Constant(model.current))
    p = Values(batch.parameters())
    s = Values({name: float(value[0]) for name, value in batch.initial_states().items()})
    step, silence, n_spikes, held = INTEGRATORS[model.integrator], Values({}), 0, 0
    hold = round(vars(p)[model.refractory] / model.dt) if model.refractory else 0
    for _ in range(count_steps(model.duration, model.dt)):
        new = Values(step(model, MATH, s, p, model.current, silence, model.dt))
        if held:
            held -= 1
            vars(new).update({name: vars(s)[name] for name in model.clamped})
        elif _fires(model, s, new, p):
            n_spikes += 1
            held = hold
            if model.reset is not None:
                vars(new).update(model.reset(MATH, new, p))
        s = new
    return n_spikes


def _fires(model: Model, s: Values, new: Values, p: Values) -> bool:
    rule = model.spike
    if not isinstance(rule, Threshold):
        return bool(rule and rule(MATH, new, p))
    level = vars(p)[rule.level] if isinstance(rule.level, str) else rule.level
    before, after = vars(s)[rule.state], vars(new)[rule.state]
    return before < level <= after if rule.direction == "up" else before > level >= after


def run_plain() -> dict[str, int]:
    """All models that are not random, one after the other."""
    return {model.name: plain_count(model) for model in CATALOGUE if model.deterministic}


def run_warm(port: int) -> list[Answer]:
    """Scans on a server until it has compiled all that it will, and three more."""
    n_compiled = -1
    while (n := sum(row["engine"] == "llvm" for row in scan(port).result["models"])) > n_compiled:
        n_compiled = n
        time.sleep(5.0)  # for the idle slots to compile in
    return [scan(port) for _ in range(3)]


def scan(port: int, **config: Any) -> Answer:
    """One scan, not from the cache."""
    return over_socket(port, "scan", config)


def main() -> None:
    """Check, measure, print."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    expected, plain = timed(run_plain)
    with server() as port:
        one = scan(port, **ONE)
    with server() as port:
        cold = scan(port)
        warm = run_warm(port)
        cached = over_socket(port, "scan", {}, fresh=False)
        cached = over_socket(port, "scan", {}, fresh=False)
    found = {row["name"]: row["spike_count"] for row in cold.result["models"]}
    apart = {name: (n, found[name]) for name, n in expected.items() if n != found[name]}
    assert all(abs(a - b) <= 1 + 0.1 * a for a, b in apart.values()), apart
    print(f"Scan of {len(found)} models; {len(expected) - len(apart)} of the {len(expected)} that")
    print(f"are not random have the plain loop's spike counts, {len(apart)} within 10 %: {apart}")
    print(f"  plain Python, those {len(expected)} models        {plain:8.2f} s")
    for what, answer in (
        ("15 and 100 ms for all, cold server", one),
        ("canonical stimuli, cold server", cold),
        ("canonical stimuli, kernels compiled", min(warm, key=lambda answer: answer.last)),
        ("from the cache", cached),
    ):
        told = f"{answer.last:8.3f} s   first rows {answer.partial * 1e3:4.0f} ms"
        print(f"  {what:36} {told}   {plain / answer.last:.1f} times as fast")


if __name__ == "__main__":
    main()
