"""Files that a configuration gets: where auth0-deploy-cli's export has them, under names that are free."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any

from tenantctl.catalog.keys import key_parts
from tenantctl.catalog.layout import Content, SideFile
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.directory import form_of
from tenantctl.config.keywords import MARKER
from tenantctl.config.render import Style, pretty
from tenantctl.config.side_files import put_value
from tenantctl.states import FieldPath, Json

_UNSAFE = re.compile(r'[\x00-\x1f\x80-\x9f/?<>\\:*|"]')
_MAX_NAME = 120
_MARKED = re.compile(r"(##|@@)(.+?)\1")


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of a configuration.

    is_layout: whether it has the directory layout. exists: whether there is a file. keywords: names that
    something gives a value.
    """

    folder: Path
    is_layout: bool
    exists: Callable[[Path], bool] = field(repr=False)
    keywords: AbstractSet[str] = field(default=frozenset(), repr=False)


class NewFiles:
    """Collects files. texts: what they are to hold."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.texts: dict[Path, str] = {}
        self._taken: set[str] = set()

    def section(self, resource_type: ResourceType, value: Json) -> None:
        """Add the files of a section of the directory layout."""
        layout = resource_type.layout
        if layout.items:
            for entry in value:
                self.entry(resource_type, entry)
        elif layout.members:
            self._members(resource_type, value)
        else:
            self._add(f"{resource_type.section}.json", json_text(value))

    def entry(self, resource_type: ResourceType, entry: Mapping[str, Json]) -> None:
        """Add the file of an object of the directory layout, and those that it names."""
        first = name_of(resource_type, entry)
        paths = ((name, resource_type.layout.items.replace("*", name)) for name in _alternatives(first))
        name, path = next(each for each in paths if not self._is_taken(each[1]))
        self._add(path, json_text(self.aside(resource_type, entry, name, PurePosixPath(path).parent)))

    def _members(self, resource_type: ResourceType, value: Json) -> None:
        layout = resource_type.layout
        apart = {*layout.members, *layout.lists}
        key = name_of(resource_type, value) if isinstance(value, dict) else ""
        for name, path in layout.members.items():
            beside = PurePosixPath(path).parent
            if not name:
                held = value
                if isinstance(value, dict):
                    held = {each: member for each, member in value.items() if each not in apart}
                    held = self.aside(resource_type, held, key, beside)
                self._add(path, json_text(held))
            elif name in value:
                member = self.aside(resource_type, {name: value[name]}, key, beside)[name]
                form = form_of(layout, name)
                self._add(path, json_text(form.encode(member) if form else member))
        for name in layout.lists:
            for item in value.get(name) or ():
                self.list_item(resource_type, name, item)

    def list_item(self, resource_type: ResourceType, name: str, item: Json) -> None:
        """Add the file of one item of a field that the layout has in files of their own."""
        layout = resource_type.layout
        beside = PurePosixPath(layout.lists[name]).parent
        (held,) = self.aside(resource_type, {name: [item]}, "", beside)[name]
        form = form_of(layout, name)
        data = form.encode(held) if form else held
        told = "_".join(_safe(str(data.get(each))) for each in layout.list_names[name])
        self._add(layout.lists[name].replace("*", told), json_text(data))

    def aside(
        self,
        resource_type: ResourceType,
        entry: Mapping[str, Json],
        name: str,
        beside: PurePosixPath | None = None,
    ) -> Any:
        """Return an entry with names of files in place of what these hold, which are added.

        name: that of the object, in names of files. beside: the folder of the file that names them, in the
        directory layout.
        """
        data: Any = entry
        for side in resource_type.side_files:
            pattern = side.layout_path if self.home.is_layout else side.path
            if pattern and side.content is Content.NEIGHBOURS:
                data = self._with_neighbours(resource_type, side, data, pattern.format(name=name))
                continue
            for path, value in list(values_at(data, side.field)) if pattern else ():
                text = json_text(value) if side.content is Content.JSON else value
                if text and (side.content is Content.JSON or is_text_of(side, text, self.home.keywords)):
                    added = self._add(_filled(pattern, name, path), text)
                    data = put_value(data, path, self._named(side, added, beside))
        return data

    def _with_neighbours(
        self, resource_type: ResourceType, side: SideFile, entry: Mapping[str, Json], path: str
    ) -> Mapping[str, Json]:
        key = {name: value for name, value in entry.items() if name in resource_type.key}
        rest = {name: value for name, value in entry.items() if name not in resource_type.key}
        return (
            {**key, side.field: self._named(side, self._add(path, json_text(rest)), None)} if rest else entry
        )

    def _named(self, side: SideFile, path: Path, beside: PurePosixPath | None) -> str:
        """Return how a configuration names a file of its folder."""
        whole = PurePosixPath(path.relative_to(self.home.folder).as_posix())
        if beside is None:
            beside = PurePosixPath(side.folder)
        if side.from_root or not whole.is_relative_to(beside):
            return f"./{whole}"
        return f"./{whole.relative_to(beside)}"

    def _add(self, path: str, text: str) -> Path:
        """Add a file at a path, or at one like it if there is such a file already."""
        whole = PurePosixPath(path)
        others = (str(whole.with_stem(stem)) for stem in _alternatives(whole.stem))
        free = next(each for each in others if not self._is_taken(each))
        self._taken.add(free.casefold())
        self.texts[self.home.folder / free] = text
        return self.home.folder / free

    def _is_taken(self, path: str) -> bool:
        # Not every file system tells capitals from other letters.
        return path.casefold() in self._taken or self.home.exists(self.home.folder / path)


def is_text_of(side: SideFile | None, text: Json, keywords: AbstractSet[str]) -> bool:
    """Return whether a file can hold a text so that it reads as the same: nothing in it counts as a keyword.

    side: what is known of the file.
    """
    if not isinstance(text, str) or text.startswith("\ufeff") or any(map(_is_surrogate, text)):
        return False
    if side is not None and side.trimmed and text != text.strip():
        return False
    return not any(MARKER.fullmatch(found[0]) or found[2] in keywords for found in _MARKED.finditer(text))


def _is_surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def json_text(value: Json) -> str:
    """Return a JSON file, as auth0-deploy-cli prints one."""
    return "\n".join(pretty(value, 2, Style(as_json=True))) + "\n"


def _alternatives(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _filled(pattern: str, name: str, path: FieldPath) -> str:
    steps = [_safe(step) for step in path if isinstance(step, str)]
    return pattern.format(name=name, last=steps[-1], way="/".join(steps[1:]), ways="_".join(steps[1:]))


def name_of(resource_type: ResourceType, entry: Mapping[str, Json]) -> str:
    """Return what files of an object are called by."""
    return _safe("-".join(key_parts(resource_type, entry).values()))


def _safe(name: str) -> str:
    """Return a name as every file system takes it."""
    return _UNSAFE.sub("-", name)[:_MAX_NAME].strip(". ") or "unnamed"
