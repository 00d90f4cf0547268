"""Every surrogate predicts in the outcome's unit and knows how well it does."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from kernels.optimise.design import initial_design
from kernels.optimise.ensembles import Ensemble
from kernels.optimise.space import Category, Space, continuous, sum_equals
from kernels.optimise.surrogate import Kind, Surrogate, train

SPACE = Space([continuous("x", 0, 10), continuous("y", 0, 1)])
ROWS = initial_design(SPACE, 48, np.random.default_rng(0))
ELSEWHERE = initial_design(SPACE, 64, np.random.default_rng(1))
KINDS = get_args(Kind)


def truth(rows: np.ndarray) -> np.ndarray:
    return np.asarray(1000.0 + 50.0 * np.sin(4.0 * rows[:, 0]) + 30.0 * rows[:, 1] ** 2)


def trained(kind: Kind, values: np.ndarray, seed: int = 0) -> Surrogate:
    return train(SPACE, ROWS, values, np.random.default_rng(seed), kind=kind)


SURROGATES: dict[Kind, Surrogate] = {kind: trained(kind, truth(ROWS)) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_it_predicts_in_the_unit_of_the_outcome(kind: Kind) -> None:
    mean, std = SURROGATES[kind].predict(ELSEWHERE)
    error = np.sqrt(np.mean((mean - truth(ELSEWHERE)) ** 2))
    assert error < 0.4 * truth(ELSEWHERE).std()
    assert np.all(std > 0)


@pytest.mark.parametrize("kind", KINDS)
def test_most_of_what_it_has_not_seen_lies_where_it_says(kind: Kind) -> None:
    mean, std = SURROGATES[kind].predict(ELSEWHERE)
    assert np.mean(np.abs(mean - truth(ELSEWHERE)) <= 1.96 * std) > 0.75


@pytest.mark.parametrize("kind", KINDS)
def test_losses_are_honest(kind: Kind) -> None:
    rng = np.random.default_rng(1)
    good = SURROGATES[kind].quality
    lost = trained(kind, rng.permutation(truth(ROWS))).quality
    assert 0 <= good.train_loss <= good.val_loss < 0.6
    assert lost.val_loss > 0.9
    assert good.coverage > 0.75


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_surrogate(kind: Kind) -> None:
    first = SURROGATES[kind].predict(ELSEWHERE)
    again = trained(kind, truth(ROWS)).predict(ELSEWHERE)
    assert first[0].tolist() == again[0].tolist()
    assert first[1].tolist() == again[1].tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_sure_of_what_it_has_been_told_to_believe(kind: Kind) -> None:
    few = train(SPACE, ROWS[:12], truth(ROWS[:12]), np.random.default_rng(0), kind=kind)
    row = ELSEWHERE[:1]
    believer = few.condition(row)
    assert believer.predict(row)[0] == pytest.approx(few.predict(row)[0], rel=1e-6)
    assert believer.predict(row)[1] < 0.2 * few.predict(row)[1]


@pytest.mark.parametrize("kind", KINDS)
def test_functions_drawn_scatter_around_the_mean(kind: Kind) -> None:
    mean, std = SURROGATES[kind].predict(ELSEWHERE)
    drawn = SURROGATES[kind].sample(ELSEWHERE, 200, np.random.default_rng(0))
    assert drawn.shape == (200, len(ELSEWHERE))
    assert np.median(np.abs(drawn.mean(axis=0) - mean) / std) < 0.3
    assert np.median(drawn.std(axis=0) / std) == pytest.approx(1.0, abs=0.3)


@pytest.mark.parametrize("kind", KINDS)
def test_failed_evaluations_are_kept_out_of_training(kind: Kind) -> None:
    rows = np.vstack([ROWS, ELSEWHERE[:3]])
    values = np.append(truth(ROWS), [np.nan, np.inf, np.nan])
    found = train(SPACE, rows, values, np.random.default_rng(0), kind=kind)
    assert found.predict(ELSEWHERE)[0].tolist() == SURROGATES[kind].predict(ELSEWHERE)[0].tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_an_outcome_that_never_changes_is_predicted_as_that(kind: Kind) -> None:
    mean, std = trained(kind, np.full(len(ROWS), 7.0)).predict(ELSEWHERE)
    assert mean == pytest.approx(np.full(len(ELSEWHERE), 7.0), abs=0.01)
    assert np.isfinite(std).all()


def test_what_differs_by_rounding_alone_never_changes() -> None:
    values = np.full(len(ROWS), 1e50)
    values[::2] = np.nextafter(values[::2], np.inf)
    mean, std = trained("gp", values).predict(ELSEWHERE)
    assert np.allclose(mean, 1e50, rtol=1e-12)
    assert np.all(np.isfinite(std))


def test_one_value_is_too_few() -> None:
    with pytest.raises(ValueError, match="two values"):
        train(SPACE, ROWS[:2], np.array([1.0, np.nan]), np.random.default_rng(0))


def test_gradients_follow_a_logarithmic_scale_under_a_constraint() -> None:
    space = Space(
        [continuous("x", 0.01, 0.9, log=True), continuous("y", 0, 1), Category("c", ("a", "b"))],
        [sum_equals("xy", 1.0)],
    )
    rows = initial_design(space, 20, np.random.default_rng(0))
    values = np.log([float(point["x"]) for point in space.decode(rows)])
    found = train(space, rows, values, np.random.default_rng(0))
    row = rows[3:4] + np.array([[0.05, 0.0, 0.0, 0.0]])
    step = np.array([[1e-6, 0.0, 0.0, 0.0]])
    slope = (found.predict(row + step)[0] - found.predict(row - step)[0]) / 2e-6
    assert found.predict_with_gradient(row).mean_gradient[0, 0] == pytest.approx(slope[0], rel=1e-3)


@pytest.mark.parametrize("kind", ["random_forest", "mlp"])
def test_an_ensemble_predicts_the_mean_of_its_members(kind: Kind) -> None:
    model = SURROGATES[kind].model
    assert isinstance(model, Ensemble)
    asked = SPACE.features(ELSEWHERE)[0]
    each = [member.predict(asked) for member in model.members]
    assert np.array_equal(model.predict(asked)[0], np.mean(each, axis=0))


def test_a_forest_has_no_gradient() -> None:
    assert not SURROGATES["random_forest"].smooth
    with pytest.raises(TypeError, match="gradients"):
        SURROGATES["random_forest"].predict_with_gradient(ROWS)
