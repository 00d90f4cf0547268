"""The characterize operation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from studio.errors import StudioError
from tests.studio.operations.drive import drive

EXISTING = {"params": {"a": 4.0, "b": 0.0805}, "current": 15.0, "duration": 200.0, "dt": 0.1}


def characterize(name: str, **config: Any) -> Any:
    return drive("characterize", name=name, **config)[1]


def test_its_steps_are_trace_f_i_curve_and_sensitivity_in_that_order() -> None:
    stages, _ = drive("characterize", name="AdExNeuron", **EXISTING)
    steps = [stage.step for stage in stages]
    assert list(dict.fromkeys(steps)) == ["trace", "fi_curve", "sensitivity"]
    assert stages[0].message(0, 0) == "Running default simulation"
    curve, sensitivity = stages[-2], stages[-1]
    assert curve.message(20, 19) == "f-I curve 20/20"
    assert sensitivity.message(6, 5) == "Sensitivity 6/10: tau_w"


@pytest.mark.parametrize("name", ["LapicqueNeuron", "ThetaNeuron", "PoissonNeuron"])
def test_its_stages_share_the_whole_without_going_back(name: str) -> None:
    stages, _ = drive("characterize", name=name, duration=2000.0, dt=0.1)
    ends = [end for stage in stages for end in stage.share]
    assert ends == sorted(ends)
    assert (ends[0], ends[-1]) == (0.0, 1.0)
    assert stages[-1].step == "sensitivity"


def test_a_rheobase_that_no_search_reaches_is_null_with_what_is_known() -> None:
    stages, result = drive("characterize", name="LapicqueNeuron", current=1e300, duration=50.0)
    assert len(stages) < 15
    assert result.threshold_current is None
    assert "may at less" in result.reasons["threshold_current"]


def test_the_rheobase_does_not_depend_on_a_weak_current_of_the_request() -> None:
    weak = characterize("LapicqueNeuron", current=1e-6)
    assert weak.threshold_current == pytest.approx(1.0, rel=0.02)


def test_diverged_runs_are_not_taken_for_silent_ones() -> None:
    result = characterize(
        "FitzHughNagumoNeuron", dt=1.5, integrator="euler", current=0.0, duration=200.0
    )
    assert result.threshold_current is None
    assert "diverge" in result.reasons["threshold_current"]
    lost = characterize("HodgkinHuxleyNeuron", dt=0.05, fi_max=1e5, duration=50.0, current=5.0)
    assert None in lost.fi_curve["rates"] or np.isnan(lost.fi_curve["rates"]).any()
    assert "diverged" in lost.reasons["fi_curve"]


def test_it_answers_what_existing_clients_expect() -> None:
    result = characterize("AdExNeuron", **EXISTING)
    assert len(result.trace["t"]) == len(result.trace["states"]["V"])
    assert result.pattern["pattern"] == "adapting"
    assert result.pattern["rate_hz"] == len(result.spike_times) / 0.2
    assert set(result.state_ranges) == {"V", "w"}
    assert set(result.state_ranges["V"]) == {"min", "max", "mean"}
    assert len(result.fi_curve["currents"]) == len(result.fi_curve["rates"]) == 20
    assert result.max_rate == max(result.fi_curve["rates"])
    assert result.config["params"]["C"] == 281.0


def test_the_rheobase_of_a_leaky_neuron_is_its_threshold_over_its_resistance() -> None:
    # tau ln(R I / (R I - theta)) = 200 ms at the rheobase of a run of 200 ms
    result = characterize("LapicqueNeuron", params={"R": 2.5})
    exact = 1.0 / (1.0 - np.exp(-200.0 / 20.0)) / 2.5
    assert exact <= result.threshold_current <= exact * 1.011
    assert result.fi_curve["currents"][-1] == pytest.approx(3 * result.threshold_current)


def test_the_rheobase_of_adex_is_bracketed_to_one_percent() -> None:
    threshold = characterize("AdExNeuron").threshold_current
    assert not drive("simulate", name="AdExNeuron", current=0.99 * threshold)[1].spike_times
    assert drive("simulate", name="AdExNeuron", current=threshold)[1].spike_times


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("PinskyRinzelNeuron", "without any current"),
        ("PoissonNeuron", "random"),
        ("JansenRitUnit", "no spikes"),
    ],
)
def test_where_there_is_no_rheobase_it_is_null_with_a_reason(name: str, reason: str) -> None:
    result = characterize(name)
    assert result.threshold_current is None
    assert reason in result.reasons["threshold_current"]
    top = result.config["current"] * 3
    assert result.fi_curve["currents"][-1] == pytest.approx(top)


def test_fi_max_is_the_top_of_the_curve() -> None:
    result = characterize("LapicqueNeuron", fi_max=2.0)
    assert result.fi_curve["currents"] == pytest.approx(np.linspace(0, 2, 20).tolist())
    rates = result.fi_curve["rates"]
    assert rates[:9] == [0.0] * 9
    assert rates == sorted(rates)


def test_sensitivity_is_a_tenth_to_either_side_and_sorted_by_its_effect() -> None:
    result = characterize("AdExNeuron", current=1.0)
    changes = [abs(row["rate_change"]) for row in result.sensitivity]
    assert changes == sorted(changes, reverse=True)
    row = next(row for row in result.sensitivity if row["param"] == "C")
    assert (row["low"], row["high"]) == pytest.approx((252.9, 309.1))
    low = drive("simulate", name="AdExNeuron", current=1.0, params={"C": row["low"]})[1]
    assert row["rate_low"] == low.stats["rate_hz"]
    assert row["rate_change"] == row["rate_high"] - row["rate_low"]


@pytest.mark.parametrize("name", ["QuadraticIFNeuron", "AdExNeuron", "LapicqueNeuron"])
def test_a_row_of_sensitivity_is_a_run_with_that_value(name: str) -> None:
    for row in characterize(name).sensitivity:
        for end in ("low", "high"):
            alone = drive("simulate", name=name, params={row["param"]: row[end]})[1]
            assert row[f"rate_{end}"] == alone.stats["rate_hz"], row


def test_sensitivity_at_zero_is_a_tenth_of_the_range_within_its_bounds() -> None:
    result = characterize("LapicqueNeuron")
    row = next(row for row in result.sensitivity if row["param"] == "t_ref")
    assert (row["low"], row["high"]) == (0.0, 10.0)


def test_at_most_fifteen_parameters_are_varied_in_the_order_of_the_model() -> None:
    stages, result = drive("characterize", name="DestexheThalamicNeuron", duration=20)
    assert len(result.sensitivity) == 15
    assert stages[-1].labels[0] == "C_m"


def test_a_model_without_spikes_has_rates_and_says_what_they_are() -> None:
    result = characterize("WilsonCowanUnit")
    assert result.pattern["pattern"] is None
    assert result.reasons["rates"].startswith("no spikes")
    assert result.units["rate_hz"] == "1"
    assert 0.0 <= min(result.fi_curve["rates"]) < max(result.fi_curve["rates"]) <= 1.0


def test_a_stimulus_drives_the_default_run_but_the_curve_is_of_constant_currents() -> None:
    pulses = {"kind": "pulses", "amplitude": 30.0, "width": 1.0, "period": 50.0, "onset": 20.0}
    pulsed = characterize("HodgkinHuxleyNeuron", stimulus=pulses, fi_max=20.0)
    constant = characterize("HodgkinHuxleyNeuron", fi_max=20.0)
    assert len(pulsed.spike_times) == 2
    assert pulsed.fi_curve == constant.fi_curve


def test_trials_average_the_rates_of_a_random_model() -> None:
    one = characterize("PoissonNeuron", current=50.0, duration=200.0)
    many = characterize("PoissonNeuron", current=50.0, duration=200.0, trials=50)
    expected = np.array(many.fi_curve["currents"])
    assert np.abs(np.array(many.fi_curve["rates"]) - expected).max() < 4 * np.sqrt(150 / 0.2 / 50)
    assert one.fi_curve["rates"] != many.fi_curve["rates"]


def test_every_point_of_a_curve_meets_noise_of_its_own_however_it_is_cut() -> None:
    config = {"name": "PoissonNeuron", "duration": 10_000.0, "trials": 20, "engine": "scalar"}
    stages, result = drive("characterize", **config, fi_max=1e-9, params={"r_0": 30.0})
    curve = next(stage for stage in stages if stage.step == "fi_curve")
    assert len(curve.chunks) > 1
    assert len(set(result.fi_curve["rates"])) > 15  # 20 points of the same rate, each with its own


def test_the_same_seed_gives_the_same_answer_and_another_one_another() -> None:
    rates = [characterize("PoissonNeuron", seed=s).fi_curve["rates"] for s in (1, 1, 2)]
    assert rates[0] == rates[1] != rates[2]


def test_an_unknown_preset_is_refused_with_those_there_are() -> None:
    with pytest.raises(StudioError) as error:
        characterize("IzhikevichNeuron", preset="chatering")
    assert error.value.errors[0].pointer == "/preset"
    assert "chattering" in error.value.errors[0].detail


def test_a_preset_sets_parameters_that_the_request_may_override() -> None:
    chattering = characterize("IzhikevichNeuron", preset="chattering")
    assert chattering.pattern["pattern"] == "bursting"
    assert chattering.config["params"]["c"] == -50.0
    other = characterize("IzhikevichNeuron", preset="chattering", params={"c": -65.0})
    assert other.config["params"]["c"] == -65.0
    assert other.config["params"]["d"] == 2.0
