"""Small made-up resource types, one for each style of the vocabulary, and a sandbox that serves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import httpx
import pytest

from tenantctl.catalog import fields, registry
from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.fields import Field
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox import SandboxStore, make_app

from .conftest import MANAGEMENT_TOKEN, Api, make_client

TEXT = Field(types=("string",), create=True, update=True, read=True)
ANY = Field(create=True, update=True, read=True)
SHOWN = Field(read=True)


def texts(*names: str) -> Mapping[str, Field]:
    return dict.fromkeys(names, TEXT)


def listing(path: str, envelope: str, paging: Paging = Paging.PAGE) -> Listing:
    return Listing(get(path), paging, envelope)


def get(path: str) -> Endpoint:
    return Endpoint("GET", path, ("read:things",))


def post(path: str, status: int = 201) -> Endpoint:
    return Endpoint("POST", path, ("create:things",), status)


def patch(path: str, status: int = 200) -> Endpoint:
    return Endpoint("PATCH", path, ("update:things",), status)


def put(path: str, status: int = 200) -> Endpoint:
    return Endpoint("PUT", path, ("update:things",), status)


def delete(path: str, status: int = 204) -> Endpoint:
    return Endpoint("DELETE", path, ("delete:things",), status)


@contextmanager
def served(
    monkeypatch: pytest.MonkeyPatch, types: Sequence[tuple[ResourceType, Mapping[str, Field]]]
) -> Iterator[Api]:
    """Serve the `types`, each with its field table, beside the real ones."""
    tables = {each.section: table for each, table in types}
    load = fields._load
    monkeypatch.setattr(fields, "_load", lambda section: tables.get(section) or load(section))
    for each, _ in types:
        monkeypatch.setitem(registry.BY_SECTION, each.section, each)
    app = make_app(store := SandboxStore(), management_token=MANAGEMENT_TOKEN)
    with store, make_client(app) as http:
        yield _api(http)


def _api(http: httpx.Client) -> Api:
    def call(method: str, path: str, json: object = None, *, status: int = 200) -> object:
        prefix = "" if path.startswith("/__") else "/api/v2"
        headers = {"Authorization": f"Bearer {MANAGEMENT_TOKEN}"}
        response = http.request(method, f"{prefix}{path}", json=json, headers=headers)
        assert response.status_code == status, response.text
        return response.json() if response.content else None

    return call
