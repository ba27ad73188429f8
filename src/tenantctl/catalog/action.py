"""Actions, their build and deployment."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging, Step
from tenantctl.catalog.layout import Layout, SideFile
from tenantctl.catalog.spec import Reference, ResourceType, Version
from tenantctl.states import Json

_PATH = "/actions/actions/{id}"
_VERSIONS = Endpoint("GET", f"{_PATH}/versions", ("read:actions",))


def _with_deployed(action: Mapping[str, Json]) -> Mapping[str, Json]:
    """Say ``deployed`` of a live action: that all of it is built and in use."""
    in_use = action.get("all_changes_deployed") is True and action.get("status", "built") == "built"
    return {**action, "deployed": in_use}


_OF_VERSION = ("code", "dependencies", "runtime", "secrets", "modules", "status", "supported_triggers")
_OF_ACTION = ("id", "name", "supported_triggers", "created_at")


def _deployed(action: Mapping[str, Json], made: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what a deployment gives an action: the version in use, twice, in forms of their own."""
    number = (action.get("deployed_version") or {}).get("number", 0) + 1
    held = {name: action[name] for name in _OF_VERSION if name in action}
    built = {"code": action.get("code"), "runtime": action.get("runtime"), "status": "BUILT"}
    at = made.get("created_at")
    return {
        "all_changes_deployed": True,
        "current_version": {**made, **built, "number": number, "build_time": at},
        "deployed_version": {**made, **held, "number": number, "deployed": True, "built_at": at},
    }


def _deploying(action: Mapping[str, Json], made: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what a deployment is answered with: the version before it is in use, and the action then."""
    version = {name: value for name, value in action["deployed_version"].items() if name != "built_at"}
    before = {name: action[name] for name in _OF_ACTION if name in action}
    before |= {"updated_at": made["updated_at"], "all_changes_deployed": False}
    return {**version, "deployed": False, "action": before}


def _broken(action: Mapping[str, Json]) -> str:
    return "its build failed" if action.get("status") == "failed" else ""


def _is_from_marketplace(action: Mapping[str, Json]) -> bool:
    return bool(action.get("integration") or action.get("installed_integration_id"))


ACTION = ResourceType(
    section="actions",
    title="action",
    summary="Code that Auth0 runs at a trigger; built on each change, and deployed where the file says so.",
    documentation="https://auth0.com/docs/api/management/v2/actions/get-actions",
    layout=Layout("actions/*.json"),
    side_files=(
        SideFile(
            field="code",
            suffix=".js",
            path="actions/{name}/code.js",
            layout_path="actions/{name}/code.js",
            from_root=True,
        ),
    ),
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
    exported=frozenset({"status"}),
    secret=frozenset({"secrets[].value"}),
    write_only=frozenset({"secrets[].value"}),
    unordered={
        "dependencies": ("name",),
        "secrets": ("name",),
        "supported_triggers": ("id",),
        "modules": ("module_id",),
    },
    defaults={
        "runtime": "node22",
        "dependencies": [],
        "secrets": [],
        "status": "pending",
        "all_changes_deployed": False,
    },
    required=("name", "supported_triggers"),
    unique=(("name",),),
    references=(
        Reference(
            "modules[].module_id",
            "actionModules",
            "id",
            alias="module_name",
            version=Version("module_version_id", "module_version_number", "versions", "version_number"),
            shows=(("module_name", "name"),),
        ),
    ),
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
            shows=_deploying,
        ),
    ),
    not_found=("", "That action does not exist."),
    broken=_broken,
    protected=_is_from_marketplace,
    protects="actions that were installed from the marketplace",
    observe=_with_deployed,
)
