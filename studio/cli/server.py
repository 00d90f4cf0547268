"""The client of a server that a command names."""

from __future__ import annotations

import os

from studio.client.sync import Client

TOKEN = "STUDIO_TOKEN"  # noqa: S105 (the name of a variable)


def client(url: str) -> Client:
    """A client that signs in with the token of the environment, where others cannot read it."""
    return Client(url, os.environ.get(TOKEN) or None)
