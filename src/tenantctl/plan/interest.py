"""What a plan needs to read, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.plan.references import steps_of, values_at
from tenantctl.states import Desired, Interest


def make_interest(desired: Desired, moved: Mapping[str, str] | None = None) -> Interest:
    """Return the sections and associations to read for planning `desired`.

    A section that the file does not name is read only if a reference into it is not declared in the file:
    then a name has to be looked up. `moved` maps an address to the one it had before.
    """
    sections = dict.fromkeys(desired.sections)
    associations: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    declared = {
        section: {resource.key for resource in resources} for section, resources in desired.sections.items()
    }
    for section, resources in desired.sections.items():
        resource_type = BY_SECTION[section]
        for resource in resources:
            for association in resource_type.associations:
                if association.field in resource.data:
                    former = (moved or {}).get(resource.address, "").removeprefix(f"{section}/")
                    stated = str(resource.data.get(resource_type.id_field or "", ""))
                    wanted = {resource.key, former, stated} - {""}
                    associations[section, association.field].update(wanted)
            for reference in resource_type.references:
                for value in values_at(resource.data, steps_of(reference.field)):
                    known = declared.get(reference.section, set())
                    if isinstance(value, str) and value not in reference.empty and value not in known:
                        sections.setdefault(reference.section)
    return Interest(tuple(sections), {key: frozenset(wanted) for key, wanted in associations.items()})
