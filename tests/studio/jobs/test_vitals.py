"""The judgement on a worker, from what is seen of it."""

from __future__ import annotations

from studio.config import WorkerLimits
from studio.jobs.vitals import LOOK_S, Verdict, Vitals

LIMITS = WorkerLimits(silent_s=4 * LOOK_S, tasks=3, idle_bytes=500)


def vitals() -> Vitals:
    return Vitals(1000, LIMITS)


def test_a_worker_that_moves_and_holds_little_is_good() -> None:
    seen = vitals()
    assert {seen.look(life, 1000) for life in range(100)} == {Verdict.GOOD}


def test_a_worker_that_gives_no_sign_for_long_enough_is_hung() -> None:
    seen = vitals()
    verdicts = [seen.look(7, 10) for _ in range(5)]
    assert verdicts == [Verdict.GOOD] * 4 + [Verdict.HUNG]
    assert seen.cause(Verdict.HUNG).silent_s == LIMITS.silent_s


def test_one_sign_of_life_is_enough_to_begin_counting_anew() -> None:
    seen = vitals()
    verdicts = [seen.look(life // 4, 10) for life in range(40)]
    assert set(verdicts) == {Verdict.GOOD}


def test_a_worker_that_holds_too_much_is_greedy_and_its_peak_is_told() -> None:
    seen = vitals()
    assert seen.look(1, 900) is Verdict.GOOD
    assert seen.look(2, 1001) is Verdict.GREEDY
    assert seen.cause(Verdict.GREEDY).peak_bytes == 1001


def test_a_worker_is_spent_after_its_tasks_or_by_what_it_holds_on_to() -> None:
    seen = vitals()
    assert not seen.is_spent
    seen.look(1, 501)
    assert seen.is_spent
    seen.look(2, 500)
    assert not seen.is_spent
    seen.n_tasks = 3
    assert seen.is_spent
