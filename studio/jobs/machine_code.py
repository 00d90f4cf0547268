"""Machine code of models' steps, kept on disk for the next worker and the next server."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from collections.abc import Iterator, MutableMapping
from pathlib import Path

from studio.version import VERSION

_HASH_BYTES = hashlib.sha256().digest_size
_SUFFIX, _UNFINISHED = ".o", ".unfinished"

log = logging.getLogger(__name__)


def _seal(name: str, code: bytes) -> bytes:
    """What only this code has under this name."""
    return hashlib.sha256(name.encode() + b"\0" + code).digest()


class MachineCode(MutableMapping[str, bytes]):
    """Machine code by name, a file each, of this version of Studio.

    A file appears whole or not at all, whenever its writer is killed, and one that is damaged is as
    good as none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / VERSION
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            log.warning("machine code is not kept: %s", error)
        for left in self._folder.glob("*" + _UNFINISHED):  # by a writer that was killed
            with contextlib.suppress(OSError):
                left.unlink()

    def _path(self, name: str) -> Path:
        return self._folder / (name + _SUFFIX)

    def __getitem__(self, name: str) -> bytes:
        try:
            content = self._path(name).read_bytes()
        except OSError:
            raise KeyError(name) from None
        code = content[_HASH_BYTES:]
        if _seal(name, code) != content[:_HASH_BYTES]:
            raise KeyError(name)
        return code

    def __contains__(self, name: object) -> bool:
        """Whether it is there, to be asked often: damage is only seen when it is read."""
        return self._path(str(name)).is_file()

    def __setitem__(self, name: str, code: bytes) -> None:
        unfinished = self._folder / f"{name}.{os.getpid()}{_UNFINISHED}"
        try:
            unfinished.write_bytes(_seal(name, code) + code)
            unfinished.replace(self._path(name))
        except OSError:  # a full disk costs the next one its time, no more
            with contextlib.suppress(OSError):
                unfinished.unlink()

    def __delitem__(self, name: str) -> None:
        try:
            self._path(name).unlink()
        except OSError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        for path in self._folder.glob("*" + _SUFFIX):
            yield path.name.removesuffix(_SUFFIX)

    def __len__(self) -> int:
        return sum(1 for _ in self)
