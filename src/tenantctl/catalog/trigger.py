"""Which actions a trigger runs, in which order.

The file has a mapping from trigger to its list of actions, so the section is one resource with a list for
each trigger.
"""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Association, Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Kind, Reference, ResourceType
from tenantctl.states import Json

_TRIGGERS = (
    "post-login",
    "credentials-exchange",
    "pre-user-registration",
    "post-user-registration",
    "post-change-password",
    "send-phone-message",
    "password-reset-post-challenge",
    "custom-token-exchange",
    "login-post-identifier",
    "signup-post-identifier",
    "custom-email-provider",
    "custom-phone-provider",
    "event-stream",
    "mcp-tool",
    "password-hash-migration",
)


_ACTIONS_RUNTIME = "node18-actions"


def _offer(trigger: str, *, runtimes: tuple[str, ...] = (), binding: str = "trigger") -> Json:
    """Describe the version of a trigger that new actions are for, written ``name version``."""
    name, version = trigger.split()
    older = [{"id": name, "version": "v2"}] if version == "v3" else []
    return {
        "id": name,
        "version": version,
        "status": "CURRENT",
        "runtimes": [*(runtimes or (_ACTIONS_RUNTIME,)), "node22"],
        "default_runtime": "node22",
        "binding_policy": f"{binding}-bound",
        "compatible_triggers": older,
    }


def _retired(trigger: str, *, runtimes: tuple[str, ...] = (), default: str = "node12") -> Json:
    """Describe a version of a trigger that only older actions are for."""
    now = {"status": "DEPRECATED", "runtimes": [*runtimes, "node22"], "default_runtime": default}
    return {**_offer(trigger), **now, "compatible_triggers": []}


# What an action may be for. Recorded: GET /actions/triggers.
_OFFERED: list[Json] = [
    _offer("post-login v3"),
    _retired("post-login v2", runtimes=("node18",), default="node16"),
    _retired("post-login v1"),
    _offer("credentials-exchange v2"),
    _retired("credentials-exchange v1"),
    _offer("pre-user-registration v2"),
    _retired("pre-user-registration v1"),
    _offer("post-user-registration v2"),
    _retired("post-user-registration v1"),
    _offer("post-change-password v2"),
    _retired("post-change-password v1"),
    _offer("send-phone-message v2"),
    _retired("send-phone-message v1"),
    _offer("password-reset-post-challenge v1"),
    _offer("custom-phone-provider v1"),
    _offer("custom-email-provider v1"),
    _offer("custom-token-exchange v1", runtimes=("node18",), binding="entity"),
    *(
        {**_offer(f"{name} v1", binding="entity"), "runtimes": ["node22"]}
        for name in ("event-stream", "password-hash-migration", "mcp-tool")
    ),
]


def _binding(live: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a live binding as the file writes it: by the name of its action."""
    action = live.get("action") or {}
    return {"action_name": action.get("name"), "display_name": live.get("display_name")}


def _request(item: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a binding of the file as the API takes it."""
    named = {"ref": {"type": "action_name", "value": item.get("action_name")}}
    return named | ({"display_name": item["display_name"]} if item.get("display_name") else {})


def _requested(binding: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a binding as the API takes it in the form of the file: the reference may be an id, too."""
    named = {"action_name": binding["ref"]["value"]}
    return named | ({"display_name": binding["display_name"]} if binding.get("display_name") else {})


def _live(item: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a binding of the file as reads show it."""
    name = item.get("action_name")
    return {"action": {"name": name}, "display_name": item.get("display_name", name)}


def _bindings_of(trigger: str) -> Association:
    path = f"/actions/triggers/{trigger}/bindings"
    return Association(
        field=trigger,
        listing=Listing(
            Endpoint("GET", path, ("read:actions",)), Paging.PAGE, "bindings", enveloped=True, sparse=True
        ),
        add=Endpoint("PATCH", path, ("update:actions",)),
        whole=True,
        wrapper="bindings",
        item_key=("action_name", "display_name"),
        decode=_binding,
        encode=_request,
        accept=_requested,
        show=_live,
    )


_TEXT: Mapping[str, Json] = {"types": ["string"]}
_LIST: Mapping[str, Json] = {
    "types": ["array"],
    "items": {"types": ["object"], "fields": {"action_name": _TEXT, "display_name": _TEXT}},
}

TRIGGER = ResourceType(
    section="triggers",
    title="trigger bindings",
    summary="Which actions a trigger runs, in which order.",
    documentation="https://auth0.com/docs/api/management/v2/actions/get-bindings",
    layout=Layout(members={"": "triggers/triggers.json"}),
    sdk="",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    also=(Endpoint("GET", "/actions/triggers", ("read:actions",)),),
    extra_fields=dict.fromkeys(_TRIGGERS, _LIST),
    read_only=frozenset({"triggers"}),
    defaults={"triggers": _OFFERED},
    references=(Reference("*[].action_name", "actions", "name"),),
    associations=tuple(_bindings_of(trigger) for trigger in _TRIGGERS),
)
