"""Events as they are told: their place in the log and their times."""

from __future__ import annotations

from datetime import UTC, datetime

from studio.operations.campaign import check, lifecycle
from studio.wire.campaigns import (
    Event,
    IterationCompleted,
    IterationStarted,
    Losses,
    SurrogateTrained,
)
from studio.wire.yaml import read_yaml
from tests.studio.operations.campaign.test_check import MEMBRANE

CONFIG = check(read_yaml(MEMBRANE) | {"campaign": {"max_iterations": 3}})


def test_the_time_left_is_that_of_the_iterations_to_come_and_falls_within_one() -> None:
    log: list[Event] = []
    for second, event in [
        (0.0, IterationStarted(iteration=1)),
        (4.0, IterationCompleted(iteration=1, best_value=None, pareto_size=0)),
        (4.0, IterationStarted(iteration=2)),
        (7.0, SurrogateTrained(metrics=Losses(train_loss=None, val_loss=None))),
        (8.0, IterationCompleted(iteration=2, best_value=None, pareto_size=0)),
        (8.0, IterationStarted(iteration=3)),
        (20.0, IterationCompleted(iteration=3, best_value=None, pareto_size=0)),
    ]:
        log.append(lifecycle.stamped(CONFIG, log, event, datetime.now(UTC), second))
    assert [event.seq for event in log] == [1, 2, 3, 4, 5, 6, 7]
    assert [event.eta_s for event in log] == [None, 8.0, 8.0, 5.0, 4.0, 4.0, 0.0]
