"""How time and memory grow: columns from 1 to 10^6, steps, and slots.

A heatmap of AdEx over its two adaptation parameters runs as any job does, on slots of its own, from
an empty cache; the largest has 1 000 x 1 000 cells. Its corners must be what single runs give. A
worker's memory is the most that it ever held. Writes docs/performance.md.

    python benchmarks/bench_scale.py [--cells 1000000] [--steps 2000]
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import anyio
import msgspec
from measure import in_process, write_section

from studio.config import Limits
from studio.jobs.machine_code import MachineCode
from studio.jobs.runner import Runner
from studio.jobs.slots import SlotPool
from studio.store.sqlite import SqliteStore
from studio.wire.frames import Complete
from studio.wire.requests import parse_config

AXES = {"param_x": "a", "x_min": 0.0, "x_max": 8.0, "param_y": "b", "y_min": 0.0, "y_max": 0.16}
SWEEP: dict[str, Any] = {"name": "AdExNeuron", "current": 0.8, "dt": 0.1, "fresh": True, **AXES}
LIMITS = Limits(cells=10_000_000)


class Ran(NamedTuple):
    """Seconds, the largest worker's memory in MB, engine, spikes in all."""

    seconds: float
    memory: float
    engine: str
    n_spikes: int


def main() -> None:
    """Grow columns, then steps, then slots."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=2000)
    options = parser.parse_args()
    check_corners()
    side = math.isqrt(options.cells)
    runs = [(1, columns, 2000) for columns in (1, 3, 10, 32, 100, 316)]
    runs += [(1, 100, 200), (1, 100, 20_000)]
    runs += [(1, side, options.steps), (2, side, options.steps)]
    table = [
        "| columns | steps | slots | time | per column and step | a worker's memory | engine |"
    ]
    table.append("|--:|--:|--:|--:|--:|--:|---|")
    print("\n".join(table))
    ran: list[Ran] = []
    with TemporaryDirectory() as folder:
        anyio.run(run, 1, 15, 100, Path(folder))  # compiles
        for n_slots, columns, n_steps in runs:
            ran.append(anyio.run(run, n_slots, columns, n_steps, Path(folder)))
            table.append(told(ran[-1], n_slots, columns * columns, n_steps))
            print(table[-1], flush=True)
    one, two = ran[-2:]
    assert one.n_spikes == two.n_spikes, "the slots count other spikes"
    table.append(f"\nTwo slots take {two.seconds / one.seconds:.2f} of the time of one.")
    print(table[-1])
    write_section("scale", "\n".join(table))


def config(side: int, n_steps: int) -> dict[str, Any]:
    """A square heatmap."""
    return {**SWEEP, "x_steps": side, "y_steps": side, "duration": n_steps * 0.1}


def check_corners() -> None:
    """The cells at the corners are single runs with their parameters."""
    counts = in_process("heatmap", config(316, 2000)).metrics["spike_count"]
    for i, b in ((0, 0.0), (-1, 0.16)):
        for j, a in ((0, 0.0), (-1, 8.0)):
            alone = {"name": "AdExNeuron", "current": 0.8, "params": {"a": a, "b": b}}
            stats = in_process("simulate", {**alone, "duration": 200.0, "dt": 0.1}).stats
            assert counts[i][j] == stats["spike_count"], f"a {a}, b {b}: another count"


async def run(n_slots: int, side: int, n_steps: int, folder: Path) -> Ran:
    """A heatmap as a job on so many slots."""
    async with SlotPool(n_slots, MachineCode(folder)) as pool, anyio.create_task_group() as tasks:
        runner = Runner(pool, tasks, LIMITS, SqliteStore(None))
        await anyio.sleep(0.2)  # it finds out what is compiled
        begun = time.perf_counter()
        job = runner.submit("heatmap", parse_config("heatmap", config(side, n_steps)))
        end = await job.channel.watch().last()
        seconds = time.perf_counter() - begun
        assert isinstance(end, Complete), end
        result = msgspec.json.decode(end.result)
        memory = max(peak_mb(slot.pid) for slot in pool.slots)
        tasks.cancel_scope.cancel()
    n_spikes = sum(map(sum, result["metrics"]["spike_count"]))
    return Ran(seconds, memory, result["engine"], n_spikes)


def peak_mb(pid: int) -> float:
    """The most memory that a process has held, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def told(ran: Ran, n_slots: int, n_columns: int, n_steps: int) -> str:
    """A row of the table."""
    each = ran.seconds / (n_columns * n_steps) * 1e9
    return (
        f"| {n_columns:,} | {n_steps:,} | {n_slots} | {ran.seconds:.3g} s | {each:.3g} ns "
        f"| {ran.memory:.0f} MB | {ran.engine} |"
    )


if __name__ == "__main__":
    main()
