"""The catalogue: one explicit, ordered table of every model."""

from __future__ import annotations

import difflib
from typing import NamedTuple

from kernels.neurons.model import Model
from kernels.neurons.models import (
    adapting,
    circadian,
    circuits,
    compartments,
    competition,
    conductance,
    cortex,
    crustaceans,
    dendrites,
    eligibility,
    endocrine,
    excitability,
    fields,
    ganglia,
    gastropods,
    glia,
    hardware,
    hippocampus,
    integrate_and_fire,
    interneurons,
    ions,
    iterated,
    layer5,
    leaky,
    learning,
    liquid,
    maps,
    mihalas_niebur,
    motoneurons,
    networks,
    nonlinear,
    oscillators,
    phase,
    point_processes,
    populations,
    prefrontal,
    purkinje,
    pyramidal,
    rate_units,
    receptors,
    reductions,
    respiratory,
    seizures,
    spike_response,
    stochastic,
    synapses,
    thalamus,
    threshold_units,
)

CATALOGUE: tuple[Model, ...] = (
    # integrate-and-fire
    integrate_and_fire.LAPICQUE,
    integrate_and_fire.QUADRATIC,
    integrate_and_fire.EXPONENTIAL,
    integrate_and_fire.ADEX,
    integrate_and_fire.IZHIKEVICH,
    integrate_and_fire.RESONATE,
    integrate_and_fire.ADAPTIVE_THRESHOLD,
    integrate_and_fire.GLIF,
    leaky.PERFECT_INTEGRATOR,
    leaky.ALPHA,
    leaky.ENERGY,
    leaky.FRACTIONAL,
    adapting.SFA,
    adapting.MAT,
    adapting.AMAT,
    spike_response.SPIKE_RESPONSE,
    mihalas_niebur.MIHALAS_NIEBUR,
    nonlinear.QUARTIC,
    nonlinear.IZHIKEVICH_2007,
    networks.HILL_TONONI,
    networks.COMPTE,
    # phase
    phase.THETA,
    # oscillator
    oscillators.MORRIS_LECAR,
    oscillators.FITZHUGH_NAGUMO,
    oscillators.HINDMARSH_ROSE,
    oscillators.FITZHUGH_RINZEL,
    oscillators.MCKEAN,
    oscillators.TERMAN_WANG,
    # conductance
    conductance.HODGKIN_HUXLEY,
    conductance.CONNOR_STEVENS,
    conductance.RUSH_RINZEL,
    conductance.TRAUB_MILES,
    conductance.WANG_BUZSAKI,
    thalamus.DESTEXHE_THALAMIC,
    reductions.AV_RON,
    circadian.SCN,
    purkinje.KRAMER,
    interneurons.GOLOMB_FS,
    interneurons.ERISIR,
    cortex.POSPISCHIL,
    cortex.WILSON,
    cortex.GOLOMB_AMITAI,
    ions.BARRETO_CRESSMAN,
    excitability.PRESCOTT,
    excitability.PERSISTENT_SODIUM,
    hippocampus.GOLOMB_YAARI,
    thalamus.DESTEXHE_RETICULAR,
    thalamus.MCCORMICK_HUGUENARD,
    receptors.HUBER_BRAUN,
    ganglia.YAMADA,
    # burster
    endocrine.CHAY_KEIZER,
    endocrine.CHAY,
    endocrine.SHERMAN_RINZEL_KEIZER,
    endocrine.PHANTOM,
    endocrine.PERNAROWSKI,
    respiratory.BUTERA,
    gastropods.PLANT_R15,
    gastropods.KOMENDANTOV_KONONENKO,
    crustaceans.STOMATOGASTRIC,
    # compartments
    compartments.PINSKY_RINZEL,
    motoneurons.BOOTH_RINZEL,
    dendrites.RALL_CABLE,
    dendrites.DENDRIFY,
    pyramidal.MAINEN_SEJNOWSKI,
    prefrontal.DURSTEWITZ,
    layer5.HAY_L5,
    # map
    maps.RULKOV,
    maps.CHIALVO,
    maps.RULKOV_CHAOTIC,
    maps.IBARZ_TANAKA,
    maps.COURBAGE_NEKORKIN,
    maps.CAZELLES,
    maps.KTZ,
    maps.KTZ_LOGISTIC,
    # threshold unit
    threshold_units.MCCULLOCH_PITTS,
    threshold_units.NAGUMO_SATO,
    threshold_units.AIHARA,
    threshold_units.GALVES_LOCHERBACH,
    # stochastic
    stochastic.ESCAPE_RATE,
    stochastic.POISSON,
    point_processes.GAMMA_RENEWAL,
    point_processes.GLM,
    point_processes.DEAD_TIME_POISSON,
    point_processes.HAWKES,
    leaky.STOCHASTIC_IF,
    leaky.COBA,
    spike_response.GIF,
    # rate
    rate_units.SIGMOID,
    rate_units.THRESHOLD_LINEAR,
    rate_units.SIEGERT,
    rate_units.WONG_WANG,
    rate_units.HOPFIELD,
    adapting.BENDA_HERZ,
    # population
    populations.WILSON_COWAN,
    populations.JANSEN_RIT,
    populations.MONTBRIO_PAZO_ROXIN,
    populations.STUART_LANDAU,
    seizures.WENDLING,
    seizures.LARTER_BREAKSPEAR,
    seizures.EPILEPTOR,
    fields.AMARI,
    competition.LEAKY_COMPETE,
    # glia and synapse
    glia.ASTROCYTE,
    glia.ASTROCYTE_NEURON,
    synapses.TSODYKS_MARKRAM,
    # hardware
    hardware.LOIHI,
    hardware.LOIHI_2,
    hardware.SPINNAKER,
    hardware.SPINNAKER_2,
    hardware.TRUENORTH,
    hardware.RANK_ORDER,
    circuits.DPI,
    circuits.NEUROGRID,
    circuits.IQIF,
    circuits.SIGMA_DELTA,
    # learning
    learning.CLIF,
    learning.GATED,
    learning.KLIF,
    learning.PLIF,
    learning.SURROGATE,
    learning.PARALLEL,
    eligibility.EPROP,
    eligibility.SUPER_SPIKE,
    liquid.LIQUID_TIME_CONSTANT,
    liquid.CLOSED_FORM,
    iterated.TWO_COMPARTMENT,
    iterated.INHIBITORY,
)

