"""Versions of what a resource refers to: a file tells them by number, the API by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tenantctl.catalog.paths import values_at
from tenantctl.catalog.spec import Reference, ResourceType, Version
from tenantctl.plan.values import Pending
from tenantctl.problems import Problem
from tenantctl.states import Json, Resource

_ID = "id"


def brought_version(address: str, history: str) -> str:
    """Return what a `Pending` calls the version by that a plan makes of a resource (`Write.brings`)."""
    return f"{address}#{history}"


def names_versions_of(reference: Reference, data: Mapping[str, Json]) -> Iterator[str]:
    """Yield the targets of which a resource, in the API's names, means a version without saying its id."""
    version = reference.version
    for _, holder in values_at(data, reference.holder) if version else ():
        if version and isinstance(holder, Mapping) and version.wire not in holder:
            target = reference.target_in(holder.get(reference.name))
            if target is not None:
                yield target


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of one target: those that it has, by number, and the one that the plan makes.

    brought: what the plan calls that one by; empty if it makes none.
    """

    target: ResourceType
    name: str
    known: Mapping[int, str]
    brought: str = ""

    def pick(self, number: Json) -> str | Pending | None:
        """Return the id of the version with this number, or of the newest for None; None if there is none."""
        newest = max(self.known, default=0)
        if self.brought and number in (None, newest + 1):
            return Pending(self.brought, f"version {newest + 1} of {self.name}", _ID)
        wanted = newest if number is None else number
        return self.known.get(wanted) if isinstance(wanted, int) else None

    def unknown(self, resource: Resource, reference: Reference, version: Version, number: Json) -> Problem:
        """Return the problem of a version that there is not."""
        which = "a published version" if number is None else f"version {number}"
        lacks = "which has none such" if self.known else "which has none"
        told = ", ".join(map(str, sorted(self.known)))
        step = next((step for step in self.target.steps if step.history == version.history), None)
        publish = f"Publish it: {step.field}: true under {self.target.section}." if step else ""
        return Problem(
            code="unknown-version",
            summary=f"{resource.address} uses {which} of the {self.target.title} '{self.name}', {lacks}",
            detail=f"It has: {told}." if told else "Nothing of it was published yet.",
            hint=f"Name one of these, or leave {version.number} out for the newest." if told else publish,
            position=resource.locate((reference.field,)),
            address=resource.address,
        )


def versions_of(
    target: ResourceType, name: str, live: Mapping[str, Json], version: Version, brought: str
) -> Versions:
    """Return the versions of a live object; of one that is not there yet, pass an empty mapping."""
    known = {each[version.numbered]: each[_ID] for each in live.get(version.history) or ()}
    return Versions(target, name, known, brought)
