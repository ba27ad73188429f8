"""Token exchange profiles."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Reference, ResourceType

TOKEN_EXCHANGE_PROFILE = ResourceType(
    section="tokenExchangeProfiles",
    title="token exchange profile",
    summary="Which action exchanges a token of another kind for one of the tenant's.",
    documentation="https://auth0.com/docs/api/management/v2/token-exchange-profiles",
    layout=Layout("token-exchange-profiles/*.json"),
    sdk="token_exchange_profiles",
    key=("subject_token_type",),
    id_format=("tep_", 16),
    listing=Listing(
        Endpoint("GET", "/token-exchange-profiles", ("read:token_exchange_profiles",)),
        Paging.CHECKPOINT,
        "token_exchange_profiles",
    ),
    get=Endpoint("GET", "/token-exchange-profiles/{id}", ("read:token_exchange_profiles",)),
    create=Endpoint("POST", "/token-exchange-profiles", ("create:token_exchange_profiles",), 201),
    update=Endpoint("PATCH", "/token-exchange-profiles/{id}", ("update:token_exchange_profiles",)),
    delete=Endpoint("DELETE", "/token-exchange-profiles/{id}", ("delete:token_exchange_profiles",), 204),
    required=("name", "subject_token_type"),
    any_of=(("action_id", "action"),),
    unique=(("subject_token_type",),),
    references=(Reference("action_id", "actions", "id", alias="action"),),
    not_found=("", "Token exchange profile not found."),
)
