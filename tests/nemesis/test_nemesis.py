"""A minute of the nemesis, and the same on a plain pool of processes, which must not stand it."""

from __future__ import annotations

from pathlib import Path

from tests.nemesis.report import Report
from tests.nemesis.storm import storm


async def test_no_promise_is_broken_whatever_goes_wrong(tmp_path: Path) -> None:
    report = await storm(
        "ci", tmp_path, tmp_path / "history.jsonl", lambda n, report: n <= 2, round_s=10.0
    )
    print(*report.lines(), sep="\n")
    assert report.violations == []
    assert report.faults.total() >= 10
    assert report.ends["complete"] >= 10


async def test_a_plain_pool_of_processes_breaks_promises_and_the_checker_sees_it(
    tmp_path: Path,
) -> None:
    def until_seen(n: int, report: Report) -> bool:
        return n <= 5 and not _tells(report, "'failed', which no fault excuses")

    program = ("-m", "tests.nemesis.bare_pool")
    report = await storm(
        "plain", tmp_path, tmp_path / "history.jsonl", until_seen, round_s=6.0, program=program
    )
    print(*report.lines(), sep="\n")
    assert _tells(report, "'failed', which no fault excuses")  # a death takes all jobs with it
    assert _tells(report, "left the processes")  # nobody ends the workers of a dead server


def _tells(report: Report, what: str) -> bool:
    return any(what in violation for violation in report.violations)
