"""What a log says: where the search stands, what is listed of it, and all its results."""

from __future__ import annotations

from collections.abc import Sequence

from studio.wire.campaigns import (
    AnyCampaign,
    CampaignResults,
    CampaignState,
    CampaignView,
    EvaluationResult,
    Event,
    Report,
)


def view(
    config: AnyCampaign, log: Sequence[Event], campaign: CampaignView | None = None
) -> CampaignView:
    """What is listed of a campaign: of `campaign` id, state, created and ended are kept."""
    raise NotImplementedError


def results(config: AnyCampaign, log: Sequence[Event], state: CampaignState) -> CampaignResults:
    """Everything, without loss."""
    raise NotImplementedError


def results_of(
    config: AnyCampaign, log: Sequence[Event], reports: Sequence[Report]
) -> list[EvaluationResult]:
    """What a laboratory posts, as results; raises StudioError that names what is wrong.

    Reports with an id belong to candidates that wait for them; those with parameters are further
    evaluations, whose results the driver appends to the log as a candidates_evaluated of the
    current iteration before it runs the operation anew.
    """
    raise NotImplementedError
