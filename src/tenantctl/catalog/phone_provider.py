"""The phone provider."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import ResourceType

_PATH = "/branding/phone/providers"

PHONE_PROVIDER = ResourceType(
    section="phoneProviders",
    title="phone provider",
    summary="The service that sends the tenant's text messages and calls.",
    documentation="https://auth0.com/docs/api/management/v2/branding/get-branding-phone-providers",
    layout=Layout(members={"": "phone-providers/provider.json"}),
    placeholders={"credentials.auth_token": "TWILIO_AUTH_TOKEN"},
    sdk="branding.phone.providers",
    # There is at most one: another name is another configuration of it, as a second one is refused.
    key=(),
    id_format=("pro_", 22),
    listing=Listing(
        Endpoint("GET", _PATH, ("read:phone_providers",)), Paging.NONE, "providers", enveloped=True
    ),
    get=Endpoint("GET", f"{_PATH}/{{id}}", ("read:phone_providers",)),
    create=Endpoint("POST", _PATH, ("create:phone_providers",), 201),
    update=Endpoint("PATCH", f"{_PATH}/{{id}}", ("update:phone_providers",)),
    delete=Endpoint("DELETE", f"{_PATH}/{{id}}", ("delete:phone_providers",), 204),
    read_only=frozenset({"id", "tenant", "channel", "created_at", "updated_at"}),
    secret=frozenset({"credentials"}),
    write_only=frozenset({"credentials"}),
    unordered={"configuration.delivery_methods": ()},
    tenant_field="tenant",
    defaults={"channel": "phone", "disabled": False},
    discriminator="name",
    # The provider "custom" is an action.
    after=("actions",),
)
