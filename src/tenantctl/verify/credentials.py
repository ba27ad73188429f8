"""Where the credentials of a check come from, in the order of trust: just made, environment, the tenant.

Pure: the caller reads the environment and the env file. No secret is put into any text here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tenantctl.states import Json
from tenantctl.verify.entry import AuthMethod, ClientCredentials, VerifyRequest

PREFIX = "AUTH0_M2M"
"""``<PREFIX>_CLIENT_ID`` and ``<PREFIX>_CLIENT_SECRET`` hold a client's credentials."""

_TENANT = "the tenant (read:client_keys)"


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look.

    created: client name → credentials that a create has just returned.
    sources: environments in order, each with the name people know it by (``.env.local``); one must hold both
        id and secret.
    current_clients: live clients as the Management API returned them, with ``client_secret`` if readable;
        None if they were not read.
    prefixes: client name → prefix of its variables, where it is not `PREFIX`.
    """

    created: Mapping[str, ClientCredentials] = field(default_factory=dict, repr=False)
    sources: Sequence[tuple[str, Mapping[str, str]]] = field(default=(), repr=False)
    current_clients: Sequence[Mapping[str, Json]] | None = field(default=None, repr=False)
    prefixes: Mapping[str, str] = field(default_factory=dict)


def find_credentials(entries: Iterable[VerifyRequest], places: Places) -> Mapping[str, ClientCredentials]:
    """Return client name → credentials for the entries' clients; those without any are left out.

    Variables are taken when their client id is the live client's. When no live client of that name is known,
    they are taken too, unless several clients of the entries would share them.
    """
    found = {client: _search(client, shared, places)[0] for client, shared in _clients(entries, places)}
    return {client: credentials for client, credentials in found.items() if credentials is not None}


def explain_search(entries: Iterable[VerifyRequest], places: Places) -> Mapping[str, str]:
    """Return client name → where credentials were looked for in vain, for the clients that have none."""
    searched = {client: _search(client, shared, places) for client, shared in _clients(entries, places)}
    return {client: "; ".join(notes) for client, (found, notes) in searched.items() if found is None}


def _clients(entries: Iterable[VerifyRequest], places: Places) -> list[tuple[str, bool]]:
    """Return the clients in order, each with whether another one has the same prefix."""
    clients = list(dict.fromkeys(entry.client for entry in entries))
    prefixes = [places.prefixes.get(client, PREFIX) for client in clients]
    return [(client, prefixes.count(prefix) > 1) for client, prefix in zip(clients, prefixes, strict=True)]


def _search(client: str, shared: bool, places: Places) -> tuple[ClientCredentials | None, list[str]]:  # noqa: FBT001 - private, named at each call
    if client in places.created:
        return places.created[client], []
    live = next((each for each in places.current_clients or () if each.get("name") == client), None)
    if live is None and places.current_clients is not None:
        return None, ["the tenant: it has no client of that name"]
    prefix = places.prefixes.get(client, PREFIX)
    notes: list[str] = []
    for name, variables in places.sources:
        client_id, secret = (variables.get(f"{prefix}_{part}", "") for part in ("CLIENT_ID", "CLIENT_SECRET"))
        note = _objection(prefix, client_id, secret, live, shared=shared)
        if note is None:
            return ClientCredentials(client_id, secret, name, _method(live)), []
        notes.append(f"{name}: {note}")
    return _of_tenant(live, notes)


def _objection(
    prefix: str, client_id: str, secret: str, live: Mapping[str, Json] | None, *, shared: bool
) -> str | None:
    """Return why the variables cannot be taken for the client, or None."""
    absent = [
        f"{prefix}_{name}"
        for name, value in (("CLIENT_ID", client_id), ("CLIENT_SECRET", secret))
        if not value
    ]
    if absent:
        return f"{' and '.join(absent)} not set"
    if live is not None and live.get("client_id") != client_id:
        return f"{prefix}_CLIENT_ID is another client's id"
    if live is None and shared:
        return f"{prefix}_CLIENT_ID could be any of several clients'"
    return None


def _of_tenant(
    live: Mapping[str, Json] | None, notes: list[str]
) -> tuple[ClientCredentials | None, list[str]]:
    if live is None:
        return None, notes
    client_id, secret = live.get("client_id"), live.get("client_secret")
    if isinstance(client_id, str) and isinstance(secret, str) and secret:
        return ClientCredentials(client_id, secret, _TENANT, _method(live)), []
    return None, [*notes, "the tenant: it shows no client_secret (that needs read:client_keys)"]


def _method(live: Mapping[str, Json] | None) -> AuthMethod:
    """Return how the client authenticates; Auth0's default is client_secret_post."""
    basic = live is not None and live.get("token_endpoint_auth_method") == "client_secret_basic"
    return "client_secret_basic" if basic else "client_secret_post"
