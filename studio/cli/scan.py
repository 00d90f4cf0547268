"""studio scan"""

from __future__ import annotations

from studio.cli import options

command = options.operation("scan", *options.RUN, example="studio scan --duration 500")
