"""What the fields of an entry demand of each other, in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Json

Constraint = tuple[frozenset[str], str]
"""The paths that a sentence is about, and the sentence."""


def constraints(resource_type: ResourceType) -> Iterator[Constraint]:
    """Yield what holds between fields: needed, conflicting, exclusive and unique ones."""
    for group in resource_type.any_of:
        yield frozenset(group), f"{listed(group, 'or')} has to be given."
    for name, value, other in resource_type.conflicts:
        yield frozenset({name, other}), f"`{other}` has no place beside `{name}: {as_json(value)}`."
    for groups in resource_type.exclusive:
        sides = " or ".join(listed(sorted(group), "and") for group in groups)
        yield frozenset().union(*groups), f"Only one of these may be given: {sides}."
    for name, other in resource_type.displaces.items():
        yield frozenset({name, other}), f"Setting `{name}` clears `{other}`."
    for group in resource_type.unique:
        yield frozenset(group), f"No two of a tenant have the same {listed(group, 'and')}."
    for path, member in resource_type.variants.items():
        by = f"its `{member}`" if member else "which of them is given"
        yield frozenset({path}), f"Which members {named(path)} has depends on {by}."
    if resource_type.discriminator:
        name = resource_type.discriminator
        sentence = (
            f"`{name}` decides which members the others have: a change of it sends all that the file says."
        )
        yield frozenset({name}), sentence


def named(path: str) -> str:
    """Return what a sentence calls a field, or an item of a list."""
    return f"an item of `{path.removesuffix('[]')}`" if path.endswith("[]") else f"`{path}`"


def listed(names: Iterable[str], word: str) -> str:
    """Return names in code marks, the last two joined by `word`: ```a`, `b` or `c```."""
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} {word} {last}" if first else last


def as_json(value: Json) -> str:
    """Return a value as a file may write it, on one line."""
    return json.dumps(value, ensure_ascii=False)
