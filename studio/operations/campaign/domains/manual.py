"""A laboratory: people evaluate, whatever they call what they find."""

from __future__ import annotations

from studio.operations.campaign.domains.domain import Domain

DOMAIN = Domain(
    features=lambda config: None,
    faults=lambda config, trusted, limits: (),
    complete=lambda config: config,
    chunks=None,
)
