"""Every model on every engine, in nanoseconds per column and step; three of them beside C.

225 columns from half to one and a half times the canonical current, with the model's own integrator
and dt. An engine's time counts after it has found the reference's spikes; rounds alternate, the
least time of each is taken, and compiling is timed on its own. The C programs (baselines.c) are
compiled here for this processor, exp from the vector library, and record their spikes as well.
Writes docs/performance.md where it runs the whole catalogue.

    python benchmarks/bench_kernels.py [--rounds 5] [--model NAME ...]
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from measure import timed, write_section
from numpy.typing import NDArray

from kernels.neurons import catalogue, simulate
from kernels.neurons.batch import Batch
from kernels.neurons.engines import cost, llvm
from kernels.neurons.model import Integrator, Model
from kernels.neurons.noise import Noise
from kernels.neurons.program import usual
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant

N_COLUMNS = 225
SECONDS = 0.25  # a run of the reference is cut to about this
LEAST_STEPS = 1000  # of fewer, what a run takes before its first step would count for most
SCALAR_COLUMNS = 3
MANY_SPIKES = 0.1  # per column and step, where writing them down tells

# C program, duration and integrator of the comparison, and the arguments' initial states
BASELINES: dict[str, tuple[str, float, float]] = {
    "AdExNeuron": ("adex", 200.0, 0.1),
    "IzhikevichNeuron": ("izhikevich", 200.0, 0.1),
    "HodgkinHuxleyNeuron": ("hodgkin_huxley", 100.0, 0.01),
}


class Row(NamedTuple):
    """Nanoseconds per column and step of the engines, and of the random numbers that all take;
    spikes per column and step; seconds of compiling; where the engines' spikes differ."""

    numpy: float
    scalar: float
    llvm: float
    noise: float
    spikes: float
    compiling: float
    note: str

    def __str__(self) -> str:
        noise = f"random numbers {self.noise:.1f} ns of it" if self.noise else ""
        spikes = f"{self.spikes:.2f} spikes a step" if self.spikes > MANY_SPIKES else ""
        told = ", ".join(text for text in (noise, spikes, self.note) if text)
        return (
            f"{self.numpy:.1f} | {self.scalar:.0f} | {self.llvm:.2f} | "
            f"{self.numpy / self.llvm:.1f} | {self.compiling * 1e3:.0f} ms | {told}"
        )


