"""Where the API keeps a resource: its operations, and what lies under operations of its own.

Part of the vocabulary of `tenantctl.catalog.spec`, whose docstring explains paths.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tenantctl.states import Json


class Paging(StrEnum):
    """How a list is cut: not at all, by page number, or by a cursor (``from``/``take``)."""

    NONE = "none"
    PAGE = "page"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation of the Management API.

    path: below ``/api/v2``, with ``{id}`` for the resource's id.
    scopes: any one of them is enough, unless it takes `every_scope`.
    status: what the server answers when it went well.
    query: what to ask a read for.
    whole: whether it takes the complete object, as every PUT does; some PATCHes do, too.
    answer: what it answers where that is nothing of the object, for the sandbox.
    """

    method: str
    path: str
    scopes: tuple[str, ...]
    status: int = 200
    query: Mapping[str, Json] = field(default_factory=dict, hash=False)
    whole: bool = False
    answer: Mapping[str, Json] = field(default_factory=dict, hash=False)
    every_scope: bool = False

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The scopes of which a token needs one, in words; those that go together as one."""
        return (" and ".join(self.scopes),) if self.every_scope else self.scopes

    @property
    def replaces(self) -> bool:
        """Whether what a request leaves out is lost."""
        return self.whole or self.method == "PUT"

    def url(self, **ids: str) -> str:
        """Return the path with its placeholders filled in; the ids must be percent-encoded already."""
        return self.path.format(**ids)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list operation: how it is paged and under which key of the envelope its items come.

    enveloped: there is an envelope even if the query asks for none; of a page list it tells ``page``,
        ``per_page`` and ``total``, and the API knows no ``include_totals``.
    sparse: counts of zero are left out of the envelope.
    open_ended: every page by cursor that has items names a next one, the last one too.
    adds: fields that its items have besides, for the sandbox.
    summary: its items lack fields; the objects that the file names are read one by one as well.
    """

    endpoint: Endpoint
    paging: Paging
    envelope: str
    query: Mapping[str, Json] = field(default_factory=dict)
    page_size: int = 100
    enveloped: bool = False
    sparse: bool = False
    open_ended: bool = False
    adds: Mapping[str, Json] = field(default_factory=dict)
    summary: bool = False


def _nothing_derived(_: Mapping[str, Json], __: Mapping[str, Json]) -> Mapping[str, Json]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """A list field that the API keeps under endpoints of its own (a role's permissions).

    field: where the list stands in the resource, in the file as in `Current`.
    replace: takes the complete list where `add` does not; read: one item, where no request writes at its
        path. Both for the sandbox.
    sdk: client of the SDK that serves it, for its field table; without one the items have no fields.
    item_key: members that identify an item, for people and for comparing.
    item_id: member of a live item that fills ``{item}`` in the paths.
    scalar: member that the file writes instead of the whole item (``client_id`` for a list of clients).
    wrapper: the items go together, as ``{wrapper: [...]}``; without one each goes in a request of its own.
    toggle: one request takes additions and removals, as a list of ``{scalar, "status": bool}``.
    whole: `add` takes the complete list, so there is nothing to remove.
    sent: members that a request takes; all that the file names if it is empty.
    batch: how many items a request takes.
    tells: `add` is answered with the items that it added, for the sandbox.
    removed_by: member of an item that a removal names it by, where it does not take the whole item.
    decode: brings an item of an answer to the form of the file; encode: one of the file to that of `add`.
    accept, show: what undoes `encode` and `decode`, for the sandbox.
    embedded: reads of the object itself show the list, too, and its writes take it; for the sandbox.
    id_format: shape of an `item_id` that the server makes up, as in `ResourceType`, for the sandbox.
    derived: read-only members that the server gives a new item, of the object above and of itself; for the
        sandbox.
    """

    field: str
    listing: Listing
    add: Endpoint
    remove: Endpoint | None = None
    update: Endpoint | None = None
    replace: Endpoint | None = None
    read: Endpoint | None = None
    sdk: str = ""
    item_key: tuple[str, ...]
    item_id: str = ""
    scalar: str = ""
    wrapper: str = ""
    toggle: bool = False
    whole: bool = False
    sent: tuple[str, ...] = ()
    batch: int = 100
    tells: bool = False
    removed_by: str = ""
    decode: Callable[[Json], Json] = lambda item: item
    encode: Callable[[Json], Json] = lambda item: item
    accept: Callable[[Json], Json] = lambda item: item
    show: Callable[[Json], Json] = lambda item: item
    embedded: bool = False
    id_format: tuple[str, int] = ("", 24)
    derived: Callable[[Mapping[str, Json], Mapping[str, Json]], Mapping[str, Json]] = _nothing_derived

    @property
    def roots(self) -> frozenset[str]:
        """The top-level fields of a file that are kept there."""
        return frozenset({self.field})


