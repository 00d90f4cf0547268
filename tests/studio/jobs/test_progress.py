"""Percentage, message and time left from reported work."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.jobs.progress import ProgressMeter
from studio.operations.stage import Chunk, Stage
from studio.wire.frames import Progress


def never(*args: Any) -> Any:
    raise AssertionError


def stage(*works: float, share: tuple[float, float] = (0.0, 1.0)) -> Stage:
    chunks = [Chunk(never, (), work) for work in works]
    return Stage("sweep", chunks, "Heatmap", 225, share=share)


def test_progress_counts_the_work_of_all_chunks() -> None:
    meter = ProgressMeter("j", None, now=0.0)
    meter.begin(stage(100, 300))
    meter.advance(0, 50, None)
    meter.advance(1, 150, None)
    frame = meter.frame(1.0)
    assert frame.pct == 50.0
    assert frame.msg == "Heatmap 112/225"
    assert frame.eta_s == 1.0


def test_a_stage_fills_only_its_share_of_the_whole() -> None:
    meter = ProgressMeter("j", None, now=0.0)
    meter.begin(stage(100, share=(0.2, 0.6)))
    assert meter.frame(0.0).pct == 20.0
    meter.advance(0, 50, None)
    assert meter.frame(1.0).pct == 40.0


def test_a_chunk_that_is_tried_again_never_counts_backwards() -> None:
    meter = ProgressMeter("j", None, now=0.0)
    meter.begin(stage(100))
    meter.advance(0, 60, None)
    meter.advance(0, 10, None)
    assert meter.frame(1.0).pct == 60.0


def test_the_pace_of_the_last_seconds_tells_the_time_left() -> None:
    meter = ProgressMeter("j", None, now=0.0)
    meter.begin(stage(1000))
    for second in range(1, 11):  # slow at first, ...
        meter.advance(0, second, None)
        meter.frame(float(second))
    for second in range(11, 16):  # ... then a hundred a second
        meter.advance(0, 10 + 100 * (second - 10), None)
        frame = meter.frame(float(second))
    assert frame.eta_s is not None
    assert abs(frame.eta_s - 4.9) < 0.1


def test_there_is_no_time_left_to_tell_before_any_work_is_done() -> None:
    meter = ProgressMeter("j", None, now=0.0)
    meter.begin(stage(100))
    assert meter.frame(1.0).eta_s is None


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.floats(0, 100), st.floats(0, 5)), min_size=1, max_size=50
    )
)
def test_pct_never_falls_nor_reaches_100_and_time_left_is_never_negative(
    reports: list[tuple[int, float, float]],
) -> None:
    meter = ProgressMeter("j", None, now=0.0)
    meter.begin(stage(100, 100, 100))
    now, last = 0.0, 0.0
    for chunk, done, pause in reports:
        now += pause
        meter.advance(chunk, done, None)
        frame = meter.frame(now)
        assert last <= frame.pct < 100
        assert frame.eta_s is None or frame.eta_s >= 0
        last = frame.pct


# for each stage its share of the whole, the time that it takes for that, and its chunks
STAGES = st.lists(
    st.tuples(st.integers(1, 10), st.floats(0.7, 1.4), st.integers(1, 8)), min_size=1, max_size=4
)
Stages = list[tuple[int, float, int]]


@settings(max_examples=150)
@given(
    stages=STAGES,
    seconds=st.floats(0.2, 30.0),
    varying=st.sampled_from([0.0, 0.3]),
    pause=st.sampled_from([0.05, 0.25]),
    seed=st.integers(0, 9),
)
def test_in_an_undisturbed_run_the_time_left_does_not_jump(
    stages: Stages, seconds: float, varying: float, pause: float, seed: int
) -> None:
    """Of neighbouring frames after the first tenth, by a factor of 2 or by 1 s at most."""
    frames = undisturbed(stages, seconds, varying, pause, Random(seed))  # noqa: S311
    left = [frame.eta_s for frame in frames if frame.pct >= 10 and frame.eta_s is not None]
    assert min(left, default=0.0) >= 0.0
    for low, high in map(sorted, pairwise(left)):
        assert high - low <= 1.0 or high <= 2 * low


def undisturbed(
    stages: Stages, seconds: float, varying: float, pause: float, rng: Random
) -> Iterator[Progress]:
    """The frames of a run of about so many seconds, one in every pause and where a stage ends."""
    meter, now, begin = ProgressMeter("j", None, now=0.0), 0.0, 0.0
    for part, slowness, n_chunks in stages:
        share = part / sum(part for part, _, _ in stages)
        speed = n_chunks / (seconds * share * slowness)
        meter.begin(stage(*[1.0] * n_chunks, share=(begin, begin + share)))
        yield meter.frame(now)
        done, begin = 0.0, begin + share
        while done < n_chunks:
            rate = speed * rng.uniform(1 - varying, 1 + varying)
            step = min(pause, (n_chunks - done) / rate)
            before, now = done, now + step
            done = done + step * rate if step == pause else n_chunks
            for chunk in range(int(before), min(n_chunks, int(done) + 1)):
                meter.advance(chunk, min(1.0, done - chunk), None)
            yield meter.frame(now)


def test_a_stage_that_is_left_out_does_not_look_like_speed() -> None:
    meter = ProgressMeter("j", None, now=0.0)
    meter.begin(stage(100, share=(0.0, 0.5)))
    for second in range(1, 11):  # a twentieth of the whole in each
        meter.advance(0, 10.0 * second, None)
        frame = meter.frame(float(second))
    assert frame.eta_s == 10.0
    meter.begin(stage(100, share=(0.7, 1.0)))
    assert meter.frame(10.0).eta_s == 6.0


def test_a_stage_of_items_names_the_one_it_has_reached() -> None:
    meter = ProgressMeter("j", None, now=0.0)
    names = ["C", "g_L", "tau_w", "a"]
    meter.begin(Stage("sensitivity", [Chunk(never, (), 80)], "Sensitivity", 4, labels=names))
    assert meter.frame(0.0).msg == "Sensitivity 0/4"
    meter.advance(0, 60, None)
    assert meter.frame(1.0).msg == "Sensitivity 3/4: tau_w"


def test_a_stage_of_chunks_counts_those_that_are_done_and_names_the_last() -> None:
    meter = ProgressMeter("j", None, now=0.0)
    chunks = [Chunk(never, (), work) for work in (1, 1000)]
    meter.begin(Stage("scan", chunks, "Scan", 2, labels=["Fast", "Slow"], by_chunk=True))
    meter.advance(1, 999, None)
    meter.finish(0)
    assert meter.frame(1.0).msg == "Scan 1/2: Fast"


def test_small_works_reach_their_end_as_large_ones_do() -> None:
    meter = ProgressMeter("j", None, now=0.0)
    meter.begin(stage(0.2, 0.3))
    meter.finish(0)
    meter.finish(1)
    assert meter.frame(1.0).pct == 99.9


def test_pct_does_not_fall_where_a_stage_begins_before_the_end_of_the_last() -> None:
    meter = ProgressMeter("j", None, now=0.0)
    meter.begin(stage(100, share=(0.0, 0.4)))
    meter.finish(0)
    assert meter.frame(0.5).pct == 40.0
    meter.begin(stage(100, share=(0.3, 0.5)))
    assert meter.frame(1.0).pct == 40.0


def test_what_chunks_tell_so_far_comes_together() -> None:
    meter = ProgressMeter("j", None, now=0.0)
    meter.begin(stage(100, 100))
    meter.advance(0, 10, {"cells": [1]})
    meter.advance(1, 10, {"cells": [2]})
    assert meter.frame(1.0).partial == {"cells": [1, 2]}
    meter.finish(0)
    assert meter.frame(2.0).partial == {"cells": [2]}
