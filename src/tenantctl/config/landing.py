"""Carry edits of a configuration to the files that its values come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from tenantctl.config.assembly import Assembly, Origin
from tenantctl.config.document import Document
from tenantctl.config.edit import edited
from tenantctl.config.edits import Edit, Insert, Remove
from tenantctl.problems import Position, Problem, ProblemsError
from tenantctl.states import FieldPath


def edited_files(assembly: Assembly, edits: Iterable[Edit]) -> Mapping[Path, str]:
    """Return the new texts of the files that edits change.

    edits: their paths are those of the configuration as a whole; what is new comes behind, and into the file
    of, what is before it.

    Raises:
        ProblemsError: ``cannot-edit``: a place can't be edited in its file.
    """
    found: dict[int, tuple[Document, list[Edit]]] = {}
    for edit in edits:
        document, path = _place(assembly, edit)
        found.setdefault(id(document), (document, []))[1].append(replace(edit, path=path))
    return {
        Path(document.text.source.file): _text(document, of_document)
        for document, of_document in found.values()
    }


def _text(document: Document, edits: list[Edit]) -> str:
    if not document.is_text:
        return edited(document, edits)
    value = getattr(edits[-1], "value", None)
    if not isinstance(value, str) or document.has_keywords:
        raise _refused(document.locate(()), "it is a file of its own")
    return value if value.endswith("\n") or not document.text.text.endswith("\n") else value + "\n"


def _place(assembly: Assembly, edit: Edit) -> tuple[Document, FieldPath]:
    if not edit.path:
        return assembly.origin.document, ()
    *parents, last = edit.path
    holder = assembly.origin.at(tuple(parents))
    if isinstance(edit, Insert) and isinstance(last, int):
        return _place_of_new(holder, last)
    origin = holder.below(last)
    if origin.path and not (isinstance(edit, Remove) and origin.document.is_text):
        return origin.document, origin.path
    if isinstance(edit, Remove) and not origin.document.is_text:
        raise _refused(origin.document.locate(()), "it is a file of its own, to be removed by hand")
    return (holder.document, (*holder.path, last)) if isinstance(edit, Remove) else (origin.document, ())


def _place_of_new(holder: Origin, index: int) -> tuple[Document, FieldPath]:
    """Return where a new item goes: behind the one before it, in the file which that stands in."""
    if not index:
        return holder.document, (*holder.path, 0)
    before = holder.below(index - 1)
    if not before.path or not isinstance(before.path[-1], int):
        raise _refused(before.document.locate(before.path), "what is new would need a file of its own")
    return before.document, (*before.path[:-1], before.path[-1] + 1)


def _refused(position: Position, why: str) -> ProblemsError:
    problem = Problem(
        code="cannot-edit",
        summary=f"this can't be edited in its place: {why}",
        hint="Make this change by hand.",
        position=position,
    )
    return ProblemsError([problem])
