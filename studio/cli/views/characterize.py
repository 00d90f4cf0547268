"""How a model looks from all sides."""

from __future__ import annotations

from rich.text import Text

from studio.cli.views import charts, page, run
from studio.cli.views.page import NOTHING, Plain, number, quantity, unit_of

_ROWS, _BAR = 6, 12
_SENSITIVITY = ("parameter", "low", "high", "unit", "rate", "change")


class View(page.View):
    """Statistics, rheobase, f-I curve, sensitivity and the range of every state."""

    def show(self, result: Plain, model: Plain) -> None:
        """Print the result."""
        stats, units = result["pattern"], result["units"]
        run.title(self.page, result, model)
        self.page.fields(
            [
                *run.statistics(stats, units, model),
                ("rheobase", quantity(result["threshold_current"], units["current"])),
                ("highest rate", quantity(result["max_rate"], units["rate_hz"])),
            ]
        )
        run.why_null(self.page, result, model)
        if "threshold_current" in result["reasons"]:
            self.page.note(f"{NOTHING} rheobase: {result['reasons']['threshold_current']}")
        run.trace(self.page, result, result["trace"], model)
        self._curve(result["fi_curve"], units)
        self._sensitivity(result["sensitivity"], units)
        self._ranges(result["state_ranges"], units)

    def _curve(self, curve: Plain, units: Plain) -> None:
        currents, rates = curve["currents"], curve["rates"]
        current, rate = units["current"], units["rate_hz"]
        self.page.heading("f-I curve")
        known = [value for value in rates if value is not None]
        if not self.page.is_terminal or not known:
            head = [f"current{unit_of(current)}", f"rate{unit_of(rate)}"]
            rows = zip(map(number, currents), map(number, rates), strict=True)
            self.page.table(head, rows, right=head)
            return
        labels = [quantity(max(known), rate), *[""] * (_ROWS - 2), "0"]
        margin = max(map(len, labels))
        wide = 2 if self.page.width >= margin + 2 + 3 * len(rates) else 1
        lines = charts.bars(rates, wide, _ROWS)
        for label, line in zip(labels, lines, strict=True):
            self.page.line((f"{label:>{margin}} {'┤' if label else '│'}", "dim"), (line, "cyan"))
        ends = number(currents[0]), quantity(currents[-1], current)
        run.axis(self.page, margin, (wide + 1) * len(rates) - 1, *ends, "current")

    def _sensitivity(self, rows: list[Plain], units: Plain) -> None:
        if not rows:
            return
        rate = f"rate{unit_of(units['rate_hz'])}"
        self.page.heading("Sensitivity", f"{rate} with each changed by 10 %")
        largest = max(abs(row["rate_change"] or 0.0) for row in rows) or 1.0
        is_seen = self.page.is_terminal
        self.page.table(
            [*_SENSITIVITY, *([""] if is_seen else [])],
            ([*_varied(row, units), *([_bar(row, largest)] if is_seen else [])] for row in rows),
            right=("low", "high", "change"),
        )

    def _ranges(self, ranges: Plain, units: Plain) -> None:
        self.page.heading("States")
        self.page.table(
            ["state", "min", "mean", "max", "unit"],
            (
                [name, *(number(found[key]) for key in ("min", "mean", "max")), units[name]]
                for name, found in ranges.items()
            ),
            right=("min", "mean", "max"),
        )


def _varied(row: Plain, units: Plain) -> list[page.Cell]:
    change = row["rate_change"]
    return [
        row["param"],
        number(row["low"]),
        number(row["high"]),
        units[row["param"]],
        f"{number(row['rate_low'])} → {number(row['rate_high'])}",
        f"{change:+.4g}" if change else number(change),
    ]


def _bar(row: Plain, largest: float) -> Text:
    change = row["rate_change"]
    if not change:
        return Text()
    return Text(charts.bar(abs(change) / largest, _BAR), "cyan" if change > 0 else "magenta")
