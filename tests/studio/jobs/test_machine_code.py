"""Machine code on disk: whole or not there."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from studio.jobs.machine_code import MachineCode
from tests.conftest import DEADLINE_S

NAMES = ["a-1", "b-2", "c-3"]


@pytest.fixture
def store(tmp_path: Path) -> MachineCode:
    return MachineCode(tmp_path)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_one_process_keeps_another_finds(tmp_path: Path, store: MachineCode) -> None:
    store["a-1"] = b"code"
    other = MachineCode(tmp_path)
    assert dict(other) == {"a-1": b"code"}
    assert other.get("b-2") is None


def test_whether_it_is_there_is_asked_without_reading_it(store: MachineCode) -> None:
    store["a-1"] = b"code"
    assert "a-1" in store
    assert "b-2" not in store


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, store: MachineCode) -> None:
    store["a-1"] = b"code" * 100
    (path,) = files(tmp_path)
    for content in (path.read_bytes()[:-1], b"", b"\0" * 500):
        path.write_bytes(content)
        assert store.get("a-1") is None
    store["a-1"] = b"new"
    assert store["a-1"] == b"new"


def test_half_a_file_of_a_killed_writer_is_not_listed(tmp_path: Path, store: MachineCode) -> None:
    store["a-1"] = b"code"
    (path,) = files(tmp_path)
    (path.parent / "b-2.77.unfinished").write_bytes(b"half")
    assert list(store) == ["a-1"]
    assert len(store) == 1
    MachineCode(tmp_path)  # the next server
    assert files(tmp_path) == [path]


def write_for_ever(folder: Path, written: Connection) -> None:
    store = MachineCode(folder)
    while True:
        for name in NAMES:
            store[name] = whole(name)
        written.send(None)


def whole(name: str) -> bytes:
    return name.encode() * 100_000


def test_writers_that_are_killed_leave_nothing_that_is_half(tmp_path: Path) -> None:
    context, ends = multiprocessing.get_context("spawn"), [multiprocessing.Pipe() for _ in range(2)]
    writers = [context.Process(target=write_for_ever, args=(tmp_path, mine)) for _, mine in ends]
    for writer in writers:
        writer.start()
    for theirs, _ in ends:
        assert theirs.poll(DEADLINE_S)  # they are in the middle of it
    for writer in writers:
        writer.kill()
        writer.join()
    assert dict(MachineCode(tmp_path)) == {name: whole(name) for name in NAMES}
    assert {path.suffix for path in files(tmp_path)} == {".o"}


def test_what_cannot_be_written_is_left_out(tmp_path: Path, store: MachineCode) -> None:
    store["a-1"] = b"code"
    del store["a-1"]
    with pytest.raises(KeyError):
        del store["a-1"]
    next(tmp_path.iterdir()).rmdir()
    store["a-1"] = b"code"
    assert store.get("a-1") is None
