"""studio token: made of a secret, taken by a server, refused once revoked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.studio.cli.conftest import studio

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text(SECRET)
    return tmp_path / "secret"


def test_a_command_signs_in_with_a_token_until_it_is_revoked(
    start_server: Callable[..., Server], secret: Path, tmp_path: Path
) -> None:
    data = ("--data-dir", str(tmp_path))
    server = start_server("--workers", "1", "--secret-file", str(secret), *data)
    made = studio("token", "create", "ada", "--days", "1", "--secret-file", str(secret))
    there = ("models", "AdExNeuron", "--url", server.url)
    token = made.stdout.strip()
    assert studio(*there, STUDIO_TOKEN=token).returncode == 0
    assert "Brette" in studio(*there, STUDIO_TOKEN=token).stdout
    run = ("simulate", "LapicqueNeuron", "--url", server.url)
    assert studio(*run, STUDIO_TOKEN=token).returncode == 0
    for refused in (studio(*there), studio(*run)):
        assert refused.returncode == 1
        assert "Sign in first" in refused.stderr
    found = re.search(r"token revoke (\w+)", made.stderr)
    assert found
    revoked = studio("token", "revoke", found[1], *data)
    assert "refused from now on" in revoked.stdout
    assert "revoked" in studio(*there, STUDIO_TOKEN=token).stderr


def test_the_secret_may_stand_in_the_environment() -> None:
    made = studio("token", "create", "ada", STUDIO_SECRET=SECRET)
    assert made.stdout.count(".") == 2


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["create", "ada"], {}, "--secret-file or STUDIO_SECRET"),
        (["create", "ada"], {"STUDIO_SECRET": "short"}, "32 at least"),
        (["create", "ada", "--secret-file", "/nowhere"], {}, "/nowhere"),
        (["create", ""], {"STUDIO_SECRET": SECRET}, "1 to 100"),
        (["create", "ada", "--days", "0"], {"STUDIO_SECRET": SECRET}, "--days"),
        (["revoke", "nothing"], {}, "neither a token nor the id"),
        (["revoke", "0" * 16, "--data-dir", "/nowhere"], {}, "/nowhere"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], environment: dict[str, str], told: str
) -> None:
    refused = studio("token", *arguments, **environment)
    assert refused.returncode != 0
    assert told in refused.stderr
    assert refused.stdout == ""
