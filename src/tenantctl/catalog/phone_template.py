"""Phone notification templates."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Json

_PATH = "/branding/phone/templates"


def _exists(template: Mapping[str, Json]) -> bool:
    """Tell a template of the tenant's own: the list shows Auth0's too, without ids."""
    return bool(template.get("id"))


def _without_empty_sender(template: Mapping[str, Json]) -> Mapping[str, Json]:
    """Clear a sender by null: reads give an empty one, which writes refuse."""
    content = template.get("content")
    if not isinstance(content, Mapping) or content.get("from") != "":
        return template
    return {**template, "content": {**content, "from": None}}


PHONE_TEMPLATE = ResourceType(
    section="phoneTemplates",
    title="phone template",
    summary="The text of a message that is sent to phones.",
    documentation="https://auth0.com/docs/api/management/v2/branding/get-phone-templates",
    layout=Layout("phone-templates/*.json"),
    sdk="branding.phone.templates",
    key=("type",),
    id_format=("tem_", 22),
    listing=Listing(
        Endpoint("GET", _PATH, ("read:phone_templates",)), Paging.NONE, "templates", enveloped=True
    ),
    get=Endpoint("GET", f"{_PATH}/{{id}}", ("read:phone_templates",)),
    create=Endpoint("POST", _PATH, ("create:phone_templates",), 201),
    update=Endpoint("PATCH", f"{_PATH}/{{id}}", ("update:phone_templates",)),
    delete=Endpoint("DELETE", f"{_PATH}/{{id}}", ("delete:phone_templates",), 204),
    read_only=frozenset({"id", "channel", "customizable", "tenant", "created_at", "updated_at"}),
    immutable=frozenset({"type", "content.syntax"}),
    tenant_field="tenant",
    defaults={"channel": "phone", "disabled": False, "content": {"syntax": "liquid", "from": ""}},
    silent=frozenset({"content.from"}),
    merged=frozenset({"content"}),
    required=("type",),
    unique=(("type",),),
    belongs=_exists,
    prepare=_without_empty_sender,
    after=("phoneProviders",),
)
