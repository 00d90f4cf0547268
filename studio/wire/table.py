"""Results of a campaign as a table."""

from __future__ import annotations

import csv
import io
from typing import Any

from studio.wire.campaigns import CampaignResults

# What each evaluation has beside the campaign's own parameters and objectives.
_FIRST = ("id", "iteration")
_LAST = ("acquisition", "status", "feasible", "on_front", "reason", "duration_s")
RESERVED = (*_FIRST, *_LAST)


def columns(results: CampaignResults) -> dict[str, list[Any]]:
    """By name a value for each evaluation, None where there is none.

    Beside parameters and objectives there are RESERVED, and of each objective OBJECTIVE_predicted
    and OBJECTIVE_std.
    """
    rows = results.results
    found: dict[str, list[Any]] = {name: [getattr(row, name) for row in rows] for name in _FIRST}
    for item in results.config["parameters"]:
        found[item["name"]] = [row.parameters[item["name"]] for row in rows]
    names = [item["name"] for item in results.config["objectives"]]
    found |= {name: [row.objectives.get(name) for row in rows] for name in names}
    for name in names:
        told = [(row.predicted or {}).get(name) for row in rows]
        found[f"{name}_predicted"] = [None if each is None else each.mean for each in told]
        found[f"{name}_std"] = [None if each is None else each.std for each in told]
    return found | {name: [getattr(row, name) for row in rows] for name in _LAST}


def as_csv(results: CampaignResults) -> str:
    """A row for each evaluation, with all digits, from which another campaign can start."""
    table, out = columns(results), io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    return out.getvalue()
