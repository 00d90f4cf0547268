"""The life of a campaign, as one table, and the events that tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from studio.wire.campaigns import (
    AnyCampaign,
    CampaignCompleted,
    CampaignError,
    CampaignState,
    ConvergenceUpdate,
    Event,
    IterationCompleted,
    IterationStarted,
)


class Happening(StrEnum):
    """What happens to a campaign."""

    START = "start"
    ITERATE = "iterate"  # the initial design is evaluated
    WAIT = "wait"  # for a laboratory
    PAUSE = "pause"
    GO_ON = "go_on"  # results came, or somebody resumed it; back to where the log says
    CONVERGE = "converge"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"
    EXTEND = "extend"


UNDER_WAY: tuple[CampaignState, ...] = ("sampling", "running")
HALTED: tuple[CampaignState, ...] = ("waiting", "paused")

# GO_ON and EXTEND lead to `running`, or to `sampling` where the log holds no iteration yet.
TRANSITIONS: dict[tuple[CampaignState, Happening], CampaignState] = {
    ("created", Happening.START): "sampling",
    ("created", Happening.CANCEL): "cancelled",
    ("sampling", Happening.ITERATE): "running",
    ("waiting", Happening.PAUSE): "paused",
    **{(state, Happening.WAIT): "waiting" for state in UNDER_WAY},
    **{(state, Happening.PAUSE): "paused" for state in UNDER_WAY},
    **{(state, Happening.GO_ON): "running" for state in HALTED},
    **{(state, Happening.CONVERGE): "converged" for state in UNDER_WAY},
    **{(state, Happening.COMPLETE): "completed" for state in UNDER_WAY},
    **{(state, Happening.FAIL): "failed" for state in (*UNDER_WAY, *HALTED)},
    **{(state, Happening.CANCEL): "cancelled" for state in (*UNDER_WAY, *HALTED)},
    ("converged", Happening.EXTEND): "running",
    ("completed", Happening.EXTEND): "running",
}

FINAL: frozenset[CampaignState] = frozenset({"converged", "completed", "failed", "cancelled"})


class TransitionError(RuntimeError):
    """Something that cannot happen to a campaign in its state."""


def after(state: CampaignState, happening: Happening) -> CampaignState:
    """The state that it leads to; raises TransitionError."""
    try:
        return TRANSITIONS[state, happening]
    except KeyError:
        raise TransitionError(f"{happening} cannot happen to a campaign that is {state}") from None


def active(log: Sequence[Event]) -> CampaignState:
    """What a campaign that goes on from this log is: `sampling` or `running`."""
    begun = any(isinstance(event, IterationStarted) for event in log)
    return "running" if begun else "sampling"


def told(log: Sequence[Event], state: CampaignState) -> ConvergenceUpdate:
    """The event that tells of a pause, a wait or a resume: the last convergence_update again."""
    last = next(
        (event for event in reversed(log) if isinstance(event, ConvergenceUpdate)),
        ConvergenceUpdate(metric=None, converged=False),
    )
    return msgspec.structs.replace(last, seq=None, elapsed_s=None, eta_s=None, state=state)


def cancelled(log: Sequence[Event]) -> CampaignError:
    """The last event of a campaign that somebody ended."""
    return failed(log, "cancelled", "cancelled")


def failed(log: Sequence[Event], error: str, state: CampaignState = "failed") -> CampaignError:
    """The last event of a campaign that could not go on."""
    return CampaignError(error=error, iteration=iteration(log), state=state)


def iteration(log: Sequence[Event]) -> int:
    """The latest iteration that has begun; 0 is the initial design."""
    return max((event.iteration for event in log if isinstance(event, IterationStarted)), default=0)


def extended(config: AnyCampaign, log: Sequence[Event], iterations: int) -> AnyCampaign:
    """The configuration with so many iterations after those that are done."""
    done = sum(isinstance(event, IterationCompleted) for event in log)
    plan = msgspec.structs.replace(config.campaign, max_iterations=done + iterations)
    return msgspec.structs.replace(config, campaign=plan)


def replayed(log: Sequence[Event]) -> list[Event]:
    """A log for who comes late: a campaign_completed that was followed by more is left out."""
    last = len(log) - 1
    return [
        event
        for index, event in enumerate(log)
        if index == last or not isinstance(event, CampaignCompleted)
    ]


def stamped(
    config: AnyCampaign, log: Sequence[Event], event: Event, now: datetime, elapsed_s: float
) -> Event:
    """An event as it is stored and told after a log.

    elapsed_s: seconds that the campaign has been under way
    """
    told = msgspec.structs.replace(event, seq=len(log) + 1, elapsed_s=round(elapsed_s, 3))
    if isinstance(told, IterationStarted):
        told.timestamp = now
    if not isinstance(told, CampaignCompleted | CampaignError):
        told.eta_s = time_left(config, [*log, told])
    return told


def time_left(config: AnyCampaign, log: Sequence[Event]) -> float | None:
    """Seconds to the last iteration at the pace of the last few; None before one is done."""
    ends = [event.elapsed_s or 0.0 for event in log if isinstance(event, IterationCompleted)]
    begun = [event.elapsed_s or 0.0 for event in log if isinstance(event, IterationStarted)]
    recent = [end - begin for begin, end in zip(begun, ends, strict=False)][-5:]
    if not recent:
        return None
    pace = sum(recent) / len(recent)
    left = max(config.campaign.max_iterations - len(ends), 0) * pace
    spent = (log[-1].elapsed_s or 0.0) - begun[-1] if len(begun) > len(ends) else 0.0
    return round(max(left - min(spent, pace), 0.0), 3)