def _no_counterpart(_: Mapping[str, Json], __: Mapping[str, Json]) -> Mapping[str, Json] | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool(Association):
    """Objects below a resource of which lists inside it hold the ids, where the file writes them out.

    A create takes the objects in those lists; later they are added first, then linked, and removed last.

    field: where reads put all of them; the file has no such field.
    links: paths of the lists (``client_authentication_methods.*.credentials``).
    limit: how many one list takes.
    unread: members that reads never show, so that they are not compared.
    counterpart: given an item of the file and one of the tenant, what to compare of the first, in the words
        of the second, if it stands for it; None if they are different objects.
    changeable: members that `update` takes; an item that differs in another is a different one.
    create: what the server makes of an item that it is sent, or that was changed, for the sandbox; raises
        ValueError where it refuses the item.
    """

    links: tuple[str, ...]
    limit: int
    unread: frozenset[str] = frozenset()
    changeable: frozenset[str] = frozenset()
    counterpart: Callable[[Mapping[str, Json], Mapping[str, Json]], Mapping[str, Json] | None] = (
        _no_counterpart
    )
    create: Callable[[Mapping[str, Json]], Mapping[str, Json]] = lambda item: item

    @property
    def roots(self) -> frozenset[str]:
        """The top-level fields of a file that hold the items."""
        return frozenset(link.partition(".")[0] for link in self.links)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A field that holds an object which the API keeps under an endpoint of its own.

    field: where it stands in the resource, in the file as in `Current`. Names in braces are free keys of
        nested mappings, each of which leads to an object of its own, and fill the placeholders of the paths:
        ``customText.{language}.{prompt}`` for ``/prompts/{prompt}/custom-text/{language}``.
    sdk: client of the SDK that serves it, for its field table (see `ResourceType.sdk`).
    update: PATCH takes the members that change, PUT the whole object.
    create, delete: for an object that need not be there; reads answer 404 then. Without a delete, an object
        that is put whole is cleared by putting an empty one.
    by_member: `create` adds members, `update` changes those that are there, and `delete` takes a list of the
        names of those to remove.
    in_bulk: lists this part of all resources that have it; `owner` is the member that holds the id of the
        resource.
    listing: reads all of a mapping's objects at once, each with the keys that lead to it.
    keys: free key → the values that it may have. keys_from: free key → section and field of the singleton
        that lists them. By both, all there is of a mapping can be read where nothing lists it.
    bulk: updates several of a mapping's objects at once, in the envelope of `listing`, for the sandbox.
    listed: the file may hold a list of such nested mappings, as auth0-deploy-cli has it, instead of one.
    decode: brings an answer to the form of the file; encode: the other way, for bodies.
    accept, show: what undoes `encode` and `decode`, for the sandbox, where these do not undo each other.
    lists: members of the object that the API keeps under endpoints of their own; `Association.field` is the
        member's name.
    not_found: errorCode and message of the API's 404, for the sandbox; either may be empty.
    """

    field: str
    sdk: str
    get: Endpoint
    update: Endpoint
    create: Endpoint | None = None
    delete: Endpoint | None = None
    by_member: bool = False
    in_bulk: Listing | None = None
    owner: str = ""
    listing: Listing | None = None
    keys: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict, hash=False)
    keys_from: Mapping[str, tuple[str, str]] = dataclasses.field(default_factory=dict, hash=False)
    bulk: Endpoint | None = None
    listed: bool = False
    decode: Callable[[Json], Json] = lambda answer: answer
    encode: Callable[[Json], Json] = lambda body: body
    accept: Callable[[Json], Json] | None = None
    show: Callable[[Json], Json] | None = None
    lists: tuple[Association, ...] = ()
    not_found: tuple[str, str] = ("", "")

    @property
    def may_lack(self) -> bool:
        """Whether an object may be without it, so that a 404 means that it is not set."""
        return self.create is not None or self.delete is not None

    @property
    def root(self) -> str:
        """The top-level field that it is, or in which its nested mappings stand."""
        return self.field.partition(".")[0]

    @property
    def roots(self) -> frozenset[str]:
        """The top-level fields of a file that are kept there."""
        return frozenset({self.root})

    def without_lists(self, value: Json) -> Json:
        """Return the object without the members that the API keeps elsewhere."""
        names = {each.field for each in self.lists}
        if not names or not isinstance(value, Mapping):
            return value
        return {name: member for name, member in value.items() if name not in names}

    @property
    def names(self) -> tuple[str, ...]:
        """What the keys of the nested mappings are called; empty if there is just one object."""
        return tuple(step[1:-1] for step in self.field.split(".")[1:])

    def places(self, data: Mapping[str, Json]) -> Iterator[tuple[tuple[str, ...], Mapping[str, str]]]:
        """Yield where such objects stand in a resource, each with what fills placeholders of the paths."""
        found: list[tuple[tuple[str, ...], Json]] = []
        if self.root in data:
            found = [((self.root,), data[self.root])]
        for _ in self.names:
            found = [
                ((*path, key), member)
                for path, value in found
                if isinstance(value, Mapping)
                for key, member in value.items()
            ]
        for path, _ in found:
            yield path, dict(zip(self.names, path[1:], strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an object is kept that the API holds as a piece of an object of another type.

    get, update: operations of that other type; the object is written whole.
    fields: those of the type's fields that this object has, besides its key.
    decode: takes the object out of an answer, or None; the server's id for the paths goes in with it.
    encode: puts its fields in a body.
    """

    get: Endpoint
    update: Endpoint
    fields: tuple[str, ...]
    decode: Callable[[Json], Mapping[str, Json] | None]
    encode: Callable[[Mapping[str, Json]], Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A request that follows a create or update, such as deploying an action.

    field: a boolean of the file that asks for it and is not sent itself; without one it always follows.
    endpoint: what is sent; None if there is only to wait.
    wait_field: what is read, again and again, before the request: until the field has a value in `done`; a
        value in `failed` fails the change.
    explain, reasons: where to read why it failed, and the dotted path of the texts in the answer.
    sent: key fields that its body tells, where its path does not tell the object.
    elects: what it does is true of one object of the type, and stays so until another is elected: it is asked
        for only where the field differs.
    outcome: fields that it gives the object, for the sandbox, of the object and of what the server makes up
        for a version of it (``id``, ``created_at``, ``updated_at``); those with a default fall back to it
        when the object is updated.
    shows: what is answered in place of the object, of the object then and of the same.
    history: list of `runtime` that gets what it shows.
    """

    field: str = ""
    endpoint: Endpoint | None
    wait_field: str = ""
    done: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    explain: Endpoint | None = None
    reasons: str = ""
    sent: tuple[str, ...] = ()
    elects: bool = False
    outcome: Callable[[Mapping[str, Json], Mapping[str, Json]], Mapping[str, Json]] = lambda _, __: {}
    shows: Callable[[Mapping[str, Json], Mapping[str, Json]], Mapping[str, Json]] | None = None
    history: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Who refers to an object, as the API tells and counts it; for the sandbox.

    listing: the read. section: of those who refer.
    members: of an item of the answer → field of the one who refers. beside: members that it has of the
        mapping in which the reference stands.
    counter: field of the object that holds how many they are.
    refused: what a delete is answered with while there are any, as a message; its status is 412.
    """

    listing: Listing
    section: str
    members: Mapping[str, str]
    beside: tuple[str, ...] = ()
    counter: str = ""
    refused: str = ""
