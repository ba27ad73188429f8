"""Carry edits of a configuration to the files that its values come from, and to new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.assembly import Assembly, Form, Origin
from tenantctl.config.document import Document
from tenantctl.config.edit import edited
from tenantctl.config.edits import Edit, Insert, Put, Remove, edited_data, edits_by_place
from tenantctl.config.new_files import Home, NewFiles, is_text_of, json_text, name_of
from tenantctl.config.render import Style, block_lines
from tenantctl.config.rewrite import is_same
from tenantctl.problems import Position, Problem, ProblemsError
from tenantctl.states import FieldPath, Json


def edited_files(assembly: Assembly, home: Home, edits: Iterable[Edit]) -> Mapping[Path, str | None]:
    """Return the new texts of the files that edits change; None for a file that goes.

    edits: their paths are those of the configuration as a whole; what is new comes behind, and into the file
    of, what is before it.

    Raises:
        ProblemsError: ``cannot-edit``: a place can't be edited in its file.
    """
    landing = _Landing(assembly, home)
    for edit in edits:
        landing.land(edit)
    return landing.texts()


@dataclass(slots=True)
class _Edited:
    """A document and its edits; their paths are those of the decoded value if it has a form of its own."""

    document: Document
    form: Form | None
    edits: list[Edit] = field(default_factory=list)


class _Landing:
    def __init__(self, assembly: Assembly, home: Home) -> None:
        self.assembly = assembly
        self.home = home
        self.new = NewFiles(home)
        self.gone: list[Path] = []
        self.changed: dict[int, _Edited] = {}

    def land(self, edit: Edit) -> None:
        """Find the file of an edit, and note it there."""
        section, below = str(edit.path[0]), edit.path[1:]
        resource_type = BY_SECTION.get(section)
        is_new = isinstance(edit, Put) and not below and not self.assembly.data.get(section)
        is_entry = isinstance(edit, Insert) and len(below) == 1
        value: Json = getattr(edit, "value", None)
        if resource_type is None or not (is_new or is_entry):
            if not self._land_file(resource_type, edit):
                self._note(*_place(self.assembly, edit), edit)
        elif not self.home.is_layout:
            value = self._aside(resource_type, value, is_list=is_new)
            self._note(*_place(self.assembly, edit), replace(edit, value=value))
        elif is_new:
            self.new.section(resource_type, value)
        elif resource_type.layout.items:
            self.new.entry(resource_type, value)
        else:
            self._note(*_place(self.assembly, edit), edit)

    def _aside(self, resource_type: ResourceType, value: Json, *, is_list: bool) -> Json:
        if is_list and not resource_type.is_singleton:
            return [self.new.aside(resource_type, each, name_of(resource_type, each)) for each in value]
        return self.new.aside(resource_type, value, name_of(resource_type, value))

    def _land_file(self, resource_type: ResourceType | None, edit: Edit) -> bool:
        """Carry out an edit by which a file of the directory layout comes or goes; return whether it does."""
        if resource_type is None or not self.home.is_layout or not edit.path[1:]:
            return False
        origin = self.assembly.origin.at(edit.path[:2])
        if isinstance(edit, Remove) and not origin.path and len(edit.path) == 2:  # noqa: PLR2004  # a section's member
            self.gone.append(Path(origin.document.text.source.file))
            return True
        field_name = str(edit.path[1])
        if field_name in resource_type.layout.lists and len(edit.path) == 3:  # noqa: PLR2004  # its item
            if isinstance(edit, Insert):
                self.new.list_item(resource_type, field_name, edit.value)
            elif isinstance(edit, Remove):
                item = self.assembly.origin.at(edit.path)
                self.gone.append(Path(item.document.text.source.file))
            return not isinstance(edit, Put)
        return False

    def _note(self, origin: Origin, path: FieldPath, edit: Edit) -> None:
        document = origin.document
        each = self.changed.setdefault(id(document), _Edited(document, origin.form))
        each.edits.append(replace(edit, path=path))

    def texts(self) -> Mapping[Path, str | None]:
        """Return what files are to hold."""
        made: dict[Path, str | None] = dict(self.new.texts)
        for each in self.changed.values():
            path = Path(each.document.text.source.file)
            text = self._text(each)
            if made.get(path, text) != text:
                raise _refused(each.document.locate(()), "several entries share it, and differ")
            made[path] = text
        self._check_shared()
        made.update(dict.fromkeys(self.gone))
        return made

    def _check_shared(self) -> None:
        """Refuse to change a text that another entry reads, too, if that one is to stay."""
        changed = {
            Path(each.document.text.source.file) for each in self.changed.values() if each.document.is_text
        }
        if not changed:
            return
        for document in _texts_of(self.assembly.origin):
            if Path(document.text.source.file) in changed and id(document) not in self.changed:
                raise _refused(document.locate(()), "several entries share it, and differ")

    def _text(self, each: _Edited) -> str:
        document = each.document
        if document.is_text:
            return self._side_text(document, each.edits)
        if each.form is not None:
            return edited(document, list(_differences(document.data, self._encoded(each.form, each))))
        if not document.text.source.text:
            return _first_text(document, edited_data(document.data, edits_by_place(each.edits)))
        return edited(document, each.edits)

    def _encoded(self, form: Form, each: _Edited) -> Json:
        try:
            return form.encode(edited_data(form.decode(each.document.data), edits_by_place(each.edits)))
        except (TypeError, AttributeError, LookupError, ValueError):
            raise _refused(each.document.locate(()), "the file can't say it") from None

    def _side_text(self, document: Document, edits: list[Edit]) -> str:
        value = getattr(edits[-1], "value", None)
        if document.has_keywords or not is_text_of(None, value, self.home.keywords):
            raise _refused(document.locate(()), "a file can't hold it so that it reads as the same")
        before, data = document.text.text, str(document.data)
        start = before.find(data)
        return f"{before[:start]}{value}{before[start + len(data) :]}"


def _first_text(document: Document, data: Mapping[str, Json]) -> str:
    """Return the text of a file that held nothing so far."""
    if document.text.source.file.lower().endswith(".json"):
        return json_text(data)
    sections = (block_lines({name: value}, Style()) for name, value in data.items())
    return "\n".join("".join(f"{line}\n" for line in lines) for lines in sections)


def _texts_of(origin: Origin) -> Iterator[Document]:
    """Yield the documents that are the text of one field."""
    for each in origin.members.values():
        if each.document.is_text:
            yield each.document
        yield from _texts_of(each)


def _differences(before: Json, after: Json, path: FieldPath = ()) -> Iterator[Edit]:
    """Yield the edits that lead from one value to another."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in before:
            if name not in after:
                yield Remove((*path, name))
        for name, value in after.items():
            if name in before:
                yield from _differences(before[name], value, (*path, name))
            else:
                yield Put((*path, name), value)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, value in enumerate(after):
            yield from _differences(before[index], value, (*path, index))
    elif not is_same(before, after):
        yield Put(path, after)


