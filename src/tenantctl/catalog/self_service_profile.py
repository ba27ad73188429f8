"""Self-service profiles."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging, Part
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Reference, ResourceType

_CUSTOM_TEXT = "/self-service-profiles/{id}/custom-text/{language}/{page}"

SELF_SERVICE_PROFILE = ResourceType(
    section="selfServiceProfiles",
    title="self-service profile",
    summary="What customers may set up themselves for single sign-on.",
    documentation="https://auth0.com/docs/api/management/v2/self-service-profiles",
    layout=Layout("self-service-profiles/*.json"),
    sdk="self_service_profiles",
    key=("name",),
    id_format=("ssp_", 22),
    listing=Listing(
        Endpoint("GET", "/self-service-profiles", ("read:self_service_profiles",)),
        Paging.PAGE,
        "self_service_profiles",
    ),
    get=Endpoint("GET", "/self-service-profiles/{id}", ("read:self_service_profiles",)),
    create=Endpoint("POST", "/self-service-profiles", ("create:self_service_profiles",), 201),
    update=Endpoint("PATCH", "/self-service-profiles/{id}", ("update:self_service_profiles",)),
    delete=Endpoint("DELETE", "/self-service-profiles/{id}", ("delete:self_service_profiles",), 204),
    unordered={"allowed_strategies": (), "user_attributes": ("name",)},
    defaults={"user_attributes": []},
    required=("name",),
    unique=(("name",),),
    references=(Reference("user_attribute_profile_id", "userAttributeProfiles", "id"),),
    parts=(
        Part(
            field="customText.{language}.{page}",
            sdk="self_service_profiles.custom_text",
            get=Endpoint("GET", _CUSTOM_TEXT, ("read:self_service_profile_custom_texts",)),
            update=Endpoint("PUT", _CUSTOM_TEXT, ("update:self_service_profile_custom_texts",)),
            keys={"language": ("en",), "page": ("get-started",)},
        ),
    ),
)
