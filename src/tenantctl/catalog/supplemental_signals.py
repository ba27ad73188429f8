"""Supplemental signals."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Kind, ResourceType

SUPPLEMENTAL_SIGNALS = ResourceType(
    section="supplementalSignals",
    title="supplemental signals",
    summary="Whether signals of Akamai are taken into account.",
    documentation="https://auth0.com/docs/api/management/v2/supplemental-signals",
    layout=Layout(members={"": "supplemental-signals.json"}),
    sdk="supplemental_signals",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=Endpoint("GET", "/supplemental-signals", ("read:attack_protection",)),
    update=Endpoint("PATCH", "/supplemental-signals", ("update:attack_protection",)),
    defaults={"akamai_enabled": False},
)
