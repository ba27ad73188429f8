"""The vocabulary in which a resource type is described.

A `ResourceType` is the only place where a fact about a type stands. Loader, planner, reader, applier,
schema, reference pages and the sandbox all read it. Field names, types, enumerations and help come from
`tenantctl.catalog.fields`, which is taken from the Management API's SDK; what stands here is what no
signature can say.

Paths inside a resource are dotted; ``[]`` steps into the items of a list and ``*`` into the values of a
mapping with free keys: ``client_authentication_methods.*.credentials[].id``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from tenantctl.states import Json

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Kind(StrEnum):
    """Whether a tenant has many of a type, told apart by a key, or exactly one."""

    COLLECTION = "collection"
    SINGLETON = "singleton"


class Paging(StrEnum):
    """How a list is cut: not at all, by page number, or by a cursor (``from``/``take``)."""

    NONE = "none"
    PAGE = "page"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation of the Management API.

    path: below ``/api/v2``, with ``{id}`` for the resource's id.
    scopes: any one of them is enough.
    status: what the server answers when it went well.
    """

    method: str
    path: str
    scopes: tuple[str, ...]
    status: int = 200

    def url(self, **ids: str) -> str:
        """Return the path with its placeholders filled in; the ids must be percent-encoded already."""
        return self.path.format(**ids)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list operation: how it is paged and under which key of the envelope its items come."""

    endpoint: Endpoint
    paging: Paging
    envelope: str
    query: Mapping[str, Json] = field(default_factory=dict)
    page_size: int = 100


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that points to another resource.

    field: dotted path of the field.
    section: the type it points to.
    wire: field of the target that goes on the wire; in the file its key (or the wire value) is written.
    empty: values that mean "points to nothing".
    """

    field: str
    section: str
    wire: str
    empty: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class ScopeUse:
    """A field that names scopes which an API has to offer.

    scope: dotted path of the scope names.
    api: dotted path of the field that names the API; where both lie in a list, in the same item.
    section, offered: the type the API is of, and the dotted path of the scopes that it offers.
    """

    scope: str
    api: str
    section: str = "resourceServers"
    offered: str = "scopes[].value"


@dataclass(frozen=True, slots=True)
class Association:
    """A list field that the API keeps under an endpoint of its own (a role's permissions).

    field: where the list stands in the resource, in the file as in `Current`.
    add, remove: operations that take the items to add or remove as ``{wrapper: [...]}``.
    item_key: members that identify an item; just these are sent and compared.
    """

    field: str
    listing: Listing
    add: Endpoint
    remove: Endpoint
    wrapper: str
    item_key: tuple[str, ...]


def _same(value: Mapping[str, Json]) -> Mapping[str, Json]:
    return value


def _never(_: Mapping[str, Json]) -> bool:
    return False


def _not_built_in(_: str) -> bool:
    return False


def _no_defaults(_: Mapping[str, Json]) -> Mapping[str, Json]:
    return NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """Everything tenantctl knows about one resource type.

    section: key in ``tenant.yaml`` (auth0-deploy-cli's name for it).
    title: what people call one of them.
    sdk: client of the SDK that serves it (``resource_servers``, ``tenants.settings``); names the field table.
    key: fields whose values together pair an entry of the file with a live object.
    id_field: the server's id for it; None for a singleton.
    id_format: shape of an id, for the sandbox: a prefix and how many characters of which alphabet follow.
    read_only: paths the API returns and never takes, besides those that the field table knows.
    writable: top-level fields the API takes although the SDK lists them in reads only.
    immutable: paths fixed at create, besides those that the field table knows; a change replaces.
    secret: paths never to be shown.
    write_only: paths that reads never return; sent, not compared.
    unordered: lists compared without order → the members that identify an item (none for scalars).
    defaults: path → value that the server has when the field was never set; absent means the same.
    silent: those of the defaults that reads leave out until they are set.
    generated: secrets that the server makes up → for which objects it does.
    computed_defaults: defaults that depend on the rest of the object.
    merged: objects whose members survive a PATCH that leaves them out; all others are replaced whole.
    required: fields that a create needs.
    any_of: groups of fields of which a create needs one.
    conflicts: (field, value, other field): with that value, the other field may not be given.
    exclusive: pairs of fields that say the same thing, so that only one of them may be given.
    unique: field groups that no two objects of a tenant share (409 when they would).
    not_found: errorCode and message of the API's 404, for the sandbox; either may be empty.
    scope_uses: fields that name scopes of an API.
    protected: tells objects that are never touched, such as system APIs.
    built_in: tells keys of objects that every tenant has, declared or not.
    own: tells, given the client that the tool runs as, objects without which it would lose its access; None
        if no object of the type is of that kind.
    observe: brings an object read from the API to the form in which it is compared.
    prepare: brings an entry of the file, references resolved, to the form in which the API takes it.
    """

    section: str
    title: str
    sdk: str
    kind: Kind = Kind.COLLECTION
    key: tuple[str, ...] = ("name",)
    id_field: str | None = "id"
    id_format: tuple[str, int] = ("", 24)
    listing: Listing | None = None
    get: Endpoint
    create: Endpoint | None = None
    update: Endpoint
    delete: Endpoint | None = None
    read_only: frozenset[str] = frozenset()
    writable: frozenset[str] = frozenset()
    immutable: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()
    write_only: frozenset[str] = frozenset()
    unordered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, Json] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    generated: Mapping[str, Callable[[Mapping[str, Json]], bool]] = field(default_factory=dict)
    computed_defaults: Callable[[Mapping[str, Json]], Mapping[str, Json]] = _no_defaults
    merged: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()
    conflicts: tuple[tuple[str, Json, str], ...] = ()
    exclusive: tuple[tuple[str, str], ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    associations: tuple[Association, ...] = ()
    scope_uses: tuple[ScopeUse, ...] = ()
    not_found: tuple[str, str] = ("", "")
    protected: Callable[[Mapping[str, Json]], bool] = _never
    built_in: Callable[[str], bool] = _not_built_in
    own: Callable[[Mapping[str, Json], str], bool] | None = None
    observe: Callable[[Mapping[str, Json]], Mapping[str, Json]] = _same
    prepare: Callable[[Mapping[str, Json]], Mapping[str, Json]] = _same

    @property
    def is_singleton(self) -> bool:
        """Whether a tenant has exactly one."""
        return self.kind is Kind.SINGLETON
