"""Runs what a command asks for, in this process or on a server, and shows it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Protocol

import click

from studio.cli import progress
from studio.cli.views import models as catalogue
from studio.cli.views.page import Page, View
from studio.errors import StudioError
from studio.wire.codec import encode_json
from studio.wire.frames import Progress

Plain = dict[str, Any]
OnProgress = Callable[[Progress], None]


class Backend(Protocol):
    """Where operations run: the module studio.local, or the client of a server."""

    def run(self, op: str, config: Plain, on_progress: OnProgress | None, /) -> Plain:
        """Run an operation."""

    def models(self) -> list[Plain]:
        """Every model, described."""

    def model(self, name: str, /) -> Plain:
        """One model, described."""


def execute(op: str, config: Plain, *, url: str | None, as_json: bool) -> None:
    """Run an operation with progress on stderr, then print its result."""
    there = _backend(url)
    if as_json:
        _print_json(_watched(there, op, config, None))
        return
    view: View = importlib.import_module(f"studio.cli.views.{op}").View(Page())
    result = _watched(there, op, config, view)
    name = result["config"].get("name")
    view.show(result, there.model(name) if name else {})


def models(text: str, *, url: str | None, as_json: bool) -> None:
    """Print the catalogue, what of it matches a text, or the one model of that name."""
    found = _found(_backend(url), text)
    if as_json:
        _print_json({"models": found} if isinstance(found, list) else found)
    elif isinstance(found, list):
        catalogue.show_all(Page(), found)
    else:
        catalogue.show(Page(), found)


def _found(there: Backend, text: str) -> Plain | list[Plain]:
    if not text:
        return there.models()
    try:
        return there.model(text)
    except StudioError as error:
        found = catalogue.matching(there.models(), text) if error.code == "not_found" else []
        if not found:
            raise
        return found


def _backend(url: str | None) -> Backend:
    if url is None:
        from studio import local  # numpy, which a client of a server does not need

        return local
    from studio.cli.server import client

    return client(url)


def _watched(there: Backend, op: str, config: Plain, view: View | None) -> Plain:
    with progress.shown() as display:

        def on_progress(frame: Progress) -> None:
            if view is not None and frame.partial is not None:
                view.so_far(frame.partial, display.aside)
            display.show(frame)

        return there.run(op, config, on_progress)


def _print_json(document: Any) -> None:
    click.echo(encode_json(document))
