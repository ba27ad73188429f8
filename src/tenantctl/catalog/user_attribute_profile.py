"""User attribute profiles."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import ResourceType

_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"

USER_ATTRIBUTE_PROFILE = ResourceType(
    section="userAttributeProfiles",
    title="user attribute profile",
    summary="How attributes of users are mapped between protocols.",
    documentation="https://auth0.com/docs/api/management/v2/user-attribute-profiles",
    layout=Layout("user-attribute-profiles/*.json"),
    sdk="user_attribute_profiles",
    key=("name",),
    id_format=("uap_", 22),
    listing=Listing(
        Endpoint("GET", "/user-attribute-profiles", ("read:user_attribute_profiles",)),
        Paging.CHECKPOINT,
        "user_attribute_profiles",
        page_size=10,
    ),
    get=Endpoint("GET", "/user-attribute-profiles/{id}", ("read:user_attribute_profiles",)),
    create=Endpoint("POST", "/user-attribute-profiles", ("create:user_attribute_profiles",), 201),
    update=Endpoint("PATCH", "/user-attribute-profiles/{id}", ("update:user_attribute_profiles",)),
    delete=Endpoint("DELETE", "/user-attribute-profiles/{id}", ("delete:user_attribute_profiles",), 204),
    defaults={
        "user_id": {
            "oidc_mapping": "sub",
            "saml_mapping": [f"{_CLAIMS}/nameidentifier", f"{_CLAIMS}/upn", f"{_CLAIMS}/name"],
            "scim_mapping": "externalId",
        }
    },
    merged=frozenset({"user_id"}),
    required=("name", "user_attributes"),
    unique=(("name",),),
)