def _place(assembly: Assembly, edit: Edit) -> tuple[Origin, FieldPath]:
    *parents, last = edit.path
    holder = assembly.origin.at(tuple(parents))
    if isinstance(edit, Insert) and isinstance(last, int):
        return _place_of_new(holder, last)
    origin = holder.below(last)
    if origin.path and not (isinstance(edit, Remove) and origin.document.is_text):
        return origin, origin.path
    if isinstance(edit, Remove) and not origin.document.is_text:
        raise _refused(origin.document.locate(()), "it is a file of its own, to be removed by hand")
    return (holder, (*holder.path, last)) if isinstance(edit, Remove) else (origin, ())


def _place_of_new(holder: Origin, index: int) -> tuple[Origin, FieldPath]:
    """Return where a new item goes: behind the last before it that stands in a list, in the file of that."""
    for rank in reversed(range(index)):
        before = holder.below(rank)
        if before.path and isinstance(before.path[-1], int):
            return before, (*before.path[:-1], before.path[-1] + 1)
    return holder, (*holder.path, 0)


def _refused(position: Position, why: str) -> ProblemsError:
    problem = Problem(
        code="cannot-edit",
        summary=f"this can't be edited in its place: {why}",
        hint="Make this change by hand.",
        position=position,
    )
    return ProblemsError([problem])
