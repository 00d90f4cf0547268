"""A campaign ends when its targets are met, when nothing improves, or when its budget is spent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.optimise.convergence import Rule, Verdict, relative_gain, verdict

RULE = Rule(max_iterations=20, patience=3, min_improvement=0.01)


def after(
    rule: Rule, progress: list[float], front: list[dict[str, float]] | None = None
) -> Verdict:
    gain = relative_gain(progress, rule.patience)
    return verdict(rule, len(progress) - 1, gain, front or [])


def test_it_goes_on_while_there_is_gain_and_budget() -> None:
    found = after(RULE, [0.0, 1.0, 2.0, 3.0, 4.0])
    assert (found.stop, found.reason, found.metric) == (False, None, pytest.approx(0.75))
    assert found.sentence == "16 iterations are left"


def test_it_stops_when_the_last_iterations_gained_too_little_and_says_how_little() -> None:
    found = after(RULE, [0.0, 10.0, 10.0, 10.0, 10.05])
    assert (found.stop, found.reason) == (True, "no_improvement")
    assert found.sentence == "the last 3 iterations gained 0.005 of all progress, less than 0.01"


def test_it_waits_for_as_many_iterations_as_its_patience() -> None:
    assert not after(RULE, [0.0, 0.0, 0.0]).stop
    assert after(RULE, [0.0, 0.0, 0.0, 0.0]).stop


def test_patience_of_zero_never_stops_early() -> None:
    patient = Rule(max_iterations=20, patience=0)
    assert not after(patient, [1.0] * 15).stop


def test_it_stops_when_the_budget_is_spent() -> None:
    found = after(Rule(max_iterations=2), [0.0, 1.0, 2.0])
    assert (found.stop, found.reason, found.metric) == (True, "budget", None)


def test_it_stops_when_one_evaluation_reaches_every_target_at_once() -> None:
    rule = Rule(max_iterations=20, targets={"a": 1.0, "b": 2.0})
    apart = [{"a": 0.5, "b": 3.0}, {"a": 2.0, "b": 1.0}]
    assert not after(rule, [0.0, 1.0], apart).stop
    found = after(rule, [0.0, 1.0], [*apart, {"a": 1.0, "b": 2.0}])
    assert (found.stop, found.reason) == (True, "target")


@given(
    st.lists(st.floats(0, 1e3), min_size=6, max_size=30).map(sorted),
    st.sampled_from([1e-6, 1.0, 1e6]),
    st.floats(-1e3, 1e3),
)
def test_the_relative_gain_depends_on_neither_unit_nor_zero(
    progress: list[float], unit: float, zero: float
) -> None:
    if progress[-1] - progress[0] > 1e-3:
        moved = [unit * (value + zero) for value in progress]
        gain = relative_gain(progress, 5)
        assert relative_gain(moved, 5) == pytest.approx(gain, abs=1e-6)
