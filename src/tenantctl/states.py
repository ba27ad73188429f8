"""The two states that a plan compares: what the file wants and what the tenant has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tenantctl.problems import Position, Problem

Json: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, or lists and string-keyed dicts of these."""

FieldPath: TypeAlias = tuple[str | int, ...]
"""Where a value stands in a resource: mapping keys and list indexes from the top."""


def make_address(section: str, key: str = "") -> str:
    """Return the Address of a resource: ``section/key``, or the section alone for a singleton."""
    return f"{section}/{key}" if key else section


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource as the configuration declares it.

    data: its fields in the file's own form (references by name), keywords replaced.
    locate: position of a field inside the resource; the empty path is the resource itself.
    """

    section: str
    key: str
    data: Mapping[str, Json] = field(repr=False)
    locate: Callable[[FieldPath], Position | None] = field(repr=False, compare=False)

    @property
    def address(self) -> str:
        """Section and key, as the user types and reads it."""
        return make_address(self.section, self.key)

    @property
    def position(self) -> Position | None:
        """Where the resource begins in the file."""
        return self.locate(())


@dataclass(frozen=True, slots=True)
class Desired:
    """What the configuration declares: the sections it names, each with its resources in file order.

    A section that is not a key here is unmanaged as a whole.
    """

    sections: Mapping[str, tuple[Resource, ...]]


@dataclass(frozen=True, slots=True)
class Current:
    """What the tenant has, of the sections that were read.

    sections: the objects as the Management API returned them, associations (a role's permissions) put in
        under their field where they were asked for. A singleton is a tuple of one.
    own_client_id: the client that the tool itself runs as, if the token tells.
    unread: (section, field) → why it could not be read; an empty field is the section as a whole, of which
        `sections` then has nothing, or not all. What is unread is unknown, and not empty.
    snapshot: the file in which it was recorded, without secrets; empty if it was read from the tenant.
    """

    domain: str
    sections: Mapping[str, tuple[Mapping[str, Json], ...]] = field(repr=False)
    own_client_id: str | None = None
    unread: Mapping[tuple[str, str], Problem] = field(default_factory=dict)
    snapshot: str = ""


@dataclass(frozen=True, slots=True)
class Interest:
    """What has to be read: sections, and of which resources what lies under endpoints of its own.

    details: (section, field) → keys or ids of the resources whose part or association `field` is compared.
    whole: section → keys or ids of the resources to read one by one, as the list tells too little of them.
    objects: section → key fields of the resources that the file names, for sections that can't be listed.
    named: (section, field) → keys of the nested mappings that the file holds, for parts that stand in such.
    everything: every object of the sections is read, with all configuration below it; what the others say of
        these sections means nothing then.
    """

    sections: tuple[str, ...]
    details: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    objects: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    named: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    whole: Mapping[str, frozenset[str]] = field(default_factory=dict)
    everything: bool = False

    def wants_whole(self, section: str, names: AbstractSet[str]) -> bool:
        """Return whether an object, known by these keys and ids, is to be read by itself."""
        return self.everything or not names.isdisjoint(self.whole.get(section, ()))

    def names_detail(self, section: str, field: str, names: AbstractSet[str]) -> bool:
        """Return whether a part or association of an object, known by these keys and ids, is asked for."""
        return not names.isdisjoint(self.details.get((section, field), ()))
