"""Rules (legacy)."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout, SideFile
from tenantctl.catalog.spec import ResourceType

RULE = ResourceType(
    section="rules",
    title="rule",
    summary="Code that ran after a login before there were actions (legacy).",
    documentation="https://auth0.com/docs/api/management/v2/rules",
    layout=Layout("rules/*.json"),
    side_files=(
        SideFile(field="script", suffix=".js", path="rules/{name}.js", layout_path="rules/{name}.js"),
    ),
    sdk="rules",
    id_format=("rul_", 16),
    listing=Listing(Endpoint("GET", "/rules", ("read:rules",)), Paging.PAGE, "rules"),
    get=Endpoint("GET", "/rules/{id}", ("read:rules",)),
    create=Endpoint("POST", "/rules", ("create:rules",), 201),
    update=Endpoint("PATCH", "/rules/{id}", ("update:rules",)),
    delete=Endpoint("DELETE", "/rules/{id}", ("delete:rules",), 204),
    read_only=frozenset({"id"}),
    # Creates take it, as files of auth0-deploy-cli have it; the SDK's types know it in reads only.
    writable=frozenset({"stage"}),
    immutable=frozenset({"stage"}),
    defaults={"enabled": True, "stage": "login_success"},
    required=("name", "script"),
    unique=(("name",),),
)
