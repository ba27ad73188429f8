"""Keywords for the secrets of a tenant, which no file gets to hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from tenantctl.catalog.marks import is_secret
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.edits import Keyword
from tenantctl.config.keywords import MARKER, keyword_for
from tenantctl.states import Current, Desired, FieldPath, Json

_SHORTEST = 4
"""Shorter texts are no secrets worth the name, and stand everywhere."""


class SecretKeywords:
    """Gives each secret a keyword of its own, named after where it stands.

    taken: keywords that mean something else already.
    """

    def __init__(self, taken: AbstractSet[str]) -> None:
        self._taken = set(taken)

    def keyword(self, address: str, names: tuple[str, ...], *, is_text: bool = True) -> Keyword:
        """Return a new keyword: ``##CONNECTIONS_IDP_OPTIONS_CLIENT_SECRET##``.

        names: the way to the secret from the resource at `address`. is_text: whether its value is a text; of
        any other kind it takes a marker that is replaced by JSON.
        """
        name = first = keyword_for(address, *names)
        count = 1
        while name in self._taken:
            count += 1
            name = f"{first}_{count}"
        self._taken.add(name)
        mark = "##" if is_text else "@@"
        return Keyword(f"{mark}{name}{mark}")


def keywords_named(texts: Iterable[str]) -> frozenset[str]:
    """Return the keywords that texts name."""
    return frozenset(found[2] for text in texts for found in MARKER.finditer(text))


def secret_texts(desired: Desired, current: Current) -> frozenset[str]:
    """Return the secrets of both sides, line by line, as no output may show them."""
    found: set[str] = set()
    for section, resources in desired.sections.items():
        for resource in resources:
            found.update(_secrets(BY_SECTION[section], resource.data))
    for section, items in current.sections.items():
        for item in items:
            found.update(_secrets(BY_SECTION[section], item))
    return frozenset(found)


def _secrets(resource_type: ResourceType, data: Mapping[str, Json]) -> Iterator[str]:
    for path, value in values_at(data, "**"):
        if isinstance(value, str | int) and is_secret(resource_type, path):
            lines = (line.strip() for line in str(value).splitlines())
            yield from (line for line in lines if len(line) >= _SHORTEST and not MARKER.fullmatch(line))


def keywords_in(value: Json, path: FieldPath = ()) -> Iterator[tuple[FieldPath, Keyword]]:
    """Yield the keywords in a value, each with its place."""
    if isinstance(value, Keyword):
        yield path, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from keywords_in(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from keywords_in(item, (*path, index))
