"""Feature flags and their variations (beta)."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Association, Endpoint, Listing, Paging
from tenantctl.catalog.spec import ResourceType

_PATH = "/experimentation/feature-flags"
_VARIATIONS = f"{_PATH}/{{id}}/variations"
_READ = ("read:experimentation",)
_UPDATE = ("update:experimentation",)

FEATURE_FLAG = ResourceType(
    section="featureFlags",
    title="feature flag",
    summary="A switch with variations, one of which a user gets (beta).",
    documentation="https://auth0.com/docs/api/management/v2/experimentation",
    sdk="experimentation.feature_flags",
    id_format=("flg_", 22),
    listing=Listing(Endpoint("GET", _PATH, _READ), Paging.CHECKPOINT, "feature_flags", page_size=50),
    get=Endpoint("GET", f"{_PATH}/{{id}}", _READ),
    create=Endpoint("POST", _PATH, ("create:experimentation",), 201),
    update=Endpoint("PATCH", f"{_PATH}/{{id}}", _UPDATE),
    delete=Endpoint("DELETE", f"{_PATH}/{{id}}", ("delete:experimentation",), 204),
    read_only=frozenset(
        {
            "id",
            "type",
            "created_at",
            "updated_at",
            "variations[].id",
            "variations[].feature_flag_id",
            "variations[].created_at",
            "variations[].updated_at",
        }
    ),
    unordered={"variations": ("name",)},
    defaults={"type": "self", "status": "draft"},
    required=("name", "parameters"),
    unique=(("name",),),
    associations=(
        Association(
            field="variations",
            sdk="experimentation.feature_flags.variations",
            listing=Listing(Endpoint("GET", _VARIATIONS, _READ), Paging.NONE, "variations", enveloped=True),
            add=Endpoint("POST", _VARIATIONS, ("create:experimentation",), 201),
            update=Endpoint("PATCH", f"{_VARIATIONS}/{{item}}", _UPDATE),
            remove=Endpoint("DELETE", f"{_VARIATIONS}/{{item}}", ("delete:experimentation",), 204),
            item_key=("name",),
            item_id="id",
            derived=lambda flag, _: {"feature_flag_id": flag.get("id")},
        ),
    ),
)
