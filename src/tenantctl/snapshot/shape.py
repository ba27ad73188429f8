"""Whether a JSON document is a snapshot."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.problems import did_you_mean
from tenantctl.states import FieldPath, Json

_MAJOR = "1."


class ShapeError(ValueError):
    """A document is no snapshot. path: the place in it that is not as it should be. hint: may be empty."""

    def __init__(self, message: str, path: FieldPath = (), hint: str = "") -> None:
        super().__init__(message)
        self.path = path
        self.hint = hint


def sections_of(document: Json) -> Mapping[str, list[dict[str, Json]]]:
    """Return the objects of a snapshot by section; of a singleton one.

    Raises:
        ShapeError: it is none of a format that is known here, or names a section that is not.
    """
    if not isinstance(document, dict):
        raise ShapeError("a snapshot is an object with 'sections'")
    version = document.get("format_version", "1.0")
    if not isinstance(version, str) or not version.startswith(_MAJOR):
        hint = "This version of tenantctl reads 1.x: make the snapshot anew."
        raise ShapeError(f"the format_version is {version!r}", ("format_version",), hint)
    sections = document.get("sections")
    if not isinstance(sections, dict):
        path: FieldPath = ("sections",) if "sections" in document else ()
        raise ShapeError("a snapshot has 'sections', an object of lists of objects", path)
    return {section: _objects(section, content) for section, content in sections.items()}


def _objects(section: str, content: Json) -> list[dict[str, Json]]:
    path = ("sections", section)
    if section not in BY_SECTION:
        raise ShapeError(f"there is no section '{section}'", path, did_you_mean(section, BY_SECTION))
    is_singleton = BY_SECTION[section].is_singleton
    objects = [content] if is_singleton and isinstance(content, dict) else content
    if not isinstance(objects, list):
        raise ShapeError(f"{section} must be {'an object' if is_singleton else 'a list of objects'}", path)
    if is_singleton and len(objects) != 1:
        raise ShapeError(f"{section} is one object", path)
    for index, item in enumerate(objects):
        if not isinstance(item, dict):
            raise ShapeError(f"an entry of {section} is no object", (*path, index))
    return objects
