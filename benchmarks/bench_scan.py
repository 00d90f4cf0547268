"""Scan the catalogue at its canonical stimuli over the socket, beside plain Python.

The plain loop calls the same equations on Python floats, step after step and model after model.
The spike counts of all models that are not random must be the same before any time counts; random
ones are left to the tests, since the loop draws no numbers.

    python benchmarks/bench_scan.py [--rounds 3]
"""

from __future__ import annotations

import argparse
import math
from types import SimpleNamespace

from measure import in_process, ms, over_socket, ratio, server, timed

from kernels.neurons.batch import Batch
from kernels.neurons.catalogue import CATALOGUE
from kernels.neurons.integrators import INTEGRATORS
from kernels.neurons.model import Model, Threshold, Values
from kernels.neurons.simulate import count_steps
from kernels.neurons.stimulus import Constant

FUNCTIONS = ("exp", "expm1", "log", "sqrt", "tanh", "cosh", "cos")
MATH = SimpleNamespace(
    **{name: getattr(math, name) for name in FUNCTIONS},
    where=lambda condition, chosen, otherwise: chosen if condition else otherwise,
    minimum=min,
    maximum=max,
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


def main() -> None:
    """Check, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with server() as port:
        expected = run_plain()
        rows = {row["name"]: row for row in over_socket(port, "scan", {}).result["models"]}
        found = {name: rows[name]["spike_count"] for name in expected}
        assert found == expected, found.items() ^ expected.items()
        plain, kernel, answers = [], [], []
        for _ in range(rounds):
            plain.append(timed(run_plain)[1])
            kernel.append(timed(in_process, "scan", {})[1])
            answers.append(over_socket(port, "scan", {}))
    last = [answer.last for answer in answers]
    print(f"Scan of {len(rows)} models: the same spikes in the {len(expected)} that are not random")
    print(f"  plain Python, those models    {ms(plain)}")
    print(f"  kernels, one process          {ms(kernel)}   {ratio(plain, kernel)}")
    print(f"  over the socket, two workers  {ms(last)}   {ratio(plain, last)}")
    print(f"  over the socket, first frame  {ms([answer.first for answer in answers])}")


if __name__ == "__main__":
    main()
