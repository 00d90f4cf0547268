"""What docs/reliability.md promises, measured: a line for each row, with the command that made it.

    python benchmarks/bench_reliability.py                  # every row; about half an hour
    python benchmarks/bench_reliability.py work             # one section
    python benchmarks/bench_reliability.py cancels orphans  # some rows

A whole section writes its table into docs/reliability.md. Times are of this machine at this moment:
where others use it too, they are upper bounds.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the proxy of tests/nemesis

from measure import write_section
from reliability import delivery, security, stored, watching, work
from reliability.row import Row

SECTIONS = {
    "work": work.ROWS,
    "delivery": {**watching.ROWS, **delivery.ROWS, **stored.ROWS},
    "security": security.ROWS,
}
COMMAND = "python benchmarks/bench_reliability.py"
HEAD = "| promise | asked | measured | command |\n|---|---|---|---|"


def main() -> int:
    """Measure the rows that the command line names."""
    names = [name for rows in SECTIONS.values() for name in rows]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wanted", nargs="*", choices=[*SECTIONS, *names, []], metavar="ROW")
    wanted = parser.parse_args().wanted or list(SECTIONS)
    broken = 0
    for section, rows in SECTIONS.items():
        table = [HEAD]
        for name in rows:
            if name in wanted or section in wanted:
                row = rows[name]()
                broken += not row.holds
                table.append(line(name, row))
                print(table[-1], "" if row.holds else " BROKEN", flush=True)
        if section in wanted:
            write_section(section, "\n".join(table), "reliability")
    return 1 if broken else 0


def line(name: str, row: Row) -> str:
    """A row of the table."""
    return f"| {row.promise} | {row.asked} | {row.measured} | `{COMMAND} {name}` |"


if __name__ == "__main__":
    sys.exit(main())
