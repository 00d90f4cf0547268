"""Whose turn it is: which of the chunks that wait gets the next free slot.

Short jobs that somebody waits for go first, but for a fourth of the slot time, so that the others
never starve. Among either, the owner goes first whose jobs had the least slot time lately, and of
an owner's jobs the one that came first. A slot stays free of long chunks, so that what is short
need not wait for them.
"""

from __future__ import annotations

import heapq
import itertools
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

SHORT_JOB_S = 10.0
LONG_CHUNK_S = 1.0
BATCH_SHARE = 1 / 4  # of the slot time, while urgent jobs wait
_HALF_LIFE_S = 60.0  # of slot time that was used
_FORGOTTEN_S = 1e-3


def _nobody() -> bool:
    return False


@dataclass(frozen=True, eq=False)
class Asker:
    """Who asks for slots: a job, a campaign, or by default the server itself.

    created: seconds since 1970; estimate: seconds of computing in all
    is_watched: whether somebody waits, asked at every turn; is_long: every chunk of it is
    """

    job: str = ""
    owner: str = ""
    created: float = 0.0
    estimate: float = 0.0
    is_watched: Callable[[], bool] = _nobody
    is_long: bool = False

    @property
    def is_urgent(self) -> bool:
        """Whether it is short and somebody waits for it."""
        return self.estimate <= SHORT_JOB_S and self.is_watched()


SERVER = Asker()


@dataclass(frozen=True, eq=False, slots=True)
class Claim:
    """A chunk that waits for a slot; seconds: about how long it takes."""

    asker: Asker
    seconds: float

    @property
    def is_long(self) -> bool:
        """Whether it counts among those that a slot stays free of."""
        return self.asker.is_long or self.seconds > LONG_CHUNK_S

    @property
    def least(self) -> float:
        """Seconds that it takes at least; of a campaign's it is only known that they are many."""
        return max(self.seconds, LONG_CHUNK_S) if self.asker.is_long else self.seconds


Lines = Mapping[str, Sequence[Claim]]
"""The claims of every owner, each in the order of its jobs."""


def choose(
    lines: Lines, used: Mapping[str, float], *, urgent: bool, takes_long: bool
) -> Claim | None:
    """The urgent claim, or the other, whose turn it would be, if any may have one.

    used: seconds of slot time that owners had lately; takes_long: whether a long chunk may begin
    """
    firsts = (_first(line, urgent=urgent, takes_long=takes_long) for line in lines.values())
    found = [claim for claim in firsts if claim is not None]
    return min(found, key=lambda c: (used.get(c.asker.owner, 0.0), c.asker.created), default=None)


def _first(line: Sequence[Claim], *, urgent: bool, takes_long: bool) -> Claim | None:
    for claim in line:
        if claim.asker.is_urgent is urgent and (takes_long or not claim.is_long):
            return claim
    return None


def order(askers: Iterable[Asker], used: Mapping[str, float]) -> list[Asker]:
    """Those who wait in the order of their turns, each as if it took what is estimated.

    askers: each owner's in the order in which they came
    """
    urgent: dict[str, list[Asker]] = {}
    batch: dict[str, list[Asker]] = {}
    for asker in askers:
        (urgent if asker.is_urgent else batch).setdefault(asker.owner, []).append(asker)
    had = dict(used)
    return [*_in_turn(urgent, had), *_in_turn(batch, had)]


def _in_turn(lines: dict[str, list[Asker]], used: dict[str, float]) -> Iterator[Asker]:
    """The first of the owner who had least, and so on; adds to what they had."""
    waiting = {owner: iter(line) for owner, line in lines.items()}
    heads = [
        (used.get(owner, 0.0), first.created, owner, first)
        for owner, line in waiting.items()
        for first in itertools.islice(line, 1)
    ]
    heapq.heapify(heads)
    while heads:
        _, _, owner, asker = heads[0]
        yield asker
        used[owner] = used.get(owner, 0.0) + asker.estimate
        following = next(waiting[owner], None)
        if following is None:
            heapq.heappop(heads)
        else:
            heapq.heapreplace(heads, (used[owner], following.created, owner, following))


class Shares:
    """The slot time that each owner had lately; half of it is forgotten in a minute."""

    def __init__(self) -> None:
        self.used: dict[str, float] = {}
        self._at = 0.0

    def add(self, owner: str, seconds: float, now: float) -> None:
        """An owner had so much more; less than nothing takes back what was estimated too high."""
        kept = 0.5 ** ((now - self._at) / _HALF_LIFE_S)
        self._at = now
        had = {name: used * kept for name, used in self.used.items()}
        had[owner] = max(0.0, had.get(owner, 0.0) + seconds)
        self.used = {name: used for name, used in had.items() if used > _FORGOTTEN_S}


class Line:
    """All who wait for a slot; `now` is a clock in seconds that the caller reads."""

    def __init__(self, n_slots: int) -> None:
        self._most_long = max(1, n_slots - 1)
        self._lines: dict[str, list[Claim]] = {}
        self._shares = Shares()
        self._n_long = 0
        self._due = 0.0  # seconds of slot time that batch jobs have gained beside urgent ones
        self._contested: dict[Claim, bool] = {}  # turns given while both waited: whether urgent

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def add(self, claim: Claim) -> None:
        """Wait for a turn, behind what the owner asked for earlier."""
        line = self._lines.setdefault(claim.asker.owner, [])
        insort(line, claim, key=lambda waiting: waiting.asker.created)

    def remove(self, claim: Claim) -> None:
        """Wait no longer."""
        line = self._lines[claim.asker.owner]
        line.remove(claim)
        if not line:
            del self._lines[claim.asker.owner]

    def next(self, now: float) -> Claim | None:
        """Give the next turn: the claim waits no longer, and `done` is called in the end."""
        takes_long = self._n_long < self._most_long
        urgent = choose(self._lines, self._shares.used, urgent=True, takes_long=takes_long)
        batch = choose(self._lines, self._shares.used, urgent=False, takes_long=takes_long)
        if urgent is None or batch is None:
            claim = urgent or batch
            self._due = 0.0
        else:
            claim = batch if 0.0 < self._due >= batch.least else urgent
            self._contested[claim] = claim is urgent
            self._book(claim, claim.least)
        if claim is not None:
            self.remove(claim)
            self._n_long += claim.is_long
            self._shares.add(claim.asker.owner, claim.seconds, now)
        return claim

    def _book(self, claim: Claim, seconds: float) -> None:
        gained = BATCH_SHARE / (1.0 - BATCH_SHARE)
        self._due += seconds * gained if self._contested[claim] else -seconds

    def done(self, claim: Claim, seconds: float, now: float) -> None:
        """A turn is over, after so many seconds."""
        self._n_long -= claim.is_long
        self._shares.add(claim.asker.owner, seconds - claim.seconds, now)
        if claim in self._contested:
            self._book(claim, seconds - claim.least)
            del self._contested[claim]

    def places(self) -> dict[str, int]:
        """The place in line of every job that waits, 1 for the one whose turn is next."""
        askers = {c.asker.job: c.asker for line in self._lines.values() for c in line}
        told = order(askers.values(), self._shares.used)
        return {asker.job: place for place, asker in enumerate(told, 1) if asker.job}
