"""Tokens, tickets and revocations, without a server."""

from __future__ import annotations

import base64
import json
import resource
import time
from pathlib import Path
from typing import Any

import anyio
import jwt
import pytest

from studio import auth
from studio.auth import Auth, Identity
from studio.errors import StudioError
from tests.conftest import DEADLINE_S

SECRET = b"0123456789abcdef0123456789abcdef"
OTHER = b"fedcba9876543210fedcba9876543210"
GOOD: dict[str, Any] = {"iss": "studio", "aud": "studio", "sub": "ada", "exp": 4102444800}


def signed(secret: bytes | str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    """A token with these claims; None leaves one out."""
    told = {name: value for name, value in {**GOOD, **claims}.items() if value is not None}
    return jwt.encode(told, secret, algorithm)


def unsigned(**header: str) -> str:
    parts = [{"typ": "JWT", **header}, GOOD]
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return ".".join(part.rstrip("=") for part in coded) + "."


def test_a_token_speaks_for_its_owner_until_it_expires() -> None:
    identity = Auth(SECRET, None).verify(auth.issue(SECRET, "ada", 60.0))
    assert identity.owner == "ada"
    assert 50 < identity.expires - time.time() <= 60


@pytest.mark.parametrize(
    "token",
    [
        unsigned(alg="none"),
        unsigned(alg="None"),
        unsigned(alg="HS256"),
        signed(OTHER),
        signed(algorithm="HS512", secret=SECRET * 2),
        signed(aud="other"),
        signed(aud=["other"]),
        signed(iss="other"),
        signed(exp=1),
        signed(exp=time.time() - 1),
        signed(exp=True),
        signed(nbf=4102444700),
        *(signed(**{claim: None}) for claim in ("exp", "aud", "iss", "sub")),
        *(signed(sub=name) for name in ("", "x" * 101, "a\nb")),
        signed() + "x",
        signed()[:-4],
        *("", ".", "..", "a.b.c", "Bearer", "\x00", "ä" * 10),
    ],
)
def test_a_token_that_this_server_did_not_make_is_refused(token: str) -> None:
    with pytest.raises(StudioError) as refused:
        Auth(SECRET, None).verify(token)
    assert refused.value.code == "unauthorized"


def test_the_good_token_of_the_table_is_taken() -> None:
    assert Auth(SECRET, None).verify(signed()).owner == "ada"


def test_a_revoked_token_is_refused_however_its_signature_is_written(tmp_path: Path) -> None:
    gate, token, another = Auth(SECRET, tmp_path), signed(jti="1"), signed(jti="2")
    gate.verify(token)
    auth.revoke(tmp_path, auth.token_id(token))
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".index(token[-1])
    spellings = [token[:-1] + c for c in (token[-1], *_same_bits(last))]
    for spelling in spellings:
        with pytest.raises(StudioError):
            gate.verify(spelling)
    assert gate.verify(another).owner == "ada"


def _same_bits(index: int) -> list[str]:
    """The characters that decode to the same bytes at the end of 32."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return [alphabet[n] for n in range(64) if n >> 2 == index >> 2]


def test_a_ticket_opens_one_socket() -> None:
    gate = Auth(SECRET, None)
    identity = gate.verify(signed())
    ticket = gate.ticket(identity)
    assert gate.redeem(ticket) == identity
    with pytest.raises(StudioError):
        gate.redeem(ticket)


def test_a_ticket_is_of_no_use_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Auth(SECRET, None)
    monkeypatch.setattr(auth, "TICKET_S", 0.0)
    with pytest.raises(StudioError):
        gate.redeem(gate.ticket(gate.verify(signed())))


def test_a_ticket_does_not_outlive_its_token(tmp_path: Path) -> None:
    gate = Auth(SECRET, tmp_path)
    late = gate.ticket(Identity("ada", time.time() - 1, "id"))
    token = signed()
    revoked = gate.ticket(gate.verify(token))
    auth.revoke(tmp_path, auth.token_id(token))
    with pytest.raises(StudioError):
        gate.verify(token)
    for ticket in (late, revoked):
        with pytest.raises(StudioError):
            gate.redeem(ticket)


def test_what_was_revoked_stays_so_where_the_file_cannot_be_read(tmp_path: Path) -> None:
    gate, token, another = Auth(SECRET, tmp_path), signed(jti="1"), signed(jti="2")
    auth.revoke(tmp_path, auth.token_id(token))
    with pytest.raises(StudioError):
        gate.verify(token)
    (tmp_path / auth.REVOKED).unlink()
    with pytest.raises(StudioError):
        gate.verify(token)
    (tmp_path / auth.REVOKED).mkdir()
    with pytest.raises(StudioError):
        gate.verify(token)
    assert gate.verify(another).owner == "ada"


def test_what_could_not_be_read_of_what_is_revoked_is_read_once_it_can(tmp_path: Path) -> None:
    gate, token = Auth(SECRET, tmp_path), signed()
    auth.revoke(tmp_path, auth.token_id(token))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))  # too many open files
    try:
        assert gate.verify(token).owner == "ada"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    with pytest.raises(StudioError, match="revoked"):
        gate.verify(token)


async def test_what_is_open_ends_with_its_token_and_nothing_else_does(tmp_path: Path) -> None:
    gate, ended = Auth(SECRET, tmp_path), []
    tokens = {name: signed(jti=name) for name in ("revoked", "kept")}
    whose = {name: gate.verify(token) for name, token in tokens.items()}
    whose["expired"] = Identity("ada", time.time() + 0.2, "id")

    async def hold(name: str) -> None:
        with gate.holding(whose[name]):
            await anyio.sleep_forever()
        ended.append(name)

    with anyio.fail_after(DEADLINE_S):
        async with anyio.create_task_group() as tasks:
            for name in whose:
                tasks.start_soon(hold, name)
            tasks.start_soon(gate.watch)
            auth.revoke(tmp_path, auth.token_id(tokens["revoked"]))
            while len(ended) < 2:
                await anyio.sleep(0.02)
            tasks.cancel_scope.cancel()
    assert sorted(ended[:2]) == ["expired", "revoked"]


@pytest.mark.parametrize("secret", ["", "short", "x" * 31, " " * 40])
def test_a_short_secret_is_none(secret: str) -> None:
    with pytest.raises(ValueError, match="32 at least"):
        auth.check_secret(secret, "here")


@pytest.mark.parametrize("name", ["", "x" * 101, "a\nb"])
def test_a_name_that_cannot_be_shown_gets_no_token(name: str) -> None:
    with pytest.raises(ValueError, match="printable"):
        auth.issue(SECRET, name, 60.0)
