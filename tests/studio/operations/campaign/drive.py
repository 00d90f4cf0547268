"""Campaigns driven in this process, as a server drives them, with the log in a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from studio.operations.campaign import Awaiting, Summary, check, lifecycle, run
from studio.operations.stage import Stage, resume
from studio.wire.campaigns import AnyCampaign, Candidate, EvaluationResult, Event
from studio.wire.yaml import read_yaml
from tests.studio.operations.drive import work

Answer = Callable[[list[Candidate]], list[EvaluationResult]]


def config(text: str, **plan: Any) -> AnyCampaign:
    """A checked configuration, its plan changed."""
    document = read_yaml(text)
    document["campaign"] = {**document.get("campaign", {}), **plan}
    return check(document, trusted=True)


def drive(
    config: AnyCampaign, log: list[Event], answer: Answer | None = None, n_events: int | None = None
) -> Summary | None:
    """Go on from a log, and append to it; None where it stopped after so many new events."""
    running, sent = run(config, log), None
    end = None if n_events is None else len(log) + n_events
    while len(log) != end:
        item, summary = resume(running, sent)
        if item is None:
            return summary
        sent = None
        if isinstance(item, Stage):
            sent = [work(chunk)[1] for chunk in item.chunks]
        elif isinstance(item, Awaiting):
            assert answer is not None
            sent = answer(item.candidates)
        else:
            stamped = lifecycle.stamped(config, log, item, datetime.now(UTC), 0.0)
            log.append(stamped)
    return None


def plain(log: Sequence[Event]) -> list[dict[str, Any]]:
    """Events without what clocks put into them."""
    return [_without_times(msgspec.to_builtins(event)) for event in log]


def _without_times(event: dict[str, Any]) -> dict[str, Any]:
    event = {key: value for key, value in event.items() if key != "timestamp"}
    if "results" in event:
        event["results"] = [{**result, "duration_s": None} for result in event["results"]]
    return event
