"""What campaigns can evaluate: a file for each domain, and one table of them."""

from __future__ import annotations

from typing import Any

from studio.operations.campaign.domains import manual, membrane, neuron, python
from studio.operations.campaign.domains.domain import Domain
from studio.wire.campaigns import (
    AnyCampaign,
    ManualCampaign,
    MembraneCampaign,
    NeuronCampaign,
    PythonCampaign,
)

DOMAINS: dict[type[Any], Domain] = {
    NeuronCampaign: neuron.DOMAIN,
    MembraneCampaign: membrane.DOMAIN,
    PythonCampaign: python.DOMAIN,
    ManualCampaign: manual.DOMAIN,
}


def of(config: AnyCampaign) -> Domain:
    """The domain of a configuration."""
    return DOMAINS[type(config)]
