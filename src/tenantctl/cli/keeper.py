"""The secrets that an apply brings: into the env file at once, and to the checks that follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tenantctl.apply.outcome import Outcome
from tenantctl.apply.secrets import created_clients, env_values
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.config.env_file import merge_env
from tenantctl.plan.model import Action, Change, Plan
from tenantctl.problems import Problem, ProblemsError
from tenantctl.verify.entry import ClientCredentials

_MAKES_SECRETS = frozenset({Action.CREATE, Action.REPLACE})


class SecretKeeper:
    """Writes the credentials of each client to the env file as soon as it is created.

    prefixes: client name → prefix of its variables. created: client name → credentials, for the checks.
    """

    def __init__(self, env_file: Path, prefixes: Mapping[str, str], talk: Callable[[str], None]) -> None:
        self._env_file = env_file
        self._prefixes = prefixes
        self._talk = talk
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
        values = env_values(outcome, self._prefixes)
        if not values:
            return
        try:
            merge_env(self._env_file, values)
            self._talk(f"Wrote {' and '.join(values)} to {self._env_file}.")
        except ProblemsError as error:
            self._problems.extend(error.problems)

    def raise_problems(self) -> None:
        """Raise what kept secrets from being written."""
        if self._problems:
            raise ProblemsError(self._problems)


def _may_bring_secrets(change: Change) -> bool:
    """Return whether the server may make up a secret for the resource that this change creates."""
    return change.action in _MAKES_SECRETS and bool(BY_SECTION[change.section].generated)
