"""What a user's own function looks like."""

from __future__ import annotations

import os
from collections.abc import Mapping


def parabola(point: Mapping[str, float]) -> dict[str, float]:
    """A yield with its best at a heat of 0.3."""
    return {"yield": 1.0 - (point["heat"] - 0.3) ** 2}


def poison(point: Mapping[str, float]) -> dict[str, float]:
    """The same, but in the middle of the heats the process is gone."""
    if 0.25 < point["heat"] < 0.75:
        os._exit(1)
    return parabola(point)
