"""What a plan needs to read, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from tenantctl.catalog.keys import key_parts
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.references import steps_of, values_at
from tenantctl.states import Desired, Interest, Resource


def make_interest(desired: Desired, moved: Mapping[str, str] | None = None) -> Interest:
    """Return what to read for planning `desired`.

    A section that the file does not name is read only if a reference into it is not declared in the file:
    then a name has to be looked up. `moved` maps an address to the one it had before.
    """
    sections = dict.fromkeys(desired.sections)
    details: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    objects: dict[str, tuple[Mapping[str, str], ...]] = {}
    for section, resources in desired.sections.items():
        resource_type = BY_SECTION[section]
        if resource_type.listing is None:
            objects[section] = tuple(key_parts(resource_type, resource.data) for resource in resources)
        for resource in resources:
            for name in _details_of(resource_type, resource):
                details[section, name].update(_names_of(resource_type, resource, moved or {}))
    sections.update(dict.fromkeys(_looked_up(desired)))
    return Interest(tuple(sections), {key: frozenset(names) for key, names in details.items()}, objects)


def _details_of(resource_type: ResourceType, resource: Resource) -> Iterator[str]:
    """Yield the fields of a resource that lie under endpoints of their own."""
    for each in resource_type.details:
        if each.field in resource.data:
            yield each.field


def _names_of(resource_type: ResourceType, resource: Resource, moved: Mapping[str, str]) -> set[str]:
    """Return the keys and ids by which the live object may be known; a singleton's is empty."""
    former = moved.get(resource.address, "").removeprefix(f"{resource.section}/")
    stated = str(resource.data.get(resource_type.id_field or "", ""))
    return {resource.key, *({former, stated} - {""})}


def _looked_up(desired: Desired) -> Iterator[str]:
    """Yield the sections that a reference leads into without leading to a declared resource."""
    declared = {
        section: {resource.key for resource in resources} for section, resources in desired.sections.items()
    }
    for section, resources in desired.sections.items():
        for reference in BY_SECTION[section].references:
            known = {key for target in reference.sections for key in declared.get(target, ())}
            for resource in resources:
                values = values_at(resource.data, steps_of(reference.field))
                named = (value for value in values if isinstance(value, str))
                if any(value not in reference.empty and value not in known for value in named):
                    yield from reference.sections
