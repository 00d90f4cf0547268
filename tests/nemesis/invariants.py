"""What must hold whatever goes wrong: one checker, which reads the history of a round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.nemesis import history as h
from tests.nemesis.history import Plain, Record

Undisturbed = Callable[[str, Plain], str]
"""The digest of what an operation gives where nothing goes wrong."""

ENDS = ("complete", "error", "campaign_completed", "campaign_error")
ATTEMPTS = 3  # of a chunk whose worker dies, and of a job whose server does

OPEN_MORE = 3  # files that a server may have open beyond those of a fresh one
_DOWN = {"kill_server": 1, "kill_starting_server": 2, "terminate_server": 1}  # servers that end
_DEADLY = ("kill_worker", "kill_all_workers", "kill_fork_server", "hang_worker")
_STOPPED = ("cancelling", "cancelled")


@dataclass
class Life:
    """All that the history tells of one job or campaign."""

    job: str
    asked: h.Asked | None = None
    since: float = 0.0
    until: float = float("inf")
    watches: dict[int, h.Watching] = field(default_factory=dict)
    saw: list[h.Saw] = field(default_factory=list)
    cancels: list[h.Cancelled] = field(default_factory=list)
    left: bool = False
    stored: h.Stored | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def ends(self) -> list[Plain]:
        """Every last frame that was told of it."""
        told = [saw.frame for saw in self.saw] + (self.stored.log if self.stored else [])
        return [frame for frame in told if frame["type"] in ENDS]

    @property
    def is_hog(self) -> bool:
        """Whether it cannot end well: it needs more memory than a worker may have."""
        return self.asked is not None and self.asked.how == "hog"


def lives(records: Sequence[Record]) -> dict[str, Life]:
    """The history by job."""
    found: dict[str, Life] = {}
    asked = {record.n: record for record in records if isinstance(record, h.Asked)}
    for record in records:
        job = getattr(record, "job", None)
        if job is None:
            continue
        life = found.setdefault(job, Life(job))
        match record:
            case h.Led(n=n):
                life.asked, life.since = asked[n], asked[n].t
            case h.Watching(watch=watch):
                life.watches[watch] = record
            case h.Saw(frame=frame):
                life.saw.append(record)
                if frame["type"] in ENDS:
                    life.until = min(life.until, record.t)
            case h.Cancelled():
                life.cancels.append(record)
            case h.Left():
                life.left = True
            case h.Stored():
                life.stored = record
    for life in found.values():
        struck = [r for r in records if isinstance(r, h.Struck)]
        life.faults = [s.fault for s in struck if life.since <= s.t <= life.until]
    return found


def violations(records: Sequence[Record], undisturbed: Undisturbed) -> list[str]:
    """A sentence for everything in a round that must not be."""
    found = [told for life in lives(records).values() for told in _of_job(life, undisturbed)]
    found += _one_job_by_name(records)
    found += _answers(records, undisturbed)
    found += _servers(records)
    return found


def _of_job(life: Life, undisturbed: Undisturbed) -> Iterator[str]:
    checks = (_one_end, _dense, _one_story, _told_once, _is_stored, _cancel_holds, _progress)
    for check in (*checks, _excused):
        for told in check(life):
            yield f"{life.job}: {told}"
    for told in _same_result(life, undisturbed):
        yield f"{life.job}: {told}"


def _one_end(life: Life) -> Iterator[str]:
    """Exactly one final state, and nothing after it."""
    ends = {(end["type"], end.get("code"), end.get("result"), end.get("error"), end.get("seq"))
            for end in life.ends}  # fmt: skip
    if not ends:
        yield "has no end"
    elif len(ends) > 1:
        yield f"ended in {len(ends)} ways: {sorted(map(str, ends))}"
    last = max((end.get("seq") or 0 for end in life.ends), default=None)
    if last is not None:
        later = {f["seq"] for f in (saw.frame for saw in life.saw) if (f.get("seq") or 0) > last}
        if later:
            yield f"entries {sorted(later)} came after its end, {last}"


def _dense(life: Life) -> Iterator[str]:
    """Every watcher gets each entry once, in order, from where it asked on."""
    seen: dict[int, list[Plain]] = defaultdict(list)
    for saw in life.saw:
        if saw.frame.get("seq") is not None:
            seen[saw.watch].append(saw.frame)
    for watch, frames in seen.items():
        after, got = life.watches[watch].after, [frame["seq"] for frame in frames]
        if got == list(range(after + 1, after + 1 + len(got))):
            continue
        told_again = len(got) == 1 and got[0] <= after and frames[0]["type"] in ENDS
        if not told_again:
            yield f"a watcher that had seen {after} got the entries {got}"


def _one_story(life: Life) -> Iterator[str]:
    """An entry says the same to everybody, before a crash and after."""
    told: dict[int, Plain] = {}
    for frame in [saw.frame for saw in life.saw] + (life.stored.log if life.stored else []):
        if (seq := frame.get("seq")) is None:
            continue
        before = told.setdefault(seq, frame)
        if _whole(before) != _whole(frame):
            yield f"entry {seq} was {before}, then {frame}"


def _told_once(life: Life) -> Iterator[str]:
    """Results so far that are final are told by one entry, also where a job is begun again."""
    told: dict[str, int] = {}
    for frame in [saw.frame for saw in life.saw]:
        partial, seq = frame.get("partial"), frame.get("seq")
        if partial and seq and told.setdefault(partial, seq) != seq:
            yield f"entries {told[partial]} and {seq} tell the same results"


def _whole(frame: Plain) -> Plain:
    """What of an entry is kept for good: results so far are dropped once there is a result."""
    return {key: value for key, value in frame.items() if key != "partial"}


def _is_stored(life: Life) -> Iterator[str]:
    """Whatever was announced is in the store after a restart."""
    if life.stored is None:
        if life.saw:
            yield "was told of, and is not in the store"
        return
    log = [frame["seq"] for frame in life.stored.log if frame.get("seq") is not None]
    if log != list(range(1, len(log) + 1)):
        yield f"the stored log has the entries {log}"
    lost = {saw.frame["seq"] for saw in life.saw if saw.frame.get("seq")} - set(log)
    if lost:
        yield f"the entries {sorted(lost)} were announced and are not stored"
    end = life.stored.log[-1] if life.stored.log else {"type": "nothing"}
    told = _state_of(end)
    if told is not None and life.stored.state != told:
        yield f"is stored as {life.stored.state}, and its log ends with {told}"


def _state_of(end: Plain) -> str | None:
    """The state of a job whose log ends so; None where any may be."""
    codes = {"cancelled": "cancelled", "timed_out": "timed_out", "worker_died": "lost"}
    codes |= {"interrupted": "interrupted"}
    match end["type"]:
        case "complete":
            return "complete"
        case "error":
            return codes.get(end.get("code", ""), "failed")
        case "campaign_completed" | "campaign_error":
            return None
    return "one that has not ended"


def _cancel_holds(life: Life) -> Iterator[str]:
    """No result after a cancel that the server confirmed, and no other end than it told then."""
    for cancel in life.cancels:
        if cancel.state == "404":
            yield "the server did not know it when it was to be cancelled"
        for end in life.ends if cancel.state in _STOPPED else []:
            if end.get("code", end.get("error")) != "cancelled":
                yield f"ended as {end} after it was {cancel.state}"
                break


def _progress(life: Life) -> Iterator[str]:
    """The percentage never falls, and is below 100 before the end."""
    highest: dict[int, float] = defaultdict(float)
    for saw in life.saw:
        if saw.frame["type"] != "progress":
            continue
        pct = saw.frame["pct"]
        if pct < highest[saw.watch] or pct >= 100:
            yield f"a watcher was told {pct} % after {highest[saw.watch]} %"
        highest[saw.watch] = max(pct, highest[saw.watch])


def _excused(life: Life) -> Iterator[str]:
    """A job ends with an error only where a fault explains it."""
    for code in {_code(end) for end in life.ends} - {None}:
        if code is not None and not _is_excused(life, code):
            yield f"ended with {code!r}, which no fault excuses: {life.faults or 'there was none'}"
    if life.is_hog and not any(map(_code, life.ends)):
        yield "needed more memory than a worker may have, and was not told so"


def _code(end: Plain) -> str | None:
    """The error with which a job or campaign ended."""
    if end["type"] == "campaign_error":
        died = "worker process died" in end["error"]
        return "worker_died" if died else end["error"]
    return end.get("code")


def _is_excused(life: Life, code: str) -> bool:
    n_down = sum(_DOWN.get(fault, 0) for fault in life.faults)
    left = life.left or life.asked is None  # nobody got to know of it, so that nobody cares
    match code:
        case "cancelled":
            return bool(life.cancels) or left
        case "interrupted":
            return n_down >= ATTEMPTS or (left and n_down > 0)
        case "worker_died":
            return sum(fault in _DEADLY for fault in life.faults) >= ATTEMPTS
        case "out_of_memory":
            return life.is_hog
    return False


def _same_result(life: Life, undisturbed: Undisturbed) -> Iterator[str]:
    """What completes has the result of an undisturbed run."""
    if life.asked is None or life.is_hog:
        return
    if life.asked.op == "campaign":
        log = life.stored.log if life.stored else []
        if not log or log[-1]["type"] != "campaign_completed":
            return
        results = {h.digest(log)}
    else:
        results = {end["result"] for end in life.ends if end["type"] == "complete"}
    for result in results - {undisturbed(life.asked.op, life.asked.config)}:
        yield f"{life.asked.op} gave {result}, unlike undisturbed: {life.asked.config}"


def _one_job_by_name(records: Sequence[Record]) -> Iterator[str]:
    """A named request that is sent again leads to the same job."""
    submitted = {r.n for r in records if isinstance(r, h.Asked) and r.how == "submit"}
    led: dict[int, set[str]] = defaultdict(set)
    for record in records:
        if isinstance(record, h.Led) and record.n in submitted:
            led[record.n].add(record.job)
    for n, jobs in led.items():
        if len(jobs) > 1:
            yield f"operation {n}, sent again under its name, led to {sorted(jobs)}"


def _answers(records: Sequence[Record], undisturbed: Undisturbed) -> Iterator[str]:
    """HTTP answers with the undisturbed result, or with an error that a fault explains."""
    asked = {record.n: record for record in records if isinstance(record, h.Asked)}
    for answer in records:
        if not isinstance(answer, h.Answered):
            continue
        request = asked[answer.n]
        if answer.status == 200:
            if answer.digest != undisturbed(request.op, request.config):
                yield f"operation {answer.n} was answered unlike undisturbed: {request.config}"
        elif answer.status != 503 and answer.code != "worker_died":
            yield f"operation {answer.n} was answered {answer.status} {answer.code}"


def _servers(records: Sequence[Record]) -> Iterator[str]:
    """Nothing is left behind, and no status lies."""
    for record in records:
        match record:
            case h.Started(running=running, workers=[], life=life) if running:
                yield f"server {life} says that {running} run, and has no worker"
            case h.Stopped(life=life, how=how, code=code, orphans=orphans):
                if orphans:
                    yield f"server {life} left the processes {orphans}"
                if how == "SIGTERM" and code != 0:
                    yield f"server {life} ended with exit code {code} when it was to stop"
            case h.Quiet(life=life, files=files, fresh=fresh, busy=busy):
                if len(files) > fresh + OPEN_MORE:
                    yield f"server {life} has {len(files)} files open, a fresh one {fresh}: {files}"
                if busy:
                    yield f"workers {busy} of server {life} compute although nothing is asked"
            case h.Remains(files=files, unforeseen=unforeseen):
                if files:
                    yield f"the servers left {files}"
                if unforeseen:
                    yield f"the servers' log has {unforeseen}"
