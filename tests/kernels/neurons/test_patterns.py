"""Firing patterns are named as a physiologist would name them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.neurons.patterns import DESCRIPTIONS, classify, commonest, detail
from kernels.neurons.simulate import Recording
from kernels.neurons.spikes import statistics

Recorded = Callable[..., Recording]


def train(intervals: Sequence[float], first: float = 10.0) -> list[float]:
    return np.cumsum([first, *intervals]).tolist()


def named(recorded: Recorded, spikes: list[float], *, deterministic: bool = True) -> str:
    # it fires until the end of the run
    recording = recorded([spikes], duration=max(spikes, default=1000.0))
    return str(classify(statistics(recording), deterministic=deterministic)[0])


def logistic(n: int, x: float = 0.3141) -> list[float]:
    """Intervals that follow the logistic map at r = 4."""
    intervals = []
    for _ in range(n):
        x = 4.0 * x * (1.0 - x)
        intervals.append(2.0 + 50.0 * x)
    return intervals


BURST_OF_3 = [4.0, 4.0, 60.0]
WIDENING = [3.0, 4.0, 5.5, 60.0]
EXAMPLES = {
    "no spike": ([], "silent"),
    "one spike": (train([]), "single_spike"),
    "two spikes": (train([20.0]), "tonic"),
    "a regular train": (train([20.0] * 40), "tonic"),
    "a train that rounding to steps makes uneven": (train([20.0, 20.1] * 20), "tonic"),
    "a train that slows by a tenth": (train(np.linspace(20.0, 22.0, 30)), "tonic"),
    "a train that speeds up": (train(np.linspace(40.0, 15.0, 20)), "tonic"),
    # local variation 0.35, but a coefficient of variation of 0.4 only
    "intervals that vary by less than half their mean": (
        train([x for k in range(30) for x in (8.0 + 0.55 * k, 26.0 + 0.55 * k)] + [8.0]),
        "tonic",
    ),
    # coefficient of variation 0.6, but neighbours are alike
    "a rate that swells slowly": (
        train(30.0 + 25.0 * np.sin(np.linspace(0.0, 6.0 * np.pi, 121))),
        "tonic",
    ),
    "intervals that grow and settle": (
        train([60.0 - 45.0 * 0.8**k for k in range(30)]),
        "adapting",
    ),
    "intervals that double in all": (train(np.linspace(10.0, 20.0, 15)), "adapting"),
    "one short interval, then regular ones": (train([10.0] + [30.0] * 12), "adapting"),
    "a burst at the beginning, then regular spikes": (train([5.0] * 3 + [50.0] * 15), "adapting"),
    "a long burst at the beginning, then regular spikes": (
        train([5.0] * 8 + [50.0] * 12),
        "adapting",
    ),
    "a short burst at the beginning, then few spikes": (
        train([5.0] * 4 + [80.0] * 4),
        "adapting",
    ),
    "doublets": (train([5.0, 80.0] * 10), "bursting"),
    "regular bursts of 3": (train(BURST_OF_3 * 8), "bursting"),
    "regular bursts of 3, cut in a burst": (train([*BURST_OF_3 * 8, 4.0]), "bursting"),
    "bursts whose intervals widen": (train(WIDENING * 8), "bursting"),
    "bursts of several lengths": (
        train([*BURST_OF_3, 4.0, *BURST_OF_3, *WIDENING, *BURST_OF_3, 4.0, 4.0, 60.0]),
        "bursting",
    ),
    "a first pause longer than the later ones": (
        train([4.0, 4.0, 90.0, *BURST_OF_3 * 6]),
        "bursting",
    ),
    "chaos": (train(logistic(200)), "chaotic"),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_deterministic_train_is_named(recorded: Recorded, example: str) -> None:
    spikes, name = EXAMPLES[example]
    assert named(recorded, spikes) == name


@pytest.mark.parametrize("seed", range(20))
def test_a_poisson_train_is_irregular(recorded: Recorded, seed: int) -> None:
    spikes = train(np.random.default_rng(seed).exponential(20.0, 199))
    assert len(spikes) == 200
    assert named(recorded, spikes, deterministic=False) == "irregular"


@pytest.mark.parametrize("x", [0.1, 0.3141, 0.77])
def test_disorder_is_chaos_only_where_nothing_is_random(recorded: Recorded, x: float) -> None:
    spikes = train(logistic(200, x))
    assert named(recorded, spikes, deterministic=True) == "chaotic"
    assert named(recorded, spikes, deterministic=False) == "irregular"


# a noisy model needs more spikes to show that an order is not chance
LONG_ENOUGH = [name for name, (spikes, _) in EXAMPLES.items() if not 2 < len(spikes) < 11]


@pytest.mark.parametrize("example", [name for name in LONG_ENOUGH if name != "chaos"])
def test_the_names_of_order_do_not_depend_on_noise(recorded: Recorded, example: str) -> None:
    spikes, name = EXAMPLES[example]
    assert named(recorded, spikes, deterministic=False) == name


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("scale", [0.2, 5.0])
def test_the_pattern_does_not_depend_on_the_unit_of_time(
    recorded: Recorded, example: str, scale: float
) -> None:
    spikes, name = EXAMPLES[example]
    assert named(recorded, [scale * time for time in spikes]) == name


@pytest.mark.parametrize("n_spikes", range(3, 11))
@pytest.mark.parametrize("seed", range(10))
def test_a_few_random_spikes_neither_burst_nor_adapt(
    recorded: Recorded, n_spikes: int, seed: int
) -> None:
    spikes = train(np.random.default_rng(seed).exponential(20.0, n_spikes - 1))
    assert named(recorded, spikes, deterministic=False) in ("irregular", "tonic")


def test_few_poisson_trains_of_any_length_are_taken_for_order(recorded: Recorded) -> None:
    rng = np.random.default_rng(3)
    trains = [train(rng.exponential(20.0, n)) for n in np.repeat([10, 20, 50], 200)]
    names = classify(statistics(recorded(trains, duration=1e4)), deterministic=False)
    assert np.mean(names == "bursting") < 0.02
    assert np.mean(names == "adapting") < 0.02
    assert np.mean(names == "irregular") > 0.94


def shuffled(cv: float, n: int = 40, slow: float = 0.0) -> list[float]:
    """Intervals of an exact coefficient of variation, a share of whose variance is slow."""
    rng = np.random.default_rng(8)
    swell = np.sin(np.linspace(0.0, 2.0 * np.pi, n))
    parts = [swell, rng.permutation(np.linspace(-1.0, 1.0, n))]
    fast, slowly = ((x - x.mean()) / x.std() for x in parts[::-1])
    mixed = np.sqrt(1.0 - slow) * fast + np.sqrt(slow) * slowly
    mixed[-1] = mixed[0]  # as long at the end as at the beginning
    mixed = (mixed - mixed.mean()) / mixed.std()
    intervals: list[float] = (100.0 * (1.0 + cv * mixed)).tolist()
    return intervals


# Each threshold from both sides: (intervals, whether nothing is random, name)
EDGES = {
    "gap of bursts": (
        ([*[10.0, 10.0, 19.5] * 8, 10.0, 10.0], True, "tonic"),
        ([*[10.0, 10.0, 20.5] * 8, 10.0, 10.0], True, "bursting"),
    ),
    "share of bursts": (
        ([*[10.0, 25.0, 25.0, 25.0] * 6, 10.0], True, "tonic"),
        ([*[10.0, 25.0, 25.0] * 8, 10.0], True, "bursting"),
    ),
    "gap of noisy bursts": (
        ([*[10.0, 10.0, 39.0] * 6, 10.0], False, "irregular"),
        ([*[10.0, 10.0, 41.0] * 6, 10.0], False, "bursting"),
    ),
    "share of noisy bursts": (
        ([10.0, 60.0, 60.0] * 6, False, "irregular"),
        ([10.0, 60.0] * 9, False, "bursting"),
    ),
    "intervals of noisy bursts": (
        ([*[5.0, 80.0] * 4, 5.0], False, "irregular"),
        ([5.0, 80.0] * 5, False, "bursting"),
    ),
    "variation of noise": (
        (shuffled(0.48), False, "tonic"),
        (shuffled(0.52), False, "irregular"),
    ),
    "order of noise": (
        (shuffled(0.55, 400, slow=0.6), False, "tonic"),
        (shuffled(0.55, 400, slow=0.4), False, "irregular"),
    ),
    "variation of chaos": (
        (shuffled(0.18), True, "tonic"),
        (shuffled(0.22), True, "chaotic"),
    ),
    "order of chaos": (
        (shuffled(0.4, 400, slow=0.8), True, "tonic"),
        (shuffled(0.4, 400, slow=0.6), True, "chaotic"),
    ),
    "intervals of chaos": (
        (shuffled(0.4, 19), True, "tonic"),
        (shuffled(0.4, 20), True, "chaotic"),
    ),
    "shrinking": (
        ([2.0] + [40.0] * 20, True, "adapting"),  # one interval alone is a disorder of 0.55
        (shuffled(0.4, 37), True, "chaotic"),
    ),
    "slowing": (
        (np.linspace(20.0, 24.8, 15), True, "tonic"),
        (np.linspace(20.0, 25.2, 15), True, "adapting"),
    ),
    "spikes of adaptation": (
        ([10.0, 20.0], True, "tonic"),
        ([10.0, 15.0, 20.0], True, "adapting"),
    ),
    "intervals of noisy adaptation": (
        (np.linspace(20.0, 30.0, 9), False, "tonic"),
        (np.linspace(20.0, 30.0, 10), False, "adapting"),
    ),
}


@pytest.mark.parametrize("edge", EDGES)
def test_each_threshold_is_seen_from_both_sides(recorded: Recorded, edge: str) -> None:
    for intervals, deterministic, name in EDGES[edge]:
        assert named(recorded, train(intervals), deterministic=deterministic) == name


@pytest.mark.parametrize(
    ("spikes", "duration", "name"),
    [
        (train([20.0] * 5, first=39.0), 140.0, ""),
        (train([20.0] * 5, first=41.0), 142.0, "delayed"),
        (train([20.0] * 5), 149.0, ""),
        (train([20.0] * 5), 151.0, "phasic"),
        (train(np.linspace(20.0, 16.2, 10)), 200.0, ""),
        (train(np.linspace(20.0, 15.8, 10)), 200.0, "accelerating"),
        (train([20.0, 19.0, 15.0]), 80.0, ""),
        (train([20.0, 19.0, 17.0, 15.0]), 90.0, "accelerating"),
        (train(np.linspace(20.0, 15.8, 10), first=41.0), 230.0, "delayed_accelerating"),
        (train([5.0, 5.0, 50.0, 50.0, 50.0]), 200.0, "mixed_mode"),
        (train([5.0, 5.0, 50.0, 50.0]), 150.0, ""),
        (train([5.0, 50.0, 50.0, 50.0]), 190.0, ""),
        (train([27.0, 27.0, 50.0, 50.0, 50.0]), 260.0, ""),
        (train([]), 200.0, ""),
    ],
)
def test_a_finer_name_has_its_threshold_too(
    recorded: Recorded, spikes: list[float], duration: float, name: str
) -> None:
    assert detail(statistics(recorded([spikes], duration=duration))).tolist() == [name]


@pytest.mark.parametrize("seed", range(5))
def test_jitter_of_a_few_percent_leaves_a_regular_train_tonic(
    recorded: Recorded, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    intervals = 20.0 * (1.0 + 0.03 * rng.standard_normal(60))
    assert named(recorded, train(intervals), deterministic=False) == "tonic"


def test_every_column_is_named_by_itself_and_a_diverged_one_is_not(recorded: Recorded) -> None:
    # all fire throughout the run
    trains = [[time / max(spikes) * 1000.0 for time in spikes] for spikes, _ in EXAMPLES.values()]
    lost = [7.0 if place % 3 == 1 else np.nan for place in range(len(trains))]
    stats = statistics(recorded(trains, duration=1000.0, diverged_at=lost))
    expected = [
        name if np.isnan(at) else "" for at, (_, name) in zip(lost, EXAMPLES.values(), strict=True)
    ]
    assert classify(stats, deterministic=True).tolist() == expected


@pytest.mark.parametrize(
    ("intervals", "silence", "name"),
    [
        ([4.0] * 5, 39.0, "tonic"),  # not ten times as long as an interval
        ([4.0] * 5, 41.0, "bursting"),
        ([4.0] * 20, 79.0, "tonic"),  # not as long as the spikes took
        ([4.0] * 20, 81.0, "bursting"),
        ([4.0], 100.0, "tonic"),
    ],
)
def test_a_group_of_spikes_before_a_long_silence_is_a_burst_unless_it_may_be_chance(
    recorded: Recorded, intervals: list[float], silence: float, name: str
) -> None:
    spikes = train(intervals)
    stats = statistics(recorded([spikes], duration=spikes[-1] + silence))
    assert classify(stats, deterministic=True)[0] == name
    assert classify(stats, deterministic=False)[0] != "bursting"


@given(st.lists(st.integers(1, 500), max_size=60), st.booleans())
def test_any_train_gets_a_name_that_is_described(
    recorded: Recorded, steps: list[int], deterministic: bool
) -> None:
    spikes = train([0.1 * step for step in steps])
    assert all(later > earlier for earlier, later in pairwise(spikes))
    assert named(recorded, spikes, deterministic=deterministic) in DESCRIPTIONS


def test_the_commonest_of_several_trials_is_chosen_and_of_equals_the_first() -> None:
    patterns = np.array(["tonic", "silent", "silent", "adapting", "tonic", "silent"])
    assert commonest(patterns, 3).tolist() == ["silent", "adapting"]
    assert commonest(patterns, 1).tolist() == patterns.tolist()
