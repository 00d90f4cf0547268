"""Whose turn it is, without a process and without a clock."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.jobs.turns import BATCH_SHARE, Asker, Claim, Line, order


def asker(
    job: str,
    owner: str = "me",
    created: float = 0.0,
    estimate: float = 1.0,
    *,
    watched: bool = True,
) -> Asker:
    return Asker(job, owner, created, estimate, lambda: watched)


def serve(line: Line, n: int, *, seconds: float = 1.0) -> list[str]:
    """The jobs of the next turns, each over before the next."""
    served = []
    for _ in range(n):
        claim = line.next(0.0)
        if claim is None:
            break
        served.append(claim.asker.job)
        line.done(claim, seconds, 0.0)
    return served


def line_of(*askers: Asker, n_slots: int = 2, seconds: float = 1.0) -> Line:
    line = Line(n_slots)
    for one in askers:
        line.add(Claim(one, seconds))
    return line


def test_an_owner_s_jobs_get_their_turns_in_the_order_in_which_they_came() -> None:
    line = line_of(*(asker(f"j{n}", created=n) for n in (2, 0, 1)))
    assert serve(line, 9) == ["j0", "j1", "j2"]


def test_a_job_that_claims_its_next_chunk_goes_before_those_that_came_later() -> None:
    first, second = asker("first", created=0), asker("second", created=1)
    line = line_of(first, second)
    assert serve(line, 1) == ["first"]
    line.add(Claim(first, 1.0))
    assert serve(line, 9) == ["first", "second"]


def test_who_had_less_slot_time_goes_before_whoever_queued_a_thousand_jobs() -> None:
    many = [asker(f"many{n}", "greedy", n) for n in range(1000)]
    line = line_of(*many)
    assert serve(line, 1) == ["many0"]
    line.add(Claim(asker("mine", "me", 5000.0), 1.0))
    assert serve(line, 2) == ["mine", "many1"]


def test_owners_share_the_slot_time_and_not_the_number_of_turns() -> None:
    line = Line(1)
    for n in range(40):
        line.add(Claim(asker(f"slow{n}", "slow", n), 1.0))
        line.add(Claim(asker(f"quick{n}", "quick", n), 0.25))
    had: Counter[str] = Counter()
    for _ in range(40):
        claim = line.next(0.0)
        assert claim is not None
        had[claim.asker.owner] += claim.seconds
        line.done(claim, claim.seconds, 0.0)
    assert abs(had["slow"] - had["quick"]) <= 1.0


def test_slot_time_of_long_ago_is_forgotten() -> None:
    line = line_of(asker("a0", "a", 0), asker("a1", "a", 1))
    assert serve(line, 1, seconds=3600.0) == ["a0"]
    line.add(Claim(asker("b0", "b", 2), 1.0))
    line.done(Claim(asker("c", "b"), 0.0), 1.0, 3600.0)
    claim = line.next(3600.0)
    assert claim is not None
    assert claim.asker.job == "a1"


def test_what_somebody_waits_for_goes_before_what_came_earlier_and_nobody_watches() -> None:
    batch = [asker(f"b{n}", created=n, watched=False) for n in range(3)]
    line = line_of(*batch, asker("watched", created=9))
    assert serve(line, 2) == ["watched", "b0"]


def test_a_long_job_is_not_urgent_whoever_waits_for_it() -> None:
    line = line_of(asker("hours", created=0, estimate=7200.0), asker("short", created=1))
    assert serve(line, 2) == ["short", "hours"]


def test_a_job_becomes_urgent_once_somebody_waits_for_it() -> None:
    watchers: list[str] = []
    late = Asker("late", "me", 5.0, 1.0, lambda: bool(watchers))
    line = line_of(*(asker(f"b{n}", created=n, watched=False) for n in range(3)), late)
    assert serve(line, 1) == ["b0"]
    watchers.append("somebody")
    assert serve(line, 1) == ["late"]


def test_batch_jobs_get_a_fourth_of_the_time_however_many_are_urgent() -> None:
    urgent = [asker(f"u{n}", created=n) for n in range(20)]
    batch = [asker(f"b{n}", created=n, watched=False) for n in range(20)]
    served = serve(line_of(*urgent, *batch), 16)
    assert [job[0] for job in served] == ["u", "u", "u", "b"] * 4


@given(quick=st.floats(1e-3, 0.5), slow=st.floats(0.1, 1.0))
def test_long_batch_chunks_hold_urgent_ones_up_no_longer_than_their_share(
    quick: float, slow: float
) -> None:
    line = Line(1)
    for n in range(200):
        line.add(Claim(asker(f"u{n}", created=n), quick))
    for n in range(300):
        line.add(Claim(asker(f"b{n}", created=n, watched=False), slow))
    had = {"u": 0.0, "b": 0.0}
    while had["u"] < 150 * quick:
        claim = line.next(0.0)
        assert claim is not None
        had[claim.asker.job[0]] += claim.seconds
        line.done(claim, claim.seconds, 0.0)
        assert had["b"] <= BATCH_SHARE * (had["u"] + had["b"]) + 1e-9
    assert had["b"] >= BATCH_SHARE * (had["u"] + had["b"]) - slow - quick


def test_batch_jobs_gain_nothing_while_none_of_them_waits() -> None:
    line = line_of(*(asker(f"u{n}", created=n) for n in range(1000)))
    serve(line, 1000)
    for n in range(100):
        line.add(Claim(asker(f"b{n}", created=n, watched=False), 1.0))
    line.add(Claim(asker("u", created=5000.0), 1.0))
    assert serve(line, 1) == ["u"]


@pytest.mark.parametrize(("urgent_s", "batch_s"), [(0.2, 0.2), (1.0, 5.0), (0.01, 1.0)])
@pytest.mark.parametrize("estimate", [0.0, 0.1, 1.0])
def test_batch_jobs_get_their_fourth_by_what_is_measured_whatever_was_estimated(
    urgent_s: float, batch_s: float, estimate: float
) -> None:
    line = Line(1)
    for n in range(2000):
        line.add(Claim(asker(f"u{n}", created=n), estimate))
        line.add(Claim(asker(f"b{n}", created=n, watched=False), estimate))
    had = {"u": 0.0, "b": 0.0}
    for _ in range(1500):
        claim = line.next(0.0)
        assert claim is not None
        kind = claim.asker.job[0]
        took = urgent_s if kind == "u" else batch_s
        had[kind] += took
        line.done(claim, took, 0.0)
    assert had["b"] / (had["u"] + had["b"]) == pytest.approx(BATCH_SHARE, abs=0.05)


def test_a_slot_stays_free_of_long_chunks() -> None:
    line = Line(3)
    long = [Claim(asker(f"long{n}", created=n), 60.0) for n in range(3)]
    for claim in long:
        line.add(claim)
    assert [line.next(0.0), line.next(0.0), line.next(0.0)] == [*long[:2], None]
    short = Claim(asker("short", created=9), 0.1)
    line.add(short)
    assert line.next(0.0) is short
    line.done(long[0], 60.0, 60.0)
    assert line.next(60.0) is long[2]


def test_a_single_slot_takes_long_chunks_too() -> None:
    assert serve(line_of(asker("long"), n_slots=1, seconds=60.0), 1) == ["long"]


JOBS = st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.01, 9.0), st.booleans()), max_size=12)


@given(JOBS)
def test_nobody_starves_and_every_turn_is_given_once(
    drawn: list[tuple[str, float, bool]],
) -> None:
    askers = [
        asker(f"j{n}", owner, n, estimate, watched=watched)
        for n, (owner, estimate, watched) in enumerate(drawn)
    ]
    assert sorted(serve(line_of(*askers), len(askers))) == sorted(one.job for one in askers)


@given(JOBS, st.booleans())
def test_the_places_told_are_those_in_which_the_turns_come(
    drawn: list[tuple[str, float, bool]], watched: bool
) -> None:
    askers = [
        asker(f"j{n}", owner, n, round(estimate * 64) / 64, watched=watched)
        for n, (owner, estimate, _) in enumerate(drawn)
    ]
    line = Line(1)
    for one in askers:
        line.add(Claim(one, min(1.0, one.estimate)))
    told = line.places()
    served = []
    while (claim := line.next(0.0)) is not None:
        served.append(claim.asker.job)
        line.done(claim, claim.asker.estimate, 0.0)
    assert sorted(told, key=lambda job: told[job]) == served


def test_urgent_jobs_are_told_places_before_the_others() -> None:
    told = order([asker("b", created=0, watched=False), asker("u", created=1)], {})
    assert [one.job for one in told] == ["u", "b"]
