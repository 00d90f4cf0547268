"""Results of a campaign as a table."""

from __future__ import annotations

import csv
import io

from studio.wire.campaigns import CampaignResults


def as_csv(results: CampaignResults) -> str:
    """A row for each evaluation, with all digits, from which another campaign can start."""
    objectives = [str(item["name"]) for item in results.config["objectives"]]
    parameters = [str(item["name"]) for item in results.config["parameters"]]
    out = io.StringIO()
    predicted = [f"{name}_{part}" for name in objectives for part in ("predicted", "std")]
    more = ("acquisition", "status", "feasible", "on_front", "reason", "duration_s")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "iteration", *parameters, *objectives, *predicted, *more])
    for row in results.results:
        known = [(row.predicted or {}).get(name) for name in objectives]
        writer.writerow(
            [
                *(row.id, row.iteration),
                *(row.parameters[name] for name in parameters),
                *(row.objectives.get(name) for name in objectives),
                *(value for e in known for value in ((e.mean, e.std) if e else (None, None))),
                *(getattr(row, name) for name in more),
            ]
        )
    return out.getvalue()
