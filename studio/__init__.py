"""Studio: neuron simulations and optimisation campaigns on your own workstation, watched live."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.client.asynchronous import AsyncClient
    from studio.client.sync import Client

__all__ = ["AsyncClient", "Client"]

_HOME = {"AsyncClient": "studio.client.asynchronous", "Client": "studio.client.sync"}


def __getattr__(name: str) -> object:
    """The SDK, loaded when it is asked for, so that a worker never loads it."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
