"""What is taken in and what is refused, before anything is done about it."""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections import Counter
from collections.abc import Collection, Iterator

from studio.config import Limits
from studio.errors import StudioError

_LATEST_S = 60


def admit_job(estimates: Collection[float], limits: Limits) -> None:
    """Refuse one more job to an owner who has many; raises StudioError.

    estimates: seconds of computing of each of the owner's jobs that have not ended
    """
    if len(estimates) >= limits.jobs_per_user:
        soon = min(_LATEST_S, max(1, math.ceil(min(estimates, default=1.0))))
        detail = (
            f"{len(estimates)} of your jobs have not ended; the limit is {limits.jobs_per_user}: "
            "wait until some have, or cancel them"
        )
        raise StudioError("too_many", detail, retry_s=soon)


def admit_campaign(n_under_way: int, limits: Limits) -> None:
    """Refuse to begin one more campaign of an owner who has so many; raises StudioError."""
    if n_under_way >= limits.campaigns_per_user:
        detail = (
            f"{n_under_way} of your campaigns are under way; the limit is "
            f"{limits.campaigns_per_user}: pause or cancel one, or wait until one has ended"
        )
        raise StudioError("too_many", detail, retry_s=_LATEST_S)


def admit_socket(n_open: int, limits: Limits) -> None:
    """Refuse one more connection to an owner who has so many open; raises StudioError."""
    if n_open >= limits.sockets_per_user:
        detail = f"you have {n_open} connections open; the limit is {limits.sockets_per_user}"
        raise StudioError("too_many", detail)


def admit_watch(n_watched: int, most: int) -> None:
    """Refuse to tell of one more job over a connection; raises StudioError."""
    if n_watched >= most:
        detail = f"this connection watches {n_watched} jobs; the limit is {most}: open another one"
        raise StudioError("too_many", detail)


def require_owner(owner: str, asks: str) -> None:
    """Refuse what belongs to somebody else; where nobody signs in, all belongs to who asks."""
    if asks and asks != owner:
        raise StudioError("forbidden")


def for_stored_jobs(limits: Limits) -> Limits:
    """What holds for a job whose result is fetched in the end, and not sent over a socket."""
    return dataclasses.replace(limits, cells=max(limits.cells, limits.job_cells))


class Seats:
    """The connections that stay open, by owner."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._taken: Counter[str] = Counter()

    @property
    def n_taken(self) -> int:
        """How many are open."""
        return self._taken.total()

    @contextlib.contextmanager
    def take(self, owner: str) -> Iterator[None]:
        """Keep a connection open; raises StudioError where the owner has too many."""
        admit_socket(self._taken[owner], self._limits)
        self._taken[owner] += 1
        try:
            yield
        finally:
            self._taken[owner] -= 1
            self._taken += Counter()  # drops those that have none
