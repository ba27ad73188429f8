"""The ``tenantctl:`` block of the file: what is ours alone."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints

from tenantctl.problems import Position

Text = Annotated[str, StringConstraints(min_length=1)]


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expectation(_Block):
    """What a test token must be like."""

    alg: Literal["RS256", "RS512", "PS256", "HS256"] = Field(
        default="RS256", description="Algorithm that the token must be signed with."
    )


class VerifyEntry(_Block):
    """One test token that `verify` issues with client credentials, and checks."""

    client: Text = Field(description="Name of the application to issue the token for.")
    audience: Text | None = Field(default=None, description="Identifier of the API to ask a token for.")
    scopes: tuple[Text, ...] | None = Field(
        default=None, description="Scopes to ask for; without them the token has what the grant gives."
    )
    expect: Expectation = Field(default=Expectation(), description="What the token must be like.")
    env: Annotated[str, StringConstraints(pattern=r"^[A-Z_][A-Z0-9_]*$")] = Field(
        default="AUTH0_M2M",
        description="Prefix of the environment variables with the client's credentials: PREFIX_CLIENT_ID and "
        "PREFIX_CLIENT_SECRET.",
    )
    _position: Position | None = PrivateAttr(None)

    @property
    def position(self) -> Position | None:
        """Where the entry stands in the file."""
        return self._position

    def at(self, position: Position) -> VerifyEntry:
        """Return this entry with its position."""
        placed = self.model_copy()
        placed._position = position  # noqa: SLF001  # its own class
        return placed


class Move(_Block):
    """A resource that is called otherwise in the file than on the tenant."""

    from_: Text = Field(alias="from", description="Address that it has on the tenant.")
    to: Text = Field(description="Address that it has in the file.")


class Variable(_Block):
    """A keyword that the file declares: ``##NAME##`` or ``@@NAME@@`` stand for its value."""

    type: Literal["string", "integer", "number", "boolean", "list", "mapping"] = Field(
        default="string", description="What its value is; a text of the environment is turned into that."
    )
    default: Any = Field(default=None, description="Its value where nothing else gives one.")
    description: str = Field(default="", description="What it is for.")


class Options(_Block):
    """What tenantctl does with this file, beyond the resources that it declares."""

    include: tuple[Text, ...] = Field(
        default=(), description="Further files of this configuration, as globs relative to this one."
    )
    variables: dict[Text, Variable | str | int | float | bool | list[Any] | None] = Field(
        default={}, description="Keywords of this configuration: a default, or a mapping of type and default."
    )
    environments: dict[Text, Text | dict[str, Any] | None] = Field(
        default={},
        description="Overlays, chosen with --env: sections as in the file, 'variables' and 'tenantctl'; "
        "or the path of a file that holds them.",
    )
    verify: tuple[VerifyEntry, ...] = Field(default=(), description="Test tokens to issue and check.")
    prune: tuple[Text, ...] = Field(
        default=(), description="Sections in which objects that the file does not name are deleted."
    )
    exclude: tuple[Text, ...] = Field(
        default=(),
        description="Sections, or address patterns, that are left alone: neither planned nor pruned.",
    )
    protect: tuple[Text, ...] = Field(
        default=(), description="Address patterns ('clients/Legacy *') that are never touched."
    )
    moved: tuple[Move, ...] = Field(default=(), description="Resources to be renamed in place.")
    removed: tuple[Text, ...] = Field(
        default=(), description="Addresses that are let go of without being deleted."
    )

    @property
    def env_prefixes(self) -> dict[str, str]:
        """Client name → prefix of its variables in the env file.

        Of clients that would share a prefix all but the first get one made of their name
        (``AUTH0_BILLING_JOB``).
        """
        prefixes: dict[str, str] = {}
        for entry in self.verify:
            if entry.client not in prefixes:
                taken = entry.env in prefixes.values()
                prefixes[entry.client] = prefix_of(entry.client) if taken else entry.env
        return prefixes


def prefix_of(client: str) -> str:
    """Return the prefix of the variables of a client that states none: ``AUTH0_BILLING_JOB``."""
    return "AUTH0_" + re.sub(r"[^A-Z0-9]+", "_", client.upper()).strip("_")
