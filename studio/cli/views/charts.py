"""Plots out of characters: a trace in braille, bars in eighths of a line, a colour scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

Values = Sequence[float | None]

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of braille, row by row
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_SHADES = " ░▒▓█"

# viridis (Smith and van der Walt 2015) at every eighth
_VIRIDIS = (
    *((68, 1, 84), (71, 45, 123), (59, 82, 139), (44, 114, 142), (33, 145, 140)),
    *((40, 174, 128), (94, 201, 98), (173, 220, 48), (253, 231, 37)),
)


def trace(t: Sequence[float], x: Values, width: int, height: int) -> list[str]:
    """A curve, from the top down, as lines of braille; it has gaps where x has no value."""
    known = [value for value in x if value is not None]
    low, high = min(known), max(known)
    across = (2 * width - 1) / ((t[-1] - t[0]) or 1.0)
    down = (4 * height - 1) / ((high - low) or 1.0)
    cells = [[0] * width for _ in range(height)]
    points = [
        None if value is None else (int((at - t[0]) * across), round((high - value) * down))
        for at, value in zip(t, x, strict=True)
    ]
    for start, end in pairwise(points):
        if start is not None and end is not None:
            for column, row in _between(start, end):
                cells[row // 4][column // 2] |= _DOTS[row % 4][column % 2]
    return ["".join(chr(0x2800 + dots) for dots in line) for line in cells]


def _between(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The dots of a straight line."""
    across, down = end[0] - start[0], end[1] - start[1]
    n = max(abs(across), abs(down), 1)
    for i in range(n + 1):
        yield start[0] + round(across * i / n), start[1] + round(down * i / n)


def bars(values: Values, width: int, height: int) -> list[str]:
    """Upright bars of a width from 0, from the top down; where there is no value a dot."""
    highest = max((value for value in values if value is not None), default=0.0) or 1.0
    lines = []
    for row in reversed(range(height)):
        cells = [_bar(value, highest, row, height) for value in values]
        lines.append(" ".join(cell * width for cell in cells))
    return lines


def _bar(value: float | None, highest: float, row: int, height: int) -> str:
    if value is None:
        return " " if row else "·"
    filled = round(8 * height * value / highest) - 8 * row
    return _EIGHTHS[max(0, min(8, filled))]


def bar(share: float, width: int) -> str:
    """A lying bar that fills a share of a width."""
    filled = round(share * width)
    return "█" * filled or "▏"


def viridis(share: float) -> str:
    """The colour at a share of the scale, as rich names it."""
    place = max(0.0, min(1.0, share)) * (len(_VIRIDIS) - 1)
    index = min(int(place), len(_VIRIDIS) - 2)
    part = place - index
    mixed = (round(a + (b - a) * part) for a, b in zip(*_VIRIDIS[index : index + 2], strict=True))
    return f"rgb({','.join(map(str, mixed))})"


def shade(share: float) -> str:
    """The same where there are no colours."""
    return _SHADES[round(max(0.0, min(1.0, share)) * (len(_SHADES) - 1))]
