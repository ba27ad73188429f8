"""What goes into the env file: the id and secret of each client that an apply created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenantctl.apply.outcome import Outcome
from tenantctl.config.options import prefix_of
from tenantctl.states import Json


def created_clients(outcome: Outcome) -> Iterator[Mapping[str, Json]]:
    """Yield the clients with a secret that were created, as the server returned them."""
    for result in outcome.results:
        client = result.created or {}
        if client.get("client_id") and client.get("client_secret"):
            yield client


def env_values(outcome: Outcome, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for the env file: ``<PREFIX>_CLIENT_ID`` and ``<PREFIX>_CLIENT_SECRET``.

    prefixes: client name → prefix; a client without one gets a prefix made of its name.
    """
    values: dict[str, str] = {}
    for client in created_clients(outcome):
        prefix = prefixes.get(client["name"]) or prefix_of(client["name"])
        values[f"{prefix}_CLIENT_ID"] = client["client_id"]
        values[f"{prefix}_CLIENT_SECRET"] = client["client_secret"]
    return values
