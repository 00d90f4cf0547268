"""The life of a job, as one table."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What happens to a job."""

    START = "start"
    SUCCEED = "succeed"
    FAIL = "fail"
    CANCEL = "cancel"
    STOP = "stop"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.QUEUED, Event.START): State.RUNNING,
    (State.QUEUED, Event.CANCEL): State.CANCELLING,
    (State.RUNNING, Event.SUCCEED): State.COMPLETE,
    (State.RUNNING, Event.FAIL): State.FAILED,
    (State.RUNNING, Event.CANCEL): State.CANCELLING,
    (State.CANCELLING, Event.START): State.CANCELLING,
    # what ends while it is being cancelled is cancelled: no result after a stop
    (State.CANCELLING, Event.CANCEL): State.CANCELLING,
    (State.CANCELLING, Event.SUCCEED): State.CANCELLED,
    (State.CANCELLING, Event.FAIL): State.CANCELLED,
    (State.CANCELLING, Event.STOP): State.CANCELLED,
}

FINAL = frozenset({State.COMPLETE, State.FAILED, State.CANCELLED})


class TransitionError(RuntimeError):
    """An event that cannot happen to a job in its state."""


def after(state: State, event: Event) -> State:
    """The state that an event leads to; raises TransitionError."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise TransitionError(f"{event} cannot happen to a job that is {state}") from None
