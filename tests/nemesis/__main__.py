"""make nemesis: operations and faults for as long as is wanted.

    python -m tests.nemesis [--minutes 30] [--seed SEED] [--round N] [--history nemesis.jsonl]

The same seed gives the same operations and faults; --round does one round of them again.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.nemesis.report import Report
from tests.nemesis.storm import storm


def main() -> int:
    """Run, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--round", type=int, help="this one alone, as it was with this seed")
    parser.add_argument("--history", type=Path, default=Path("nemesis.jsonl"))
    options = parser.parse_args()
    for ending in (signal.SIGINT, signal.SIGTERM):  # also where a shell has had the first ignored
        signal.signal(ending, signal.default_int_handler)
    print(f"seed {options.seed}, history in {options.history}", flush=True)
    end = time.monotonic() + 60 * options.minutes
    told = 0

    def go_on(n: int, report: Report) -> bool:
        nonlocal told
        for violation in report.violations[told:]:
            print(violation, flush=True)
        told = len(report.violations)
        so_far = f"{report.operations.total()} operations, {report.faults.total()} faults"
        print(f"round {n}: {so_far}, {told} violations so far", flush=True)
        return n == options.round if options.round else time.monotonic() < end

    with tempfile.TemporaryDirectory(prefix="nemesis-") as folder:
        report = asyncio.run(
            storm(options.seed, Path(folder), options.history, go_on, first=options.round or 1)
        )
    print(*report.lines(), sep="\n")
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
