"""Percentage, message and time left from reported work."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from studio.jobs.progress import ProgressMeter
from studio.operations.stage import Chunk, Stage


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
