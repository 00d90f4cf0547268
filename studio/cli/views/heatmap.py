"""How a sweep looks: shaded cells in a terminal, a table of rates in a pipe."""

from __future__ import annotations

from collections import Counter

from rich.text import Text

from studio.cli.views import charts, page, run
from studio.cli.views.page import NOTHING, Plain, number, quantity, unit_of

_FEWEST_ROWS, _AROUND = 15, 10  # rows of a terminal that cells and what is around them take
_SCALE = 24

Rates = list[list[float | None]]


class View(page.View):
    """The rate of every cell, and how many cells show each pattern."""

    def show(self, result: Plain, model: Plain) -> None:
        """Print the result."""
        run.title(self.page, result, model)
        rates: Rates = result["metrics"]["rate_hz"]
        if self.page.is_terminal:
            self._cells(result, rates)
        else:
            self._table(result, rates)
        self._patterns(result)
        for name in ("rate_hz", "pattern", "status"):
            if name in result["reasons"]:
                self.page.note(f"{NOTHING} {name}: {result['reasons'][name]}")

    def _table(self, result: Plain, rates: Rates) -> None:
        rate = f"rate{unit_of(result['units']['rate_hz'])}"
        self.page.line(f"{rate}: {_title(result, 'y')} down, {_title(result, 'x')} across")
        rows = [[number(y), *map(number, row)] for y, row in zip(result["y"], rates, strict=True)]
        head = [f"{result['param_y']}\\{result['param_x']}", *map(number, result["x"])]
        self.page.table(head, rows, right=head)

    def _cells(self, result: Plain, rates: Rates) -> None:
        known = [rate for row in rates for rate in row if rate is not None]
        low, high = min(known, default=0.0), max(known, default=0.0)
        y, every_y = _thinned(result["y"], max(_FEWEST_ROWS, self.page.height - _AROUND))
        labels = [number(value) for value in y]
        margin = max(map(len, labels))
        columns, every_x = _thinned(result["x"], self.page.width - margin - 2)
        wide = max(1, min(3, 60 // len(columns)))
        self.page.line((_title(result, "y"), "dim"))
        for label, row in reversed(list(zip(labels, rates[::every_y], strict=True))):
            cells = [self._cell(rate, low, high, wide) for rate in row[::every_x]]
            self.page.line((f"{label:>{margin}} ┤", "dim"), *cells)
        ends = number(result["x"][0]), number(columns[-1])
        run.axis(self.page, margin, wide * len(columns), *ends, _title(result, "x"))
        for every, what in ((every_x, "column"), (every_y, "row")):
            if every > 1:
                self.page.note(f"one {what} in {every} is shown")
        self._scale(low, high, result["units"]["rate_hz"], margin)

    def _cell(self, rate: float | None, low: float, high: float, wide: int) -> Text:
        if rate is None:
            return Text("·" * wide, "dim")
        share = (rate - low) / ((high - low) or 1.0)
        if self.page.has_colours:
            return Text(" " * wide, f"on {charts.viridis(share)}")
        return Text(charts.shade(share) * wide)

    def _scale(self, low: float, high: float, unit: str, margin: int) -> None:
        colours = [self._cell(i / (_SCALE - 1), 0.0, 1.0, 1) for i in range(_SCALE)]
        self.page.line()
        start, end = number(low), quantity(high, unit)
        self.page.line((f"{'rate':>{margin}}  {start} ", "dim"), *colours, (f" {end}", "dim"))

    def _patterns(self, result: Plain) -> None:
        counts = Counter(name or NOTHING for row in result["pattern"] for name in row)
        self.page.line()
        self.page.line(", ".join(f"{name} {n}" for name, n in counts.most_common()))


def _title(result: Plain, axis: str) -> str:
    name = result[f"param_{axis}"]
    scale = ", log scale" if result["config"][f"{axis}_scale"] == "log" else ""
    return f"{name}{unit_of(result['units'][name])}{scale}"


def _thinned(values: list[float], most: int) -> tuple[list[float], int]:
    """Every so many of the values, so that there are not more than can be shown."""
    every = -(-len(values) // max(1, most))
    return values[::every], every
