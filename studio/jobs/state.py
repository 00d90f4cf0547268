"""The life of a job, as one table."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    RETRYING = "retrying"
    CANCELLING = "cancelling"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    LOST = "lost"
    INTERRUPTED = "interrupted"


class Event(StrEnum):
    """What happens to a job."""

    START = "start"  # a worker takes it up, for the first time or again
    RETRY = "retry"  # a worker died with a chunk of it, which waits for another
    SUCCEED = "succeed"
    FAIL = "fail"
    TIME_OUT = "time_out"
    LOSE = "lose"  # a chunk lost its worker at every attempt
    CANCEL = "cancel"
    STOP = "stop"  # its workers are free of it
    REQUEUE = "requeue"  # the server went down; the next one takes it up from the start
    INTERRUPT = "interrupt"  # the server went down, and the job is not taken up again


_UNDER_WAY = (State.RUNNING, State.RETRYING)
_OPEN = (State.QUEUED, *_UNDER_WAY)

TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.QUEUED, Event.START): State.RUNNING,
    (State.RETRYING, Event.START): State.RUNNING,
    **{(state, Event.RETRY): State.RETRYING for state in _UNDER_WAY},
    # without a worker too: known already, or wrong before one is needed
    **{(state, Event.SUCCEED): State.COMPLETE for state in _OPEN},
    **{(state, Event.FAIL): State.FAILED for state in _OPEN},
    **{(state, Event.TIME_OUT): State.TIMED_OUT for state in _UNDER_WAY},
    **{(state, Event.LOSE): State.LOST for state in _UNDER_WAY},
    **{(state, Event.CANCEL): State.CANCELLING for state in _OPEN},
    **{(state, Event.REQUEUE): State.QUEUED for state in _OPEN},
    **{(state, Event.INTERRUPT): State.INTERRUPTED for state in _OPEN},
    # what ends while it is being cancelled is cancelled: no result after a stop
    **{
        (State.CANCELLING, event): State.CANCELLED
        for event in (
            *(Event.SUCCEED, Event.FAIL, Event.TIME_OUT, Event.LOSE),
            *(Event.STOP, Event.REQUEUE, Event.INTERRUPT),
        )
    },
    **{
        (State.CANCELLING, event): State.CANCELLING
        for event in (Event.START, Event.RETRY, Event.CANCEL)
    },
}

FINAL = frozenset(
    {
        *(State.COMPLETE, State.FAILED, State.CANCELLED),
        *(State.TIMED_OUT, State.LOST, State.INTERRUPTED),
    }
)

# How a job ends that ends with an error of this code; with any other it has failed.
_ENDS = {
    "timed_out": Event.TIME_OUT,
    "worker_died": Event.LOSE,
    "interrupted": Event.INTERRUPT,
}


class TransitionError(RuntimeError):
    """An event that cannot happen to a job in its state."""


def after(state: State, event: Event) -> State:
    """The state that an event leads to; raises TransitionError."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise TransitionError(f"{event} cannot happen to a job that is {state}") from None


def ending(code: str | None) -> Event:
    """What happens to a job that ends with an error of this code, or with a result."""
    return Event.SUCCEED if code is None else _ENDS.get(code, Event.FAIL)
