"""Where a server keeps its files: the same place for every command that is not told another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import platformdirs


def data_dir_option(help_text: str) -> Callable[[Any], Any]:
    """The option of a command."""
    return click.option(
        "--data-dir",
        type=click.Path(path_type=Path),
        default=platformdirs.user_data_path("studio"),
        show_default="the user's own",
        help=help_text,
    )
