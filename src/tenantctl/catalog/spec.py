"""The vocabulary in which a resource type is described.

A `ResourceType` is the only place where a fact about a type stands. Loader, planner, reader, applier,
schema, reference pages and the sandbox all read it. Field names, types, enumerations and help come from
`tenantctl.catalog.fields`, which is taken from the Management API's SDK; what stands here is what no
signature can say.

Paths inside a resource are dotted; ``[]`` steps into the items of a list, ``*`` into the values of a mapping
with free keys, and ``**`` stands for any way down: ``client_authentication_methods.*.credentials[].id``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from tenantctl.catalog.endpoints import Association, Endpoint, Listing, Part, Place, Pool, Step, Usage
from tenantctl.catalog.layout import Layout, SideFile
from tenantctl.states import Json

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Kind(StrEnum):
    """Whether a tenant has many of a type, told apart by a key, or exactly one."""

    COLLECTION = "collection"
    SINGLETON = "singleton"


@dataclass(frozen=True, slots=True)
class Version:
    """Which version of its target a reference means, said by members beside it.

    wire: the member that holds the version's id. number: the one by which a file may tell it instead; with
        neither, it is the newest.
    history: list of the target's `runtime` that holds its versions; the step that makes one names it, too.
    numbered: member of such a version that holds its number.
    """

    wire: str
    number: str
    history: str
    numbered: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that points to another resource.

    field: dotted path of the field; ``**.name`` is a field of that name at any depth.
    section: the type it points to. also: other types that share its names (databases, for connections).
    wire: field of the target that goes on the wire; in the file its key (or the wire value) is written.
    empty: values that mean "points to nothing".
    alias: what a file may call the field instead, as auth0-deploy-cli does (``name`` for ``connection_id``).
    prefix: what stands before the value (``client_id:``); a value without it points to nothing.
    verbatim: further fields of the target whose values may stand there, as they are.
    by: members beside the field, with the names of fields of the target: where the field itself is left out,
        they tell the target together, as far as they are given (``client_id`` and ``audience``, a grant).
    version: what tells which version of the target it is, where it has versions.
    shows: members beside the field that answers fill in → field of the target; for the sandbox.
    """

    field: str
    section: str
    wire: str
    empty: tuple[str, ...] = ("",)
    also: tuple[str, ...] = ()
    alias: str = ""
    by: tuple[str, ...] = ()
    prefix: str = ""
    verbatim: tuple[str, ...] = ()
    version: Version | None = None
    shows: tuple[tuple[str, str], ...] = ()

    def target_in(self, value: Json) -> str | None:
        """Return what a value of the field says of its target, or None if it points to nothing."""
        if not isinstance(value, str) or value in self.empty or not value.startswith(self.prefix):
            return None
        return value.removeprefix(self.prefix)

    @property
    def wires(self) -> tuple[str, ...]:
        """The fields of the target whose values may stand there."""
        return (self.wire, *self.verbatim)

    @property
    def sections(self) -> tuple[str, ...]:
        """The types that it may point to."""
        return (self.section, *self.also)

    @property
    def holder(self) -> str:
        """The path of the mapping in which the field stands; empty at the top."""
        return self.field.rpartition(".")[0]

    @property
    def name(self) -> str:
        """The field's own name."""
        return self.field.rpartition(".")[2]

    @property
    def fields(self) -> tuple[str, ...]:
        """The paths at which a file may write it."""
        above = f"{self.holder}." if self.holder else ""
        return (self.field, above + self.alias) if self.alias else (self.field,)


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
class Sign:
    """By what an object shows that it has a value which no read returns.

    path: of a field that reads do return; a ``*`` in it stands for the same name as in the path of the value.
    values: those that tell it; any that is not empty if there are none.
    """

    path: str
    values: tuple[str, ...] = ()

    def tells(self, value: Json) -> bool:
        """Return whether this value of the field says so."""
        return value in self.values if self.values else bool(value)


def _no_defaults(_: Mapping[str, Json]) -> Mapping[str, Json]:
    return NOTHING


def _same(value: Mapping[str, Json]) -> Mapping[str, Json]:
    return value


def _nothing_fixed(_: Mapping[str, Json], __: Mapping[str, Json]) -> frozenset[str]:
    return frozenset()


