"""What came of a run, in numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from tests.nemesis.history import Asked, Cancelled, Record, Saw, Stopped, Stored, Struck


@dataclass
class Report:
    """What came of a run."""

    seed: str
    operations: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    cancels_s: list[float] = field(default_factory=list)
    orphans_s: list[float] = field(default_factory=list)
    attempts: Counter[int] = field(default_factory=Counter)
    rounds: int = 0

    def add(self, n: int, records: list[Record], found: list[str]) -> None:
        """Count a round in."""
        self.rounds += 1
        self.violations += [f"round {n}: {told}" for told in found]
        for record in records:
            match record:
                case Asked(how=how, op=op):
                    self.operations[f"{how} {op}"] += 1
                case Struck(fault=fault):
                    self.faults[fault] += 1
                case Stored(state=state):
                    self.ends[state] += 1
                case Stopped(seconds=seconds):
                    self.orphans_s.append(seconds)
        self.cancels_s += _cancel_times(records)

    def count_attempts(self, log: str) -> None:
        """Count the chunks whose worker died, as the servers' log tells of them."""
        self.attempts.update(map(int, re.findall(r"worker died with .*, attempt (\d+)", log)))

    def lines(self) -> Iterator[str]:
        """The report as text."""
        yield f"seed {self.seed}, {self.rounds} rounds"
        yield f"operations {self.operations.total()}: {_told(self.operations)}"
        yield f"faults {self.faults.total()}: {_told(self.faults)}"
        yield f"ended {self.ends.total()}: {_told(self.ends)}"
        yield f"chunks whose worker died, by attempt: {_told(self.attempts) or 'none'}"
        if len(self.cancels_s) > 1:
            at = quantiles(self.cancels_s, n=100)
            yield (
                f"from cancel to the end, amid faults: median {at[49]:.2f} s, p99 {at[98]:.2f} s "
                f"({len(self.cancels_s)} cancels)"
            )
        if self.orphans_s:
            told = f"{max(self.orphans_s):.2f} s at most ({len(self.orphans_s)} servers)"
            yield f"processes that outlived their server: {told}"
        yield f"violations {len(self.violations)}"
        yield from (f"  {told}" for told in self.violations)


def _told(counts: Counter[Any]) -> str:
    return ", ".join(f"{kind} {n}" for kind, n in sorted(counts.items()))


def _cancel_times(records: list[Record]) -> Iterator[float]:
    """Seconds from the first wish that a job end to its first watcher's news that it has."""
    asked: dict[str, float] = {}
    for record in records:
        if isinstance(record, Cancelled):
            asked.setdefault(record.job, record.t)
        elif (
            isinstance(record, Saw)
            and record.frame.get("code") == "cancelled"
            and record.job in asked
        ):
            yield record.t - asked.pop(record.job)
