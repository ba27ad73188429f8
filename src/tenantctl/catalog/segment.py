"""Segments of users, for experiments (beta)."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.spec import ResourceType

_PATH = "/experimentation/segments"
_READ = ("read:experimentation",)

SEGMENT = ResourceType(
    section="segments",
    title="segment",
    summary="A group of users, for experiments (beta).",
    documentation="https://auth0.com/docs/api/management/v2/experimentation",
    sdk="experimentation.segments",
    id_format=("seg_", 22),
    listing=Listing(Endpoint("GET", _PATH, _READ), Paging.CHECKPOINT, "segments", page_size=50),
    get=Endpoint("GET", f"{_PATH}/{{id}}", _READ),
    create=Endpoint("POST", _PATH, ("create:experimentation",), 201),
    update=Endpoint("PATCH", f"{_PATH}/{{id}}", ("update:experimentation",)),
    delete=Endpoint("DELETE", f"{_PATH}/{{id}}", ("delete:experimentation",), 204),
    read_only=frozenset({"id", "type", "created_at", "updated_at"}),
    # Nothing tells one rule from another, so none is completed from the tenant.
    variants={"rules[]": ""},
    defaults={"type": "self", "status": "active"},
    required=("name", "rules"),
    unique=(("name",),),
)
