"""One call of the Management API, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tenantctl.sandbox.access import Scopes
from tenantctl.sandbox.listing import Query
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.states import Json

ID = "id"
ITEM = "item"

_NO_CONTENT = 204


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the Management API, authorized and parsed.

    names: what the path says in the place of each of its placeholders, decoded. scopes: those of the token.
    """

    tenant: TenantState
    scopes: Scopes
    names: Mapping[str, str]
    query: Query
    body: Json

    @property
    def name(self) -> str:
        """What the path says in the place of ``{id}``."""
        return self.names.get(ID, "")


class Answer(NamedTuple):
    """Status and JSON body of an answer; no body if it is None."""

    status: int
    body: Json = None


def answered(status: int, body: Json = None) -> Answer:
    """Return an answer: without a body where the status says so, with an empty object for want of one."""
    if status == _NO_CONTENT:
        return Answer(status)
    return Answer(status, {} if body is None else body)
