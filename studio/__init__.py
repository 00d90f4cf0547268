"""Studio: neuron simulations and optimisation campaigns on your own workstation, watched live."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.client.sync import Client

__all__ = ["Client"]


def __getattr__(name: str) -> object:
    """The SDK, loaded when it is asked for, so that a worker never loads it."""
    if name != "Client":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from studio.client.sync import Client

    return Client
