"""What is printed on stdout: lines, labelled values and tables, styled where it is a terminal."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from rich.console import Console
from rich.text import Text

NOTHING = "–"

Plain = dict[str, Any]
Cell = str | Text
Aside = Callable[[], AbstractContextManager[object]]

_NARROWEST = 10  # text is not folded to less
_HANGING = 4
_LISTED = 20  # of a stimulus no more values are shown


class Page:
    """stdout: a terminal of some width, or a pipe that takes lines of any length."""

    def __init__(self) -> None:
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")  # a dash may be lost, not a number
        self._console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)

    @property
    def is_terminal(self) -> bool:
        """Whether somebody looks at it, and it has the characters of plots."""
        return self._console.is_terminal and self._console.encoding.startswith("utf")

    @property
    def has_colours(self) -> bool:
        """Whether it shows colours."""
        return self._console.color_system is not None and not self._console.no_color

    @property
    def width(self) -> int:
        """Characters in a line."""
        return self._console.width if self.is_terminal else sys.maxsize

    @property
    def height(self) -> int:
        """Lines on the screen."""
        return self._console.height

    def line(self, *parts: Cell | tuple[str, str]) -> None:
        """One line; a part may be text with its style."""
        self._console.print(Text.assemble(*parts))

    def heading(self, text: str, unit: str = "") -> None:
        """The title of a part."""
        self.line()
        self.line((text, "bold"), (f"  {unit}" if unit else "", "dim"))

    def fields(self, values: Iterable[tuple[str, Cell]]) -> None:
        """Labels, and their values in one column."""
        pairs = list(values)
        width = max(len(label) for label, _ in pairs)
        for label, value in pairs:
            first, *rest = self._folded(value, self.width - width - 2)
            self.line((f"{label:{width}}  ", "dim"), first)
            for more in rest:
                self.line(" " * (width + 2), more)

    def item(self, text: str, indent: int = 2, style: str = "") -> None:
        """An indented paragraph, whose further lines are indented more."""
        first, *rest = self._folded(text, self.width - indent - _HANGING)
        self.line(" " * indent, (str(first), style))
        for more in rest:
            self.line(" " * (indent + _HANGING), (str(more), style))

    def note(self, text: str) -> None:
        """Something beside the results, such as why a number is missing."""
        for row in self._folded(text, self.width):
            self.line((str(row), "dim"))

    def table(
        self, head: Sequence[str], rows: Iterable[Sequence[Cell]], right: Sequence[str] = ()
    ) -> None:
        """Columns as wide as what is in them, those of some headings aligned to the right.

        Text in the last one is folded.
        """
        cells = [list(row) for row in rows]
        widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
        rights = [name in right for name in head]
        self.row([Text(name, "dim") for name in head], widths, rights)
        for row in cells:
            self.row(row, widths, rights)

    def row(self, row: Sequence[Cell], widths: Sequence[int], rights: Sequence[bool]) -> None:
        """One row of a table with columns of these widths."""
        *cells, last = row
        line = Text()
        for cell, width, right in zip(cells, widths[:-1], rights[:-1], strict=True):
            line.append_text(_padded(cell, width, right)).append("  ")
        if rights[-1]:
            last = _padded(last, widths[-1], True)
        first, *rest = self._folded(last, self.width - len(line))
        self.line(line, first)
        for more in rest:
            self.line(" " * len(line), more)

    def _folded(self, cell: Cell, width: int) -> list[Cell]:
        if isinstance(cell, Text) or len(cell) <= width or not self.is_terminal:
            return [cell]
        return [*textwrap.wrap(cell, max(width, _NARROWEST))]


def _padded(cell: Cell, width: int, right: bool) -> Text:
    space = " " * (width - len(cell))
    return Text.assemble(space, cell) if right else Text.assemble(cell, space)


class View:
    """How a result looks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def so_far(self, partial: Plain, aside: Aside) -> None:
        """Take what is known before the end; print it only while the progress is aside."""

    def show(self, result: Plain, model: Plain) -> None:
        """Print the result; model is the description of its model, if it is of one."""
        raise NotImplementedError


def number(value: float | int | None) -> str:
    """Four digits of a number, or a dash where there is none."""
    if value is None:
        return NOTHING
    if 1e4 <= abs(value) < 1e7:
        return f"{value:.0f}"
    return f"{value:.4g}"


def quantity(value: float | int | None, unit: str) -> str:
    """A number and its unit, where it has one."""
    shown = _PLURAL.get(unit, unit)
    return number(value) if value is None or unit == "1" else f"{number(value)} {shown}"


def time(value: float | int | None, unit: str) -> str:
    """A time of a model, which in some papers has no unit."""
    return quantity(value, "time units" if unit == "1" else unit)


_PLURAL = {"iteration": "iterations"}


def stimulus(asked: Plain) -> str:
    """What drives a run, in words: `step amplitude 14 onset 10`."""
    told = ((name, value) for name, value in asked.items() if value is not None and name != "kind")
    return " ".join([asked["kind"], *(f"{name} {_values(value)}" for name, value in told)])


def _values(value: float | list[float]) -> str:
    if not isinstance(value, list):
        return number(value)
    return f"({', '.join(map(number, value))})" if len(value) <= _LISTED else f"of {len(value)}"


def seconds(value: float) -> str:
    """How long something took."""
    return f"{value:.3g} s" if value >= 1.0 else f"{value * 1000.0:.0f} ms"


def unit_of(unit: str) -> str:
    """A unit that stands beside a name."""
    return "" if unit == "1" else f" ({unit})"
