"""No request that can be made from the API's own description breaks the sandbox, or damages its state."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tenantctl.catalog.registry import BY_SECTION
from tests.apply.runs import MANAGEMENT_TOKEN, Run, open_run
from tests.entries import DECLARABLE, identity_of, needed
from tests.states import make_desired

from .storm import FAMILIES, Storm, cases, fault_of, load_operations

Operations = Mapping[str, list[Any]]


@pytest.fixture(scope="session")
def operations(shared: Path) -> Operations:
    return load_operations(shared / "management-api" / "openapi.json")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state file with an object of most types, so that requests find something."""
    state = tmp_path_factory.mktemp("storm") / "state.db"
    asyncio.run(_fill(state))
    return state


async def _fill(state: Path) -> None:
    async with open_run(state=state) as run:
        for resource_type in DECLARABLE:
            if not resource_type.is_singleton:
                entry = identity_of(resource_type)
                wanted = {**needed(resource_type, [entry]), resource_type.section: [entry]}
                await run.apply(make_desired(**wanted))


def test_most_operations_are_described(operations: Operations) -> None:
    assert sum(map(len, operations.values())) > 250


@pytest.mark.parametrize("family", FAMILIES)
def test_no_request_breaks_the_sandbox(
    operations: Operations, filled: Path, tmp_path: Path, family: str
) -> None:
    state = tmp_path / "state.db"
    shutil.copy(filled, state)

    async def go() -> list[str]:
        async with open_run(state=state) as run:
            storm = Storm(run)
            await storm.learn(family)
            for operation in operations.get(family, ()):
                for case in cases(operation):
                    await storm.send(case)
            await _check_state(run)
            return storm.findings

    findings = asyncio.run(go())
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (200, None, ""),
        (404, {"statusCode": 404, "error": "Not Found", "message": "x", "errorCode": "y"}, ""),
        (500, {"statusCode": 500, "error": "Internal Server Error", "message": "x"}, "a fault of the server"),
        (404, None, "an error of another shape"),
        (404, {"error": "Not Found", "message": "x"}, "an error of another shape"),
        (404, {"statusCode": 404, "error": "Not Found", "message": "x", "y": 1}, "an error of another shape"),
        (404, {"statusCode": 400, "error": "Not Found", "message": "x"}, "an error that says nothing"),
        (404, {"statusCode": 404, "error": "Not Found", "message": ""}, "an error that says nothing"),
    ],
)
def test_what_is_a_fault(status: int, body: Any, fault: str) -> None:
    assert fault_of(httpx.Response(status, json=body) if body else httpx.Response(status)) == fault


async def _check_state(run: Run) -> None:
    """Check that all that is there can be read, listed and planned."""
    headers = {"Authorization": f"Bearer {MANAGEMENT_TOKEN}"}
    for section, resource_type in BY_SECTION.items():
        paths = [
            _path_of(resource_type.get.path, {"id": body.get(resource_type.id_field or ""), **body})
            for _, body in run.store.tenant().all(section)
            if resource_type.get
        ]
        listing = resource_type.listing
        paths += [listing.endpoint.path] if listing and "{" not in listing.endpoint.path else []
        for path in paths:
            answer = await run.client.http.get(f"https://sandbox.localhost/api/v2{path}", headers=headers)
            assert answer.status_code == 200, (path, answer.text)
    assert (await run.plan(make_desired())).is_empty
    everything: dict[str, Any] = {each.section: {} if each.is_singleton else [] for each in DECLARABLE}
    assert (await run.plan(make_desired(**everything))).is_empty


def _path_of(template: str, names: Mapping[str, Any]) -> str:
    return template.format_map({name: quote(str(value), safe="") for name, value in names.items()})
