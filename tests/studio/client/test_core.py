"""The client's core, without a connection."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio import AsyncClient, Client
from studio.client import core
from studio.errors import StudioError

CONFIG: dict[str, Any] = {"name": "AdExNeuron"}


def frame(**values: Any) -> str:
    return json.dumps({"type": "progress", "pct": 0, "step": "trace", "msg": "Running", **values})


def call() -> core.Call:
    """A call on its first connection."""
    begun = core.Call("simulate", CONFIG)
    begun.opening()
    return begun


@pytest.mark.parametrize(
    "base",
    ["http://h:8000", "http://h:8000/", "http://h:8000/api/v1", "http://h:8000/api/v1/"],
)
def test_the_address_of_a_server_is_taken_with_and_without_its_api(base: str) -> None:
    found = core.addresses(base)
    assert (found.http, found.socket) == ("http://h:8000/api/v1", "ws://h:8000/ws/progress")


def test_a_server_below_a_path_and_behind_tls_keeps_both() -> None:
    found = core.addresses("https://h/studio/api/v1?x=1")
    assert (found.http, found.socket) == ("https://h/studio/api/v1", "wss://h/studio/ws/progress")


@pytest.mark.parametrize("base", ["h:8000", "ftp://h", "http://", ""])
def test_what_is_no_address_is_refused(base: str) -> None:
    with pytest.raises(StudioError, match="must begin with http://"):
        core.addresses(base)


@pytest.mark.parametrize("token", ["eyJ\u2026", "a\nb", "ü"])
def test_a_token_that_no_header_can_hold_is_refused(token: str) -> None:
    for client in (Client, AsyncClient):
        with pytest.raises(StudioError, match="one line of ASCII"):
            client(token=token)


def test_a_token_may_be_given_as_it_is_read_from_a_file() -> None:
    assert core.authorization("abc\n") == {"authorization": "Bearer abc"}


def test_a_number_that_json_cannot_hold_is_refused_rather_than_left_out() -> None:
    with pytest.raises(StudioError, match="current: must be a finite number"):
        core.Call("simulate", {**CONFIG, "current": float("inf")})


def test_what_a_server_that_goes_down_refuses_is_asked_of_the_next_one() -> None:
    begun = call()
    told = {"type": "error", "code": "restarting", "msg": "The server is going down"}
    assert begun.receive(json.dumps(told)) is None
    begun.lost(1012)
    assert json.loads(begun.opening())["op"] == "simulate"


def test_the_first_connection_runs_and_the_next_one_attaches_after_what_was_seen() -> None:
    begun = core.Call("simulate", CONFIG)
    assert json.loads(begun.opening())["op"] == "simulate"
    begun.receive(frame(job="j_1", seq=1))
    begun.receive(frame(job="j_1", seq=2))
    begun.receive(frame(job="j_1"))
    begun.lost()
    again = json.loads(begun.opening())
    assert (again["op"], again["job"], again["after"]) == ("attach", "j_1", 2)


def test_a_request_that_was_never_answered_is_sent_again() -> None:
    begun = call()
    begun.lost()
    assert json.loads(begun.opening())["op"] == "simulate"


def test_an_entry_that_is_known_is_not_told_twice() -> None:
    begun = call()
    assert begun.receive(frame(job="j_1", seq=1)) is not None
    assert begun.receive(frame(job="j_1", seq=1)) is None


def test_the_result_ends_the_call_and_a_heartbeat_does_not() -> None:
    begun = call()
    begun.receive('{"type": "heartbeat", "job": "j_1"}')
    assert begun.result is None
    begun.receive('{"type": "complete", "pct": 100, "job": "j_1", "seq": 1, "result": {"t": [1]}}')
    assert begun.result == {"t": [1]}


def test_a_refusal_names_the_field_as_the_configuration_does() -> None:
    errors = [{"pointer": "/config/dt", "detail": "must be a number > 0"}]
    error = {"type": "error", "code": "invalid_config", "msg": "...", "errors": errors}
    with pytest.raises(StudioError) as refused:
        call().receive(json.dumps(error))
    assert refused.value.detail == "dt: must be a number > 0"
    assert refused.value.errors[0].pointer == "/dt"


def test_a_failure_keeps_its_detail() -> None:
    with pytest.raises(StudioError) as failed:
        call().receive('{"type": "error", "code": "failed", "msg": "The job failed: no root"}')
    assert failed.value.message == "The job failed: no root"


def test_an_error_that_only_a_newer_server_knows_is_a_failure() -> None:
    with pytest.raises(StudioError, match="no more room") as failed:
        call().receive('{"type": "error", "code": "brand_new", "msg": "no more room"}')
    assert failed.value.code == "failed"


def test_a_job_that_the_server_has_forgotten_is_told_as_such() -> None:
    begun = call()
    begun.receive(frame(job="j_1", seq=1))
    begun.lost()
    begun.opening()
    told = {"type": "error", "code": "not_found", "msg": "There is no such thing here"}
    with pytest.raises(StudioError, match="no longer knows the job j_1"):
        begun.receive(json.dumps(told))


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(StudioError, match="no frame"):
        call().receive("hello")


def test_a_socket_that_never_opened_leaves_the_request_to_http() -> None:
    with pytest.raises(core.SocketUnusableError):
        core.Call("simulate", CONFIG).lost()


def test_a_request_too_large_for_a_socket_is_left_to_http() -> None:
    with pytest.raises(core.SocketUnusableError):
        call().lost(1009)


def test_a_refusal_by_close_code_is_not_tried_again() -> None:
    with pytest.raises(StudioError) as refused:
        call().lost(4403)
    assert refused.value.kind.close == 4403


def test_attempts_are_bounded_and_wait_longer_each_time() -> None:
    begun = call()
    begun.receive(frame(job="j_1", seq=1))
    waits: list[float] = []
    with pytest.raises(StudioError) as gone:
        waits.extend(begun.lost() for _ in range(100))
    assert gone.value.code == "unreachable"
    assert "j_1" in gone.value.message
    assert 3 <= len(waits) <= 10
    assert waits == sorted(waits)


def test_a_frame_renews_the_attempts() -> None:
    begun = call()
    for _ in range(100):
        begun.receive(frame(job="j_1", seq=1))
        begun.lost()


def test_a_socket_that_brings_nothing_leaves_the_request_to_http_in_the_end() -> None:
    begun = call()
    with pytest.raises(core.SocketUnusableError):
        sum(begun.lost() for _ in range(100))


def test_an_answer_over_http_is_data_or_an_error() -> None:
    assert core.answer(200, b'{"a": 1}') == {"a": 1}
    problem = {"code": "not_found", "detail": "no model", "errors": []}
    with pytest.raises(StudioError, match="no model") as missing:
        core.answer(404, json.dumps(problem).encode())
    assert missing.value.code == "not_found"


@pytest.mark.parametrize(("status", "body"), [(200, b"<html>"), (502, b""), (404, b"[]")])
def test_an_answer_that_is_not_from_studio_is_told_as_such(status: int, body: bytes) -> None:
    with pytest.raises(StudioError, match="something else answers"):
        core.answer(status, body)
