"""How one run looks."""

from __future__ import annotations

from studio.cli.views import page, run
from studio.cli.views.page import Plain


class View(page.View):
    """Statistics, and the trace of the output."""

    def show(self, result: Plain, model: Plain) -> None:
        """Print the result."""
        stats, units = result["stats"], result["units"]
        run.title(self.page, result, model)
        self.page.fields(run.statistics(stats, units, model))
        run.why_null(self.page, result, model)
        run.trace(self.page, result, result, model)
