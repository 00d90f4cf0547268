"""Configurations of campaigns: read, checked as a whole, made whole."""

from __future__ import annotations

from typing import Any

from studio.errors import FieldError
from studio.operations.stage import Chunk
from studio.wire.campaigns import AnyCampaign


def check(document: Any, *, trusted: bool = False) -> AnyCampaign:
    """A decoded document as a campaign with every default filled in.

    trusted: it came from the command line or the server's own configuration, so that it may name
        a python evaluator
    StudioError invalid_config: with all that is wrong, each with its path
    """
    raise NotImplementedError


def feasibility(config: AnyCampaign) -> Chunk:
    """A chunk, for a slot: its part is a list of FieldError, of constraints that nothing satisfies.

    It needs scipy, which the server does not load: run it before a campaign is accepted.
    """
    raise NotImplementedError


Faults = list[FieldError]
