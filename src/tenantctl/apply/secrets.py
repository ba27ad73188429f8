"""Secrets on their way: out of problems, and into the env file where a created client has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from tenantctl.apply.outcome import Outcome
from tenantctl.config.options import prefix_of
from tenantctl.plan.model import Change
from tenantctl.plan.values import SENSITIVE, Secret, map_leaves
from tenantctl.problems import Problem
from tenantctl.states import FieldPath, Json


def created_clients(outcome: Outcome) -> Iterator[Mapping[str, Json]]:
    """Yield the clients with a secret that were created, as the server returned them."""
    for result in outcome.results:
        client = result.created or {}
        if client.get("client_id") and client.get("client_secret"):
            yield client


def env_values(clients: Iterable[Mapping[str, Json]], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for the env file: ``<PREFIX>_CLIENT_ID`` and ``<PREFIX>_CLIENT_SECRET``.

    prefixes: client name → prefix; a client without one gets a prefix made of its name.
    """
    values: dict[str, str] = {}
    for client in clients:
        prefix = prefixes.get(client["name"]) or prefix_of(client["name"])
        values[f"{prefix}_CLIENT_ID"] = client["client_id"]
        values[f"{prefix}_CLIENT_SECRET"] = client["client_secret"]
    return values


def without_secrets(problem: Problem, change: Change) -> Problem:
    """Return the problem without the secrets that the change sends: a server may repeat what it refuses."""
    detail = problem.detail
    for secret in sorted(_sent_secrets(change), key=len, reverse=True):
        detail = detail.replace(secret, SENSITIVE)
    return replace(problem, detail=detail)


def _sent_secrets(change: Change) -> set[str]:
    found: set[str] = set()

    def visit(_: FieldPath, leaf: Json) -> Json:
        if isinstance(leaf, Secret) and isinstance(leaf.value, str) and leaf.value:
            found.add(leaf.value)
        return leaf

    for write in change.writes:
        map_leaves(write.body, visit)
    return found
