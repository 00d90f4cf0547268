"""Stimuli of the kernels as requests."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

from kernels.neurons.stimulus import Stimulus
from studio.wire import requests


def request(stimulus: Stimulus) -> requests.Stimulus:
    """What a client would ask for to have this stimulus, which is the same in every column."""
    kind: Any = getattr(requests, type(stimulus).__name__)
    known = kind.__struct_fields__
    values = {f.name: getattr(stimulus, f.name) for f in fields(stimulus) if f.name in known}
    asked: requests.Stimulus = kind(**{name: _plain(value) for name, value in values.items()})
    return asked


def _plain(value: float | tuple[float, ...]) -> float | list[float] | None:
    """A value as a request has it: None for what has no end."""
    if isinstance(value, tuple):
        return list(value)
    return None if math.isinf(value) else value
