"""Where a configuration in files has the objects of a type, as auth0-deploy-cli lays them out.

Part of the vocabulary of `tenantctl.catalog.spec`, whose docstring explains paths of fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tenantctl.states import Json


class Content(StrEnum):
    """What a side file holds: the text of a field, its value as JSON, or JSON with its neighbours."""

    TEXT = "text"
    JSON = "json"
    NEIGHBOURS = "neighbours"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFile:
    """A field whose value stands in a file of its own, which the field names.

    field: path of the field. suffix: how the file's name ends; a text that ends otherwise, or has several
        lines, is the value itself.
    folder: where the file may stand besides beside the file that names it and in the root.
    path, layout_path: where a new one is put, below the folder of a YAML file and in the directory layout;
        ``{name}`` is the object's name, ``{last}`` the last step of the field, ``{way}`` and ``{ways}`` all
        but the first, with slashes or underscores between. Without one, the value stays where it is.
    from_root: whether the directory layout names it from the root, and not from beside the file that does.
    optional: a name that leads to no file is the value itself.
    trimmed: white space around the text does not count.
    """

    field: str
    suffix: str
    content: Content = Content.TEXT
    folder: str = ""
    path: str = ""
    layout_path: str = ""
    from_root: bool = False
    optional: bool = False
    trimmed: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The JSON files of a section in the directory layout.

    items: glob of the files that hold one object each; `others` are names of files that it fits and that
        belong to another type.
    members: field of a section that is one object → the file that holds it; ``""`` is the section itself.
    lists: field → glob of the files that hold one item of it each; list_names: the members that name these.
    decode: field → what brings the content of such a file to the form of the YAML file; encode: and back.
    """

    items: str = ""
    members: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    list_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    decode: Mapping[str, Callable[[Json], Json]] = field(default_factory=dict)
    encode: Mapping[str, Callable[[Json], Json]] = field(default_factory=dict)

    @property
    def folders(self) -> frozenset[str]:
        """The folders of the root in which it has files."""
        paths = (self.items, *self.members.values(), *self.lists.values())
        return frozenset(path.partition("/")[0] for path in paths if "/" in path)
