"""Event streams."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Reference, ResourceType, Sign
from tenantctl.states import Json

_AUTHORIZATION = "destination.configuration.webhook_authorization"
_METHODS = {"token": "bearer", "password": "basic", "header_value": "custom_header"}
_SECRETS = frozenset(f"{_AUTHORIZATION}.{name}" for name in _METHODS)


def _fixed(desired: Mapping[str, Json], current: Mapping[str, Json]) -> frozenset[str]:
    """Tell that a destination can't change: only webhooks can, and only to other webhooks."""
    before = (current.get("destination") or {}).get("type")
    after = (desired.get("destination") or {}).get("type", before)
    return frozenset() if before == after == "webhook" else frozenset({"destination"})


def _partner(stream: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what the server adds to a destination at AWS: its own name there."""
    if (stream.get("destination") or {}).get("type") != "eventbridge":
        return {}
    source = "aws.partner/auth0.com/sandbox/auth0.events"
    return {"destination": {"configuration": {"aws_partner_event_source": source}}}


EVENT_STREAM = ResourceType(
    section="eventStreams",
    title="event stream",
    summary="Sends events of the tenant, such as a new user, to a webhook, a queue or an action.",
    documentation="https://auth0.com/docs/api/management/v2/event-streams",
    layout=Layout("event-streams/*.json"),
    placeholders={
        f"{_AUTHORIZATION}.password": "EVENT_STREAM_WEBHOOK_BASIC_AUTH_PASSWORD",
        f"{_AUTHORIZATION}.token": "EVENT_STREAM_WEBHOOK_BEARER_TOKEN",
        f"{_AUTHORIZATION}.header_value": "EVENT_STREAM_WEBHOOK_HEADER_VALUE",
    },
    sdk="event_streams",
    # The SDK gives requests the type of answers, which leave these out.
    extra_fields={name: {"types": ["string"]} for name in sorted(_SECRETS)},
    id_format=("est_", 22),
    id_name="event-stream-id",
    listing=Listing(
        Endpoint("GET", "/event-streams", ("read:event_streams",)), Paging.CHECKPOINT, "eventStreams"
    ),
    get=Endpoint("GET", "/event-streams/{id}", ("read:event_streams",)),
    create=Endpoint("POST", "/event-streams", ("create:event_streams",), 201),
    update=Endpoint("PATCH", "/event-streams/{id}", ("update:event_streams",)),
    delete=Endpoint("DELETE", "/event-streams/{id}", ("delete:event_streams",), 204),
    read_only=frozenset(
        {"id", "created_at", "updated_at", "destination.configuration.aws_partner_event_source"}
    ),
    fixed=_fixed,
    secret=_SECRETS,
    write_only=_SECRETS,
    withheld={
        f"{_AUTHORIZATION}.{name}": Sign(f"{_AUTHORIZATION}.method", (method,))
        for name, method in _METHODS.items()
    },
    unordered={"subscriptions": ("event_type",)},
    defaults={"status": "enabled"},
    computed_defaults=_partner,
    variants={"destination": "type", _AUTHORIZATION: "method"},
    required=("name", "destination"),
    unique=(("name",),),
    references=(Reference("destination.configuration.action_id", "actions", "id"),),
)
