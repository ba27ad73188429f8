"""Rate limit policies of applications."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Reference, ResourceType

_PATH = "/rate-limit-policies"
_KEY = ("resource", "consumer", "consumer_selector")

RATE_LIMIT_POLICY = ResourceType(
    section="rateLimitPolicies",
    title="rate limit policy",
    summary="How many requests an application may send.",
    documentation="https://auth0.com/docs/api/management/v2/rate-limit-policies",
    layout=Layout("rate-limit-policies/*.json"),
    sdk="rate_limit_policies",
    key=_KEY,
    id_format=("rlp_", 21),
    listing=Listing(
        Endpoint("GET", _PATH, ("read:rate_limit_policies",)), Paging.CHECKPOINT, "rate_limit_policies"
    ),
    get=Endpoint("GET", f"{_PATH}/{{id}}", ("read:rate_limit_policies",)),
    create=Endpoint("POST", _PATH, ("create:rate_limit_policies",), 201),
    update=Endpoint("PATCH", f"{_PATH}/{{id}}", ("update:rate_limit_policies",)),
    delete=Endpoint("DELETE", f"{_PATH}/{{id}}", ("delete:rate_limit_policies",), 204),
    read_only=frozenset({"id", "created_at", "updated_at"}),
    immutable=frozenset(_KEY),
    variants={"configuration": "action"},
    required=(*_KEY, "configuration"),
    unique=(_KEY,),
    # A client is told by its id, or by the URI of its metadata document; other selectors name groups of them.
    references=(
        Reference(
            "consumer_selector", "clients", "client_id", prefix="client_id:", verbatim=("external_client_id",)
        ),
    ),
)
