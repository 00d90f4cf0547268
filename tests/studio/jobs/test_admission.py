"""What is refused, each one over its limit."""

from __future__ import annotations

import pytest

from studio.config import Limits
from studio.errors import StudioError
from studio.jobs.admission import Seats, admit_job, for_stored_jobs


def test_an_owner_has_so_many_jobs_and_not_one_more() -> None:
    limits = Limits(jobs_per_user=3)
    admit_job([1.0, 2.0], limits)
    with pytest.raises(StudioError, match="3 of your jobs have not ended; the limit is 3") as told:
        admit_job([4.2, 9.0, 7.0], limits)
    assert (told.value.code, told.value.kind.status, told.value.kind.close) == (
        *("too_many", 429, 4429),
    )
    assert told.value.retry_s == 5


@pytest.mark.parametrize(("estimate", "told"), [(0.0, 1), (59.5, 60), (1e9, 60)])
def test_the_time_to_wait_is_that_of_the_shortest_job_within_bounds(
    estimate: float, told: int
) -> None:
    with pytest.raises(StudioError) as refused:
        admit_job([1e12, estimate], Limits(jobs_per_user=2))
    assert refused.value.retry_s == told


def test_an_owner_has_so_many_connections_and_not_one_more_until_one_is_closed() -> None:
    seats = Seats(Limits(sockets_per_user=2))
    with seats.take("me"):
        with seats.take("me"):
            with pytest.raises(StudioError, match="you have 2 connections open"), seats.take("me"):
                pass
            with seats.take("somebody else"):
                assert seats.n_taken == 3
        with seats.take("me"):
            assert seats.n_taken == 2
    assert seats.n_taken == 0


@pytest.mark.parametrize(("cells", "job_cells", "held"), [(10, 50, 50), (50, 10, 50)])
def test_what_is_fetched_may_be_larger_than_what_is_sent(
    cells: int, job_cells: int, held: int
) -> None:
    assert for_stored_jobs(Limits(cells=cells, job_cells=job_cells)).cells == held