_BY_NAME = {name: model for model in CATALOGUE for name in (model.name, *model.aliases)}


class Stand(NamedTuple):
    """What stands nearest to a name that the catalogue has no model for, and why it has none."""

    nearest: str
    reason: str


_NOT_FOUND = "no publication of it was found"

# Names in use for models of which no source within reach gives equations and numbers, or which are
# too large, and the published model nearest to each.
UNPUBLISHED: dict[str, Stand] = {
    # its fast part is that of 1991; programs have the constants of its successors only, Av-Ron and
    # Vidal's vestibular neuron of 1999 and Av-Ron, Byrne and Baxter's Morris-Lecar burster of 2006
    "AvRonCardiacNeuron": Stand(
        "AvRonNeuron", "the constants of Av-Ron, Parnas and Segel 1993 could not be found"
    ),
    # its reductions are as rich or not open
    "DeSchutterPurkinjeNeuron": Stand(
        "KramerPurkinjeNeuron", "De Schutter and Bower 1994 has 1 600 compartments, too many here"
    ),
    # a potential with a learned polynomial of low degree
    "LearnableNeuronModel": Stand(
        "ParametricLIFNeuron",
        "Jahns, Moreno and Kinsy 2025 learn a polynomial of low degree for each layer, and of "
        "their publication only the abstract, without coefficients, could be read",
    ),
    # leaky traces, the slower of which move the threshold of the fastest
    "ArcaneNeuron": Stand("AdaptiveThresholdIFNeuron", _NOT_FOUND),
    # a leaky integrator whose input is multiplied by a logistic function of input and potential
    "AttentionGatedNeuron": Stand("GatedLIFNeuron", _NOT_FOUND),
    # a phase that advances steadily, beside a filtered input
    "CompositionalBindingNeuron": Stand("ThetaNeuron", _NOT_FOUND),
    # a ring of rate units in which local excitation meets global inhibition
    "ContinuousAttractorNeuron": Stand("AmariNeuralField", _NOT_FOUND),
    # a tent map folded into the unit interval; Medvedev's is of averages over the spikes of Chay's
    # cell
    "MedvedevMapNeuron": Stand(
        "ChayNeuron",
        "the map of Medvedev 2005 is made of averages over fast spikes, for which it gives "
        "asymptotic forms and no formula with numbers",
    ),
    # a leaky integrator beside a learning rate that does not act on it
    "MetaPlasticNeuron": Stand("LapicqueNeuron", _NOT_FOUND),
    # a leaky integrator with a threshold that slow traces of its own spikes move
    "MultiTimescaleNeuron": Stand("MATNeuron", _NOT_FOUND),
    # a leaky integrator of the distance between the input and its running mean
    "PredictiveCodingNeuron": Stand("SigmaDeltaNeuron", _NOT_FOUND),
    # a leaky integrator that its own spikes slow down
    "SelfReferentialNeuron": Stand("SFANeuron", _NOT_FOUND),
}


class UnknownModelError(LookupError):
    """No model has this name; `nearest` holds the names that come closest."""

    def __init__(self, name: str) -> None:
        name = name[:64]  # comparing takes time with the length, and no name is that long
        super().__init__(f"no model is called {name!r}")
        folded = {known.casefold(): known for known in _BY_NAME}
        close = difflib.get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)
        self.nearest = [folded[match] for match in close]


class UnpublishedModelError(UnknownModelError):
    """The catalogue has no model for this name, and `reason` says why; `nearest` holds one."""

    def __init__(self, name: str) -> None:
        nearest, self.reason = UNPUBLISHED[name]
        LookupError.__init__(self, f"no model is called {name!r}: {self.reason}")
        self.nearest = [nearest]


def get(name: str) -> Model:
    """The model of that name or alias; raises UnknownModelError."""
    try:
        return _BY_NAME[name]
    except KeyError:
        error = UnpublishedModelError if name in UNPUBLISHED else UnknownModelError
        raise error(name) from None


def search(text: str) -> list[Model]:
    """The models whose name, title, family or authors contain every word of the text."""
    words = text.casefold().split()
    return [model for model in CATALOGUE if all(word in _words(model) for word in words)]


def _words(model: Model) -> str:
    authors = (source.authors for source in model.sources)
    return " ".join((model.name, *model.aliases, model.title, model.family, *authors)).casefold()
