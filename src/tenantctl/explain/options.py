"""The ``tenantctl:`` block as a subject like any section, from the schema of its options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenantctl.catalog.fields import Field
from tenantctl.catalog.spec import Kind, ResourceType
from tenantctl.config.options import Options
from tenantctl.explain.subject import Subject

SECTION = "tenantctl"
SUMMARY = "What tenantctl does with the file, beyond the resources that it declares."


def options_subject() -> Subject:
    """Return the options with their fields; what the tenant does not have is neither listed nor compared."""
    schema = Options.model_json_schema(by_alias=True)
    reader = _Reader(schema["$defs"])
    fields = reader.members(schema, "")
    resource_type = ResourceType(
        section=SECTION,
        title="options",
        summary=SUMMARY,
        sdk="",
        kind=Kind.SINGLETON,
        key=(),
        id_field=None,
        writable=frozenset(fields),
        required=tuple(reader.required),
        defaults=reader.defaults,
    )
    return Subject(resource_type, fields)


class _Reader:
    """Turns a JSON Schema into fields, and notes on the way what is required and what has a default."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self.required: list[str] = []
        self.defaults: dict[str, Any] = {}

    def members(self, schema: Mapping[str, Any], path: str) -> dict[str, Field]:
        self.required += [f"{path}{name}" for name in schema.get("required", ())]
        return {name: self._field(member, f"{path}{name}") for name, member in schema["properties"].items()}

    def _field(self, schema: Mapping[str, Any], path: str) -> Field:
        if schema.get("default") is not None and schema["default"] != []:
            self.defaults[path] = schema["default"]
        form = self._form(schema)
        return Field(
            types=(form["type"],),
            enum=tuple(form.get("enum", ())),
            help=schema.get("description") or form.get("description", ""),
            create=True,
            update=True,
            read=True,
            fields=self.members(form, f"{path}.") if "properties" in form else {},
            items=self._field(form["items"], f"{path}[]") if "items" in form else None,
        )

    def _form(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the schema of the value itself: behind references, and null aside."""
        if "$ref" in schema:
            return self._form(self._definitions[schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            return next(self._form(each) for each in schema["anyOf"] if each.get("type") != "null")
        return schema
