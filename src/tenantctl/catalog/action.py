"""Actions, their build and deployment."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging, Step
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.states import Json

_PATH = "/actions/actions/{id}"
_VERSIONS = Endpoint("GET", f"{_PATH}/versions", ("read:actions",))


def _with_deployed(action: Mapping[str, Json]) -> Mapping[str, Json]:
    """Say ``deployed`` of a live action: that all of it is built and in use."""
    in_use = action.get("all_changes_deployed") is True and action.get("status", "built") == "built"
    return {**action, "deployed": in_use}


def _deployed(action: Mapping[str, Json]) -> Mapping[str, Json]:
    before = action.get("deployed_version") or {}
    held = ("code", "dependencies", "runtime", "secrets", "modules", "status", "supported_triggers")
    version = {name: action[name] for name in held if name in action}
    version |= {"number": before.get("number", 0) + 1, "deployed": True}
    return {"all_changes_deployed": True, "deployed_version": version, "current_version": version}


def _broken(action: Mapping[str, Json]) -> str:
    return "its build failed" if action.get("status") == "failed" else ""


def _is_from_marketplace(action: Mapping[str, Json]) -> bool:
    return bool(action.get("integration") or action.get("installed_integration_id"))


ACTION = ResourceType(
    section="actions",
    title="action",
    summary="Code that Auth0 runs at a trigger; built on each change, and deployed where the file says so.",
    documentation="https://auth0.com/docs/api/management/v2/actions/get-actions",
    sdk="actions",
    id_format=("", 36),
    listing=Listing(
        Endpoint("GET", "/actions/actions", ("read:actions",)),
        Paging.PAGE,
        "actions",
        enveloped=True,
        sparse=True,
    ),
    get=Endpoint("GET", _PATH, ("read:actions",)),
    create=Endpoint("POST", "/actions/actions", ("create:actions",), 201),
    update=Endpoint("PATCH", _PATH, ("update:actions",)),
    delete=Endpoint("DELETE", _PATH, ("delete:actions",), 204),
    read_only=frozenset(
        {
            "id",
            "created_at",
            "updated_at",
            "built_at",
            "status",
            "all_changes_deployed",
            "current_version",
            "deployed_version",
            "integration",
            "installed_integration_id",
            "secrets[].updated_at",
            # Facts of the trigger, which the SDK's type for reads and writes alike holds as well.
            "supported_triggers[].status",
            "supported_triggers[].runtimes",
            "supported_triggers[].default_runtime",
            "supported_triggers[].compatible_triggers",
            "supported_triggers[].binding_policy",
            # Asks the create for a deployment, before the action is built; `deployed` does it right.
            "deploy",
        }
    ),
    secret=frozenset({"secrets[].value"}),
    write_only=frozenset({"secrets[].value"}),
    # Modules are named by id or by name, so no member tells them apart in both forms.
    unordered={"dependencies": ("name",), "secrets": ("name",), "supported_triggers": ("id",)},
    defaults={
        "runtime": "node22",
        "dependencies": [],
        "secrets": [],
        "status": "pending",
        "all_changes_deployed": False,
    },
    required=("name", "supported_triggers"),
    unique=(("name",),),
    references=(Reference("modules[].module_name", "actionModules", "name"),),
    steps=(
        Step(
            wait_field="status",
            done=("built",),
            failed=("failed",),
            explain=_VERSIONS,
            reasons="**.errors[].msg",
            endpoint=None,
        ),
        Step(
            field="deployed",
            endpoint=Endpoint("POST", f"{_PATH}/deploy", ("create:actions",)),
            outcome=_deployed,
            shows="deployed_version",
        ),
    ),
    not_found=("", "That action does not exist."),
    broken=_broken,
    protected=_is_from_marketplace,
    protects="actions that were installed from the marketplace",
    observe=_with_deployed,
)
