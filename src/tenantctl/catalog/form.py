"""Forms."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Content, Layout, SideFile
from tenantctl.catalog.spec import Reference, ResourceType

FORM = ResourceType(
    section="forms",
    title="form",
    summary="Pages with fields that are shown during login.",
    documentation="https://auth0.com/docs/api/management/v2/forms",
    layout=Layout("forms/*.json"),
    side_files=(
        SideFile(field="body", suffix=".json", content=Content.NEIGHBOURS, path="forms/{name}.json"),
    ),
    sdk="forms",
    id_format=("ap_", 22),
    listing=Listing(Endpoint("GET", "/forms", ("read:forms",)), Paging.PAGE, "forms", summary=True),
    get=Endpoint("GET", "/forms/{id}", ("read:forms",)),
    create=Endpoint("POST", "/forms", ("create:forms",), 201),
    update=Endpoint("PATCH", "/forms/{id}", ("update:forms",)),
    delete=Endpoint("DELETE", "/forms/{id}", ("delete:forms",), 204),
    read_only=frozenset(
        {"id", "created_at", "updated_at", "embedded_at", "submitted_at", "flow_count", "links"}
    ),
    # A node that is put in anywhere moves the others: only its id says which it was.
    variants={"nodes[]": "id", "nodes[].config.components[]": "id"},
    required=("name",),
    references=(Reference("**.flow_id", "flows", "id"),),
    empty_unseen=frozenset({"messages", "nodes", "style"}),
    not_found=("", "Form not found"),
)
