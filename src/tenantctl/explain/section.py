"""The document of a section: what it is, how the API keeps it, its rules and all its fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from tenantctl.catalog.marks import ANY_OTHER
from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.explain.constraints import constraints, listed
from tenantctl.explain.field import field_document
from tenantctl.explain.notes import replaces
from tenantctl.explain.operations import operations, scopes
from tenantctl.explain.subject import Spot, Subject

_UNMARKED = {each.name: each.default for each in fields(ResourceType)}


def section_document(subject: Subject) -> dict[str, Any]:
    """Return what is known of a section: a `summary_document` with rules, operations and fields."""
    resource_type = subject.resource_type
    return {
        **summary_document(resource_type),
        "documentation": resource_type.documentation,
        "operations": operations(resource_type),
        "rules": list(_rules(resource_type)),
        "referred_by": referred_by(resource_type),
        "fields": fields_below(subject, subject.entry),
    }


def summary_document(resource_type: ResourceType) -> dict[str, Any]:
    """Return what a section is, what an entry is known by, and the scopes that it takes."""
    return {
        "section": resource_type.section,
        "title": resource_type.title,
        "summary": resource_type.summary,
        "kind": resource_type.kind.value,
        "key": list(resource_type.key),
        "scopes": scopes(resource_type),
    }


def fields_below(subject: Subject, spot: Spot) -> list[dict[str, Any]]:
    """Return the documents of all named fields below a field, each one before its members."""
    return [field_document(subject, below, parent) for below, parent in subject.descendants(spot)]


def referred_by(resource_type: ResourceType) -> list[str]:
    """Return the fields of all types that point to one of this type, with their sections."""
    return [
        f"{other.section}.{reference.field}"
        for other in RESOURCE_TYPES
        for reference in other.references
        if resource_type.section in reference.sections
    ]


def _rules(resource_type: ResourceType) -> Iterator[str]:
    yield from _on_existence(resource_type)
    yield from _on_ownership(resource_type)
    yield from _on_scopes(resource_type)
    for _, sentence in constraints(resource_type):
        yield sentence
    for key, place in resource_type.places.items():
        yield f"`{key}` has {listed(place.fields, 'and')}."
    for step in resource_type.steps:
        if step.wait_field:
            done = listed(step.done, "or")
            yield f"After a create or update tenantctl waits until its `{step.wait_field}` is {done}."
    if _is_marked(resource_type, "computed_defaults"):
        yield "Some defaults depend on the rest of the entry."
    if resource_type.after:
        yield f"Its changes come after those of {listed(resource_type.after, 'and')}."


def _on_existence(resource_type: ResourceType) -> Iterator[str]:
    if not operations(resource_type):
        return
    if not resource_type.is_singleton and not resource_type.key:
        yield "A tenant has at most one."
    if resource_type.create is None and not resource_type.is_singleton:
        yield "The API can't create one: an entry names one that is there."
    if resource_type.delete is None:
        yield "The API can't delete it." if resource_type.is_singleton else "The API can't delete one."
    elif resource_type.create and not resource_type.is_singleton:
        yield "One that the file does not name is left alone, unless `prune` names the section."
    if _is_marked(resource_type, "fixed"):
        what = "a change replaces the object" if replaces(resource_type) else "they can't be changed"
        yield f"Some more fields may be fixed once the object is created, by what it is: {what}."


def _on_ownership(resource_type: ResourceType) -> Iterator[str]:
    if resource_type.lost_with_it:
        yield (
            f"With one of them goes {resource_type.lost_with_it}, for good: to delete or replace even one "
            f"takes `--force-unsafe {resource_type.section}`."
        )
    if resource_type.protects:
        yield f"Never touched: {resource_type.protects}."
    if _is_marked(resource_type, "own"):
        yield "What tenantctl itself runs with is never touched."


def _on_scopes(resource_type: ResourceType) -> Iterator[str]:
    told = resource_type.read_scopes
    if ANY_OTHER in told:
        always = [name for name, needed in told.items() if not needed]
        than = f" than {listed(always, 'and')}" if always else ""
        yield f"To be told more{than}, a token needs {listed(told[ANY_OTHER], 'or')}."


def _is_marked(resource_type: ResourceType, mark: str) -> bool:
    """Return whether a type has a mark of its own where others have none."""
    return getattr(resource_type, mark) is not _UNMARKED[mark]
