"""The life of a job as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.jobs.state import FINAL, TRANSITIONS, Event, State, TransitionError, after


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


@pytest.mark.parametrize("event", [Event.SUCCEED, Event.FAIL, Event.STOP])
def test_whatever_ends_a_job_after_a_stop_it_is_cancelled(event: Event) -> None:
    assert after(State.CANCELLING, event) is State.CANCELLED


def test_every_state_can_be_reached_and_left_unless_it_is_final() -> None:
    assert {*TRANSITIONS.values(), State.QUEUED} == set(State)
    assert {state for state, _ in TRANSITIONS} == set(State) - FINAL
