"""The catalogue: one explicit, ordered table of every model."""

from __future__ import annotations

import difflib

from kernels.neurons.model import Model
from kernels.neurons.models import (
    compartments,
    conductance,
    integrate_and_fire,
    maps,
    oscillators,
    phase,
    populations,
    stochastic,
    thalamus,
)

CATALOGUE: tuple[Model, ...] = (
    integrate_and_fire.LAPICQUE,
    integrate_and_fire.QUADRATIC,
    integrate_and_fire.EXPONENTIAL,
    integrate_and_fire.ADEX,
    integrate_and_fire.IZHIKEVICH,
    integrate_and_fire.RESONATE,
    integrate_and_fire.ADAPTIVE_THRESHOLD,
    integrate_and_fire.GLIF,
    phase.THETA,
    oscillators.MORRIS_LECAR,
    oscillators.FITZHUGH_NAGUMO,
    oscillators.HINDMARSH_ROSE,
    conductance.HODGKIN_HUXLEY,
    conductance.CONNOR_STEVENS,
    conductance.TRAUB_MILES,
    conductance.WANG_BUZSAKI,
    thalamus.DESTEXHE_THALAMIC,
    compartments.PINSKY_RINZEL,
    maps.RULKOV,
    maps.CHIALVO,
    stochastic.ESCAPE_RATE,
    stochastic.POISSON,
    populations.WILSON_COWAN,
    populations.JANSEN_RIT,
)

_BY_NAME = {name: model for model in CATALOGUE for name in (model.name, *model.aliases)}


class UnknownModelError(LookupError):
    """No model has this name; `nearest` holds the names that come closest."""

    def __init__(self, name: str) -> None:
        name = name[:64]  # comparing takes time with the length, and no name is that long
        super().__init__(f"no model is called {name!r}")
        folded = {known.casefold(): known for known in _BY_NAME}
        close = difflib.get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)
        self.nearest = [folded[match] for match in close]


def get(name: str) -> Model:
    """The model of that name or alias; raises UnknownModelError."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownModelError(name) from None


def search(text: str) -> list[Model]:
    """The models whose name, title, family or authors contain every word of the text."""
    words = text.casefold().split()
    return [model for model in CATALOGUE if all(word in _words(model) for word in words)]


def _words(model: Model) -> str:
    authors = (source.authors for source in model.sources)
    return " ".join((model.name, *model.aliases, model.title, model.family, *authors)).casefold()
