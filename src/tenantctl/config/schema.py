"""The JSON Schema (2020-12) of tenant.yaml, for editors: made from the catalog and the options."""

from __future__ import annotations

from typing import Any, TypeAlias

from tenantctl.catalog.fields import Field, fields_of, is_read_only, plain_text
from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.options import Options
from tenantctl.config.validate import OPTIONS

Schema: TypeAlias = "dict[str, Any]"

_KEYWORD: Schema = {"$ref": "#/$defs/keyword"}
_TEXT_KEYWORD: Schema = {"$ref": "#/$defs/textKeyword"}


def make_schema() -> Schema:
    """Return the JSON Schema of the whole file.

    Resources take fields that the catalog does not know, as the API may; top level and options do not.
    """
    options = _options()
    definitions = {
        "keyword": {
            "description": "Replaced by the JSON form of a keyword's value.",
            "type": "string",
            "pattern": r"^@@[^@\s]+@@$",
        },
        "textKeyword": {
            "description": "Holds a keyword, which is replaced by its text.",
            "type": "string",
            "pattern": r"##[^#\s]+##|^@@[^@\s]+@@$",
        },
        **options.pop("$defs"),
        "Options": options,
        **{resource_type.section: _resource(resource_type) for resource_type in RESOURCE_TYPES},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tenant.yaml",
        "description": "An Auth0 tenant as code, in the format of auth0-deploy-cli.",
        "type": "object",
        "properties": {
            **{resource_type.section: _section(resource_type) for resource_type in RESOURCE_TYPES},
            OPTIONS: {
                "description": "What tenantctl does with this file, beyond the resources that it declares.",
                "anyOf": [{"$ref": "#/$defs/Options"}, {"type": "null"}, _KEYWORD],
            },
        },
        "additionalProperties": False,
        "$defs": definitions,
    }


def _section(resource_type: ResourceType) -> Schema:
    one: Schema = {"$ref": f"#/$defs/{resource_type.section}"}
    many: Schema = {"type": ["array", "null"], "items": one}
    forms = [one, {"type": "null"}] if resource_type.is_singleton else [many]
    what = f"{resource_type.title[0].upper()}{resource_type.title[1:]}"
    return {
        "description": f"{what}{'' if resource_type.is_singleton else 's'}; left out or null: untouched.",
        "anyOf": [*forms, _KEYWORD],
    }


def _resource(resource_type: ResourceType) -> Schema:
    properties = {name: _field(known) for name, known in fields_of(resource_type).items()}
    for name, described in properties.items():
        if is_read_only(resource_type, name):
            described["readOnly"] = True
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": True}
    if resource_type.required:
        schema["required"] = list(resource_type.required)
    if resource_type.any_of:
        schema["allOf"] = [
            {"anyOf": [{"required": [name]} for name in group]} for group in resource_type.any_of
        ]
    return schema


def _field(known: Field) -> Schema:
    schema: Schema = {"description": plain_text(known.help)} if known.help else {}
    if not known.types:
        return schema
    form: Schema = {"type": [*known.types, "null"]}
    if known.fields:
        form["properties"] = {name: _field(child) for name, child in known.fields.items()}
    if known.values:
        form["additionalProperties"] = _field(known.values)
    if known.items:
        form["items"] = _field(known.items)
    if known.enum:
        # Open: an editor offers the known values, and takes others, as the API may know more.
        return {**schema, "anyOf": [{"enum": list(known.enum)}, form]}
    if "string" in known.types:
        return {**schema, **form}
    return {**schema, "anyOf": [form, _KEYWORD]}


def _options() -> Schema:
    schema = Options.model_json_schema(by_alias=True)
    for model in (schema, *schema["$defs"].values()):
        model.pop("title", None)
        model["properties"] = {
            name: _option(member, optional=model is schema) for name, member in model["properties"].items()
        }
    return schema


def _option(member: Schema, *, optional: bool) -> Schema:
    """Let a keyword stand for an option's value, and null for the absence of one at the top of the block."""
    kept: Schema = {name: member.pop(name) for name in ("description", "default") if name in member}
    member.pop("title", None)
    absent = [{"type": "null"}] if optional else []
    return {**kept, "anyOf": [member, *absent, _TEXT_KEYWORD]}
