"""The synchronous client against a real server, over connections that break."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import studio
from studio.client import core
from studio.client.sync import Client
from studio.errors import StudioError
from studio.wire.frames import Progress
from tests.conftest import ADEX_HEATMAP, Server

# long enough to be cut off
WORK: dict[str, Any] = {**ADEX_HEATMAP, "duration": 4000.0, "engine": "numpy", "fresh": True}


class Relay:
    """Passes connections on to a server until it cuts them."""

    def __init__(self, server: Server, *, sockets: bool = True) -> None:
        self._server, self._sockets = server, sockets
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/api/v1"
        self._open: list[socket.socket] = []
        self.requests: list[str] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection there is."""
        while self._open:
            with contextlib.suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End for good."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            part = client.recv(65536)
            if not part:
                client.close()
                return
            head += part
        self.requests.append(head.split(b" HTTP")[0].decode())
        if b"upgrade: websocket" in head.lower() and not self._sockets:
            client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            client.close()
            return
        server = socket.create_connection(("127.0.0.1", self._server.port))
        server.sendall(head)
        self._open += [client, server]
        back = threading.Thread(target=_pump, args=(server, client), daemon=True)
        back.start()
        _pump(client, server)
        back.join()
        client.close()
        server.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def relay(server: Server) -> Iterator[Relay]:
    running = Relay(server)
    yield running
    running.close()


def test_the_client_is_offered_by_the_package() -> None:
    assert studio.Client is Client
    with pytest.raises(AttributeError, match="Klient"):
        studio.Klient  # type: ignore[attr-defined]  # noqa: B018


def test_operations_are_calls_with_progress(server: Server) -> None:
    client = Client(server.url)
    frames: list[Progress] = []
    result = client.heatmap({**ADEX_HEATMAP, "fresh": True}, on_progress=frames.append)
    assert frames[0].pct == 0
    assert {frame.step for frame in frames} == {"sweep"}
    assert sum(map(sum, result["metrics"]["spike_count"])) == 1239
    assert client.simulate({"name": "LapicqueNeuron"})["status"] == "ok"
    assert client.characterize({"name": "LapicqueNeuron", "duration": 20})["fi_curve"]
    assert client.scan({"duration": 5})["models"]
    assert client.model("AdExNeuron") in client.models()


def test_a_connection_that_is_cut_is_opened_again_and_the_job_attached_to(
    server: Server, relay: Relay
) -> None:
    frames: list[Progress] = []
    cuts: list[int] = []

    def cut_twice(frame: Progress) -> None:
        frames.append(frame)
        if len(frames) in (1, 3):  # the second may not come where few frames find their way
            cuts.append(len(frames))
            relay.cut()

    result = Client(relay.url).heatmap(WORK, on_progress=cut_twice)
    assert relay.requests == ["GET /ws/progress"] * (1 + len(cuts))
    assert len({frame.job for frame in frames}) == 1
    seqs = [frame.seq for frame in frames if frame.seq is not None]
    assert len(seqs) == len(set(seqs))
    pct = [frame.pct for frame in frames]
    assert pct == sorted(pct)
    undisturbed = Client(server.url).heatmap(WORK)
    assert result["metrics"] == undisturbed["metrics"]


def test_where_no_socket_can_be_opened_http_answers(server: Server) -> None:
    relay = Relay(server, sockets=False)
    frames: list[Progress] = []
    result = Client(relay.url).heatmap(ADEX_HEATMAP, on_progress=frames.append)
    relay.close()
    assert relay.requests == ["GET /ws/progress", "POST /api/v1/heatmap"]
    assert frames == []
    assert sum(map(sum, result["metrics"]["spike_count"])) == 1239


def test_a_request_too_large_for_a_message_goes_over_http(server: Server) -> None:
    values = [0.8] * 20_000
    stimulus = {"kind": "recorded", "values": values, "dt": 0.01}
    config = {"name": "AdExNeuron", "stimulus": stimulus}
    assert len(Client(server.url).simulate(config)["spike_times"]) == 5


def test_a_connection_that_stays_lost_is_given_up_with_the_job_named(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core, "WAITS_S", (0.0, 0.0))
    with pytest.raises(StudioError) as gone:
        Client(relay.url).heatmap(WORK, on_progress=lambda frame: relay.close())
    assert gone.value.code == "unreachable"
    assert "j_" in gone.value.message


def test_a_server_that_is_not_there_is_an_error_that_names_its_address() -> None:
    with pytest.raises(StudioError, match=r"cannot be reached: http://127\.0\.0\.1:1/api/v1"):
        Client("http://127.0.0.1:1").simulate({"name": "LapicqueNeuron"})


@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable"])
def test_an_answer_that_is_cut_is_an_error_of_ours(status: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(f'HTTP/1.1 {status}\r\nContent-Length: 99\r\n\r\n{{"'.encode())

        threading.Thread(target=answer, daemon=True).start()
        client = Client(f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(StudioError) as lost:
            client.models()
    assert lost.value.code == "unreachable"


@pytest.mark.parametrize("sockets", [True, False])
def test_a_refusal_names_the_field_the_same_way_over_socket_and_http(
    server: Server, sockets: bool
) -> None:
    relay = Relay(server, sockets=sockets)
    with pytest.raises(StudioError) as refused:
        Client(relay.url).simulate({"name": "AdExNeuron", "params": {"C": -1}})
    relay.close()
    assert refused.value.code == "invalid_config"
    assert refused.value.detail == "params/C: must be in 1 to 10000 pF, not -1"


def test_a_mistake_of_the_listener_is_the_listeners(server: Server) -> None:
    def listen(frame: Progress) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        Client(server.url).heatmap(ADEX_HEATMAP, on_progress=listen)


def test_an_unknown_model_is_not_found(server: Server) -> None:
    with pytest.raises(StudioError, match="did you mean AdExNeuron") as missing:
        Client(server.url).model("AdExNeuro?")
    assert missing.value.code == "not_found"
