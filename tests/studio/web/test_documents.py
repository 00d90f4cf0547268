"""The documents that tell of the interface, held against the routes and a real server."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from studio.web.documents import RECEIVED, SENT, TOLD, described
from studio.web.routes import routes
from studio.wire.requests import CONFIGS
from tests import schemas
from tests.conftest import ADEX_HEATMAP, Server
from tests.schemas import ASYNCAPI, OPENAPI, check, template_of


def references(document: Any) -> set[str]:
    if isinstance(document, dict):
        found = {document["$ref"]} if isinstance(document.get("$ref"), str) else set()
        return found.union(*map(references, document.values()))
    return set().union(*map(references, document)) if isinstance(document, list) else set()


def test_every_route_is_told_of_and_nothing_else_is() -> None:
    assert {name for name, _ in described(routes())} == TOLD.keys()
    assert SENT.keys() == RECEIVED.keys() == {c["address"] for c in ASYNCAPI["channels"].values()}


def test_every_operation_says_what_it_does_under_a_name_of_its_own() -> None:
    told = [operation for path in OPENAPI["paths"].values() for operation in path.values()]
    assert all(operation["summary"].endswith(".") for operation in told)
    names = [operation["operationId"] for operation in told]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("document", [OPENAPI, ASYNCAPI])
def test_whatever_a_document_refers_to_is_in_it(document: dict[str, Any]) -> None:
    for reference in references(document):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found


@pytest.mark.parametrize("name", OPENAPI["components"]["schemas"])
def test_every_schema_is_one(name: str) -> None:
    jsonschema_rs.meta.validate(OPENAPI["components"]["schemas"][name])


def test_the_server_tells_of_itself(server: Server) -> None:
    assert server.request("GET", "/openapi.json").json() == OPENAPI
    assert server.request("GET", "/asyncapi.json").json() == ASYNCAPI


def test_what_comes_over_the_wire_in_any_test_is_held_against_the_documents() -> None:
    assert schemas.IS_CHECKING
    assert template_of("/api/v1/jobs/j_1/cancel") == "/api/v1/jobs/{job}/cancel"
    with pytest.raises(AssertionError):
        schemas.check_answer("GET", "/api/v1/jobs", 200, "text/html", b"[]")
    with pytest.raises(jsonschema_rs.ValidationError):
        schemas.check_answer("GET", "/api/v1/jobs", 200, "application/json", b'{"jobs": 1}')
    with pytest.raises(jsonschema_rs.ValidationError):
        schemas.check_frame("progress", '{"type": "progress", "pct": "many"}')


EXAMPLES: dict[str, dict[str, Any]] = {
    "characterize": {"name": "AdExNeuron", "current": 15.0, "params": {"a": 4.0}},
    "heatmap": ADEX_HEATMAP,
    "scan": {},
    "simulate": {"name": "HodgkinHuxleyNeuron", "stimulus": {"kind": "ramp", "final": 5.0}},
}


@pytest.mark.parametrize("op", CONFIGS)
def test_what_a_client_sends_is_what_the_documents_say(op: str) -> None:
    body = OPENAPI["paths"][f"/api/v1/{op}"]["post"]["requestBody"]["content"]["application/json"]
    check(json.dumps(body["schema"]), json.dumps(EXAMPLES[op]))
    asked = {"op": op, "config": EXAMPLES[op]}
    submit = OPENAPI["paths"]["/api/v1/jobs"]["post"]["requestBody"]["content"]["application/json"]
    check(json.dumps(submit["schema"]), json.dumps(asked))
    run = {"$ref": f"#/components/schemas/Run{op.title()}"}
    check(json.dumps(run), json.dumps({**asked, "id": 7}))
    with pytest.raises(jsonschema_rs.ValidationError):
        check(json.dumps(run), json.dumps({**asked, "colour": "red"}))
