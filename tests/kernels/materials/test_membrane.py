"""The membrane obeys its equations, meets textbook numbers, and trades flux for rejection."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.materials import membrane
from kernels.materials.membrane import (
    PARAMETERS,
    Separation,
    evaluate,
    mass_transfer,
    osmotic_pressure,
    salt_permeance,
    separate,
    water_permeance,
)

BOUNDS = {parameter.name: (parameter.low, parameter.high) for parameter in PARAMETERS}
points = st.fixed_dictionaries({name: st.floats(*bounds) for name, bounds in BOUNDS.items()})


@given(points)
def test_flux_and_passage_satisfy_all_three_equations(point: dict[str, float]) -> None:
    found = evaluate(point)
    feed, permeate = point["feed_salinity"], found.permeate_salinity
    at_membrane = found.polarization * feed
    driving = point["pressure"] - osmotic_pressure(at_membrane) + osmotic_pressure(permeate)
    flux = found.water_flux
    assert flux == pytest.approx(found.water_permeance * driving, rel=1e-6, abs=1e-9)
    salt = found.salt_permeance * (at_membrane - permeate)
    assert flux * permeate == pytest.approx(salt, rel=1e-6, abs=1e-9)
    film = (feed - permeate) * np.exp(flux / found.mass_transfer)
    assert at_membrane - permeate == pytest.approx(film, rel=1e-6)


@given(points)
def test_results_are_possible_everywhere_in_the_box(point: dict[str, float]) -> None:
    found = evaluate(point)
    assert 0 < found.water_flux < found.water_permeance * point["pressure"]
    assert 0 < found.salt_rejection < 100
    assert found.polarization >= 1


@given(points, st.floats(1.05, 2.0))
def test_a_more_open_polymer_gains_flux_and_loses_rejection_all_over_the_box(
    point: dict[str, float], factor: float
) -> None:
    opened = {**point, "water_permeability": point["water_permeability"] * factor}
    before, after = evaluate(point), evaluate(opened)
    assert after.water_flux > before.water_flux
    assert after.salt_rejection < before.salt_rejection


@given(points)
def test_a_thicker_layer_lets_less_through(point: dict[str, float]) -> None:
    thick = {**point, "active_layer_thickness": point["active_layer_thickness"] * 1.5}
    assert evaluate(thick).water_flux < evaluate(point).water_flux


def test_osmotic_pressures_are_those_of_the_handbook() -> None:
    # Robinson and Stokes 1959: 0.6 mol/L (35 g/L) 27.8 bar, 0.0342 mol/L (2 g/L) 1.6 bar
    assert osmotic_pressure(35.0) == pytest.approx(27.8, rel=0.09)
    assert osmotic_pressure(2.0) == pytest.approx(1.6, rel=0.09)


def test_mass_transfer_agrees_with_another_correlation_for_spacers() -> None:
    # Guillen and Hoek 2009, Chem Eng J 149:221: Sh = 0.46 (Re Sc)^0.36
    for velocity in (0.1, 0.15, 0.2):
        peclet = velocity * membrane.CHANNEL / membrane.SALT_DIFFUSION
        other = 0.46 * peclet**0.36 * membrane.SALT_DIFFUSION / membrane.CHANNEL * 3.6e6
        assert mass_transfer(velocity) == pytest.approx(other, rel=0.25)


def element(water: float, salt: float, pressure: float, salinity: float) -> Separation:
    return separate(water, salt, pressure, salinity, mass_transfer(0.2))


def test_a_brackish_water_element_does_what_its_data_sheet_says() -> None:
    # 2 g/L, 15.5 bar: 44 to 48 L/m2/h and 99 to 99.5 % with A about 3.5 and B about 0.25
    found = element(3.5, 0.25, 15.5, 2.0)
    assert found.water_flux == pytest.approx(46.0, abs=2.0)
    assert found.salt_rejection == pytest.approx(99.3, abs=0.3)


def test_a_seawater_element_does_what_its_data_sheet_says() -> None:
    # 32 g/L, 55 bar: 24 to 32 L/m2/h and 99.7 to 99.8 % with A about 1 and B about 0.05
    found = element(1.0, 0.05, 55.0, 32.0)
    assert found.water_flux == pytest.approx(26.0, abs=3.0)
    assert found.salt_rejection == pytest.approx(99.75, abs=0.1)
    assert 1.05 < found.polarization < 1.25


def test_the_thinnest_layer_has_both_permeances_of_a_seawater_membrane() -> None:
    # WaterTAP's seawater membrane: A = 4.2e-12 m/(s Pa), B = 3.5e-8 m/s
    thickness, water = 50.0, 4.2e-12 * 1e5 * 3.6e6
    permeability = water / float(water_permeance(1.0, thickness))
    salt = float(salt_permeance(permeability, thickness)) / 3.6e6
    assert salt == pytest.approx(3.5e-8, rel=0.15)


def test_without_salt_the_flux_is_permeance_times_pressure() -> None:
    found = separate(2.0, 0.1, 10.0, 1e-9, 150.0)
    assert found.water_flux == pytest.approx(20.0, rel=1e-6)


def test_below_the_osmotic_pressure_hardly_any_water_passes() -> None:
    found = element(1.0, 0.05, 20.0, 35.0)
    assert found.water_flux < 0.2
    assert found.salt_rejection < 80


def test_without_polarization_rejection_has_its_closed_form() -> None:
    # Baker 2012, equation 5.6: R = 1 / (1 + B / (A (dp - dpi)))
    found = separate(1.0, 0.5, 30.0, 1e-6, 1e9)
    assert found.salt_rejection == pytest.approx(100.0 / (1.0 + 0.5 / 30.0), rel=1e-6)


def test_a_layer_half_as_thick_has_twice_the_permeances() -> None:
    assert water_permeance(30.0, 100.0) == pytest.approx(2 * water_permeance(30.0, 200.0))
    assert salt_permeance(30.0, 100.0) == pytest.approx(2 * salt_permeance(30.0, 200.0))


def test_selectivity_falls_with_the_square_of_permeability() -> None:
    # the upper bound: at 1e-6 cm2/s water passes 1300 times as easily as salt
    selectivity = [
        float(p / (salt_permeance(p, 100.0) / 3.6e6 * 100e-9 * 1e12)) for p in (10.0, 100.0)
    ]
    assert selectivity == pytest.approx([130_000.0, 1300.0], rel=1e-6)


def test_many_membranes_at_once_are_as_many_one_by_one() -> None:
    thickness = np.array([60.0, 150.0, 390.0])
    together = evaluate({"active_layer_thickness": thickness, "pressure": 20.0})
    alone = [evaluate({"active_layer_thickness": t, "pressure": 20.0}) for t in thickness]
    assert together.water_flux == pytest.approx([float(each.water_flux) for each in alone])


def test_every_parameter_has_unit_source_and_a_default_within_its_bounds() -> None:
    for parameter in PARAMETERS:
        assert parameter.unit
        assert parameter.source
        assert parameter.low < parameter.default < parameter.high


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(KeyError, match="colour"):
        evaluate({"colour": 1.0})
