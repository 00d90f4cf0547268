"""What the automatic choice of the engine takes beside the best choice there is.

Over models, columns and steps, once with nothing compiled, where the compiled engine pays for
compiling, and once with everything. An engine that is estimated to take more than five times as
long as the best and over 0.2 s is not run. Writes docs/performance.md.

    python benchmarks/bench_choice.py [--rounds 3]
"""

from __future__ import annotations

import argparse
from itertools import product
from typing import NamedTuple

from bench_kernels import batch_of, run
from measure import timed, write_section

from kernels.neurons import catalogue
from kernels.neurons.engines import cost, llvm
from kernels.neurons.model import Model
from kernels.neurons.program import usual

MODELS = (
    *("LapicqueNeuron", "AdExNeuron", "IzhikevichNeuron", "MorrisLecarNeuron"),
    *("HodgkinHuxleyNeuron", "PinskyRinzelNeuron", "RulkovMapNeuron", "JansenRitUnit"),
)
COLUMNS = (1, 15, 225, 3000)
STEPS = (200, 2000)


class Case(NamedTuple):
    """A batch, and the seconds of each engine that was run; chosen is the automatic choice."""

    model: str
    columns: int
    steps: int
    compiled: bool
    seconds: dict[str, float]
    chosen: str

    @property
    def ratio(self) -> float:
        """How many times as long as the best choice the automatic one takes."""
        return self.seconds[self.chosen] / min(self.seconds.values())

    @property
    def lost(self) -> float:
        """Seconds that the best choice would have spared."""
        return self.seconds[self.chosen] - min(self.seconds.values())

    def __str__(self) -> str:
        best = min(self.seconds, key=self.seconds.__getitem__)
        told = f"{self.chosen} {self.seconds[self.chosen] * 1e3:.3g} ms"
        state = "compiled" if self.compiled else "not compiled"
        beside = f"{best} {self.seconds[best] * 1e3:.3g} ms"
        return (
            f"| {self.model} | {self.columns} | {self.steps} | {state} | {told} | {beside} "
            f"| {self.ratio:.2f} |"
        )


def main() -> None:
    """Run the grid, tell where the choice was worst."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    cases = [
        case(catalogue.get(name), columns, steps, compiled, rounds)
        for name, columns, steps, compiled in product(MODELS, COLUMNS, STEPS, (False, True))
    ]
    cases.sort(key=lambda case: -case.ratio)
    within = sum(case.ratio <= 1.3 for case in cases)
    felt = sum(case.ratio > 1.3 and case.lost > 0.001 for case in cases)
    told = f"{within} of {len(cases)} cases within 1.3 times the best choice"
    table = [f"{told}; of the others {felt} lose more than 1 ms by it. The worst ten:\n"]
    table.append("| model | columns | steps | | chosen | best | ratio |")
    table.append("|---|--:|--:|---|---|---|--:|")
    table += map(str, cases[:10])
    print("\n".join(table))
    write_section("choice", "\n".join(table))


def case(model: Model, columns: int, steps: int, compiled: bool, rounds: int) -> Case:
    """The least seconds of every engine that may be the best."""
    made = usual(model, model.integrator)
    ready = [made.digest] if compiled else []
    estimates = cost.estimates(model, model.integrator, [columns], steps, ready)
    least = min(estimates.values())
    seconds = {}
    for engine, estimate in estimates.items():
        if estimate <= max(5.0 * least, 0.2):
            seconds[engine] = min(
                once(model, columns, steps, engine, compiled) for _ in range(rounds)
            )
    return Case(model.name, columns, steps, compiled, seconds, next(iter(estimates)))


def once(model: Model, columns: int, steps: int, engine: str, compiled: bool) -> float:
    """Seconds of a run, with compiling where nothing is compiled."""
    batch = batch_of(model, columns)
    if not compiled:
        llvm.load.cache_clear()
        llvm.keep_code_in({})
    elif engine == "llvm":
        llvm.load(usual(model, model.integrator))
    return timed(run, batch, engine, steps * model.dt, model.dt)[1]


if __name__ == "__main__":
    main()