def main() -> None:
    """Print a row for every model, then the three beside C."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", nargs="*", help="only these")
    options = parser.parse_args()
    models = [m for m in catalogue.CATALOGUE if not options.model or m.name in options.model]
    table = ["| ns per column and step | numpy | scalar | compiled | ratio | compiling | |"]
    table.append("|---|--:|--:|--:|--:|--:|---|")
    print("\n".join(table))
    for model in models:
        table.append(f"| {model.name} | {measured(model, options.rounds)} |")
        print(table[-1], flush=True)
    beside = [
        "",
        "| 225 columns, forward Euler | compiled | C by hand | ratio |",
        "|---|--:|--:|--:|",
    ]
    with baselines() as library:
        for name, (function, duration, dt) in BASELINES.items():
            if name in [model.name for model in models]:
                beside.append(beside_c(library, name, function, duration, dt, options.rounds))
    print("\n".join(beside))
    if not options.model:
        write_section("kernels", "\n".join(table + beside))


def measured(model: Model, rounds: int) -> Row:
    """A model on every engine, after they agree."""
    integrator = model.integrator
    _, compiling = timed(llvm.load, usual(model, integrator))
    per_step = cost.seconds("numpy", model, integrator, N_COLUMNS, 1.0)
    n_steps = min(simulate.count_steps(model.duration, model.dt), int(SECONDS / per_step))
    n_steps = max(LEAST_STEPS, n_steps)
    best = {"numpy": np.inf, "scalar": np.inf, "llvm": np.inf}
    for _ in range(rounds):
        ran = {}
        for engine in best:
            width = SCALAR_COLUMNS if engine == "scalar" else N_COLUMNS
            batch = batch_of(model, N_COLUMNS).take(slice(0, width))
            ran[engine], seconds = timed(run, batch, engine, n_steps * model.dt, model.dt)
            best[engine] = min(best[engine], seconds / (width * n_steps) * 1e9)
    note = agreement(ran["numpy"], ran["llvm"])
    drawn = min(timed(draw, model, n_steps)[1] for _ in range(rounds)) if model.noise else 0.0
    noise = drawn / (N_COLUMNS * n_steps) * 1e9
    spikes = len(ran["llvm"].spike_times) / (N_COLUMNS * n_steps)
    return Row(best["numpy"], best["scalar"], best["llvm"], noise, spikes, compiling, note)


def draw(model: Model, n_steps: int) -> None:
    """The random numbers of a run, in a block."""
    Noise(model.noise, 0, np.arange(N_COLUMNS)).block(n_steps)


def agreement(reference: Recording, found: Recording) -> str:
    """Nothing where the spikes are the same; the counts where they are not."""
    if np.array_equal(reference.spike_times, found.spike_times):
        return ""
    return f"spikes {len(reference.spike_times)} and {len(found.spike_times)}"


def batch_of(model: Model, n_columns: int) -> Batch:
    """Columns around the canonical current."""
    return Batch(model, n_columns, Constant(model.current * np.linspace(0.5, 1.5, n_columns)))


def run(
    batch: Batch, engine: str, duration: float, dt: float, integrator: Integrator | None = None
) -> Recording:
    """A run without traces."""
    integrator = integrator or batch.model.integrator
    return simulate.run(batch, duration=duration, dt=dt, integrator=integrator, engine=engine)


@contextmanager
def baselines() -> Iterator[ctypes.CDLL]:
    """The C programs, compiled for this processor."""
    source = Path(__file__).with_name("baselines.c")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "baselines.so"
        flags = ["-O3", "-march=native", "-ffast-math", "-fPIC", "-shared"]
        subprocess.run(["cc", *flags, "-o", library, source, "-lmvec", "-lm"], check=True)  # noqa: S607
        yield ctypes.CDLL(str(library))


def beside_c(
    library: ctypes.CDLL, name: str, function: str, duration: float, dt: float, rounds: int
) -> str:
    """A row: the compiled engine, C, and their ratio, after both have found the same spikes."""
    model = catalogue.get(name)
    batch = batch_of(model, N_COLUMNS)
    ours, theirs = [], []
    for _ in range(rounds):
        found, seconds = timed(run, batch, "llvm", duration, dt, "euler")
        ours.append(seconds)
        count, seconds = timed(in_c(library, function, batch, duration, dt))
        theirs.append(seconds)
    apart = abs(len(found.spike_times) - count)
    assert apart <= 0.001 * count, f"{name}: {len(found.spike_times)} spikes, {count} in C"
    ratio = min(ours) / min(theirs)
    return f"| {name} | {min(ours) * 1e3:.2f} ms | {min(theirs) * 1e3:.2f} ms | {ratio:.2f} |"


def in_c(
    library: ctypes.CDLL, function: str, batch: Batch, duration: float, dt: float
) -> Callable[[], int]:
    """A run in C, from the same initial states, that returns the number of spikes."""
    program = getattr(library, function)
    program.restype = ctypes.c_long
    n, n_steps = batch.n_columns, simulate.count_steps(duration, dt)
    current = np.asarray(batch.stimulus.at(np.zeros((1, 1))), np.float64)

    def go() -> int:
        states: list[NDArray[np.float64]] = list(batch.initial_states().values())
        fired, spikes = np.zeros(n, np.uint8), np.empty(2 * n * n_steps, np.int32)
        arrays = [ctypes.c_void_p(array.ctypes.data) for array in (current, *states, fired, spikes)]
        count: int = program(ctypes.c_long(n), ctypes.c_long(n_steps), ctypes.c_double(dt), *arrays)
        return count

    return go


if __name__ == "__main__":
    main()
