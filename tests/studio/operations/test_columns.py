"""Stimuli and trials of a configuration."""

from __future__ import annotations

from typing import Any

import pytest

from studio.errors import StudioError
from tests.studio.operations.drive import drive


def spike_times(**stimulus: Any) -> list[float]:
    result = drive("simulate", name="LapicqueNeuron", duration=100.0, stimulus=stimulus)[1]
    times: list[float] = result.spike_times
    return times


def test_a_step_drives_the_model_between_onset_and_end() -> None:
    times = spike_times(kind="step", amplitude=3.0, onset=20.0, end=60.0)
    assert times
    assert 20.0 < min(times) <= max(times) <= 60.0


def test_latency_counts_from_the_onset() -> None:
    stimulus = {"kind": "step", "amplitude": 3.0, "onset": 20.0}
    stats = drive("simulate", name="LapicqueNeuron", stimulus=stimulus)[1].stats
    at_once = drive("simulate", name="LapicqueNeuron", current=3.0)[1].stats
    assert stats["latency_ms"] == pytest.approx(at_once["latency_ms"])


def test_a_ramp_fires_late_and_then_faster() -> None:
    times = spike_times(kind="ramp", final=5.0)
    assert times[0] > 20.0
    assert times[1] - times[0] > times[-1] - times[-2]


def test_each_strong_pulse_gives_a_spike() -> None:
    times = spike_times(kind="pulses", amplitude=25.0, width=1.0, period=20.0, count=3)
    assert [round(time // 20) for time in times] == [0, 1, 2]


def test_noise_depends_on_the_seed_alone() -> None:
    noise = {"kind": "noise", "mean": 1.2, "std": 1.0, "tau": 2.0}
    runs = [
        drive("simulate", name="LapicqueNeuron", stimulus=noise, seed=seed)[1].spike_times
        for seed in (1, 1, 2)
    ]
    assert runs[0] == runs[1] != runs[2]


def test_a_recorded_current_is_played_back() -> None:
    same = spike_times(kind="recorded", values=[2.0, 2.0], dt=100.0)
    constant = drive("simulate", name="LapicqueNeuron", current=2.0, duration=100.0)[1]
    assert same == constant.spike_times


@pytest.mark.parametrize(
    ("stimulus", "pointer"),
    [
        ({"kind": "step"}, "/stimulus/amplitude"),
        ({"kind": "stepp", "amplitude": 1.0}, "/stimulus/kind"),
        ({"amplitude": 1.0}, "/stimulus/kind"),
        ({"kind": "step", "amplitude": 1.0, "width": 3.0}, "/stimulus/width"),
        ({"kind": "step", "amplitude": 1.0, "onset": 500.0}, "/stimulus/onset"),
        ({"kind": "step", "amplitude": 1.0, "onset": 50.0, "end": 20.0}, "/stimulus/end"),
        ({"kind": "pulses", "amplitude": 1.0, "width": 9, "period": 5}, "/stimulus/width"),
        ({"kind": "noise", "mean": 1.0, "std": -1.0}, "/stimulus/std"),
        ({"kind": "noise", "mean": 1.0, "std": 1.0}, "/stimulus/tau"),
        ({"kind": "recorded", "values": [], "dt": 1.0}, "/stimulus/values"),
        ({"kind": "piecewise", "times": [0.0, 1.0], "values": [1.0]}, "/stimulus/values"),
        ({"kind": "piecewise", "times": [1.0, 0.0], "values": [1.0, 1.0]}, "/stimulus/times"),
        ({"kind": "recorded", "values": [1.0, "x"], "dt": 1.0}, "/stimulus/values/1"),
    ],
)
def test_a_wrong_stimulus_is_refused_with_its_field_named(
    stimulus: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(StudioError) as error:
        drive("simulate", name="LapicqueNeuron", stimulus=stimulus)
    assert [field.pointer for field in error.value.errors] == [pointer]


def test_noise_that_would_depend_on_dt_is_refused_with_how_to_say_it() -> None:
    with pytest.raises(StudioError, match=r"D, in \(nA\)² ms, .* std = sqrt\(D / \(2 tau\)\)"):
        drive("simulate", name="AdExNeuron", stimulus={"kind": "noise", "mean": 1.0, "std": 1.0})
    # an iteration has no parts, so nothing depends on them
    noise = {"kind": "noise", "mean": 0.4, "std": 0.1}
    assert drive("simulate", name="RulkovMapNeuron", stimulus=noise)[1].status == "ok"


def test_times_are_told_in_the_unit_of_the_model() -> None:
    def refused(name: str, **config: Any) -> str:
        with pytest.raises(StudioError) as error:
            drive("simulate", name=name, **config)
        return error.value.detail

    assert "50 ms" in refused("AdExNeuron", duration=50.0, transient=60.0)
    for name in ("FitzHughNagumoNeuron", "RulkovMapNeuron"):
        for key in ({"transient": 60.0}, {"dt": 60.0}, {"duration": 1e12}):
            detail = refused(name, **{"duration": 50.0, **key})
            assert " ms" not in detail
            assert "Hz" not in detail
    assert "50 iterations" in refused("RulkovMapNeuron", duration=50.0, transient=60.0)
    lost = drive("simulate", name="FitzHughNagumoNeuron", dt=5.0, integrator="euler")[1]
    assert lost.status == "diverged"
    assert " ms" not in lost.reason


def test_an_iteration_has_no_parts() -> None:
    with pytest.raises(StudioError) as error:
        drive("simulate", name="ChialvoMapNeuron", dt=0.5)
    assert error.value.detail == "dt: must be 1: an iteration has no parts, not 0.5"


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(StudioError, match="constant, step, ramp, pulses, noise, recorded"):
        drive("simulate", name="LapicqueNeuron", stimulus={"kind": "sine", "amplitude": 1.0})


def test_current_and_stimulus_exclude_each_other() -> None:
    with pytest.raises(StudioError) as error:
        drive(
            "simulate",
            name="LapicqueNeuron",
            current=1.0,
            stimulus={"kind": "constant", "amplitude": 1.0},
        )
    assert error.value.errors[0].pointer == "/current"


def test_trials_have_spikes_of_their_own_and_statistics_together() -> None:
    result = drive("simulate", name="PoissonNeuron", trials=20, duration=500.0)[1]
    assert len(result.trials) == 20
    assert result.trials[0] == result.spike_times
    assert len({tuple(times) for times in result.trials}) == 20
    mean = sum(len(times) for times in result.trials) / 20
    assert result.stats["spike_count"] == pytest.approx(mean)
    assert result.stats["rate_hz"] == pytest.approx(mean / 0.5)


def test_the_first_trial_is_the_run_without_trials() -> None:
    one = drive("simulate", name="PoissonNeuron", seed=9)[1]
    many = drive("simulate", name="PoissonNeuron", seed=9, trials=3)[1]
    assert many.spike_times == one.spike_times
    assert one.trials is None


def test_a_noisy_heatmap_averages_its_trials() -> None:
    axes = {
        "param_x": "current", "x_min": 20, "x_max": 80, "x_steps": 2,
        "param_y": "r_0", "y_min": 0.0, "y_max": 1.0, "y_steps": 1,
    }  # fmt: skip
    result = drive("heatmap", name="PoissonNeuron", duration=500.0, trials=100, **axes)[1]
    low, high = result.metrics["rate_hz"][0]
    assert low == pytest.approx(20, abs=4)
    assert high == pytest.approx(80, abs=8)
