"""Firing patterns named from spike statistics.

The names follow Izhikevich 2004 (IEEE Trans Neural Netw 15:1063, figure 1) and Naud et al. 2008
(Biol Cybern 99:335). The thresholds are ours, chosen between the published examples; where one
rests on the literature it says so.
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
_BURST_GAP = 1.8
# ... at least this share of them within bursts (a Poisson train's gap lies at its extremes).
_BURST_SHARE = 0.3
# Among random intervals such gaps turn up by chance, so a noisy model must show clearer ones.
_NOISY_BURST_GAP = 4.0
_NOISY_BURST_SHARE = 0.5
# Cortical cells in vivo have 0.5 to 1 (Softky and Koch 1993, J Neurosci 13:334)
_IRREGULAR_CV = 0.5
# Local variation of a Poisson train is 1, of a regular one 0 (Shinomoto et al. 2003)
_IRREGULAR_LV = 0.3
# In a random order half of the intervals are shorter than the one before; in adaptation none is.
_IRREGULAR_SHRINKING = 0.2
# The last interval is this much longer than the first.
_ADAPTED = 1.25


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
    with np.errstate(invalid="ignore"):
        gap = _BURST_GAP if deterministic else _NOISY_BURST_GAP
        share = _BURST_SHARE if deterministic else _NOISY_BURST_SHARE
        bursts = (stats.runs >= 2) & (stats.gap >= gap) & (stats.short_fraction >= share)
        irregular = (
            (stats.isi_cv > _IRREGULAR_CV)
            & (stats.local_variation > _IRREGULAR_LV)
            & (stats.shrinking >= _IRREGULAR_SHRINKING)
        )
        adapts = (stats.isi_last > _ADAPTED * stats.isi_first) & (stats.adaptation > 0)
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


# A first spike later than this many of the intervals that follow is delayed.
_DELAYED = 2.0
# The last interval is this much shorter than the first.
_ACCELERATED = 0.8
# Silence at the end that is longer than this many of the last intervals means that firing ended.
_ENDED = 3.0


def detail(stats: SpikeStatistics) -> NDArray[np.str_]:
    """A finer name beside the pattern of every column, (n_columns,); "" where there is none.

    phasic: firing ended before the run did; delayed: the first spike is late; accelerating:
    intervals shrink (Izhikevich 2004, figure 1; Naud et al. 2008, figure 4)
    """
    with np.errstate(invalid="ignore"):
        return np.select(
            [
                stats.diverged | (stats.spike_count < 2),
                stats.silent_after > _ENDED * stats.isi_max,
                stats.latency_ms > _DELAYED * stats.isi_mean,
                stats.isi_last < _ACCELERATED * stats.isi_first,
            ],
            ["", "phasic", "delayed", "accelerating"],
            default="",
        )
