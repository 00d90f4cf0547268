"""The numbers of the models are those that somebody else read in the literature."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from benchmarks.witnesses.constants import TYPED
from kernels.neurons.catalogue import CATALOGUE, get
from kernels.neurons.model import Model

PRECISION = 1e-3  # as few digits as papers print

# Forms for which a publication gives no numbers, or any.
ANY_NUMBERS = {
    *("LapicqueNeuron", "PerfectIntegratorNeuron", "SpikeResponseNeuron", "NonlinearLIFNeuron"),
    *("ThetaNeuron", "McCullochPittsNeuron", "SigmoidRateNeuron", "ThresholdLinearRateNeuron"),
    *("PoissonNeuron", "GammaRenewalNeuron", "DeadTimePoissonNeuron", "HawkesNeuron"),
    *("AmariNeuralField", "LeakyCompeteFireNeuron", "TrueNorthNeuron", "AkidaNeuron"),
    *("LiquidTimeConstantNeuron", "ClosedFormContinuousNeuron"),
}
# Whose numbers one text gives that was found, and nobody typed them again.
NO_SECOND_TEXT = {
    *("McKeanNeuron", "IbarzTanakaMapNeuron", "CourbageNekorkinMapNeuron", "CazellesMapNeuron"),
    *("NagumoSatoNeuron", "EscapeRateNeuron", "SigmaDeltaNeuron", "YamadaNeuron"),
    *("NeuroGridNeuron", "SpiNNaker2Neuron", "RushRinzelNeuron"),
}
# What was left out of the others: found nowhere a second time, a convention, or for each to choose.
GAPS = {
    "ExpIFNeuron": "V_th",
    "AdExNeuron": "V_peak",
    "AdExNeuron delayed_regular_bursting": "C g_L E_L a tau_w b V_r",
    "AdExNeuron transient_spiking": "a b",
    "FractionalLIFNeuron": "alpha",
    "MihalasNieburNeuron": "a A_1 A_2",
    "Izhikevich2007Neuron": "C k v_r v_t v_peak a b c d v_u v_b b_low b_3 p_u c_u u_max",
    "Izhikevich2007Neuron fast_spiking": "v_u b",
    "HillTononiNeuron cortical_inhibitory": "t_spike",
    "HillTononiNeuron thalamic": "t_spike",
    "CompteWMNeuron": "g_GABA",
    "FitzHughRinzelNeuron": "c mu",
    "AvRonNeuron": "V_L s lam a_W V_W a_m V_m",
    "WilsonHRNeuron intrinsically_bursting": "g_T g_H",
    "PrescottNeuron": "beta_w",
    "HuberBraunNeuron": "temperature",
    "ButeraRespiratoryNeuron beating": "E_L",
    "PinskyRinzelNeuron": "I_d",
    "BoothRinzelNeuron": "g_CaN_D I_D",
    "RallCableNeuron": "site",
    "DendrifyNeuron": "site tau_reset",
    "DurstewitzDopamineNeuron": "g_NMDA",
    "HayL5PyramidalNeuron": "I_t",
    "RulkovMapNeuron": "alpha sigma",
    "ChialvoMapNeuron": "b k",
    "RulkovChaoticMapNeuron": "alpha",
    "AiharaMapNeuron": "a",
    "AiharaMapNeuron chaotic": "epsilon a",
    "GalvesLocherbachNeuron": "mu Gamma V_T r",
    "StochasticIFNeuron": "sigma",
    "SiegertTransferFunction": "sigma",
    "WongWangUnit": "c",
    "HopfieldPair": "R C",
    "WilsonCowanUnit": "tau_e tau_i",
    "WendlingNeuron": "A B G",
    "LarterBreakspearNeuron": "g_Ca delta_V delta_Z",
    "TsodyksMarkramNeuron depressing": "tau_facil",
    "LoihiCUBANeuron": "t_ref",
}


def ours(model: Model, preset: str | None) -> Mapping[str, float | None]:
    """The values of a model, or those that a preset sets and the current."""
    if preset is None:
        return {param.name: param.default for param in model.params} | {"current": model.current}
    chosen = {one.name: one for one in model.presets}[preset]
    return {**chosen.params, **chosen.init, "current": chosen.current}


@pytest.mark.parametrize("entry", TYPED)
def test_the_constants_are_those_typed_from_the_literature(entry: str) -> None:
    name, _, preset = entry.partition(" ")
    known = ours(get(name), preset or None)
    assert {key: known[key] for key in TYPED[entry]} == pytest.approx(TYPED[entry], rel=PRECISION)


def test_every_model_s_constants_are_typed_twice_or_it_is_said_why_not() -> None:
    without = {model.name for model in CATALOGUE} - {entry.partition(" ")[0] for entry in TYPED}
    assert without == ANY_NUMBERS | NO_SECOND_TEXT


def test_every_value_of_a_model_or_preset_is_typed_or_known_to_be_left_out() -> None:
    left_out = {}
    for model in CATALOGUE:
        if model.name in ANY_NUMBERS | NO_SECOND_TEXT:
            continue
        entries = {model.name: [param.name for param in model.params]}
        entries |= {f"{model.name} {one.name}": list(one.params) for one in model.presets}
        for entry, names in entries.items():
            left_out[entry] = " ".join(name for name in names if name not in TYPED.get(entry, {}))
    assert {entry: names for entry, names in left_out.items() if names} == GAPS
