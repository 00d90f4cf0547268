"""Who is asking: tokens that the server's secret signs, tickets for sockets, and revocations."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import anyio
import jwt

from studio.errors import StudioError

log = logging.getLogger(__name__)

SECRET_BYTES = 32
REVOKED = "revoked-tokens"
TICKET_S = 30.0
_LOOK_S = 1.0  # between two looks at what is open
_NAME = "studio"  # who issues tokens, and for whom
_ALGORITHM = "HS256"
_OWNER_LENGTH = 100


class Identity(NamedTuple):
    """Who a request comes from, until when (seconds since 1970), and by which token."""

    owner: str
    expires: float
    token_id: str


def check_secret(secret: str, where: str) -> bytes:
    """The secret as bytes; raises ValueError where it is too short to be one."""
    found = secret.strip().encode()
    if len(found) < SECRET_BYTES:
        raise ValueError(
            f"{where} holds {len(found)} bytes; a secret has {SECRET_BYTES} at least "
            "(openssl rand -hex 32 makes one)"
        )
    return found


def issue(secret: bytes, owner: str, seconds: float) -> str:
    """A token for an owner; raises ValueError where the name is none."""
    if not is_owner(owner):
        raise ValueError(f"a name has 1 to {_OWNER_LENGTH} printable characters, not {owner!r}")
    now = time.time()
    claims = {"iss": _NAME, "aud": _NAME, "sub": owner, "iat": int(now), "exp": int(now + seconds)}
    return jwt.encode({**claims, "jti": secrets.token_hex(8)}, secret, _ALGORITHM)


def is_owner(name: object) -> bool:
    """Whether something is the name of an owner."""
    return isinstance(name, str) and 0 < len(name) <= _OWNER_LENGTH and name.isprintable()


def token_id(token: str) -> str:
    """What a token is revoked by: of what is signed, since a signature can be written variously."""
    return hashlib.sha256(token.rpartition(".")[0].encode()).hexdigest()[:16]


def revoke(data_dir: Path, revoked: str) -> None:
    """Have the server of that directory refuse a token from now on; raises OSError."""
    with (data_dir / REVOKED).open("a") as file:
        file.write(f"{revoked}\n")


class Auth:
    """Tells who is asking; data_dir: where revocations are kept."""

    def __init__(self, secret: bytes, data_dir: Path | None) -> None:
        self._secret = secret
        self._path = None if data_dir is None else data_dir / REVOKED
        self._read_at: tuple[int, int] | None = None
        self._revoked: frozenset[str] = frozenset()
        self._tickets: dict[str, tuple[Identity, float]] = {}
        self._open: dict[object, tuple[Identity, anyio.CancelScope]] = {}

    def verify(self, token: str) -> Identity:
        """Who a token speaks for; raises StudioError."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                audience=_NAME,
                issuer=_NAME,
                options={"require": ["exp", "aud", "iss", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise StudioError("unauthorized", "the token has expired") from None
        except jwt.InvalidTokenError:
            raise StudioError("unauthorized", "the token is none of this server's") from None
        if not is_owner(claims["sub"]):
            raise StudioError("unauthorized", "the token is none of this server's")
        identity = Identity(claims["sub"], float(claims["exp"]), token_id(token))
        self._read_revoked()
        if not self._holds(identity):
            raise StudioError("unauthorized", "the token was revoked")
        return identity

    def ticket(self, identity: Identity) -> str:
        """What opens one socket within TICKET_S, in the name of whoever asks for it."""
        now = time.monotonic()
        self._tickets = {name: kept for name, kept in self._tickets.items() if kept[1] > now}
        ticket = secrets.token_urlsafe(32)
        self._tickets[ticket] = identity, now + TICKET_S
        return ticket

    def redeem(self, ticket: str) -> Identity:
        """Whose a ticket is, once; raises StudioError."""
        identity, until = self._tickets.pop(ticket, (None, 0.0))
        if identity is None or until <= time.monotonic():
            raise StudioError("unauthorized", "the ticket was used, or has expired")
        if not self._holds(identity):
            raise StudioError("unauthorized", "the token has expired, or was revoked")
        return identity

    @contextlib.contextmanager
    def holding(self, identity: Identity) -> Iterator[anyio.CancelScope]:
        """A scope that is cancelled once the identity holds no longer."""
        mark = object()
        with anyio.CancelScope() as scope:
            self._open[mark] = identity, scope
            try:
                yield scope
            finally:
                del self._open[mark]

    async def watch(self) -> None:
        """End what is open of those whose time is over; by the clock, which a lid may have held."""
        while True:
            await anyio.sleep(_LOOK_S)
            self._read_revoked()
            for identity, scope in [*self._open.values()]:
                if not self._holds(identity):
                    scope.cancel()

    def _holds(self, identity: Identity) -> bool:
        return identity.expires > time.time() and identity.token_id not in self._revoked

    def _read_revoked(self) -> None:
        """Read what is revoked where that has changed."""
        if self._path is None:
            return
        try:
            found = os.stat(self._path)
            if (found.st_mtime_ns, found.st_size) != self._read_at:
                self._revoked = frozenset(self._path.read_text("utf8", "replace").split())
                self._read_at = found.st_mtime_ns, found.st_size
        except FileNotFoundError:  # nothing is yet, or its disk has gone: what was revoked stays so
            self._read_at = None
        except OSError:  # as above, and it is read as soon as it can be
            log.exception("%s cannot be read", self._path)
