"""Published firing patterns: parameter sets and the stimuli under which a figure shows them."""

from __future__ import annotations

import math
from dataclasses import replace

from kernels.neurons.model import Preset
from kernels.neurons.stimulus import Piecewise, Pulses, Ramp, Step, Stimulus


def pulses(*each: tuple[float, float, float], baseline: float = 0.0) -> Piecewise:
    """Pulses from one time to another, each with its current; it begins at the first one."""
    onset = each[0][0]
    times, values = [0.0], [baseline]
    for begin, end, current in each:
        times += [begin - onset, begin - onset, end - onset, end - onset]
        values += [baseline, current, current, baseline]
    return Piecewise(onset=onset, times=tuple(times), values=tuple(values))


def _izhikevich(
    panel: str,
    title: str,
    duration: float,
    stimulus: Stimulus,
    v: float,
    values: tuple[float, float, float, float],
    **others: float,
) -> Preset:
    params = dict(zip("abcd", values, strict=True)) | others
    return Preset(
        name=title.lower().replace(" ", "_").replace("-", "_"),
        title=title,
        params=params,
        # at the start the script has the recovery in balance with the potential
        init={"v": v, "u": params["b"] * v},
        stimulus=stimulus,
        duration=duration,
        source=f"Izhikevich 2004, figure 1{panel} and its script figure1.m",
    )


def _stepped(dt: float, preset: Preset) -> Preset:
    """With the steps of the script, v first and then u.

    They overshoot 30 mV, and what that adds to u leaves the depolarizing after-potential of Q at a
    single spike and ends the bursts of T, where the equations themselves go on firing. In P they
    make the rhythm slower, and the second pulse stops it only 8 to 9 ms after a spike. The other
    seventeen do not depend on it.
    """
    return replace(preset, dt=dt, integrator="semi_implicit_euler")


# The first term of class 1 and of the integrator is 0.04 v² + 4.1 v + 108 in the script.
_FLATTER = {"k_1": 4.1, "k_0": 108.0}
_INHIBITION = Step(onset=50.0, end=250.0, amplitude=75.0, baseline=80.0)
_HYPERPOLARIZATION = Step(onset=20.0, end=25.0, amplitude=-15.0)
_IN_PHASE = pulses(
    *((40.0, 44.0, 0.65), (60.0, 64.0, 0.65)),
    *((280.0, 284.0, 0.65), (320.0, 324.0, 0.65)),
)
# the first pulse begins at an eleventh of the run
_DOUBLETS = pulses((9.1, 11.1, 9.0), (14.1, 16.1, 9.0), (70.0, 72.0, 9.0), (80.0, 82.0, 9.0))
_INHIBITED_FIRST = pulses((10.0, 15.0, 1.0), (70.0, 75.0, -6.0), (80.0, 85.0, 1.0))
_ON_AND_OFF = Pulses(onset=37.5, width=5.0, period=178.5, count=2, amplitude=1.24, baseline=0.24)
_SLOW_AND_FAST_RAMP = Piecewise(
    times=(0.0, 200.0, 200.0, 300.0, 312.5, 312.5), values=(0.0, 8.0, 0.0, 0.0, 4.0, 0.0)
)
_TO_20 = Ramp(onset=30.0, end=300.0, initial=0.0, final=20.25)
_TO_4 = Ramp(onset=30.0, end=300.0, initial=-0.5, final=3.55)


def _step(onset: float, amplitude: float, width: float = math.inf) -> Step:
    return Step(onset=onset, end=onset + width, amplitude=amplitude)


