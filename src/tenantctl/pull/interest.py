"""What a pull has to read: all of the sections that it writes, and those that they refer to."""

from __future__ import annotations

from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Desired, Interest


def pull_interest(desired: Desired, *, everything: bool = False) -> Interest:
    """Return what to read for pulling into what `desired` came from; everything: all that can be declared."""
    all_of = [each.section for each in RESOURCE_TYPES if everything and is_declarable(each)]
    sections = dict.fromkeys([*desired.sections, *all_of])
    referred = [
        section
        for name in sections
        for reference in BY_SECTION[name].references
        for section in _with_targets(reference.sections)
    ]
    return Interest(tuple(dict.fromkeys([*sections, *referred])), everything=True)


def _with_targets(sections: tuple[str, ...]) -> list[str]:
    """Return sections and those that their objects are told by."""
    further = (
        each for name in sections for reference in BY_SECTION[name].references for each in reference.sections
    )
    return [*sections, *further]


def is_declarable(resource_type: ResourceType) -> bool:
    """Return whether a file can say something of a type; of some a tenant only tells."""
    return bool(
        resource_type.update or resource_type.is_singleton or resource_type.places or resource_type.create
    )
