"""A campaign runs from its log: wherever it was stopped, it ends as one that was left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from kernels.optimise.pareto import hypervolume, on_front
from studio.errors import StudioError
from studio.operations.campaign import history, lifecycle
from studio.wire.campaigns import (
    AnyCampaign,
    CampaignCompleted,
    CampaignError,
    Candidate,
    CandidatesEvaluated,
    CandidatesProposed,
    ConvergenceUpdate,
    EvaluationResult,
    Event,
    IterationCompleted,
    Report,
    SurrogateTrained,
)
from tests.studio.operations.campaign.drive import config, drive, plain

BOWL = f"""
name: bowl
domain: python
evaluator: {Path(__file__).with_name("own.py")}:bowl
parameters:
  - {{name: x, type: continuous, bounds: [0, 1]}}
  - {{name: y, type: continuous, bounds: [0, 1]}}
objectives:
  - {{name: near, direction: minimize}}
  - {{name: far, direction: minimize}}
campaign: {{max_iterations: 3, batch_size: 2, initial_samples: 6, seed: 3}}
"""
LAB = """
name: lab
domain: manual
parameters:
  - {name: x, type: integer, bounds: [0, 3]}
  - {name: kind, type: categorical, choices: [a, b]}
objectives: [{name: yield, direction: maximize}]
campaign: {max_iterations: 20, batch_size: 3, initial_samples: 2}
"""


@pytest.fixture(scope="module")
def bowl() -> AnyCampaign:
    return config(BOWL)


@pytest.fixture(scope="module")
def undisturbed(bowl: AnyCampaign) -> list[Event]:
    log: list[Event] = []
    drive(bowl, log)
    return log


def of(log: list[Event], kind: type[Any]) -> list[Any]:
    return [event for event in log if isinstance(event, kind)]


def test_events_come_in_order(undisturbed: list[Event]) -> None:
    iteration = [
        *("iteration_started", "surrogate_trained", "candidates_proposed"),
        *("candidates_evaluated", "convergence_update", "iteration_completed"),
    ]
    assert [event.__struct_config__.tag for event in undisturbed] == [
        *("candidates_proposed", "candidates_evaluated"),
        *(3 * iteration),
        "campaign_completed",
    ]


def test_wherever_a_campaign_is_killed_it_ends_as_if_it_had_not_been(
    bowl: AnyCampaign, undisturbed: list[Event]
) -> None:
    for n_events in range(1, len(undisturbed)):
        raw = [msgspec.json.encode(event) for event in undisturbed[:n_events]]
        log = [msgspec.json.decode(event, type=Event) for event in raw]
        summary = drive(bowl, log)
        assert plain(log) == plain(undisturbed)
        assert summary is not None
        assert (summary.state, summary.total_evaluations) == ("completed", 12)


def test_another_seed_ends_elsewhere(undisturbed: list[Event]) -> None:
    log: list[Event] = []
    drive(config(BOWL, seed=4, max_iterations=1), log)
    assert plain(log)[0]["candidates"] != plain(undisturbed)[0]["candidates"]


def test_what_the_driver_tells_between_changes_nothing(
    bowl: AnyCampaign, undisturbed: list[Event]
) -> None:
    log = undisturbed[:9]
    log.append(lifecycle.told(log, "paused"))
    log.append(lifecycle.told(log, "running"))
    drive(bowl, log)
    kept = [event for event in log if not (event.state and isinstance(event, ConvergenceUpdate))]
    known = {**dict.fromkeys(("seq",))}
    assert [{**e, **known} for e in plain(kept)] == [{**e, **known} for e in plain(undisturbed)]


def test_a_failed_evaluation_keeps_its_reason_and_stays_out_of_the_front(
    bowl: AnyCampaign, undisturbed: list[Event]
) -> None:
    found = history.results(bowl, undisturbed, "completed").results
    failed = [row for row in found if row.status == "failed"]
    assert failed
    assert {row.reason for row in failed} == {"ValueError: beyond the line"}
    assert not any(row.on_front or row.feasible for row in failed)
    # proposals have learned of the line: of the initial design alone
    assert all(row.iteration == 0 for row in failed)


def test_front_hypervolume_and_best_are_those_of_the_results(
    bowl: AnyCampaign, undisturbed: list[Event]
) -> None:
    rows = [r for r in history.results(bowl, undisturbed, "completed").results if r.status == "ok"]
    values = np.array([[row.objectives["near"], row.objectives["far"]] for row in rows], float)
    assert [row.on_front for row in rows] == on_front(values).tolist()
    reference = np.array(history.reference(history.History.of(bowl, undisturbed)))
    last = of(undisturbed, IterationCompleted)[-1]
    assert last.best_value == last.hypervolume == pytest.approx(hypervolume(values, reference))
    assert last.pareto_size == on_front(values).sum()
    assert list(last.best.values()) in values[on_front(values)].tolist()


def test_the_hypervolume_never_falls_and_losses_are_told(undisturbed: list[Event]) -> None:
    volumes = [event.hypervolume for event in of(undisturbed, IterationCompleted)]
    assert volumes == sorted(volumes)
    assert all(0 <= e.metrics.val_loss for e in of(undisturbed, SurrogateTrained))


def test_predictions_are_of_the_objectives_and_in_their_direction(
    undisturbed: list[Event],
) -> None:
    predicted = {
        c.id: c.predicted for e in of(undisturbed, CandidatesProposed) for c in e.candidates
    }
    for event in of(undisturbed, CandidatesEvaluated):
        for result in event.results:
            if event.iteration and result.status == "ok":
                for name, value in result.objectives.items():
                    said = predicted[result.id][name]
                    assert abs(said.mean - value) < 0.3
                    assert said.std > 0


def test_a_surrogate_that_has_no_hyperparameters_goes_on_from_a_log_too() -> None:
    plan = {"surrogate": {"type": "random_forest"}, "batch_size": 1, "initial_samples": 5}
    whole: list[Event] = []
    drive(config(BOWL, **plan), whole, n_events=5)
    log = whole[:4]
    drive(config(BOWL, **plan), log, n_events=1)
    assert plain(log) == plain(whole)
    assert isinstance(log[-1], CandidatesProposed)


def test_an_extended_campaign_does_the_iterations_that_it_was_given(
    bowl: AnyCampaign, undisturbed: list[Event]
) -> None:
    log = undisturbed[:]
    longer = lifecycle.extended(bowl, log, 2)
    summary = drive(longer, log)
    assert summary is not None
    assert (summary.total_iterations, summary.reason) == (5, "all 5 iterations are done")
    assert len(of(lifecycle.replayed(log), CampaignCompleted)) == 1
    straight: list[Event] = []
    drive(longer, straight)
    found, wanted = [history.results(longer, each, "completed").results for each in (log, straight)]
    assert [(r.id, r.objectives) for r in found] == [(r.id, r.objectives) for r in wanted]


def test_a_campaign_that_gains_nothing_converges_and_goes_on_when_extended() -> None:
    plan = {"convergence": {"patience": 1, "min_improvement": 10.0}}
    log: list[Event] = []
    short = config(BOWL, **plan)
    summary = drive(short, log)
    assert summary is not None
    assert (summary.state, summary.total_iterations) == ("converged", 1)
    assert "less than 10" in summary.reason
    assert history.reason(short, log) == summary.reason
    more = drive(lifecycle.extended(short, log, 4), log)
    assert more is not None
    assert (more.state, more.total_iterations) == ("converged", 2)


def test_a_target_ends_it_and_an_extension_goes_beyond() -> None:
    plan = {"convergence": {"target": {"near": 0.3, "far": 0.3}}}
    easy = config(BOWL, **plan)
    log: list[Event] = []
    summary = drive(easy, log)
    assert summary is not None
    assert (summary.state, summary.total_iterations) == ("converged", 1)
    assert summary.reason == "an evaluation reaches the target of near, far"
    more = drive(lifecycle.extended(easy, log, 2), log)
    assert more is not None
    assert (more.state, more.total_iterations) == ("completed", 3)


def test_a_campaign_whose_design_fails_altogether_says_why() -> None:
    log: list[Event] = []
    summary = drive(config(BOWL.replace(":bowl", ":hopeless")), log)
    assert summary is not None
    assert summary.state == "failed"
    (error,) = of(log, CampaignError)
    assert error.error == ("no evaluation of the initial design succeeded: RuntimeError: no power")


def test_whatever_a_function_returns_that_is_no_objective_is_a_failure() -> None:
    text = BOWL.replace(":bowl", ":strange").replace("- {name: far, direction: minimize}", "")
    log: list[Event] = []
    drive(config(text, initial_samples=16, max_iterations=1), log)
    rows = of(log, CandidatesEvaluated)[0].results
    told = {row.reason for row in rows if row.status == "failed"}
    assert {row.status == "ok" for row in rows if row.parameters["x"] < 0.5} == {True}
    assert told <= {
        "it returned NoneType, not a dict of objectives",
        "it returned list, not a dict of objectives",
        *("near: near is 'much'", "near: near is nan", "near: near is True"),
    }
    assert len(told) > 2


def test_a_function_that_exits_or_overflows_fails_its_candidate_with_a_reason_of_one_line() -> None:
    text = BOWL.replace(":bowl", ":extreme").replace("- {name: far, direction: minimize}", "")
    log: list[Event] = []
    drive(config(text, initial_samples=16, max_iterations=1), log)
    rows = of(log, CandidatesEvaluated)[0].results
    assert {row.reason for row in rows} == {
        *("SystemExit: 3", "ValueError: first and second"),
        *("near: 1e+300 is beyond what can be compared, 1e+100", None),
    }


def test_earlier_data_stand_in_for_the_design_and_count_as_known(bowl: AnyCampaign) -> None:
    rng = np.random.default_rng(0)
    points = rng.random((6, 2)).tolist()
    data = [{"x": x, "y": y, "near": x, "far": 1.0 - x} for x, y in points]
    warm = msgspec.structs.replace(bowl, data=data)
    log: list[Event] = []
    drive(warm, log, n_events=2)
    assert isinstance(log[0], CandidatesEvaluated)
    assert [result.parameters for result in log[0].results] == [{"x": x, "y": y} for x, y in points]
    assert log[1].iteration == 1
    assert history.History.of(warm, log).total_evaluations == 0


def test_outcome_constraints_on_either_side_are_learned_and_decide_what_is_feasible() -> None:
    text = (
        BOWL
        + """
