"""The secrets that an apply brings: into the env file at once, and to the checks that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tenantctl.apply.outcome import Outcome
from tenantctl.apply.secrets import created_clients, env_values
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.cli.output import Output
from tenantctl.config.env_file import merge_env, read_env
from tenantctl.plan.model import Change, Plan
from tenantctl.problems import Problem, ProblemsError, Severity
from tenantctl.states import Json
from tenantctl.verify.entry import ClientCredentials


class SecretKeeper:
    """Writes the credentials of each client to the env file as soon as it is created.

    prefixes: client name → prefix of its variables. created: client name → credentials, for the checks.
    """

    def __init__(self, env_file: Path, prefixes: Mapping[str, str], output: Output) -> None:
        self._env_file = env_file
        self._prefixes = prefixes
        self._output = output
        self._problems: list[Problem] = []
        self.created: dict[str, ClientCredentials] = {}

    def prepare(self, plan: Plan) -> None:
        """Prove that the file can be written, before there is a secret that could be lost.

        Raises:
            ProblemsError: it cannot.
        """
        if any(map(_may_bring_secrets, plan.changes)):
            merge_env(self._env_file, {})

    def keep(self, outcome: Outcome) -> None:
        """Keep what `outcome` brought; what cannot be written is told by `raise_problems`."""
        for client in created_clients(outcome):
            self.created[client["name"]] = ClientCredentials(
                client["client_id"], client["client_secret"], "the answer to its creation"
            )
        self._write(env_values(created_clients(outcome), self._prefixes))

    def recover(self, clients: Iterable[Mapping[str, Json]]) -> None:
        """Keep the credentials of clients that exist, and whose creation may not have been heard of."""
        for client in clients:
            if client.get("client_id") in read_env(self._env_file).values():
                continue
            if client.get("client_secret"):
                self._write(env_values([client], self._prefixes))
            else:
                self._output.problems([_lost(client)])

    def _write(self, values: Mapping[str, str]) -> None:
        if not values:
            return
        try:
            merge_env(self._env_file, values)
            self._output.talk(f"Wrote {' and '.join(values)} to {self._env_file}.")
        except ProblemsError as error:
            self._problems.extend(error.problems)

    def raise_problems(self) -> None:
        """Raise what kept secrets from being written."""
        if self._problems:
            raise ProblemsError(self._problems)


def _lost(client: Mapping[str, Json]) -> Problem:
    return Problem(
        code="secret-lost",
        severity=Severity.WARNING,
        summary=f"the secret of clients/{client.get('name')} was lost with the answer to its creation",
        hint="Grant read:client_keys to tenantctl's client and apply again, or rotate the secret.",
        address=f"clients/{client.get('name')}",
    )


def _may_bring_secrets(change: Change) -> bool:
    """Return whether the server may make up a secret for the resource that this change creates."""
    return change.action.creates and bool(BY_SECTION[change.section].generated)
