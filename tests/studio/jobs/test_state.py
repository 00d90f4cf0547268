"""The life of a job as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import ERRORS
from studio.jobs.state import FINAL, TRANSITIONS, Event, State, TransitionError, after, ending


@given(st.lists(st.sampled_from(Event), max_size=20))
def test_a_job_ends_at_most_once(events: list[Event]) -> None:
    state, ends = State.QUEUED, 0
    for event in events:
        try:
            state = after(state, event)
        except TransitionError:
            continue
        ends += state in FINAL
    assert ends <= 1


@pytest.mark.parametrize("state", sorted(FINAL))
@pytest.mark.parametrize("event", list(Event))
def test_nothing_happens_to_a_job_that_has_ended(state: State, event: Event) -> None:
    with pytest.raises(TransitionError, match=state):
        after(state, event)


ENDS = [Event.SUCCEED, Event.FAIL, Event.TIME_OUT, Event.LOSE, Event.STOP, Event.INTERRUPT]


@pytest.mark.parametrize("event", [*ENDS, Event.REQUEUE])
def test_whatever_ends_a_job_after_a_stop_it_is_cancelled(event: Event) -> None:
    assert after(State.CANCELLING, event) is State.CANCELLED


def test_every_state_can_be_reached_and_left_unless_it_is_final() -> None:
    assert {*TRANSITIONS.values(), State.QUEUED} == set(State)
    assert {state for state, _ in TRANSITIONS} == set(State) - FINAL


@given(st.lists(st.sampled_from(Event), max_size=20))
def test_a_job_that_is_being_cancelled_can_only_become_cancelled(events: list[Event]) -> None:
    state = State.CANCELLING
    for event in events:
        if (state, event) in TRANSITIONS:
            state = after(state, event)
    assert state in (State.CANCELLING, State.CANCELLED)


@pytest.mark.parametrize("under_way", [State.QUEUED, State.RUNNING, State.RETRYING])
def test_a_job_whose_server_went_down_waits_again_or_is_interrupted(under_way: State) -> None:
    assert after(under_way, Event.REQUEUE) is State.QUEUED
    assert after(under_way, Event.INTERRUPT) is State.INTERRUPTED


def test_a_job_that_lost_a_worker_goes_on_with_another() -> None:
    retrying = after(State.RUNNING, Event.RETRY)
    assert retrying is State.RETRYING
    assert after(retrying, Event.START) is State.RUNNING


@pytest.mark.parametrize("code", [None, *ERRORS])
def test_whatever_ends_a_job_it_has_an_end(code: str | None) -> None:
    assert after(State.RUNNING, ending(code)) in FINAL


@pytest.mark.parametrize(
    ("code", "end"),
    [
        (None, State.COMPLETE),
        ("failed", State.FAILED),
        ("out_of_memory", State.FAILED),
        ("timed_out", State.TIMED_OUT),
        ("worker_died", State.LOST),
        ("interrupted", State.INTERRUPTED),
    ],
)
def test_how_a_job_ended_is_told_by_its_error(code: str | None, end: State) -> None:
    assert after(State.RUNNING, ending(code)) is end
