"""What becomes of the jobs that a server left unfinished."""

from __future__ import annotations

import pytest

from studio.jobs.ledger import after_stop
from studio.jobs.state import FINAL, Event, State, after
from studio.store.interface import JobRecord
from studio.version import VERSION

RECORD = JobRecord(
    n=1,
    id="j_1",
    op="simulate",
    config=b'{"name": "AdExNeuron"}',
    request_id=None,
    key=b"",
    reason="",
    version=VERSION,
    state="running",
    created=0.0,
    ended=None,
    crashes=0,
    result=None,
    error=None,
)


@pytest.mark.parametrize("state", ["queued", "running", "retrying"])
def test_a_job_that_can_be_run_again_is(state: str) -> None:
    assert after_stop(RECORD._replace(state=state)) is Event.REQUEUE


@pytest.mark.parametrize(
    "change",
    [
        {"config": b'{"name": "AdExNeuron", "detached": false}'},
        {"config": b'{"nam": "AdExNeuron"}'},
        {"op": "operation of another version"},
        {"version": "another"},
        {"crashes": 2},
    ],
)
def test_a_job_that_cannot_be_run_again_is_interrupted(change: dict[str, object]) -> None:
    assert after_stop(RECORD._replace(**change)) is Event.INTERRUPT


def test_only_a_job_that_ran_when_the_server_died_is_suspected() -> None:
    assert after_stop(RECORD._replace(state="queued", crashes=2)) is Event.REQUEUE


@pytest.mark.parametrize("state", sorted(set(State) - FINAL))
@pytest.mark.parametrize("crashes", [0, 9])
def test_whatever_was_left_has_a_next_state_and_none_says_that_it_runs(
    state: State, crashes: int
) -> None:
    record = RECORD._replace(state=state, crashes=crashes)
    assert after(state, after_stop(record)) in {State.QUEUED, *FINAL}
