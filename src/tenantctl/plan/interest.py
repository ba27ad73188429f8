"""What a plan needs to read, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from tenantctl.catalog.keys import key_parts, own_names
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.plan.listed import gathered
from tenantctl.plan.references import unaliased
from tenantctl.plan.versions import names_versions_of
from tenantctl.states import Desired, Interest, Json, Resource


def make_interest(desired: Desired, moved: Mapping[str, str] | None = None) -> Interest:
    """Return what to read for planning `desired`.

    A section that the file does not name is read only if a reference into it is not declared in the file:
    then a name has to be looked up. `moved` maps an address to the one it had before.
    """
    sections = dict.fromkeys(desired.sections)
    details: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    objects: dict[str, tuple[Mapping[str, str], ...]] = {}
    whole: dict[str, frozenset[str]] = {}
    named: defaultdict[tuple[str, str], dict[tuple[str, ...], None]] = defaultdict(dict)
    for section, resources in desired.sections.items():
        resource_type = BY_SECTION[section]
        if resource_type.listing is None:
            objects[section] = _objects(resource_type, resources)
        elif resource_type.listing.summary:
            names = (_names_of(resource_type, resource, moved or {}) for resource in resources)
            whole[section] = frozenset(chain.from_iterable(names))
        for resource in resources:
            for name in _details_of(resource_type, resource):
                details[section, name].update(_names_of(resource_type, resource, moved or {}))
            for reference in resource_type.references:
                if reference.version is not None:
                    told = names_versions_of(reference, unaliased(resource_type, resource.data))
                    details[reference.section, reference.version.history].update(told)
            for part in resource_type.parts:
                places = part.places(gathered(resource_type, resource.data)) if part.names else ()
                named[section, part.field].update(dict.fromkeys(path[1:] for path, _ in places))
    sections.update(dict.fromkeys(_looked_up(desired)))
    return Interest(
        tuple(sections),
        {key: frozenset(names) for key, names in details.items()},
        objects,
        {key: tuple(names) for key, names in named.items()},
        whole,
    )


def _objects(resource_type: ResourceType, resources: Iterable[Resource]) -> tuple[Mapping[str, str], ...]:
    """Return the key fields of what to read object by object; of at most one there is nothing to tell."""
    if not resource_type.key:
        return ({},)
    return tuple(key_parts(resource_type, resource.data) for resource in resources)


def _details_of(resource_type: ResourceType, resource: Resource) -> Iterator[str]:
    """Yield the fields of a resource that lie under endpoints of their own."""
    for each in resource_type.details:
        if not each.roots.isdisjoint(resource.data):
            yield each.field
    for part in resource_type.parts:
        held = resource.data.get(part.root)
        yield from (each.field for each in part.lists if isinstance(held, Mapping) and each.field in held)


def _names_of(resource_type: ResourceType, resource: Resource, moved: Mapping[str, str]) -> set[str]:
    """Return the keys and ids by which the live object may be known; a singleton's is empty."""
    former = moved.get(resource.address, "").removeprefix(f"{resource.section}/")
    return own_names(resource_type, resource.data) | ({former} - {""})


def _looked_up(desired: Desired) -> Iterator[str]:
    """Yield the sections that a reference leads into without leading to a declared resource."""
    declared = {
        section: {resource.key for resource in resources} for section, resources in desired.sections.items()
    }
    for section, resources in desired.sections.items():
        for reference in BY_SECTION[section].references:
            known = {key for target in reference.sections for key in declared.get(target, ())}
            for resource in resources:
                data = unaliased(BY_SECTION[section], resource.data)
                if reference.by and _tells_by_members(reference, data):
                    yield from (*reference.sections, *_targets_of(reference))
                targets = {reference.target_in(value) for _, value in values_at(data, reference.field)}
                if targets - {None} - known:
                    yield from reference.sections


def _tells_by_members(reference: Reference, data: Mapping[str, Json]) -> bool:
    """Whether a resource names the target of a reference by members beside the field."""
    return any(
        isinstance(holder, Mapping) and reference.name not in holder
        for _, holder in values_at(data, reference.holder)
    )


def _targets_of(reference: Reference) -> Iterator[str]:
    """Yield the sections that the target of a reference refers to by those members."""
    for inner in BY_SECTION[reference.section].references:
        if inner.field in reference.by:
            yield from inner.sections
