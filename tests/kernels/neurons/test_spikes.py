"""Spike statistics equal numbers worked out by hand, and are NaN where there is nothing to say."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.neurons import spikes
from kernels.neurons.simulate import Recording
from kernels.neurons.spikes import SpikeStatistics, average, statistics

Recorded = Callable[..., Recording]
NAN = math.nan
NUMBERS = [field.name for field in fields(SpikeStatistics) if field.name != "diverged"]
WHOLE = ["spike_count", "runs"]

# intervals 4, 6, 12, 3 ms; changes 2/10, 6/18, -9/15; sorted 3, 4, 6, 12
BY_HAND = [10.0, 14.0, 20.0, 32.0, 35.0]
EXPECTED = {
    "spike_count": 5,
    "rate_hz": 100.0,
    "latency_ms": 10.0,
    "isi_mean": 6.25,
    "isi_min": 3.0,
    "isi_max": 12.0,
    "isi_first": 4.0,
    "isi_last": 3.0,
    "isi_cv": math.sqrt(12.1875) / 6.25,  # variance (16 + 36 + 144 + 9) / 4 - 6.25²
    "local_variation": 23.0 / 45.0,  # 1/25 + 1/9 + 9/25
    "adaptation": -1.0 / 45.0,  # (1/5 + 1/3 - 3/5) / 3
    "shrinking": 1.0 / 3.0,
    "roughness": (121.0 / 3.0) / (2.0 * 12.1875),  # differences 2, 6, -9
    "disorder": (73.0 / 2.0) / (2.0 * 12.1875),  # two apart 8, -3; three apart too few
    "gap": 2.0,
    "short_fraction": 0.75,
    "runs": 2,  # 4 6 and 3, with 12 between
    "silent_after": 15.0,
}


def numbers(stats: SpikeStatistics, column: int = 0) -> dict[str, Any]:
    return {name: getattr(stats, name)[column].item() for name in NUMBERS}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_train_has_the_statistics_worked_out_by_hand(recorded: Recorded, name: str) -> None:
    stats = statistics(recorded([BY_HAND], duration=50.0))
    assert getattr(stats, name)[0] == pytest.approx(EXPECTED[name], rel=1e-12)


@pytest.mark.parametrize(
    ("intervals", "roughness", "disorder"),
    [
        ([20.0, 30.0] * 15, 2.0, 0.0),  # repeats
        ([20.0, 20.0, 30.0, 40.0, 25.0] * 8, 0.93, 0.0),  # repeats later
        (np.linspace(20.0, 60.0, 40), 0.0, 0.0),  # changes slowly
        (np.random.default_rng(1).exponential(20.0, 3000), 1.0, 1.0),  # follows no order
    ],
)
def test_order_of_intervals_is_seen_between_neighbours_and_further_apart(
    recorded: Recorded, intervals: Any, roughness: float, disorder: float
) -> None:
    train = np.cumsum(intervals).tolist()
    stats = statistics(recorded([train], duration=train[-1]))
    assert stats.roughness[0] == pytest.approx(roughness, abs=0.1)
    assert stats.disorder[0] == pytest.approx(disorder, abs=0.1)


def test_equal_intervals_have_no_order_to_speak_of(recorded: Recorded) -> None:
    stats = statistics(recorded([[10.0, 30.0, 50.0, 70.0]], duration=100.0))
    assert np.isnan([stats.roughness[0], stats.disorder[0]]).all()


def told(recorded: Recorded, train: list[float]) -> dict[str, Any]:
    stats = numbers(statistics(recorded([train], duration=100.0)))
    return {name: value for name, value in stats.items() if not math.isnan(value)}


def test_of_silence_only_the_count_and_the_rate_are_known(recorded: Recorded) -> None:
    assert told(recorded, []) == {"spike_count": 0, "runs": 0, "rate_hz": 0.0}


def test_of_a_single_spike_no_interval_is_known(recorded: Recorded) -> None:
    assert told(recorded, [30.0]) == {
        "spike_count": 1,
        "runs": 0,
        "rate_hz": 10.0,
        "latency_ms": 30.0,
        "silent_after": 70.0,
    }


def test_of_a_single_interval_no_variation_is_known(recorded: Recorded) -> None:
    intervals = ["isi_mean", "isi_min", "isi_max", "isi_first", "isi_last"]
    assert told(recorded, [30.0, 50.0]) == {
        "spike_count": 2,
        "runs": 0,
        "rate_hz": 20.0,
        "latency_ms": 30.0,
        "silent_after": 50.0,
        **dict.fromkeys(intervals, 20.0),
    }


def test_a_regular_train_does_not_vary(recorded: Recorded) -> None:
    stats = numbers(statistics(recorded([[10.0 * k for k in range(1, 10)]], duration=100.0)))
    for name in ("isi_cv", "local_variation", "adaptation", "shrinking"):
        assert stats[name] == pytest.approx(0.0, abs=1e-12)
    assert stats["gap"] == 1.0


def test_a_transient_counts_for_nothing_but_the_latency(recorded: Recorded) -> None:
    stats = numbers(statistics(recorded([BY_HAND], duration=50.0), transient=10.0))
    assert stats["spike_count"] == 4  # a spike at its very end is still part of it
    assert stats["rate_hz"] == 100.0
    assert stats["latency_ms"] == 10.0
    assert stats["isi_first"] == 6.0
    assert stats["silent_after"] == 15.0


def test_a_train_that_ends_in_the_transient_is_silent_afterwards(recorded: Recorded) -> None:
    stats = numbers(statistics(recorded([[5.0, 6.0]], duration=50.0), transient=10.0))
    assert (stats["spike_count"], stats["rate_hz"], stats["latency_ms"]) == (0, 0.0, 5.0)
    assert math.isnan(stats["silent_after"])


@pytest.mark.parametrize("transient", [50.0, 60.0])
def test_a_transient_that_leaves_no_time_leaves_no_rate(
    recorded: Recorded, transient: float
) -> None:
    stats = statistics(recorded([BY_HAND, []], duration=50.0), transient=transient)
    assert np.isnan(stats.rate_hz).all()


def test_latency_counts_from_the_onset_to_the_first_spike_after_it(recorded: Recorded) -> None:
    train = [[3.0, 14.0, 20.0], [5.0], []]
    stats = statistics(recorded(train, duration=50.0), onset=12.0)
    np.testing.assert_array_equal(stats.latency_ms, [2.0, NAN, NAN])
    assert stats.spike_count.tolist() == [3, 1, 0]


def test_of_a_column_that_diverged_no_number_is_told(recorded: Recorded) -> None:
    diverged_at = [NAN, 20.0]
    stats = statistics(recorded([BY_HAND, BY_HAND], duration=50.0, diverged_at=diverged_at))
    assert stats.diverged.tolist() == [False, True]
    assert numbers(stats, 0) == pytest.approx(EXPECTED)
    lost = numbers(stats, 1)
    assert all(math.isnan(lost[name]) for name in NUMBERS if name not in WHOLE)


def test_a_recording_without_columns_has_no_statistics(recorded: Recorded) -> None:
    assert len(statistics(recorded([])).spike_count) == 0


@pytest.mark.parametrize("at_once", [1, 2, 6, 100])
def test_statistics_do_not_depend_on_how_many_spikes_are_measured_at_once(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    recording = recorded([[], BY_HAND, [], [30.0], BY_HAND[1:], [5.0, 6.0], []], duration=50.0)
    whole = statistics(recording, transient=3.0, onset=1.0)
    monkeypatch.setattr(spikes, "_GROUP_SPIKES", at_once)
    parts = statistics(recording, transient=3.0, onset=1.0)
    for name in NUMBERS:
        assert np.array_equal(getattr(parts, name), getattr(whole, name), equal_nan=True)


def test_the_average_over_trials_is_of_those_that_have_the_number(recorded: Recorded) -> None:
    trials = statistics(recorded([BY_HAND, [], [30.0], [], [], []], duration=50.0))
    mean = average(trials, 3)
    assert mean.spike_count.tolist() == [2.0, 0.0]
    assert mean.rate_hz == pytest.approx([40.0, 0.0])
    np.testing.assert_array_equal(mean.latency_ms, [20.0, NAN])
    np.testing.assert_array_equal(mean.isi_mean, [6.25, NAN])
    assert mean.diverged.tolist() == [False, False]


def test_an_average_of_which_a_trial_diverged_says_so(recorded: Recorded) -> None:
    lost = [NAN, 7.0, NAN, NAN]
    mean = average(statistics(recorded([[10.0], [], [10.0], []], diverged_at=lost)), 2)
    assert mean.diverged.tolist() == [True, False]


# spikes are dated at the ends of steps, here of 0.1 ms
TRAINS = st.lists(
    st.lists(st.integers(1, 9999), unique=True, max_size=30).map(
        lambda steps: [0.1 * step for step in sorted(steps)]
    ),
    min_size=1,
    max_size=6,
)


@given(TRAINS, st.data())
def test_columns_together_have_the_statistics_of_each_alone(
    recorded: Recorded, trains: list[list[float]], data: st.DataObject
) -> None:
    onset, transient = data.draw(st.tuples(st.sampled_from([0.0, 100.0]), st.floats(0.0, 900.0)))
    lost = data.draw(st.lists(st.sampled_from([NAN, 7.0]), min_size=6, max_size=6))
    options = {"onset": onset, "transient": transient}
    lost = lost[: len(trains)]
    together = statistics(recorded(trains, diverged_at=lost), **options)
    for column, train in enumerate(trains):
        alone = statistics(recorded([train], diverged_at=[lost[column]]), **options)
        for name in NUMBERS:
            np.testing.assert_array_equal(
                getattr(together, name)[column], getattr(alone, name)[0], err_msg=name
            )


@given(TRAINS)
def test_statistics_keep_within_their_bounds(recorded: Recorded, trains: list[list[float]]) -> None:
    stats = statistics(recorded(trains))
    assert stats.spike_count.tolist() == [len(train) for train in trains]
    for column, train in enumerate(trains):
        one = numbers(stats, column)
        if len(train) > 1:
            isi = np.diff(train)
            assert one["isi_min"] == isi.min()
            assert one["isi_max"] == isi.max()
            assert one["isi_mean"] == pytest.approx((train[-1] - train[0]) / len(isi), rel=1e-9)
        if len(train) > 2:
            assert one["isi_cv"] == pytest.approx(isi.std() / isi.mean(), abs=1e-9)
            assert 0.0 <= one["local_variation"] < 3.0
            assert -1.0 < one["adaptation"] < 1.0
            assert 0.0 <= one["shrinking"] <= 1.0
            assert one["gap"] >= 1.0
            assert 0.0 < one["short_fraction"] <= 1.0
            assert 1 <= one["runs"] <= len(isi)
