"""Flows."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Content, Layout, SideFile
from tenantctl.catalog.spec import Reference, ResourceType

FLOW = ResourceType(
    section="flows",
    title="flow",
    summary="Steps that a form runs: requests, conditions, calls of other services.",
    documentation="https://auth0.com/docs/api/management/v2/flows",
    layout=Layout("flows/*.json"),
    side_files=(
        SideFile(field="body", suffix=".json", content=Content.NEIGHBOURS, path="flows/{name}.json"),
    ),
    sdk="flows",
    id_format=("af_", 22),
    listing=Listing(Endpoint("GET", "/flows", ("read:flows",)), Paging.PAGE, "flows", summary=True),
    get=Endpoint("GET", "/flows/{id}", ("read:flows",)),
    create=Endpoint("POST", "/flows", ("create:flows",), 201),
    update=Endpoint("PATCH", "/flows/{id}", ("update:flows",)),
    delete=Endpoint("DELETE", "/flows/{id}", ("delete:flows",), 204),
    read_only=frozenset({"id", "created_at", "updated_at", "executed_at"}),
    # An action that is put in anywhere moves the others: only its id says which it was.
    variants={"actions[]": "id"},
    required=("name",),
    references=(Reference("**.connection_id", "flowVaultConnections", "id"),),
    not_found=("", "Flow not found"),
)
