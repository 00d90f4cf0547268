"""The checker sees each kind of violation, planted into the history of a run that had none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.nemesis import history as h
from tests.nemesis.history import Plain, Record
from tests.nemesis.invariants import violations

FIRST: Plain = {"type": "progress", "seq": 1, "pct": 0.0, "step": "sweep", "msg": "Heatmap 0/9"}
STATE: Plain = {**FIRST, "pct": 50.0, "msg": "Heatmap 4/9", "seq": None}
DONE: Plain = {"type": "complete", "seq": 2, "pct": 100, "result": "same"}
CANCELLED: Plain = {"type": "error", "seq": 2, "code": "cancelled", "msg": "The job was cancelled"}


def error(code: str) -> Plain:
    return {**CANCELLED, "code": code}


def saw(frame: Plain, watch: int = 1, t: float = 1.0) -> h.Saw:
    return h.Saw(watch=watch, job="j", frame=frame, t=t)


def watching(watch: int = 1, after: int = 0) -> h.Watching:
    return h.Watching(watch=watch, job="j", after=after)


def stored(*log: Plain, state: str = "complete") -> h.Stored:
    return h.Stored(job="j", op="heatmap", state=state, log=list(log))


def struck(*faults: str) -> list[Record]:
    return [h.Struck(fault=fault, t=0.5) for fault in faults]


def run(*records: Record, how: str = "socket") -> list[Record]:
    asked = h.Asked(n=1, client=0, how=how, op="heatmap", config={"seed": 1})
    return [asked, h.Led(n=1, job="j"), watching(), *records]


WHOLE = [saw(FIRST), saw(STATE), saw(DONE), stored(FIRST, DONE)]
ENDED_BADLY = {
    code: [*(saw(frame) for frame in (FIRST, error(code))), stored(FIRST, error(code), state=state)]
    for code, state in (
        *(("cancelled", "cancelled"), ("interrupted", "interrupted"), ("worker_died", "lost")),
        *(("failed", "failed"), ("out_of_memory", "failed")),
    )
}
CANCEL = h.Cancelled(job="j", state="cancelling")


@pytest.mark.parametrize(
    "records",
    [
        run(*WHOLE),
        run(*WHOLE, watching(2, 1), saw(DONE, 2)),
        run(*WHOLE, watching(2, 7), saw(DONE, 2)),
        run(CANCEL, *ENDED_BADLY["cancelled"]),
        run(h.Cancelled(job="j", state="complete"), *WHOLE),
        run(h.Left(job="j"), *struck("kill_server"), *ENDED_BADLY["interrupted"]),
        run(*struck(*["kill_worker"] * 3), *ENDED_BADLY["worker_died"]),
        run(*ENDED_BADLY["out_of_memory"], how="hog"),
        [h.Stopped(life=1, how="SIGKILL", code=-9, seconds=0.1, orphans=[])],
    ],
)
def test_a_good_history_has_no_violations(records: list[Record]) -> None:
    assert told(records) == []


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (run(saw(FIRST), stored(FIRST, state="running")), "has no end"),
        (run(*WHOLE, saw({**CANCELLED, "seq": 3})), "ended in 2 ways"),
        (run(*WHOLE, saw({**FIRST, "seq": 3})), "came after its end"),
        (run(saw(FIRST), saw(FIRST), saw(DONE), stored(FIRST, DONE)), "got the entries [1, 1, 2]"),
        (run(saw(DONE), stored(FIRST, DONE)), "got the entries [2]"),
        (run(*WHOLE, watching(2), saw({**FIRST, "msg": "else"}, 2)), "entry 1 was"),
        (run(saw(FIRST), saw(DONE)), "is not in the store"),
        (
            run(saw({**FIRST, "partial": "a"}), saw({**FIRST, "partial": "a", "seq": 2})),
            "1 and 2 tell the same results",
        ),
        (run(saw(FIRST), saw(DONE), stored(FIRST, state="running")), "[2] were announced"),
        (run(saw(FIRST), saw(DONE), stored(DONE)), "the stored log has the entries [2]"),
        (run(saw(FIRST), saw(DONE), stored(FIRST, DONE, state="failed")), "is stored as failed"),
        (run(CANCEL, *WHOLE), "after it was cancelling"),
        (run(h.Cancelled(job="j", state="404"), *WHOLE), "did not know it"),
        (run(saw(FIRST), saw(STATE), saw({**STATE, "pct": 49.0}), *WHOLE[2:]), "after 50.0 %"),
        (run(*ENDED_BADLY["cancelled"]), "'cancelled', which no fault excuses"),
        (run(*ENDED_BADLY["failed"]), "'failed', which no fault excuses"),
        (run(*struck("kill_server"), *ENDED_BADLY["interrupted"]), "'interrupted', which"),
        (run(*struck("kill_worker"), *ENDED_BADLY["worker_died"]), "'worker_died', which"),
        (run(*ENDED_BADLY["out_of_memory"]), "'out_of_memory', which"),
        (run(*WHOLE, how="hog"), "was not told so"),
        (
            run(saw(FIRST), saw({**DONE, "result": "other"}), stored(FIRST, DONE)),
            "gave other, unlike undisturbed",
        ),
        (run(*WHOLE, h.Led(n=1, job="j2"), how="submit"), "led to ['j', 'j2']"),
        (run(h.Answered(n=1, status=200, digest="other")), "answered unlike undisturbed"),
        (run(h.Answered(n=1, status=500, code="failed")), "was answered 500"),
        ([h.Started(life=2, running=["j"], workers=[])], "and has no worker"),
        ([h.Stopped(life=1, how="SIGTERM", code=1, seconds=0.1, orphans=[])], "exit code 1"),
        ([h.Stopped(life=1, how="SIGKILL", code=-9, seconds=9, orphans=["7 x"])], "['7 x']"),
        ([h.Quiet(life=1, files=["f"] * 40, fresh=30, busy=[])], "40 files open"),
        ([h.Quiet(life=1, files=[], fresh=30, busy=[7])], "compute although"),
        ([h.Remains(files=["sem.mp-x"])], "the servers left ['sem.mp-x']"),
        ([h.Remains(files=[], unforeseen=["never retrieved"])], "log has ['never retrieved']"),
    ],
)
def test_a_planted_violation_is_told(records: list[Record], expected: str) -> None:
    assert any(expected in violation for violation in told(records))


def test_a_history_is_read_as_it_was_written(tmp_path: Any) -> None:
    written = h.History(tmp_path / "history.jsonl")
    records = [written.add(record) for record in run(*WHOLE, CANCEL)]
    written.close()
    assert h.read(tmp_path / "history.jsonl") == records


def told(records: Sequence[Record]) -> list[str]:
    return violations(records, lambda op, config: "same")
