"""The way to a tenant through an SDK's own methods: they send the requests, and parse the answers.

Which method serves an operation is asked of the SDK itself: each is called once with markers for arguments,
and the request that it would send shows its verb, its path, and where each argument goes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from urllib.parse import unquote

from tenantctl.states import Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.errors import request_error
from tenantctl.tenant.settings import Target

_ERROR = 400


@dataclass(frozen=True)
class Request:
    """A request below ``/api/v2``; the steps of its path are decoded."""

    method: str
    steps: tuple[str, ...]
    query: Mapping[str, Json] = field(default_factory=dict)
    body: Json = None

    def query_of(self, names: Collection[str]) -> Mapping[str, Json]:
        """Return the query for a method that knows these names.

        Some lists know pages only where the API can go on from an item, some come whole.
        """
        if "take" not in self.query or "take" in names:
            return self.query
        others = {name: value for name, value in self.query.items() if name != "take"}
        pages = {"page": 0, "per_page": self.query["take"], "include_totals": True}
        return {**others, **pages} if "page" in names else others

    def is_sent_as(self, other: Request) -> bool:
        """Whether the other one asks for the same; an SDK has defaults for the query, and ways to page."""
        asked = {name: _told(value) for name, value in self.query.items() if name != "take"}
        return (
            (self.method, self.steps) == (other.method, other.steps)
            and asked.items() <= {name: _told(value) for name, value in other.query.items()}.items()
            and (self.body == other.body or (self.body is None and not other.body))
        )


def _told(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Done:
    """What became of a request.

    sent: what the SDK made of it. status, answer: what came back. given: what the SDK handed over of it.
    """

    sent: Request
    status: int
    answer: Json
    given: Json


@dataclass(frozen=True, eq=False)
class Method:
    """A method of an SDK, by the request that it sends.

    name: dotted, with the clients it is reached by (``roles.permissions.add``).
    steps: of its path, with a marker where an argument goes. query: names that it takes there.
    """

    name: str
    verb: str
    steps: tuple[str, ...]
    query: Collection[str]

    def arguments(self, request: Request) -> dict[str, str] | None:
        """Return what goes into the path of a request, by argument, or None if this sends another one."""
        if self.verb != request.method or len(self.steps) != len(request.steps):
            return None
        found = {}
        for own, step in zip(self.steps, request.steps, strict=True):
            if argument := marked(own):
                found[argument] = step
            elif own != step:
                return None
        return found


M = TypeVar("M", bound=Method)


def marker(argument: str) -> str:
    """Return a value that tells which argument it was."""
    return f"~{argument}~"


def marked(value: Json) -> str:
    """Return which argument a value was; empty if it was none."""
    is_marker = isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == "~"
    return value[1:-1] if is_marker else ""


def steps_of(path: str) -> tuple[str, ...]:
    """Return the decoded steps of the percent-encoded path of a URL, those below ``/api/v2``."""
    return tuple(map(unquote, path.partition("/api/v2")[2].strip("/").split("/")))


def method_for(methods: Iterable[M], request: Request) -> tuple[M, dict[str, str]] | None:
    """Return the method that sends a request and what goes into its path; a literal path goes first."""
    found = [(each, ids) for each in methods if (ids := each.arguments(request)) is not None]
    return min(found, key=lambda pair: len(pair[1]), default=None)


class Sdk(Protocol):
    """An SDK that is connected to a tenant.

    name: what it is called.
    foreign: members of bodies that it has no argument for, and was made to send all the same.
    """

    name: str
    foreign: set[str]

    def knows(self, request: Request) -> bool:
        """Whether it has a method for an operation."""

    def send(self, request: Request) -> Done:
        """Call the method that serves a request. What the SDK refuses, it raises."""


class ThroughSdk(TenantClient):
    """Sends everything through an SDK that has a method for it.

    by_sdk: the paths of what was sent so, by verb.
    """

    def __init__(self, target: Target, sdk: Sdk) -> None:
        super().__init__(target)
        self.sdk = sdk
        self.by_sdk: dict[str, set[tuple[str, ...]]] = {}

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Json] | None = None,
        body: Json = None,
        scopes: tuple[str, ...] = (),
    ) -> Any:
        """Send one request and return the answer, once the SDK has taken it for what it is."""
        asked = Request(method, steps_of(f"/api/v2{path}"), query or {}, body)
        if not self.sdk.knows(asked):
            return await super().request(method, path, query=query, body=body, scopes=scopes)
        done = self.sdk.send(asked)
        assert asked.is_sent_as(done.sent), (asked, done.sent)
        if done.status >= _ERROR:
            raise request_error(method, path, done.status, done.answer, scopes)
        self.by_sdk.setdefault(method, set()).add(asked.steps)
        # Of some answers the SDK tells nothing; of all others everything, under names of its own.
        assert done.given is None or _renamed(done.given) == _renamed(done.answer), (done.given, done.answer)
        is_whole = "take" in asked.query and isinstance(done.answer, list)
        return {asked.steps[-1].replace("-", "_"): done.answer} if is_whole else done.answer


def _renamed(value: Json) -> Json:
    """Return a value with the names that camelCase, snake_case and reserved words have in common."""
    if isinstance(value, Mapping):
        return {name.replace("_", "").lower(): _renamed(member) for name, member in value.items()}
    return [_renamed(member) for member in value] if isinstance(value, list) else value
