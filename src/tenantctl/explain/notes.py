"""What the marks of a field mean for who writes the file, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tenantctl.catalog.endpoints import Pool, Step
from tenantctl.catalog.fields import is_update_only
from tenantctl.catalog.marks import is_marked, mark_at
from tenantctl.catalog.spec import ResourceType
from tenantctl.explain.constraints import as_json, listed
from tenantctl.explain.operations import operations
from tenantctl.explain.subject import Spot, Subject


def notes(subject: Subject, spot: Spot, field: Mapping[str, Any]) -> list[str]:
    """Return sentences on a field, from its document and the marks that need words.

    A word from the file or the API stands in backticks.
    """
    resource_type = subject.resource_type
    return [
        *_on_writing(resource_type, spot, field),
        *_on_secrets(resource_type, spot, field),
        *_on_comparing(resource_type, spot, field),
        *_on_pools(resource_type, spot),
        *_on_references(field),
        *(_on_step(each) for each in resource_type.steps if each.field and each.field == spot.path),
    ]


def pool_at(resource_type: ResourceType, spot: Spot) -> Pool | None:
    """Return the pool whose objects a list links to."""
    return next((each for each in resource_type.pools if is_marked(each.links, spot.place)), None)


def is_unread(resource_type: ResourceType, spot: Spot) -> bool:
    """Return whether a field is a member of a pool's objects that reads never show."""
    unread = (
        f"{link}[].{name}" for pool in resource_type.pools for link in pool.links for name in pool.unread
    )
    return is_marked(unread, spot.place)


def replaces(resource_type: ResourceType) -> bool:
    """Return whether an object can be deleted and created anew."""
    return resource_type.create is not None and resource_type.delete is not None


def _on_writing(resource_type: ResourceType, spot: Spot, field: Mapping[str, Any]) -> Iterator[str]:
    marks = field["marks"]
    if "key" in marks:
        yield (
            "An entry is known by it."
            if len(resource_type.key) == 1
            else "Part of what an entry is known by."
        )
    elif "required" in marks:
        yield "An entry needs it."
    if spot.path == resource_type.id_field and "key" not in marks:
        yield "The id that Auth0 gave it: in the file it says which one is meant where several bear one name."
    elif "read-only" in marks:
        yield "Set by Auth0 alone, and left out of plans."
    if "immutable" in marks and "read-only" not in marks:
        what = "a change replaces the object" if replaces(resource_type) else "it can't be changed"
        yield f"Fixed when the object is created: {what}."
    if len(spot.steps) == 1 and is_update_only(resource_type, spot.name) and "read-only" not in marks:
        yield "A create can't carry it: it follows in an update."
    if spot.path in resource_type.create_with:
        sent = as_json(resource_type.create_with[spot.path])
        yield f"Where the file leaves it out, a create sends `{sent}`."
    if field["operations"] and field["clearable"] is False:
        yield "The API can't clear it: `null` leaves it as it is."
    if any(part.listed and part.root == spot.path for part in resource_type.parts):
        yield "A list of such mappings is taken, too, as auth0-deploy-cli writes it."


def _on_secrets(resource_type: ResourceType, spot: Spot, field: Mapping[str, Any]) -> Iterator[str]:
    marks, masked = field["marks"], mark_at(resource_type.masked, spot.place)
    if len(spot.steps) == 1 and (told := resource_type.read_scopes.get(spot.name)):
        yield f"Only tokens with {listed(told, 'or')} are told it."
    if len(spot.steps) == 1 and (needed := resource_type.update_scopes.get(spot.name)):
        yield f"To change it takes {listed(needed, 'or')}."
    if "secret" in marks:
        yield "Never shown, in no plan, log or report."
    if "generated" in marks:
        yield "Auth0 makes one up."
    if masked is not None:
        yield f"Reads show `{masked}` in its place: that there is a value is all that can be compared."
    elif is_unread(resource_type, spot):
        yield "Reads leave it out, so it is not compared."
    elif "write-only" in marks:
        yield (
            "Reads leave it out, so it is not compared: it goes along with a create, with any other change, "
            "or with `--send-secrets`."
        )


def _on_comparing(resource_type: ResourceType, spot: Spot, field: Mapping[str, Any]) -> Iterator[str]:
    is_part = any(part.root == spot.path for part in resource_type.parts)
    if "array" not in spot.field.types or is_part or not operations(resource_type):
        return
    if field["item_key"]:
        yield f"Items are told apart by {listed(field['item_key'], 'and')}; their order does not matter."
    elif "set" in field["marks"]:
        yield "The order does not matter."
    elif "read-only" not in field["marks"]:
        yield "The order counts."


def _on_pools(resource_type: ResourceType, spot: Spot) -> Iterator[str]:
    pool = pool_at(resource_type, spot)
    if pool:
        beyond = f"more than {listed(sorted(pool.changeable), 'and')}" if pool.changeable else "anything"
        yield "The items are written out here; the API keeps them by themselves, and links their ids."
        yield f"It takes at most {pool.limit}; one that differs in {beyond} counts as another."


def _on_references(field: Mapping[str, Any]) -> Iterator[str]:
    reference = field["reference"]
    if reference:
        of, by, alias = listed(reference["sections"], "or"), reference["by"], reference["alias"]
        others = [name for name in reference["or"] if name not in by]
        wire = f", or by its {listed(others, 'or')}" if others else ""
        names = f"Behind `{reference['prefix']}` it names" if reference["prefix"] else "Names"
        yield f"{names} an entry of {of} by its {listed(by, 'and')}{wire}."
        if alias and field["name"] != alias:
            yield f"May be written as `{alias}`, too."
        if reference["beside"]:
            yield f"Where it is left out, {listed(reference['beside'], 'and')} beside it tell which one."
    if field["offered_by"]:
        yield f"The API has to offer them (`{field['offered_by']}`)."


def _on_step(step: Step) -> str:
    request = f"`{step.endpoint.method} {step.endpoint.path}`" if step.endpoint else "a wait"
    if step.elects:
        return f"`true` asks for {request}; it holds for one of a tenant, until another one is elected."
    return f"`true` asks for {request} after each change; what was done is not undone by `false`."