# panel, pattern, duration, stimulus, initial v, (a, b, c, d)
IZHIKEVICH_2004: tuple[Preset, ...] = (
    _izhikevich("A", "Tonic spiking", 100.0, _step(10.0, 14.0), -70.0, (0.02, 0.2, -65.0, 6.0)),
    _izhikevich("B", "Phasic spiking", 200.0, _step(20.0, 0.5), -64.0, (0.02, 0.25, -65.0, 6.0)),
    _izhikevich("C", "Tonic bursting", 220.0, _step(22.0, 15.0), -70.0, (0.02, 0.2, -50.0, 2.0)),
    _izhikevich("D", "Phasic bursting", 200.0, _step(20.0, 0.6), -64.0, (0.02, 0.25, -55.0, 0.05)),
    _izhikevich("E", "Mixed mode", 160.0, _step(16.0, 10.0), -70.0, (0.02, 0.2, -55.0, 4.0)),
    _izhikevich(
        "F", "Spike frequency adaptation", 85.0, _step(8.5, 30.0), -70.0, (0.01, 0.2, -65.0, 8.0)
    ),
    _izhikevich("G", "Class 1", 300.0, _TO_20, -60.0, (0.02, -0.1, -55.0, 6.0), **_FLATTER),
    _izhikevich("H", "Class 2", 300.0, _TO_4, -64.0, (0.2, 0.26, -65.0, 0.0)),
    _izhikevich(
        "I", "Spike latency", 100.0, _step(10.0, 7.04, 3.0), -70.0, (0.02, 0.2, -65.0, 6.0)
    ),
    _izhikevich(
        "J",
        "Subthreshold oscillations",
        200.0,
        _step(20.0, 2.0, 5.0),
        -62.0,
        (0.05, 0.26, -60.0, 0.0),
    ),
    _izhikevich("K", "Resonator", 400.0, _IN_PHASE, -62.0, (0.1, 0.26, -60.0, -1.0)),
    _izhikevich("L", "Integrator", 100.0, _DOUBLETS, -60.0, (0.02, -0.1, -55.0, 6.0), **_FLATTER),
    _izhikevich("M", "Rebound spike", 200.0, _HYPERPOLARIZATION, -64.0, (0.03, 0.25, -60.0, 4.0)),
    _izhikevich("N", "Rebound burst", 200.0, _HYPERPOLARIZATION, -64.0, (0.03, 0.25, -52.0, 0.0)),
    _izhikevich(
        "O", "Threshold variability", 100.0, _INHIBITED_FIRST, -64.0, (0.03, 0.25, -60.0, 4.0)
    ),
    _stepped(
        0.25, _izhikevich("P", "Bistability", 300.0, _ON_AND_OFF, -61.0, (0.1, 0.26, -60.0, 0.0))
    ),
    _stepped(
        0.1,
        _izhikevich(
            "Q",
            "Depolarizing after-potential",
            50.0,
            _step(9.0, 20.0, 2.0),
            -70.0,
            (1.0, 0.2, -60.0, -21.0),
        ),
    ),
    Preset(
        name="accommodation",
        title="Accommodation",
        # the script lets the recovery follow b (v + 65) without a decay of its own
        params={"a": 0.02, "b": 1.0, "c": -55.0, "d": 4.0, "v_u": -65.0, "k_u": 0.0},
        init={"v": -65.0, "u": -16.0},
        stimulus=_SLOW_AND_FAST_RAMP,
        duration=400.0,
        source="Izhikevich 2004, figure 1R and its script figure1.m",
    ),
    _izhikevich(
        "S", "Inhibition-induced spiking", 350.0, _INHIBITION, -63.8, (-0.02, -1.0, -60.0, 8.0)
    ),
    _stepped(
        0.5,
        _izhikevich(
            "T",
            "Inhibition-induced bursting",
            350.0,
            _INHIBITION,
            -63.8,
            (-0.026, -1.0, -45.0, -2.0),
        ),
    ),
)

_NAUD = ("C", "g_L", "E_L", "a", "tau_w", "b", "V_r")
_TABLE = "Naud et al. 2008, table 1 and figure 4"
# Copies of table 1 have (200, 12, -70, -6, 300, 0, -58) with 0.11 nA for the delayed bursts, and
# -10 nS and 0.03 nA with 0.35 nA for the transient spikes: the one is silent, the other tonic.
_FIGURE = "Naud et al. 2008, figure 4, with the values that P. Müller adapted to it, as in Brian2"


def _naud(title: str, current: float, *values: float, source: str = _TABLE) -> Preset:
    return Preset(
        name=title.lower().replace(" ", "_"),
        title=title,
        params={
            **dict(zip(_NAUD, values, strict=True)),
            "V_T": -50.0,
            "Delta_T": 2.0,
        },
        current=current,
        duration=500.0,
        source=source,
    )


# pF, nS, mV, nS, ms, nA, mV; the currents in nA
NAUD_2008: tuple[Preset, ...] = (
    _naud("Tonic spiking", 0.5, 200.0, 10.0, -70.0, 2.0, 30.0, 0.0, -58.0),
    _naud("Adaptation", 0.5, 200.0, 12.0, -70.0, 2.0, 300.0, 0.06, -58.0),
    _naud("Initial burst", 0.4, 130.0, 18.0, -58.0, 4.0, 150.0, 0.12, -50.0),
    _naud("Regular bursting", 0.21, 200.0, 10.0, -58.0, 2.0, 120.0, 0.1, -46.0),
    _naud("Delayed accelerating", 0.3, 200.0, 12.0, -70.0, -10.0, 300.0, 0.0, -58.0),
    _naud(
        *("Delayed regular bursting", 0.11, 100.0, 10.0, -65.0, -10.0, 90.0, 0.03, -47.0),
        source=_FIGURE,
    ),
    _naud("Transient spiking", 0.18, 100.0, 10.0, -65.0, 10.0, 90.0, 0.1, -47.0, source=_FIGURE),
    _naud("Irregular spiking", 0.16, 100.0, 12.0, -60.0, -11.0, 130.0, 0.03, -48.0),
)
