"""Experiments with feature flags (beta)."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.states import Json

_PATH = "/experimentation/experiments"
_READ = ("read:experimentation",)


def _is_running(experiment: Mapping[str, Json]) -> bool:
    """Tell an experiment in progress: a change in its midst would spoil what it measures."""
    return experiment.get("status") == "active"


_EDITABLE = [
    "name",
    "description",
    "authentication_flow",
    "default_config",
    "allocations",
    "levels",
    "status",
]

EXPERIMENT = ResourceType(
    section="experiments",
    title="experiment",
    summary="A trial that gives the variations of a feature flag to shares of users (beta).",
    documentation="https://auth0.com/docs/api/management/v2/experimentation",
    sdk="experimentation.experiments",
    id_format=("exp_", 22),
    listing=Listing(
        Endpoint("GET", _PATH, _READ), Paging.CHECKPOINT, "experiments", page_size=50, summary=True
    ),
    get=Endpoint("GET", f"{_PATH}/{{id}}", _READ),
    create=Endpoint("POST", _PATH, ("create:experimentation",), 201),
    update=Endpoint("PATCH", f"{_PATH}/{{id}}", ("update:experimentation",)),
    delete=Endpoint("DELETE", f"{_PATH}/{{id}}", ("delete:experimentation",), 204),
    read_only=frozenset(
        {
            "id",
            "created_at",
            "updated_at",
            "allocations[].variation_name",
            "allocations[].variation_snapshot",
            "allocations[].segment_name",
            "allocations[].segment_snapshot",
        }
    ),
    defaults={
        "allocations": [],
        "status": "draft",
        "is_valid": True,
        "editable_fields": _EDITABLE,
    },
    immutable=frozenset({"allocation_strategy", "feature_flag_id"}),
    variants={"allocations[]": "variation_id"},
    required=("name", "feature_flag_id", "authentication_flow"),
    unique=(("name",),),
    references=(
        Reference("feature_flag_id", "featureFlags", "id"),
        Reference("allocations[].segment_id", "segments", "id"),
    ),
    protected=_is_running,
    protects="experiments in progress",
)
