"""Spike statistics, for all columns of a recording at once.

A number that cannot be computed from the spikes there are is NaN, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.neurons.noise import Floats
from kernels.neurons.simulate import Recording

_LAGS = 10
# what is measured of a spike takes ten times its own memory, so that few are measured at once
_GROUP_SPIKES = 200_000


@dataclass(frozen=True, slots=True)
class SpikeStatistics:
    """Statistics per column, each (n_columns,), over the counted time.

    spike_count: spikes; rate_hz: spikes over the counted duration, Hz
    latency_ms: from the onset of the stimulus to the first spike of the whole run, ms
    isi_mean, isi_min, isi_max, isi_first, isi_last: interspike intervals, ms
    isi_cv: standard deviation over mean of the intervals (needs two)
    local_variation: Lv of Shinomoto, Shima and Tanji 2003, Neural Comput 15:2823, equation 2.2
    adaptation: mean of (ISI[i+1] - ISI[i]) / (ISI[i+1] + ISI[i]), needs two
    shrinking: share of the intervals that are shorter than the one before, needs two
    roughness: mean squared difference of neighbouring intervals over twice their variance, needs
        two; 1 where they follow no order (von Neumann 1941, Ann Math Stat 12:367, halved), 0 where
        they change slowly
    disorder: the least of that over neighbours and intervals up to 10 apart: 0 also where a
        sequence of intervals repeats
    gap: the largest factor between neighbours among the sorted intervals
    short_fraction: share of the intervals below that gap; runs: runs of such intervals in time
    silent_after: from the last spike to the end, ms
    """

    spike_count: NDArray[np.int64]
    rate_hz: Floats
    latency_ms: Floats
    isi_mean: Floats
    isi_min: Floats
    isi_max: Floats
    isi_first: Floats
    isi_last: Floats
    isi_cv: Floats
    local_variation: Floats
    adaptation: Floats
    shrinking: Floats
    roughness: Floats
    disorder: Floats
    gap: Floats
    short_fraction: Floats
    runs: NDArray[np.int64]
    silent_after: Floats
    diverged: NDArray[np.bool_]


def statistics(
    recording: Recording, *, transient: float = 0.0, onset: float = 0.0
) -> SpikeStatistics:
    """Statistics of every column of a recording.

    transient: ms from the start that count for nothing but the latency
    onset: ms at which the stimulus begins
    """
    columns, n = recording.spike_columns, recording.n_columns
    order = np.argsort(columns.astype(np.min_scalar_type(n)), kind="stable")  # 16 bits sort fast
    before = np.cumsum([0, *np.bincount(columns, minlength=n)])
    parts = []
    for group in _groups(before):
        mine = order[before[group.start] : before[group.stop]]
        part = replace(
            recording,
            n_columns=group.stop - group.start,
            spike_columns=columns[mine] - group.start,
            spike_times=recording.spike_times[mine],
            diverged_at=recording.diverged_at[group],
        )
        parts.append(_of_group(part, transient, onset))
    return SpikeStatistics(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(SpikeStatistics)
        }
    )


def _groups(before: NDArray[np.int64]) -> list[slice]:
    """Columns in groups of about so many spikes; before: (n_columns + 1,) spikes before each."""
    full = np.searchsorted(before, np.arange(_GROUP_SPIKES, before[-1], _GROUP_SPIKES))
    n = len(before) - 1
    edges = [0, *sorted({*full.tolist()} - {n}), n]  # np.unique would load numpy.ma: 14 ms
    return [slice(*edge) for edge in pairwise(edges)]


def _of_group(recording: Recording, transient: float, onset: float) -> SpikeStatistics:
    """Statistics of a recording whose spikes are in order of column, then of time."""
    n, counted_time = recording.n_columns, recording.duration - transient
    diverged = ~np.isnan(recording.diverged_at)
    column, time = recording.spike_columns, recording.spike_times
    first = _first(column[time > onset], time[time > onset], n) - onset
    counted = time > transient
    column, time = column[counted], time[counted]
    count = np.bincount(column, minlength=n)
    isi, owner = _intervals(column, time)
    n_isi = np.bincount(owner, minlength=n)
    mean = _mean(isi, owner, n)
    variance = _mean((isi - mean[owner]) ** 2, owner, n)
    unlike = [_unlike(isi, owner, variance, n_isi, lag) for lag in range(1, _LAGS + 1)]
    change, changer = _changes(isi, owner)
    gap, is_short = _largest_gap(isi, owner, n)
    last_spike = _first(column[::-1], time[::-1], n)
    numbers: dict[str, Floats] = {
        "rate_hz": np.asarray(count * 1000.0 / (counted_time if counted_time > 0 else np.nan)),
        "latency_ms": first,
        "isi_mean": mean,
        "isi_min": _extreme(np.minimum, isi, owner, n),
        "isi_max": _extreme(np.maximum, isi, owner, n),
        "isi_first": _first(owner, isi, n),
        "isi_last": _first(owner[::-1], isi[::-1], n),
        "isi_cv": np.where(n_isi > 1, np.sqrt(variance) / mean, np.nan),
        "local_variation": _mean(3.0 * change**2, changer, n),
        "adaptation": _mean(change, changer, n),
        "shrinking": _mean((change < -1e-9).astype(np.float64), changer, n),
        "roughness": unlike[0],
        "disorder": np.fmin.reduce(unlike),
        "gap": gap,
        "short_fraction": np.where(
            np.isnan(gap), np.nan, _mean(is_short.astype(np.float64), owner, n)
        ),
        "silent_after": recording.duration - last_spike,
    }
    for value in numbers.values():
        value[diverged] = np.nan
    return SpikeStatistics(
        spike_count=count, runs=_runs(is_short, owner, n), diverged=diverged, **numbers
    )


def average(stats: SpikeStatistics, trials: int) -> SpikeStatistics:
    """The mean over every so many columns in a row, of the trials that have the number."""
    if trials == 1:
        return stats

    def mean(values: NDArray[Any]) -> Any:
        rows = values.reshape(-1, trials)
        owner = np.repeat(np.arange(len(rows)), trials)
        known = np.isfinite(rows).ravel()
        return _mean(rows.ravel()[known], owner[known], len(rows))

    means = {field.name: mean(getattr(stats, field.name)) for field in fields(stats)}
    return replace(stats, **means | {"diverged": means["diverged"] > 0})


def _intervals(column: NDArray[np.int64], time: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Intervals between successive spikes of a column, and the column of each."""
    same = column[1:] == column[:-1]
    return np.diff(time)[same], column[1:][same]


def _changes(isi: Floats, owner: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """(ISI[i+1] - ISI[i]) / (ISI[i+1] + ISI[i]) within columns, and the column of each."""
    same = owner[1:] == owner[:-1]
    change = np.diff(isi) / (isi[1:] + isi[:-1])
    return change[same], owner[1:][same]


def _unlike(
    isi: Floats, owner: NDArray[np.int64], variance: Floats, n_isi: NDArray[np.int64], lag: int
) -> Floats:
    """How unlike intervals a lag apart are, NaN where fewer than half of them have a partner."""
    same = owner[lag:] == owner[:-lag]
    change, changer = (isi[lag:] - isi[:-lag])[same], owner[lag:][same]
    with np.errstate(invalid="ignore", divide="ignore"):  # of equal intervals the variance is 0
        ratio = _mean(change**2, changer, len(variance)) / (2.0 * variance)
    known = (n_isi >= 2 * lag) & (n_isi > 1) & (variance > 0)
    return np.where(known, ratio, np.nan)


def _mean(value: Floats, owner: NDArray[np.int64], n: int) -> Floats:
    count = np.bincount(owner, minlength=n)
    total = np.bincount(owner, weights=value, minlength=n)
    mean = np.full(n, np.nan)
    np.divide(total, count, out=mean, where=count > 0)
    return mean


def _first(owner: NDArray[np.int64], value: Floats, n: int) -> Floats:
    """The first value of each owner."""
    result = np.full(n, np.nan)
    result[owner[::-1]] = value[::-1]  # the last one written is the first one there
    return result


def _extreme(which: np.ufunc, value: Floats, owner: NDArray[np.int64], n: int) -> Floats:
    result = np.full(n, np.nan)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    if len(starts):
        result[owner[starts]] = which.reduceat(value, starts)
    return result


def _largest_gap(isi: Floats, owner: NDArray[np.int64], n: int) -> tuple[Floats, NDArray[np.bool_]]:
    """The largest factor between sorted neighbouring intervals, and which intervals lie below."""
    order = np.lexsort((isi, owner))
    ranked, holder = isi[order], owner[order]
    same = holder[1:] == holder[:-1]
    factor = (ranked[1:] / ranked[:-1])[same]
    below, holder = ranked[:-1][same], holder[1:][same]
    gap, edge = np.full(n, np.nan), np.full(n, -np.inf)
    by_factor = np.argsort(factor, kind="stable")  # the largest is written last
    gap[holder[by_factor]] = factor[by_factor]
    edge[holder[by_factor]] = below[by_factor]
    return gap, isi <= edge[owner]


def _runs(is_short: NDArray[np.bool_], owner: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """How many runs of short intervals each column has."""
    goes_on = np.zeros(len(owner), np.bool_)
    goes_on[1:] = is_short[:-1] & (owner[1:] == owner[:-1])
    return np.bincount(owner[is_short & ~goes_on], minlength=n)
