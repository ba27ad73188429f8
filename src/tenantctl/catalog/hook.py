"""Hooks and their secrets (legacy)."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging, Part
from tenantctl.catalog.layout import Layout, SideFile
from tenantctl.catalog.spec import ResourceType

_SECRETS = "/hooks/{id}/secrets"

HOOK = ResourceType(
    section="hooks",
    title="hook",
    summary="Code that ran at an extension point before there were actions (legacy).",
    documentation="https://auth0.com/docs/api/management/v2/hooks",
    layout=Layout("hooks/*.json"),
    side_files=(
        SideFile(field="script", suffix=".js", path="hooks/{name}.js", layout_path="hooks/{name}.js"),
    ),
    sdk="hooks",
    id_format=("", 26),
    listing=Listing(Endpoint("GET", "/hooks", ("read:hooks",)), Paging.PAGE, "hooks", summary=True),
    get=Endpoint("GET", "/hooks/{id}", ("read:hooks",)),
    create=Endpoint("POST", "/hooks", ("create:hooks",), 201),
    update=Endpoint("PATCH", "/hooks/{id}", ("update:hooks",)),
    delete=Endpoint("DELETE", "/hooks/{id}", ("delete:hooks",), 204),
    read_only=frozenset({"id"}),
    immutable=frozenset({"triggerId"}),
    secret=frozenset({"secrets"}),
    write_only=frozenset({"secrets.*"}),
    masked={"secrets.*": "_VALUE_NOT_SHOWN_"},
    defaults={"enabled": False, "dependencies": {}},
    required=("name", "script", "triggerId"),
    unique=(("name",),),
    parts=(
        Part(
            field="secrets",
            sdk="",
            get=Endpoint("GET", _SECRETS, ("read:hooks",)),
            create=Endpoint("POST", _SECRETS, ("update:hooks",), 201),
            update=Endpoint("PATCH", _SECRETS, ("update:hooks",), 201),
            delete=Endpoint("DELETE", _SECRETS, ("delete:hooks",), 204),
            by_member=True,
        ),
    ),
    extra_fields={"secrets": {"types": ["object"], "values": {"types": ["string"]}}},
)
