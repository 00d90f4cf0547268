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