outcome_constraints:
  - {objective: near, at_least: 0.1, at_most: 0.3}
"""
    )
    log: list[Event] = []
    limited = config(text, max_iterations=4)
    drive(limited, log)
    rows = history.results(limited, log, "completed").results
    for row in rows:
        near = row.objectives["near"]
        assert row.feasible is (row.status == "ok" and near is not None and 0.1 <= near <= 0.3)
    late = [row for row in rows if row.iteration > 1]
    assert sum(row.feasible for row in late) >= len(late) / 2


def _yield(candidates: list[Candidate]) -> list[EvaluationResult]:
    return [
        EvaluationResult(
            id=c.id,
            parameters=c.parameters,
            objectives={"yield": float(c.parameters["x"]) + (c.parameters["kind"] == "b")},
            feasible=True,
            status="ok",
            reason=None,
            duration_s=None,
        )
        for c in candidates[:1]  # one result after the other
    ]


def test_a_laboratory_may_answer_bit_by_bit_until_every_point_is_known() -> None:
    log: list[Event] = []
    lab = config(LAB, convergence={"patience": 0})
    summary = drive(lab, log, _yield)
    assert summary is not None
    assert summary.reason == "every point of the space has been evaluated"
    assert summary.total_evaluations == 8
    points = [tuple(r.parameters.values()) for r in history.results(lab, log, "completed").results]
    assert len(set(points)) == 8
    assert of(log, IterationCompleted)[-1].best_value == 4.0


def test_what_a_laboratory_reports_is_checked_and_kept() -> None:
    lab, log = config(LAB), list[Event]()
    drive(lab, log, n_events=1)
    ids = [candidate.id for candidate in log[0].candidates]
    good = [
        Report(id=ids[0], objectives={"yield": 3.0}),
        Report(id=ids[1], status="failed", reason="spilled"),
        Report(parameters={"x": 1, "kind": "a"}, objectives={"yield": 2.0}),
    ]
    results = history.results_of(lab, log, good)
    assert [(r.id, r.status, r.reason) for r in results] == [
        (ids[0], "ok", None),
        (ids[1], "failed", "spilled"),
        ("x0001", "ok", None),
    ]
    bad = [
        Report(id="c9999", objectives={"yield": 3.0}),
        Report(id=ids[0], objectives={"yeild": 3.0}),
        Report(id=ids[0]),
        Report(objectives={"yield": 3.0}),
        Report(parameters={"x": 9, "kind": "c"}, objectives={"yield": 3.0}),
    ]
    with pytest.raises(StudioError) as raised:
        history.results_of(lab, log, bad)
    assert [error.pointer for error in raised.value.errors] == [
        "/results/0/id",
        "/results/1/objectives/yeild",
        "/results/1/objectives/yield",
        "/results/2/objectives/yield",
        "/results/3/id",
        "/results/4/parameters/x",
        "/results/4/parameters/kind",
    ]
    with pytest.raises(StudioError):
        history.results_of(lab, log, [good[0], good[0]])
