"""The operation: a pure generator over the log of a campaign."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from studio.operations.stage import Stage
from studio.wire.campaigns import (
    AnyCampaign,
    CampaignState,
    Candidate,
    Event,
)


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Nothing goes on before results come for some of these candidates.

    The driver stores a campaign as `waiting`, announces that with `lifecycle.told`, and sends the
    generator a list of EvaluationResult: all of them or some, as they come.
    `history.results_of` makes them of what a laboratory posts.
    """

    candidates: list[Candidate]
    iteration: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How a campaign ended; reason: a sentence."""

    state: CampaignState
    reason: str
    total_iterations: int
    total_evaluations: int


Running = Generator[Stage | Event | Awaiting, Any, Summary]


def run(config: AnyCampaign, log: Sequence[Event]) -> Running:
    """Go on from a log, which is empty for a new campaign.

    Yields
    - Stage: run its chunks on slots, send their parts in order as a list;
    - an event: give it a `seq` (and timestamp, elapsed_s, eta_s: `lifecycle.stamped`), store it,
      announce it, then send None. What is stored is all that is needed to go on;
    - Awaiting: see there.
    Returns the Summary after campaign_completed or campaign_error has been yielded.

    It may be closed at any yield and made anew from the log: whatever the log holds is not done
    again, and the end is the same for the same seed. So pause is to stop sending (and close),
    resume is to run it again from the log; extend is `lifecycle.extended` and run again; cancel is
    to close it and append `lifecycle.cancelled`. Events with `state` in between (told again by the
    driver), a campaign_completed or a campaign_error in the log are passed over.
    config: checked by `check`
    """
    raise NotImplementedError
