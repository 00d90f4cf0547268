"""Machine code of models' steps, kept on disk for the next worker and the next server."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from studio.version import VERSION

_HASH_BYTES = hashlib.sha256().digest_size
_SUFFIX = ".o"


class MachineCode(MutableMapping[str, bytes]):
    """Machine code by name, a file each, of this version of Studio.

    A file appears whole or not at all, whenever its writer is killed, and one that is damaged is as
    good as none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / VERSION
        self._folder.mkdir(parents=True, exist_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / (name + _SUFFIX)

    def __getitem__(self, name: str) -> bytes:
        try:
            content = self._path(name).read_bytes()
        except OSError:
            raise KeyError(name) from None
        code = content[_HASH_BYTES:]
        if hashlib.sha256(code).digest() != content[:_HASH_BYTES]:
            raise KeyError(name)
        return code

    def __setitem__(self, name: str, code: bytes) -> None:
        with contextlib.suppress(OSError):  # a full disk costs the next one its time, no more
            with NamedTemporaryFile(dir=self._folder, delete=False) as file:
                file.write(hashlib.sha256(code).digest() + code)
            os.replace(file.name, self._path(name))

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
