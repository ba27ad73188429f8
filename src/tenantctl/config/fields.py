"""Check the fields of one resource: names, types, enumerations, and what may not be given twice."""

from __future__ import annotations

from typing import Any

from tenantctl.catalog.marks import is_marked, is_nested_read_only
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.report import Entry, Report
from tenantctl.config.rules import Rule, rule_of
from tenantctl.states import FieldPath, Json

_TYPE_NAMES = {
    "string": "a string",
    "boolean": "true or false",
    "integer": "an integer",
    "number": "a number",
    "array": "a list",
    "object": "a mapping",
}
_FOUND_NAMES: dict[type, str] = {
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    list: "a list",
    dict: "a mapping",
    type(None): "nothing",
}


def type_name(value: Json) -> str:
    """Return what a message calls the type of a value."""
    return _FOUND_NAMES[type(value)]


class FieldChecker:
    """Checks one resource; `dropped` are the paths of what the API never takes."""

    def __init__(self, report: Report, resource_type: ResourceType, entry: Entry) -> None:
        self._report = report
        self._type = resource_type
        self._entry = entry
        self._depth = len(entry.path)
        self.dropped: list[FieldPath] = []

    def check(self) -> None:
        """Report what is wrong with the fields."""
        self._check_mapping(rule_of(self._type.section), self._entry.data, self._entry.path)

    def _check_mapping(self, rule: Rule, mapping: dict[str, Json], path: FieldPath) -> None:
        fields = rule.fields
        values = rule.values
        for name, value in mapping.items():
            known = fields.get(name) or values
            if known is None:
                if fields:
                    self._report_unknown(rule, name, (*path, name))
            elif known.read_only:
                self._drop((*path, name))
            elif value is not None and type(value) not in known.plain:
                self._check_value(known, value, (*path, name))

    def _check_value(self, rule: Rule, value: Json, path: FieldPath) -> None:
        if not rule.types:
            return
        kind = type(value)
        if kind not in rule.python and not (int in rule.python and kind is float and value.is_integer()):
            self._report_type(rule, value, path)
        elif kind is dict:
            self._check_mapping(rule, value, path)
        elif kind is list:
            self._check_list(rule, value, path)
        elif rule.enum and value not in rule.enum:
            self._report_enum(rule, value, path)

    def _check_list(self, rule: Rule, items: list[Json], path: FieldPath) -> None:
        known = rule.items
        if known is not None:
            plain = known.plain
            for index, item in enumerate(items):
                if type(item) not in plain and item is not None:
                    self._check_value(known, item, (*path, index))
        if rule.unique_by is not None and len(items) > 1:
            self._check_unique(rule.unique_by, items, path)

    def _check_unique(self, unique_by: tuple[str, ...], items: list[Json], path: FieldPath) -> None:
        first: dict[Any, int] = {}
        for index, item in enumerate(items):
            identity = _identity(unique_by, item)
            if identity is None:
                continue
            if identity not in first:
                first[identity] = index
                continue
            document = self._report.document
            here = (*path, index)
            shown = (
                document.shown(here, item)
                if not unique_by
                else document.shown_text((*here, unique_by[-1]), str(item[unique_by[-1]]))
            )
            add = self._report.error if unique_by else self._report.warning
            add(
                "duplicate-item",
                f"{self._label(path)} lists {shown} twice",
                here,
                detail=f"first listed at {document.locate((*path, first[identity]))}",
                hint="Keep one of the two.",
                entry=self._entry,
            )

    def _drop(self, path: FieldPath) -> None:
        here = path[self._depth :]
        self.dropped.append(here)
        if is_marked(self._type.exported, here):
            return
        self._report.warning(
            "read-only-field",
            f"{self._label(path)} is set by Auth0 alone",
            path,
            hint="It is left out of plans; remove it from the file.",
            entry=self._entry,
        )

    def _report_unknown(self, rule: Rule, name: str, path: FieldPath) -> None:
        if is_nested_read_only(self._type, path[self._depth :]):
            self._drop(path)
            return
        meant = self._report.nearest(name, self._report.document.shown_name(path), rule.fields)
        if not meant and is_marked(self._type.open, path[self._depth : -1]):
            return
        self._report.warning(
            "unknown-field",
            f"{self._label(path)} is no known field of {self._whole(path)}",
            path,
            hint=meant or "It is passed on as it is: the API may know it.",
            entry=self._entry,
        )

    def _whole(self, path: FieldPath) -> str:
        return self._label(path[:-1]) if len(path) > self._depth + 1 else f"'{self._type.section}'"

    def _report_type(self, rule: Rule, value: Json, path: FieldPath) -> None:
        wanted = " or ".join(_TYPE_NAMES[name] for name in rule.types)
        self._report.error(
            "wrong-type",
            f"{self._label(path)} must be {wanted}, but is {type_name(value)}",
            path,
            hint=_type_hint(rule, value),
            entry=self._entry,
        )

    def _report_enum(self, rule: Rule, value: Json, path: FieldPath) -> None:
        known = [str(choice) for choice in rule.enum]
        document = self._report.document
        meant = self._report.nearest(str(value), document.shown_text(path, str(value)), known)
        self._report.warning(
            "unknown-value",
            f"{self._label(path)} has no known value {document.shown(path, value)}",
            path,
            detail=f"known: {', '.join(known)}",
            hint=meant or "It is passed on as it is: the API may know it.",
            entry=self._entry,
        )

    def _label(self, path: FieldPath) -> str:
        return self._report.label(path, self._depth)


def _identity(unique_by: tuple[str, ...], item: Json) -> Any:
    """Return what tells a list's item apart, or None if it cannot be told."""
    if not unique_by:
        return None if isinstance(item, list | dict) else (type(item), item)
    if not isinstance(item, dict):
        return None
    identity = tuple(item.get(name) for name in unique_by)
    return identity if all(isinstance(part, str) for part in identity) else None


def _type_hint(rule: Rule, value: Json) -> str:
    if "string" in rule.types and isinstance(value, bool | int | float):
        return "Put it in quotes."
    if "array" in rule.types and not isinstance(value, dict):
        return "Write a list: each item on a line of its own, after '- '."
    if isinstance(value, str) and {"boolean", "integer", "number"} & set(rule.types):
        return "Write it without quotes."
    return ""
