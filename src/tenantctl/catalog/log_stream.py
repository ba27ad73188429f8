"""Log streams."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import ResourceType, Sign
from tenantctl.states import Json

# The account at the cloud provider is a part of what these are.
_FIXED_SINKS = frozenset({"eventbridge", "eventgrid"})


def _fixed(_: Mapping[str, Json], current: Mapping[str, Json]) -> frozenset[str]:
    return frozenset({"sink"}) if current.get("type") in _FIXED_SINKS else frozenset()


def _without_suspended(stream: Mapping[str, Json]) -> Mapping[str, Json]:
    """Leave out a status that the server alone sets, and that exported files may hold."""
    return {name: value for name, value in stream.items() if (name, value) != ("status", "suspended")}


def _partner(stream: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what the server adds to a sink: its own name at the cloud provider."""
    match stream.get("type"):
        case "eventbridge":
            return {"sink": {"awsPartnerEventSource": "aws.partner/auth0.com/sandbox/auth0.logs"}}
        case "eventgrid":
            return {"sink": {"azurePartnerTopic": "azure.partner/auth0.com/sandbox/auth0.logs"}}
        case _:
            return {}


LOG_STREAM = ResourceType(
    section="logStreams",
    title="log stream",
    summary="Sends the tenant's logs to another service.",
    documentation="https://auth0.com/docs/api/management/v2/log-streams",
    layout=Layout("log-streams/*.json"),
    placeholders={"sink.*": "LOGSTREAMS_.+_SECRET"},
    sdk="log_streams",
    id_format=("lst_", 16),
    listing=Listing(Endpoint("GET", "/log-streams", ("read:log_streams",)), Paging.NONE, ""),
    get=Endpoint("GET", "/log-streams/{id}", ("read:log_streams",)),
    create=Endpoint("POST", "/log-streams", ("create:log_streams",)),
    update=Endpoint("PATCH", "/log-streams/{id}", ("update:log_streams",)),
    delete=Endpoint("DELETE", "/log-streams/{id}", ("delete:log_streams",), 204),
    read_only=frozenset({"id", "sink.awsPartnerEventSource", "sink.azurePartnerTopic"}),
    exported=frozenset({"sink.awsPartnerEventSource", "sink.azurePartnerTopic"}),
    immutable=frozenset({"type"}),
    fixed=_fixed,
    secret=frozenset(
        {
            "sink.httpAuthorization",
            "sink.httpCustomHeaders[].value",
            "sink.splunkToken",
            "sink.datadogApiKey",
            "sink.segmentWriteKey",
            "sink.sumoSourceAddress",
            "sink.mixpanelServiceAccountPassword",
        }
    ),
    # Where the stream starts is said once, and not remembered.
    write_only=frozenset({"sink.mixpanelServiceAccountPassword", "startFrom"}),
    withheld={"sink.mixpanelServiceAccountPassword": Sign("sink.mixpanelServiceAccountUsername")},
    unordered={
        "filters": ("type", "name"),
        "pii_config.log_fields": (),
        "sink.httpCustomHeaders": ("header",),
    },
    defaults={"status": "active", "isPriority": False, "filters": []},
    silent=frozenset({"filters"}),
    empty_unseen=frozenset({"filters"}),
    computed_defaults=_partner,
    resent=frozenset({"pii_config"}),
    required=("name", "type", "sink"),
    prepare=_without_suspended,
)
