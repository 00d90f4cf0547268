"""What every result of one model tells: what was run, and its spikes in numbers."""

from __future__ import annotations

from collections.abc import Iterator

from studio.cli.views import charts
from studio.cli.views.page import NOTHING, Page, Plain, number, quantity, seconds, stimulus, time

_TRACE_ROWS, _WIDEST = 8, 100

_LABELS = {
    "latency_ms": "latency",
    "isi_mean": "interval",
    "isi_cv": "CV",
    "local_variation": "local variation",
    "adaptation": "adaptation",
}


def title(page: Page, result: Plain, model: Plain) -> None:
    """Name of the model, and what it was run with."""
    config, units = result["config"], result["units"]
    page.line((config["name"], "bold"), f"  {model['title']}")
    unit = units["t"]
    ran = [f"{time(config['duration'], unit)} in steps of {quantity(config['dt'], unit)}"]
    if config["trials"] > 1:
        ran.append(f"{config['trials']} trials")
    ran += [config["integrator"], f"{result['engine']} engine", seconds(result["elapsed_s"])]
    page.note(", ".join([*_drive(config, units["current"]), *ran]))
    page.line()


def _drive(config: Plain, unit: str) -> Iterator[str]:
    if config["stimulus"] is not None:
        yield stimulus(config["stimulus"])
    elif "current" not in (config.get("param_x"), config.get("param_y")):
        yield f"current {quantity(config['current'], unit)}"


def statistics(stats: Plain, units: Plain, model: Plain) -> Iterator[tuple[str, str]]:
    """Pattern, rate and intervals as labelled values."""
    pattern, time = stats["pattern"], units["t"]
    yield "pattern", f"{pattern}: {stats['description']}" if pattern else NOTHING
    count = stats["spike_count"]
    spikes = f", {number(count)} spikes" if count is not None and model["spiking"] else ""
    yield "rate", quantity(stats["rate_hz"], units["rate_hz"]) + spikes
    if not model["spiking"]:
        return
    yield "latency", quantity(stats["latency_ms"], time)
    ends = f", {number(stats['isi_min'])} to {quantity(stats['isi_max'], time)}"
    yield "interval", quantity(stats["isi_mean"], time) + ("" if stats["isi_min"] is None else ends)
    yield "CV", number(stats["isi_cv"])
    yield "local variation", number(stats["local_variation"])
    yield "adaptation", number(stats["adaptation"])


def why_null(page: Page, result: Plain, model: Plain) -> None:
    """Why numbers are missing where some are."""
    if result["reason"] is not None:
        page.note(f"{NOTHING} {result['reason']}")
    elif not model["spiking"]:
        page.note(f"{NOTHING} {result['reasons']['rate_hz']}")
    else:
        missing: dict[str, list[str]] = {}
        for name, label in _LABELS.items():
            if name in result["reasons"]:
                missing.setdefault(result["reasons"][name], []).append(label)
        for why, labels in missing.items():
            page.note(f"{NOTHING} {', '.join(labels)}: {why}")


def trace(page: Page, result: Plain, traced: Plain, model: Plain) -> None:
    """The output over time, in a terminal."""
    name, units, end = model["output"], result["units"], result["config"]["duration"]
    t, x = traced["t"], traced["states"][name]
    if not page.is_terminal or len(t) < 2 or all(value is None for value in x):
        return
    known = [value for value in x if value is not None]
    labels = [number(max(known)), *[""] * (_TRACE_ROWS - 2), number(min(known))]
    page.heading(name, _in(units[name]))
    margin = max(map(len, labels))
    width = min(page.width, _WIDEST) - margin - 2
    for label, line in zip(labels, charts.trace(t, x, width, _TRACE_ROWS), strict=True):
        page.line((f"{label:>{margin}} {'┤' if label else '│'}", "dim"), (line, "cyan"))
    axis(page, margin, width, number(t[0]), quantity(end, units["t"]))


def axis(page: Page, margin: int, width: int, start: str, end: str, middle: str = "") -> None:
    """The axis under a plot, and what stands at its ends."""
    page.line((f"{'':{margin}} └{'─' * width}", "dim"))
    between = f"{middle:^{max(0, width - len(start) - len(end))}}"
    page.line((f"{'':{margin}}  {start}{between}{end}", "dim"))


def _in(unit: str) -> str:
    return "" if unit == "1" else unit