def _nothing_unseen(_: Mapping[str, Json]) -> frozenset[str]:
    return frozenset()


def _not_broken(_: Mapping[str, Json]) -> str:
    return ""


def _not_refused(_: Mapping[str, Json], __: Mapping[str, Json]) -> tuple[str, str] | None:
    return None


def _never(_: Mapping[str, Json]) -> bool:
    return False


def _always(_: Mapping[str, Json]) -> bool:
    return True


def _not_built_in(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """Everything tenantctl knows about one resource type.

    (listing, get, create, update, delete): the operations that there are. A path may name key fields besides
        ``{id}``; such a field is not sent in the body. A collection without a listing is read object by
        object, for the keys that the file names. A singleton may consist of `parts` alone; one that can be
        created need not be there, and reads answer 404 then.
    also: further operations on an object that the API has and the tool has no use for (a read by another
        name, a PUT beside the PATCH), for the sandbox.
    runtime: lists below an object that are no configuration (members of an organization), for the sandbox,
        and for looking up the versions of an object.
    usages: reads of who refers to an object, for the sandbox.
    on_request: operations that a person may ask for and no file can, by name: they are no state.
    by_hand: steps that a person takes on an object and the tool never does, for the sandbox; so are reads of
        what follows from the object alone.
    beside: parts that no file holds, for the sandbox.
    places: for objects that are pieces of other objects: key → where it is kept.
    permanent: an object is there for every key from the start, though reads may find nothing set.
    instances: keys of the objects that there can be, of a collection that can't be listed; without it, the
        enumerations of the key fields tell them.
    section: key in ``tenant.yaml`` (auth0-deploy-cli's name for it).
    title: what people call one of them.
    summary: what it is for, in one sentence.
    documentation: its page of the Management API's documentation.
    sdk: client of the SDK that serves it (``resource_servers``, ``tenants.settings``); names the field table.
        Behind a ``#`` stands how its methods are called after the verb (``prompts#settings``:
        ``get_settings``, ``update_settings``), behind a space another client that serves it, too.
    models: names (patterns) of models of the SDK that tell more of the members than its methods' signatures.
    extra_fields: entries of the field table, by dotted path, for what the file has in a form of its own, or
        the SDK lacks. Of the letters in ``in``, c, u and r, each says that creates, updates or reads have the
        field; ``cur`` if it is left out.
    layout: where the directory layout has its objects; without one, in ``SECTION.json``.
    side_files: fields whose values may stand in files of their own.
    placeholders: path → the name (a pattern) of the keyword that auth0-deploy-cli's export writes in place of
        a value that it may not show; where nothing gives that a value, the field counts as left out.
    key: fields whose values together pair an entry of the file with a live object; none for a collection of
        at most one.
    id_field: the server's id for it; None for a singleton.
    id_format: shape of an id: a prefix, and how many characters (hex digits, a UUID, alphanumeric) follow.
    id_name: what the API calls that form where it answers 400 to an id of another; for the sandbox.
    read_only: paths the API returns and never takes, besides those that the field table knows.
    exported: those of the read-only paths that files of auth0-deploy-cli hold; left out without a word.
    retired: paths that older files of auth0-deploy-cli hold and the API takes no more → the field at the top
        that took its place and gets its value (``""``: none did). They are left out, too.
    open: objects in which the API takes members that nobody lists: only what is likely a slip is told.
    writable: top-level fields the API takes although the SDK lists them in reads only.
    immutable: paths fixed at create, besides those that the field table knows; a change replaces.
    fixed: given the desired and the live object, the fields that this one can't change once it is created.
    read_scopes: top-level field → scopes, besides those of the read itself, one of which a token needs to be
        told it; ``*`` stands for every other field, and no scopes for any token.
    update_scopes: top-level field → scopes, besides those of the update itself, one of which a token needs to
        send it in one; a create takes it without.
    secret: paths never to be shown.
    write_only: paths that reads never return; sent, not compared.
    withheld: write-only paths whose value a request loses that replaces what it stands in without it → the
        sign that there is one.
    masked: write-only paths of which reads tell that there is a value → what they show in its place.
    encrypted: write-only paths that reads show nevertheless, encrypted; snapshots have the names alone.
    returned: write-only paths that reads return of some kinds of object → the sign of these; for the sandbox,
        and for snapshots, which have them then.
    unordered: lists compared without order → the members that identify an item (none for scalars).
    defaults: path → value that the server has when the field was never set; absent means the same.
    silent: those of the defaults that reads leave out until they are set; for the sandbox also what the SDK
        knows of reads and none shows.
    after_update: default → the value (None for nothing) that takes its place when an update replaces what it
        stands in and leaves it out; for the sandbox.
    tenant_field: a read-only field that holds the tenant's name, for the sandbox.
    certificate_field: a read-only field that holds the certificate of the key that the tenant signs with, for
        the sandbox.
    empty_unseen: fields that reads leave out while they are empty; for the sandbox, as are the next six.
    always_seen: fields that stand in an answer although the query asks for others.
    unseen: tells, of an object, the fields that reads leave out as things are.
    write_unseen: fields that reads show and answers to writes leave out.
    write_seen: path → value that answers to writes alone have.
    create_seen: path → value that answers to creates alone have.
    create_unseen: fields that answers to creates leave out if the request did, whatever their default.
    refused: tells, of the fields that a request sets and the object that it is for (empty if it creates one),
        why the server won't have them, as an errorCode and a message; for the sandbox.
    initial: objects that a fresh tenant has, for the sandbox; a singleton without is there with its defaults.
    discriminator: field that decides which members the others have; when it changes, all that the file says
        is sent, and nothing of the live object with it.
    generated: secrets that the server makes up → for which objects it does.
    computed_defaults: defaults that depend on the rest of the object.
    derived: read-only fields that the server makes of the rest of the object whenever it changes, for the
        sandbox.
    merged: objects whose members survive a PATCH that leaves them out; all others are replaced whole.
    variants: objects of several kinds → the member that tells which (empty: what members it has). What the
        file does not name is kept only of a live object of the same kind; of the items of a list, never.
    resent: fields that an update clears when it leaves them out, so that the live value is sent along.
    required: fields that a create needs.
    not_null: further top-level fields that a request can't leave without a value.
    create_with: what a create sends besides, where the file leaves it out.
    any_of: groups of fields of which a create needs one.
    conflicts: (field, value, other field): with that value, the other field may not be given.
    exclusive: groups of paths: with one of them a request may name none of another, although reads may
        return both. ``false`` names nothing. When the file names neither, the first is kept.
    displaces: field → another one that has to be null in the request that sets the first.
    unique: field groups that no two objects of a tenant share (409 when they would).
    not_found: errorCode and message of the API's 404, for the sandbox; either may be empty.
    scope_uses: fields that name scopes of an API.
    after: sections whose changes come first, though no field refers to them.
    broken: tells of a live object why it does not work although it is as the file says; it is sent again.
    protected: tells objects that are never touched, such as system APIs.
    protects: what these are, in words.
    built_in: tells keys of objects that every tenant has, declared or not.
    belongs: tells, of a list that several types share, the objects of this type.
    lost_with_it: what is gone for good with one of them; to delete or replace even one then takes
        ``--force-unsafe``.
    own: tells, given the client that the tool runs as, objects without which it would lose its access; None
        if no object of the type is of that kind.
    decode: brings an answer to a mapping, where it is none; encode: the other way, for bodies.
    observe: brings an object read from the API to the form in which it is compared.
    prepare: brings an entry of the file, references resolved, to the form in which the API takes it.
    """

    section: str
    title: str
    summary: str = ""
    documentation: str = ""
    sdk: str
    models: tuple[str, ...] = ()
    layout: Layout = field(default_factory=Layout)
    side_files: tuple[SideFile, ...] = ()
    placeholders: Mapping[str, str] = field(default_factory=dict)
    extra_fields: Mapping[str, Json] = field(default_factory=dict)
    kind: Kind = Kind.COLLECTION
    key: tuple[str, ...] = ("name",)
    id_field: str | None = "id"
    id_format: tuple[str, int] = ("", 24)
    id_name: str = ""
    listing: Listing | None = None
    get: Endpoint | None = None
    create: Endpoint | None = None
    update: Endpoint | None = None
    delete: Endpoint | None = None
    also: tuple[Endpoint, ...] = ()
    runtime: tuple[Association, ...] = ()
    usages: tuple[Usage, ...] = ()
    on_request: Mapping[str, Endpoint] = field(default_factory=dict)
    by_hand: tuple[Step, ...] = ()
    beside: tuple[Part, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    permanent: bool = False
    instances: tuple[Mapping[str, str], ...] = ()
    read_only: frozenset[str] = frozenset()
    exported: frozenset[str] = frozenset()
    retired: Mapping[str, str] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    writable: frozenset[str] = frozenset()
    immutable: frozenset[str] = frozenset()
    fixed: Callable[[Mapping[str, Json], Mapping[str, Json]], frozenset[str]] = _nothing_fixed
    read_scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    update_scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    secret: frozenset[str] = frozenset()
    write_only: frozenset[str] = frozenset()
    withheld: Mapping[str, Sign] = field(default_factory=dict)
    masked: Mapping[str, Json] = field(default_factory=dict)
    encrypted: frozenset[str] = frozenset()
    returned: Mapping[str, Sign] = field(default_factory=dict)
    unordered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, Json] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    after_update: Mapping[str, Json] = field(default_factory=dict)
    tenant_field: str = ""
    certificate_field: str = ""
    empty_unseen: frozenset[str] = frozenset()
    unseen: Callable[[Mapping[str, Json]], frozenset[str]] = _nothing_unseen
    write_unseen: frozenset[str] = frozenset()
    always_seen: frozenset[str] = frozenset()
    write_seen: Mapping[str, Json] = field(default_factory=dict)
    create_seen: Mapping[str, Json] = field(default_factory=dict)
    create_unseen: frozenset[str] = frozenset()
    refused: Callable[[Mapping[str, Json], Mapping[str, Json]], tuple[str, str] | None] = _not_refused
    discriminator: str = ""
    initial: tuple[Mapping[str, Json], ...] = ()
    generated: Mapping[str, Callable[[Mapping[str, Json]], bool]] = field(default_factory=dict)
    computed_defaults: Callable[[Mapping[str, Json]], Mapping[str, Json]] = _no_defaults
    derived: Callable[[Mapping[str, Json]], Mapping[str, Json]] = _no_defaults
    merged: frozenset[str] = frozenset()
    variants: Mapping[str, str] = field(default_factory=dict)
    resent: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    not_null: frozenset[str] = frozenset()
    create_with: Mapping[str, Json] = field(default_factory=dict)
    any_of: tuple[tuple[str, ...], ...] = ()
    conflicts: tuple[tuple[str, Json, str], ...] = ()
    exclusive: tuple[tuple[frozenset[str], ...], ...] = ()
    displaces: Mapping[str, str] = field(default_factory=dict)
    unique: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    associations: tuple[Association, ...] = ()
    pools: tuple[Pool, ...] = ()
    parts: tuple[Part, ...] = ()
    steps: tuple[Step, ...] = ()
    scope_uses: tuple[ScopeUse, ...] = ()
    after: tuple[str, ...] = ()
    not_found: tuple[str, str] = ("", "")
    broken: Callable[[Mapping[str, Json]], str] = _not_broken
    lost_with_it: str = ""
    protected: Callable[[Mapping[str, Json]], bool] = _never
    protects: str = ""
    built_in: Callable[[str], bool] = _not_built_in
    own: Callable[[Mapping[str, Json], str], bool] | None = None
    belongs: Callable[[Mapping[str, Json]], bool] = _always
    decode: Callable[[Json], Mapping[str, Json]] = lambda answer: answer
    encode: Callable[[Mapping[str, Json]], Json] = lambda body: body
    observe: Callable[[Mapping[str, Json]], Mapping[str, Json]] = _same
    prepare: Callable[[Mapping[str, Json]], Mapping[str, Json]] = _same

    @property
    def is_singleton(self) -> bool:
        """Whether a tenant has exactly one."""
        return self.kind is Kind.SINGLETON

    @property
    def details(self) -> tuple[Part | Association, ...]:
        """The fields that lie under endpoints of their own."""
        return (*self.parts, *self.associations, *self.pools)

    @property
    def lists(self) -> tuple[Association, ...]:
        """The lists below an object, those of the file and those of the API alone."""
        of_parts = (each for part in self.parts for each in part.lists)
        return (*self.associations, *self.pools, *self.runtime, *of_parts)
