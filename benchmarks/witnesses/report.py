"""The report of a validation: one line per model, then every witness with its residuals."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from witnesses.compare import MAX_MS, MAX_SHARE, MIN_P, Row, allowed
from witnesses.steps import FINER, FIRST_MS, Resolved

HEADER = f"""# Validation by other people's code

Written by `make validate`, which runs the kernels and each witness side by side: the same initial
states, constant current and duration (the model's own unless said otherwise). A witness gets the
parameters that were typed from the literature once more without a look at Studio's
(benchmarks/witnesses/constants), and Studio's where they were not.

Two kinds of witness. *Built in*: a model that the authors of NEST or NEURON wrote, with numerics of
their own. *Typed*: equations that were typed for Brian2 from the cited papers, nearly all before
Studio's were read, and integrated with the same step by the same method, so that what differs is
the equations. Where one was amended afterwards, a note says so.

Agreement means

- **spikes**: as many, and each within {MAX_MS} ms or two steps, whichever is longer, or within two
  steps where time has no unit. One more or less is forgiven only so close to the end.
- **trajectory**: every state within {MAX_SHARE:.0%} of its range at every step.
- **distribution**: over many independent trials with fixed seeds, rates within three standard
  errors, and intervals that the test of Kolmogorov and Smirnov does not tell apart (p >= {MIN_P}).
"""


STEPS = f"""## What the step does

This takes no other simulator: the canonical run of every model that spikes, has steps and nothing
random, at its own step and by rk4 at 1/{FINER} of it, over the first {FIRST_MS:g} ms, or over
all of it where these have no spike or time has no unit. As much is allowed as between two
simulators. Where it is more, it is for one of two reasons.

- **method**: the integrator is coarse for its step. AdExNeuron keeps forward Euler at 0.1 ms, the
  run by which simulators are compared.
- **grid**: spikes and resets wait for the end of their step, up to one step per spike."""


def markdown(rows: Sequence[Row], resolved: Sequence[Resolved]) -> str:
    """The whole report."""
    peers = ", ".join(
        f"{name} {version(package)}"
        for name, package in (
            ("NEST", "nest-simulator"),
            ("NEURON", "neuron"),
            ("Brian2", "brian2"),
            ("NumPy", "numpy"),
        )
    )
    models = sorted({row.witness.model for row in rows}, key=str.lower)
    agree = sum(row.agrees for row in rows)
    built_in = {row.witness.model for row in rows if row.witness.builtin}
    typed = {row.witness.model for row in rows if not row.witness.builtin}
    lines = [
        HEADER,
        f"Peers: {peers}.",
        "",
        f"{agree} of {len(rows)} comparisons agree. {len(models)} models have a witness, "
        f"{len(built_in)} of them one that is built in, {len(typed)} one that was typed.",
        "",
        "| model | built in | typed for Brian2 |",
        "|---|---|---|",
    ]
    for model in models:
        cells = [
            "<br>".join(_brief(row) for row in rows if _is(row, model, builtin)) or "–"
            for builtin in (True, False)
        ]
        lines.append(f"| {model} | {cells[0]} | {cells[1]} |")
    notes = list(dict.fromkeys(row.witness.note for row in rows if row.witness.note))
    for title, builtin in (("Built-in models", True), ("Equations typed for Brian2", False)):
        lines += ["", f"## {title}", "", *_table(rows, builtin, notes)]
    lines += ["", "## Notes", ""]
    lines += [f"{i}. {note[0].upper()}{note[1:]}." for i, note in enumerate(notes, 1)]
    lines += ["", steps(resolved)]
    return "\n".join(lines)


def steps(rows: Sequence[Resolved]) -> str:
    """The section on what the step does."""
    within = sum(not row.why for row in rows)
    more = [row.model.name for row in rows if row.why == "grid" and row.per_spike > 1]
    lines = [
        STEPS,
        f"  What is gained meanwhile moves the next ones by more in {' and '.join(more)}.",
        "",
        f"{within} of {len(rows)} models are within what is allowed.",
        "",
        "| model | run | spikes | at small steps | largest difference | allowed | |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        model = row.model
        cells = [
            model.name,
            f"{model.integrator}, dt {model.dt:g}, to {row.duration:g}",
            f"{row.own}",
            f"{row.fine}",
            f"{row.largest:.3g}",
            f"{allowed(model, model.dt):g}",
            row.why,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def line(row: Row) -> str:
    """One comparison, for a terminal."""
    verdict = "agrees   " if row.agrees else "DISAGREES"
    return (
        f"{verdict} {_name(row)} | {row.witness.peer} | {row.ours} | {row.theirs} | {_apart(row)}"
    )


def _is(row: Row, model: str, builtin: bool) -> bool:
    return row.witness.model == model and row.witness.builtin == builtin


def _name(row: Row) -> str:
    preset = f", {row.witness.preset}" if row.witness.preset else ""
    return f"{row.witness.model}{preset}"


def _brief(row: Row) -> str:
    peer = f"{row.witness.peer}: " if row.witness.builtin else ""
    return f"{peer}{_residual(row)}{'' if row.agrees else ' **disagrees**'}"


def _number(value: float) -> str:
    return "0" if abs(value) < 1e-9 else f"{value:.2g}"


def _residual(row: Row) -> str:
    if row.witness.kind == "distribution":
        return f"{_number(row.largest)} Hz, p {row.median:.2f}"
    unit = f" {row.case.model.time_unit}".replace(" 1", "") if row.witness.kind == "spikes" else ""
    return f"{_number(row.largest)}{unit}"


def _apart(row: Row) -> str:
    if row.witness.kind == "distribution":
        return f"{_residual(row)} | within {row.limit}"
    return f"{_number(row.largest)}, median {_number(row.median)} | within {row.limit}"


def _table(rows: Sequence[Row], builtin: bool, notes: Sequence[str]) -> list[str]:
    lines = [
        "| model | witness | run | Studio | witness's | largest difference | median | allowed | |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        witness, case = row.witness, row.case
        if witness.builtin != builtin:
            continue
        note = f" [{notes.index(witness.note) + 1}]" if witness.note else ""
        changed = "".join(f", {name} {value:g}" for name, value in witness.params.items())
        trials = f", {case.trials} trials" if case.trials > 1 else ""
        run = f"{case.integrator}, dt {case.dt:g}, to {case.duration:g}, I {case.current:g}"
        spread = witness.kind == "distribution"
        cells = [
            _name(row),
            f"{witness.peer}{note}",
            f"{run}{changed}{trials}",
            row.ours,
            row.theirs,
            f"{_number(row.largest)} Hz" if spread else _number(row.largest),
            f"p {row.median:.2f}" if spread else _number(row.median),
            row.limit,
            "agrees" if row.agrees else "**disagrees**",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines
