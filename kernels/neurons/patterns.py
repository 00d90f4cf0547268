"""Firing patterns named from spike statistics.

The names follow Izhikevich 2004 (IEEE Trans Neural Netw 15:1063, figure 1) and Naud et al. 2008
(Biol Cybern 99:335). A threshold that says no source is ours, chosen between the published
examples.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kernels.neurons.spikes import SpikeStatistics

DESCRIPTIONS = {
    "silent": "no spike",
    "single_spike": "one spike",
    "tonic": "regular spikes",
    "adapting": "intervals grow before they settle",
    "bursting": "groups of spikes with pauses between them",
    "irregular": "intervals without order, from noise or a stimulus that varies",
    "chaotic": "intervals without order although nothing is random",
}

# Bursts: intervals fall into two groups at least this factor apart, ...
_BURST_GAP = 2.0  # strict_burst_factor of eFEL (Blue Brain Project)
# ... at least this share of them within bursts: of random intervals a gap lies at the extremes.
_BURST_SHARE = 0.3
# Among random intervals such gaps turn up by chance, so a noisy model must show clearer ones: then
# one Poisson train in 50 of the fewest intervals that are asked for is taken for bursts.
_NOISY_BURST_GAP = 4.0
_NOISY_BURST_SHARE = 0.5
_NOISY_INTERVALS = 10
# A group of spikes before a silence as long as the group, and this many times as long as its mean
# interval, is a single burst; ours, between the bursts of Izhikevich 2004 (figures 1D and 1N: 17
# and more) and the phasic spikes of Mihalas and Niebur 2009 (figure 1D: 8).
_LONE_BURST = 10.0
# Cortical cells in vivo have 0.5 to 1 (Softky and Koch 1993, J Neurosci 13:334)
_IRREGULAR_CV = 0.5
# Rounding to steps makes up to 0.2 of intervals that are as short as 2.5 steps.
_CHAOTIC_CV = 0.2
_CHAOTIC_INTERVALS = 20  # enough for a sequence of 10 to come twice
# Intervals without order have 1 (von Neumann 1941, Ann Math Stat 12:367), ordered ones 0: between
# neighbours, and between those that are most alike of all up to 10 apart.
_ROUGH = 0.5
_DISORDER = 0.25
# In a random order half of the intervals are shorter than the one before; in adaptation none is.
_SHRINKING = 0.2
# The last interval is this much longer than the first, ...
_ADAPTED = 1.25
# ... of as many spikes as adaptation_index2 of eFEL asks for.
_ADAPTING_SPIKES = 4


def commonest(pattern: NDArray[np.str_], trials: int) -> NDArray[np.str_]:
    """The commonest of every so many patterns in a row; of several the first."""
    rows = pattern.reshape(-1, trials)
    counts = (rows[:, :, np.newaxis] == rows[:, np.newaxis, :]).sum(axis=2)
    chosen: NDArray[np.str_] = rows[np.arange(len(rows)), counts.argmax(axis=1)]
    return chosen


def classify(stats: SpikeStatistics, *, deterministic: bool) -> NDArray[np.str_]:
    """The firing pattern of every column, (n_columns,); "" where the column diverged.

    deterministic: whether the same column would spike at the same times again with other noise
    """
    count = stats.spike_count
    n_isi = count - 1
    with np.errstate(invalid="ignore"):
        shuffled = stats.shrinking >= _SHRINKING
        adapts = (stats.isi_last > _ADAPTED * stats.isi_first) & (stats.adaptation > 0)
        if deterministic:
            bursts = (stats.gap >= _BURST_GAP) & (stats.short_fraction >= _BURST_SHARE)
            irregular = (
                (n_isi >= _CHAOTIC_INTERVALS)
                & (stats.isi_cv > _CHAOTIC_CV)
                & (stats.disorder > _DISORDER)
                & shuffled
            )
            adapts &= count >= _ADAPTING_SPIKES
        else:
            enough = n_isi >= _NOISY_INTERVALS
            rough = (stats.roughness > _ROUGH) & shuffled
            bursts = (stats.gap >= _NOISY_BURST_GAP) & (stats.short_fraction >= _NOISY_BURST_SHARE)
            bursts &= enough
            irregular = (stats.isi_cv > _IRREGULAR_CV) & (rough | ~enough)
            adapts &= enough & ~rough
        bursts &= stats.runs >= 2
        if deterministic:
            ended = stats.silent_after > np.maximum(_LONE_BURST, n_isi) * stats.isi_mean
            bursts |= ended & (n_isi >= 2)
    return np.select(
        [stats.diverged, count == 0, count == 1, bursts, irregular, adapts],
        [
            "",
            "silent",
            "single_spike",
            "bursting",
            "chaotic" if deterministic else "irregular",
            "adapting",
        ],
        default="tonic",
    )


# The factors of Komendantov et al. 2019, Sci Rep 9:17915 (Hippocampome-Org/NeuroSpikePatterns). A
# first spike later than this many intervals is delayed; they take the first two intervals, which
# in a burst are short, and long where firing accelerates.
_DELAYED = 2.0
# Firing has ended where the silence after it is longer than this many of any interval.
_ENDED = 2.0
# The last interval is this much shorter than the first, of as many spikes as adaptation asks for.
_ACCELERATED = 0.8


def detail(stats: SpikeStatistics) -> NDArray[np.str_]:
    """A finer name beside the pattern of every column, (n_columns,); "" where there is none.

    phasic: firing ended before the run did; mixed_mode: a burst, then single spikes; delayed: the
    first spike is late; accelerating: intervals shrink (Izhikevich 2004, figure 1; Naud et al.
    2008, figure 4, which has the last two together)
    """
    count = stats.spike_count
    with np.errstate(invalid="ignore"):
        burst = np.rint(stats.short_fraction * (count - 1))  # its intervals
        mixed = (
            (stats.runs == 1) & (stats.gap >= _BURST_GAP) & (burst >= 2) & (count - 1 > burst + 2)
        )
        mixed &= stats.isi_first * _BURST_GAP < stats.isi_last
        delayed = stats.latency_ms > _DELAYED * stats.isi_mean
        accelerating = (stats.isi_last < _ACCELERATED * stats.isi_first) & (
            count > _ADAPTING_SPIKES
        )
        return np.select(
            [
                stats.diverged | (count < 2),
                stats.silent_after > _ENDED * stats.isi_max,
                mixed,
                delayed & accelerating,
                delayed,
                accelerating,
            ],
            ["", "phasic", "mixed_mode", "delayed_accelerating", "delayed", "accelerating"],
            default="",
        )
