"""A campaign: evaluate an initial design, then train, propose, evaluate, until it has converged.

run(config, log)    the operation, a pure generator over the log of events so far
check(config)       the configuration made whole, or a StudioError with all that is wrong
lifecycle           the states of a campaign as one table, and the events that tell of them
history             what a log says: state of the search, listing, results
"""

from __future__ import annotations

from studio.operations.campaign.check import check
from studio.operations.campaign.generator import Awaiting, Summary, run

__all__ = ["Awaiting", "Summary", "check", "run"]
