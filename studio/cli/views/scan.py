"""How a scan looks: a row for each model, as it comes in where somebody looks."""

from __future__ import annotations

from rich.text import Text

from studio.cli.views import page
from studio.cli.views.page import NOTHING, Aside, Page, Plain, number, quantity

_HEAD = ("name", "family", "pattern", "rate", "current", "duration", "status")
_RIGHT = ("rate", "current", "duration")
# rows are printed before all are known, so that their widths are
_WIDTHS = (30, 18, 12, 11, 13, 8, 8)
_WIDE = sum(_WIDTHS) + 2 * len(_WIDTHS)
# in less, families are headings, and a status other than ok stands in the pattern's place
_ONLY_WIDE = ("family", "duration", "status")

_SHORT = {"per 1000 time units": "/1000", "per 1000 iterations": "/1000"}
_WHAT_IS_SHORT = "/1000: per 1000 of the model's own time units or iterations"


class View(page.View):
    """A table of models, then how many show each pattern."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._shown: set[str] = set()
        self._family: str | None = None

    def so_far(self, partial: Plain, aside: Aside) -> None:
        """Print the rows that have come in."""
        if self.page.is_terminal:
            with aside():
                self._rows(partial["models"])

    def show(self, result: Plain, model: Plain) -> None:
        """Print the rows that are not printed yet, then the counts."""
        models = result["models"]
        if self.page.is_terminal:
            self._rows([row for row in models if row["name"] not in self._shown])
        else:
            self.page.table(_HEAD, map(_cells, models), right=_RIGHT)
        counts = sorted(result["pattern_counts"].items(), key=lambda item: -item[1])
        self.page.line()
        self.page.line(", ".join(f"{name} {count}" for name, count in counts))
        if any(row["rate_unit"] in _SHORT for row in models):
            self.page.note(_WHAT_IS_SHORT)
        for row in models:
            if row["reason"]:
                self.page.note(f"{NOTHING} {row['name']}: {row['reason']}")

    def _rows(self, models: list[Plain]) -> None:
        if models and not self._shown:
            self._row([Text(name, "dim") for name in _HEAD])
        for row in models:
            if not self._is_wide and row["family"] != self._family:
                self.page.line((row["family"], "bold"))
            self._family = row["family"]
            self._shown.add(row["name"])
            is_ok = self._is_wide or row["status"] == "ok"
            self._row(_cells(row if is_ok else {**row, "pattern": row["status"]}))

    def _row(self, cells: list[page.Cell]) -> None:
        columns = [i for i, name in enumerate(_HEAD) if self._is_wide or name not in _ONLY_WIDE]
        self.page.row(
            [cells[i] for i in columns],
            [_WIDTHS[i] for i in columns],
            [_HEAD[i] in _RIGHT for i in columns],
        )

    @property
    def _is_wide(self) -> bool:
        return self.page.width >= _WIDE


def _cells(row: Plain) -> list[page.Cell]:
    unit: str = row["rate_unit"]
    return [
        row["name"],
        row["family"],
        row["pattern"] or NOTHING,
        quantity(row["rate_hz"], _SHORT.get(unit, unit)),
        quantity(row["current"], row["current_unit"]),
        _duration(row["duration"], row["time_unit"]),
        row["status"],
    ]


def _duration(duration: float, unit: str) -> str:
    return f"{number(duration)} it" if unit == "iteration" else quantity(duration, unit)
