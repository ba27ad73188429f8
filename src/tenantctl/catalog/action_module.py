"""Modules that actions share."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Association, Endpoint, Listing, Paging, Step, Usage
from tenantctl.catalog.layout import Layout, SideFile
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Json

_PATH = "/actions/modules/{id}"
_PUBLISH = Endpoint("POST", f"{_PATH}/versions", ("update:actions",))


def _published(module: Mapping[str, Json], made: Mapping[str, Json]) -> Mapping[str, Json]:
    number = (module.get("latest_version") or {}).get("version_number", 0) + 1
    version = {name: module[name] for name in ("code", "dependencies", "secrets") if name in module}
    return {
        "all_changes_published": True,
        "latest_version": {"id": made.get("id"), **version, "version_number": number},
    }


def _version(module: Mapping[str, Json], made: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the version that publishing made, as its own reads show it."""
    times = {"created_at": made["created_at"]}
    return {**module["latest_version"], "module_id": module["id"], **times}


ACTION_MODULE = ResourceType(
    section="actionModules",
    title="action module",
    summary="Code that several actions share.",
    documentation="https://auth0.com/docs/api/management/v2/actions/get-action-modules",
    layout=Layout("action-modules/*.json"),
    side_files=(
        SideFile(
            field="code",
            suffix=".js",
            path="action-modules/{name}/code.js",
            layout_path="action-modules/{name}/code.js",
            from_root=True,
        ),
    ),
    sdk="actions.modules",
    id_format=("", 36),
    listing=Listing(
        Endpoint("GET", "/actions/modules", ("read:actions",)), Paging.PAGE, "modules", enveloped=True
    ),
    get=Endpoint("GET", _PATH, ("read:actions",)),
    create=Endpoint("POST", "/actions/modules", ("create:actions",), 201),
    update=Endpoint("PATCH", _PATH, ("update:actions",)),
    delete=Endpoint("DELETE", _PATH, ("delete:actions",), 204),
    read_only=frozenset(
        {
            "id",
            "created_at",
            "updated_at",
            "actions_using_module_total",
            "latest_version",
            "latest_version_number",
            "secrets[].updated_at",
            # Asks the create to publish; `all_changes_published` does so for updates as well.
            "publish",
        }
    ),
    exported=frozenset({"actions_using_module_total", "latest_version", "latest_version_number"}),
    secret=frozenset({"secrets[].value"}),
    write_only=frozenset({"secrets[].value", "api_version"}),
    unordered={"dependencies": ("name",), "secrets": ("name",)},
    defaults={
        "dependencies": [],
        "secrets": [],
        "all_changes_published": False,
        "actions_using_module_total": 0,
    },
    required=("name", "code"),
    unique=(("name",),),
    runtime=(
        Association(
            field="versions",
            listing=Listing(
                Endpoint("GET", f"{_PATH}/versions", ("read:actions",)),
                Paging.PAGE,
                "versions",
                enveloped=True,
            ),
            add=_PUBLISH,
            read=Endpoint("GET", f"{_PATH}/versions/{{item}}", ("read:actions",)),
            item_key=("id",),
            item_id="id",
        ),
    ),
    usages=(
        Usage(
            listing=Listing(
                Endpoint("GET", f"{_PATH}/actions", ("read:actions",)),
                Paging.PAGE,
                "actions",
                enveloped=True,
                sparse=True,
            ),
            section="actions",
            members={"action_id": "id", "action_name": "name"},
            beside=("module_version_id", "module_version_number"),
            counter="actions_using_module_total",
            refused="The module is used by an action.",
        ),
    ),
    steps=(
        Step(
            field="all_changes_published",
            endpoint=_PUBLISH,
            outcome=_published,
            shows=_version,
            history="versions",
        ),
    ),
)
