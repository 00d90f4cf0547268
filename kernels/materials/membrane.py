"""Reverse osmosis of salt water: what flows through a membrane, and what salt it keeps back.

Water and salt dissolve in the dense layer and diffuse through it (solution-diffusion: Lonsdale,
Merten and Riley 1965, J Appl Polym Sci 9:1341; Wijmans and Baker 1995, J Membr Sci 107:1):

    J = A (dp - (pi_m - pi_p)),  A = P_w V_w / (thickness R T)
    J c_p = B (c_m - c_p),       B = P_s / thickness

Salt that is kept back gathers at the membrane until it diffuses away as fast as it comes (film
theory: Michaels 1968; Baker 2012, Membrane Technology and Applications, chapter 4):

    c_m - c_p = (c_b - c_p) exp(J / k)

Osmotic pressures are van 't Hoff's, pi = 2 R T c for sodium chloride: 7 % above the measured 28 bar
at 35 g/L. Of the polymer only its permeability to water is free: the more water passes, the more
salt does, along the upper bound of known polymers (Geise et al. 2011, J Membr Sci 369:130),
P_w / P_s = lambda / P_w^2. All at 25 degrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# J/(mol K), exact by the definition of the units in 2019
GAS_CONSTANT = 8.31446261815324
# K, 25 degrees
TEMPERATURE = 298.15
# m3/mol of water at 25 degrees: 18.015 g/mol over 0.99705 g/mL (CRC Handbook)
WATER_VOLUME = 18.07e-6
# g/mol of sodium chloride, and the ions that one of it gives
SALT_MASS = 58.44
IONS = 2
# m2/s, sodium chloride in dilute water at 25 degrees: Robinson and Stokes 1959, appendix 11.1
SALT_DIFFUSION = 1.61e-9
# m2/s, kinematic viscosity of water at 25 degrees (CRC Handbook)
VISCOSITY = 0.893e-6
# m, hydraulic diameter of a feed channel with its spacer: Schock and Miquel 1987
CHANNEL = 1e-3
# m4/s2: 1.3e-9 cm4/s2, Geise et al. 2011, the upper bound's lambda for the exponent 2
UPPER_BOUND = 1.3e-17

_BAR = 1e5
_LMH = 1e-3 / 3600.0  # m/s in one L/m2/h
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Parameter:
    """A quantity that a campaign may vary: where it lies by default, and where it may lie."""

    name: str
    default: float
    low: float
    high: float
    unit: str
    title: str
    source: str
    log: bool = False


PARAMETERS = (
    Parameter(
        "active_layer_thickness", 150.0, 50.0, 400.0, "nm", "thickness of the dense layer",
        "polyamide by electron microscopy, 50 to 400 nm: Freger 2003, Langmuir 19:4791; Petersen "
        "1993, J Membr Sci 83:81",
    ),
    Parameter(
        "water_permeability", 30.0, 5.0, 200.0, "um2/s", "diffusive permeability to water, P_w",
        "desalination polymers from 5e-8 to 2e-6 cm2/s: Geise, Paul and Freeman 2014, Prog Polym "
        "Sci 39:1", log=True,
    ),
    Parameter(
        "pressure", 15.5, 5.0, 80.0, "bar", "pressure of the feed above the permeate",
        "15.5 bar is the test of brackish water elements, 55 bar that of seawater: Fritzmann et "
        "al. 2007, Desalination 216:1",
    ),
    Parameter(
        "feed_salinity", 2.0, 0.5, 45.0, "g/L", "sodium chloride in the feed",
        "2 g/L and 32 g/L are the test solutions of brackish and seawater elements: Fritzmann et "
        "al. 2007",
    ),
    Parameter(
        "crossflow_velocity", 0.2, 0.05, 0.5, "m/s", "velocity of the feed along the membrane",
        "spiral-wound elements: Schock and Miquel 1987, Desalination 64:339",
    ),
)  # fmt: skip
OBJECTIVES = {"water_flux": "L/m2/h", "salt_rejection": "%"}


@dataclass(frozen=True, slots=True)
class Separation:
    """What a membrane does, for n membranes at once, each (n,).

    water_flux: L/m2/h; salt_rejection: %, of the feed's salt; permeate_salinity: g/L
    polarization: concentration at the membrane over that of the feed
    water_permeance: L/m2/h/bar, A; salt_permeance: L/m2/h, B; mass_transfer: L/m2/h, k
    """

    water_flux: Floats
    salt_rejection: Floats
    permeate_salinity: Floats
    polarization: Floats
    water_permeance: Floats
    salt_permeance: Floats
    mass_transfer: Floats


def osmotic_pressure(salinity: ArrayLike) -> Floats:
    """Of sodium chloride at g/L, in bar, by van 't Hoff's law."""
    moles = np.asarray(salinity, dtype=np.float64) * 1e3 / SALT_MASS
    return np.asarray(IONS * GAS_CONSTANT * TEMPERATURE * moles / _BAR)


def mass_transfer(velocity: ArrayLike) -> Floats:
    """Mass transfer coefficient of salt in a feed channel with a spacer, L/m2/h; velocity: m/s.

    Source: Schock and Miquel 1987, Desalination 64:339: Sh = 0.065 Re^0.875 Sc^0.25
    """
    reynolds = np.asarray(velocity, dtype=np.float64) * CHANNEL / VISCOSITY
    sherwood = 0.065 * reynolds**0.875 * (VISCOSITY / SALT_DIFFUSION) ** 0.25
    return np.asarray(sherwood * SALT_DIFFUSION / CHANNEL / _LMH)


def water_permeance(permeability: ArrayLike, thickness: ArrayLike) -> Floats:
    """A in L/m2/h/bar; permeability: P_w in um2/s; thickness: nm."""
    layer = np.asarray(thickness, dtype=np.float64) * 1e-9
    water = np.asarray(permeability, dtype=np.float64) * 1e-12
    return np.asarray(water * WATER_VOLUME / (layer * GAS_CONSTANT * TEMPERATURE) * _BAR / _LMH)


def salt_permeance(permeability: ArrayLike, thickness: ArrayLike) -> Floats:
    """B in L/m2/h, on the upper bound; permeability: P_w in um2/s; thickness: nm."""
    layer = np.asarray(thickness, dtype=np.float64) * 1e-9
    salt = (np.asarray(permeability, dtype=np.float64) * 1e-12) ** 3 / UPPER_BOUND
    return np.asarray(salt / layer / _LMH)


def separate(
    water: ArrayLike,
    salt: ArrayLike,
    pressure: ArrayLike,
    salinity: ArrayLike,
    transfer: ArrayLike,
) -> Separation:
    """Flux and rejection of membranes with known permeances.

    water: L/m2/h/bar, A; salt: L/m2/h, B, above 0; pressure: bar; salinity: g/L of the feed;
    transfer: L/m2/h, k. The flux is where its two sides meet: what the pressure drives grows less
    than in proportion, since the osmotic pressure at the membrane grows with the flux, so that they
    meet once, between 0 and A dp.
    """
    a, b, dp, c_b, k = (
        np.asarray(array, dtype=np.float64)
        for array in np.broadcast_arrays(water, salt, pressure, salinity, transfer)
    )
    osmotic = osmotic_pressure(c_b)
    low, high = np.zeros_like(a), a * dp
    for _ in range(_HALVINGS):
        flux = 0.5 * (low + high)
        short = a * (dp - osmotic * _retained(flux, b, k)) > flux
        low, high = np.where(short, flux, low), np.where(short, high, flux)
    flux = 0.5 * (low + high)
    # c_p / c_b, from the salt that diffuses through and the film before the membrane
    passed = b / (flux * np.exp(-flux / k) + b)
    return Separation(
        water_flux=flux,
        salt_rejection=100.0 * (1.0 - passed),
        permeate_salinity=c_b * passed,
        polarization=passed + _retained(flux, b, k),
        water_permeance=a,
        salt_permeance=b,
        mass_transfer=k,
    )


def _retained(flux: Floats, salt: Floats, transfer: Floats) -> Floats:
    """(c_m - c_p) / c_b, which the osmotic pressure difference is proportional to."""
    return np.asarray(flux / (flux * np.exp(-flux / transfer) + salt))


def evaluate(parameters: Mapping[str, ArrayLike]) -> Separation:
    """What membranes do; parameters: any of PARAMETERS, (n,) each, the others at their defaults.

    KeyError: a parameter that the membrane does not have
    """
    unknown = set(parameters) - {parameter.name for parameter in PARAMETERS}
    if unknown:
        raise KeyError(f"the membrane has no {', '.join(sorted(unknown))}")
    p = {
        parameter.name: parameters.get(parameter.name, parameter.default)
        for parameter in PARAMETERS
    }
    return separate(
        water_permeance(p["water_permeability"], p["active_layer_thickness"]),
        salt_permeance(p["water_permeability"], p["active_layer_thickness"]),
        p["pressure"],
        p["feed_salinity"],
        mass_transfer(p["crossflow_velocity"]),
    )
