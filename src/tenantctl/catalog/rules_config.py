"""Values that rules read (legacy)."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import ResourceType

_PUT = Endpoint("PUT", "/rules-configs/{key}", ("update:rules_configs",))

RULES_CONFIG = ResourceType(
    section="rulesConfigs",
    title="rules configuration value",
    summary="A value that rules read (legacy).",
    documentation="https://auth0.com/docs/api/management/v2/rules-configs",
    layout=Layout("rules-configs/*.json"),
    sdk="rules_configs",
    key=("key",),
    id_field="key",
    listing=Listing(Endpoint("GET", "/rules-configs", ("read:rules_configs",)), Paging.NONE, ""),
    create=_PUT,
    update=_PUT,
    delete=Endpoint("DELETE", "/rules-configs/{key}", ("delete:rules_configs",), 204),
    writable=frozenset({"key"}),
    secret=frozenset({"value"}),
    write_only=frozenset({"value"}),
    required=("key",),
    unique=(("key",),),
)
