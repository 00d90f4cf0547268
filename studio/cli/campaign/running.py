"""studio campaign run"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from studio.cli.campaign import files
from studio.cli.campaign.checking import checked, told_faults
from studio.cli.campaign.display import Display, shown
from studio.cli.views import campaign as views
from studio.cli.views.page import Page
from studio.errors import ERRORS, StudioError
from studio.wire.campaigns import (
    AnyCampaign,
    CampaignCompleted,
    CandidatesEvaluated,
    Event,
    IterationCompleted,
)

if TYPE_CHECKING:
    from studio.cli.campaign.laboratory import Laboratory

T = TypeVar("T")
_INTERRUPTED = 130


def run(
    file: str,
    resume: bool,
    log: str | None,
    results: str | None,
    url: str | None,
    as_json: bool,
) -> None:
    """Run a campaign here or on a server, and print what happens."""
    if url is not None:
        if resume or log or results:
            raise click.UsageError("--resume, --log and --results are for campaigns that run here")
        from studio.cli.campaign import remote

        campaign = _valid(file, lambda document: remote.create(document, url))
        remote.run(campaign, url=url, as_json=as_json)
        return
    config = _valid(file, checked)
    path = Path(log) if log else Path(file).with_suffix(".campaign.jsonl")
    sys.exit(_run_here(config, path, resume, results, as_json))


def _valid(file: str, check: Callable[[dict[str, Any]], T]) -> T:
    """What is made of a file; where that cannot be, says all that is wrong with it, and ends."""
    try:
        return check(files.read(file))
    except StudioError as error:
        if error.kind.exit != ERRORS["invalid_config"].exit:
            raise
        click.echo(f"Error: {file} is not valid:\n" + "\n".join(told_faults(error)), err=True)
        sys.exit(error.kind.exit)


def _run_here(
    config: AnyCampaign, path: Path, resume: bool, results: str | None, as_json: bool
) -> int:
    """Run in this process; the exit code."""
    from studio import local_campaign  # numpy, which --url does without
    from studio.cli.campaign.laboratory import Laboratory
    from studio.operations.campaign import history

    log = _opened(config, path, resume)
    try:
        with (
            shown(log.config.objectives, log.config.campaign.max_iterations, as_json) as display,
            _interrupts() as interrupts,
        ):
            for event in log.events:
                display.replay(event)
            if log.events and isinstance(log.events[-1], CampaignCompleted) and not log.is_extended:
                state = log.events[-1].state or "completed"
            else:
                laboratory = Laboratory(log, results)
                summary = local_campaign.drive(
                    log, display.event, stops=interrupts.stops, answer=laboratory.answer
                )
                if summary is None:
                    return _left_off(path, laboratory, display)
                state = summary.state
        if not as_json:
            reason = history.reason(log.config, log.events)
            click.echo(f"{state.capitalize()}: {reason}")
            views.front(Page(), history.results(log.config, log.events, state))
        return 1 if state == "failed" else 0
    finally:
        log.close()


def _opened(config: AnyCampaign, path: Path, resume: bool) -> Any:
    """The log to go on with: a new one, or that of an earlier run."""
    from studio.local_campaign import Log

    if not resume:
        return Log.new(path, config)
    if not path.exists():
        raise click.UsageError(f"there is no {path} to go on from")
    log = Log(path)
    different = _differences(log.config, config)
    if different:
        log.close()
        detail = f"{path} is of a campaign with other {', '.join(different)}"
        raise StudioError("invalid_config", f"{detail}; leave out --resume to begin anew")
    if log.config != config:
        log.extend(config)
    return log


def _differences(old: AnyCampaign, new: AnyCampaign) -> list[str]:
    """What may not change when a campaign goes on: all but how many iterations it has."""
    import msgspec

    documents = [msgspec.to_builtins(config) for config in (old, new)]
    for document in documents:
        document["campaign"] = {**document["campaign"], "max_iterations": None}
    return [key for key in documents[0] if documents[0][key] != documents[1].get(key)]


def _left_off(path: Path, laboratory: Laboratory, display: Display) -> int:
    if laboratory.waits:
        display.note(
            f"Waiting for {laboratory.waits} results: fill in {laboratory.sheet}, then run again "
            f"with --resume --results {laboratory.sheet}"
        )
        return 0
    display.note(f"Saved in {path}: --resume goes on")
    return _INTERRUPTED


class _Interrupts:
    """Counts Ctrl-C: the first lets the iteration end, the second does not."""

    def __init__(self) -> None:
        self.asked = False

    def hit(self, *_: Any) -> None:
        """Ctrl-C."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        click.echo("Finishing the iteration; Ctrl-C again stops now", err=True)

    def stops(self, event: Event) -> bool:
        """Whether to leave off after this event."""
        ends = isinstance(event, IterationCompleted) or (
            isinstance(event, CandidatesEvaluated) and event.iteration == 0
        )
        return self.asked and ends


@contextmanager
def _interrupts() -> Iterator[_Interrupts]:
    interrupts = _Interrupts()
    before = signal.signal(signal.SIGINT, interrupts.hit)
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, before)
