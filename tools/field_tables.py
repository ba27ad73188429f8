"""Write the field tables in ``src/tenantctl/catalog/fields`` from the installed auth0-python.

For each resource type of the registry: what the SDK's create and update methods take, and what its get
method returns, merged into one table. Run ``make fields`` after adding a type or upgrading the SDK;
``--check`` writes nothing and exits 1 if a table is out of date.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import json
import sys
import textwrap
import typing
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import auth0.management.types
from auth0.management.core.http_response import HttpResponse
from pydantic import BaseModel, TypeAdapter

from tenantctl.catalog.endpoints import Association, Part
from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import Reference, ResourceType

TABLES = Path(__file__).parent.parent / "src/tenantctl/catalog/fields"
_NOT_FIELDS = {"id", "request_options", "return"}
_MAX_DEPTH = 8


def _raw_client(sdk: str) -> type:
    """Return the SDK's raw client class for a dotted client name (``tenants.settings``)."""
    module = importlib.import_module(f"auth0.management.{sdk}.raw_client")
    name = "".join(part.capitalize() for part in sdk.rsplit(".", 1)[-1].split("_"))
    return typing.cast("type", getattr(module, f"Raw{name}Client"))


def _hints(method: Any) -> dict[str, Any]:
    if method is None:
        return {}
    return typing.get_type_hints(method, inspect.getmodule(method).__dict__)


def _response_model(method: Any) -> type[BaseModel]:
    wrapped = _hints(method)["return"]
    assert typing.get_origin(wrapped) is HttpResponse, wrapped
    return typing.cast("type[BaseModel]", typing.get_args(wrapped)[0])


def _models_in(hint: Any, found: dict[str, type[BaseModel]]) -> dict[str, type[BaseModel]]:
    """Collect the pydantic models that a type hint mentions, by class name."""
    for argument in typing.get_args(hint):
        _models_in(argument, found)
    if inspect.isclass(hint) and issubclass(hint, BaseModel) and hint.__name__ not in found:
        found[hint.__name__] = hint
        for member in hint.model_fields.values():
            _models_in(member.annotation, found)
    return found


def _docs_of(model: type[BaseModel]) -> dict[str, str]:
    """Return the string literals that follow the attributes of a class, by attribute."""
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)
    docs = {}
    for statement, following in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
        ):
            docs[statement.target.id] = inspect.cleandoc(str(following.value.value))
    return docs


class _Reader:
    """Turns one type hint into a table entry by way of its JSON Schema."""

    def __init__(self, hint: Any, used: str) -> None:
        self.used = used
        self.schema = TypeAdapter(hint).json_schema(by_alias=True)
        self.models = _models_in(hint, {})

    def read(self) -> dict[str, Any]:
        return self._entry(self.schema, "", 0)

    def _entry(self, schema: Mapping[str, Any], help_text: str, depth: int) -> dict[str, Any]:
        entry: dict[str, Any] = {"help": help_text, "in": self.used}
        if depth < _MAX_DEPTH:
            self._collect(schema, entry, depth)
        if entry.pop("open", False) and not entry.get("enum"):
            entry["types"] = []
        if entry.pop("any_text", False):
            entry.pop("enum", None)
        return entry

    def _collect(self, schema: Mapping[str, Any], entry: dict[str, Any], depth: int) -> None:
        if "$ref" in schema:
            schema = {**self.schema["$defs"][schema["$ref"].rsplit("/", 1)[-1]]}
        for variant in (*schema.get("anyOf", ()), *schema.get("allOf", ()), *schema.get("oneOf", ())):
            self._collect(variant, entry, depth)
        if not schema.keys() - {"title", "description", "default"}:
            entry["open"] = True
        kind = schema.get("type")
        if kind and kind != "null":
            entry["types"] = sorted({*entry.get("types", ()), kind})
        values = schema.get("enum", [schema["const"]] if "const" in schema else [])
        if kind == "string" and not values:
            entry["any_text"] = True
        if values:
            entry["enum"] = [*entry.get("enum", ()), *(v for v in values if v not in entry.get("enum", ()))]
        self._collect_members(schema, entry, depth)

    def _collect_members(self, schema: Mapping[str, Any], entry: dict[str, Any], depth: int) -> None:
        if "properties" in schema:
            model = self.models.get(str(schema.get("title")))
            docs = _docs_of(model) if model else {}
            members = entry.setdefault("fields", {})
            for name, child in schema["properties"].items():
                _merge(members, name, self._entry(child, docs.get(name, ""), depth + 1))
        if isinstance(schema.get("additionalProperties"), dict) and "properties" not in schema:
            entry["values"] = self._entry(schema["additionalProperties"], "", depth + 1)
        if isinstance(schema.get("items"), dict):
            entry["items"] = self._entry(schema["items"], "", depth + 1)


def _merge(table: dict[str, Any], name: str, entry: dict[str, Any]) -> None:
    """Put `entry` into `table`, uniting it with what stands there already."""
    known = table.get(name)
    if known is None:
        table[name] = entry
        return
    known["in"] = "".join(letter for letter in "cur" if letter in known["in"] + entry["in"])
    known["help"] = known["help"] or entry["help"]
    for key in ("types", "enum"):
        united = [*known.get(key, ()), *(v for v in entry.get(key, ()) if v not in known.get(key, ()))]
        if united:
            known[key] = united
    for child, value in entry.get("fields", {}).items():
        _merge(known.setdefault("fields", {}), child, value)
    for key in ("items", "values"):
        if key in entry:
            _merge(known, key, entry[key])


def _tidy(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what is empty, deeply, so that the files stay short."""
    kept: dict[str, Any] = {}
    for key, value in entry.items():
        if key == "fields":
            kept[key] = {name: _tidy(child) for name, child in value.items()}
        elif key in {"items", "values"}:
            kept[key] = _tidy(value)
        elif value:
            kept[key] = value
    return kept


def make_table(resource_type: ResourceType) -> dict[str, Any]:
    """Return the field table of one type: name → entry."""
    table = _table_of(resource_type.sdk) if resource_type.sdk else {}
    for part in resource_type.parts:
        table[part.root] = _part_entry(part)
    for association in resource_type.associations:
        table[association.field] = _association_entry(association)
    for step in resource_type.steps:
        if step.field:
            table[step.field] = {"types": ["boolean"], "in": "cur"}
    _add_models(table, resource_type.models)
    _add_names(table, resource_type.references)
    for path, entry in resource_type.extra_fields.items():
        *parents, name = path.split(".")
        _descend(table, parents)[name] = _written(entry)
    return {name: _tidy(entry) for name, entry in table.items()}


def _add_models(table: dict[str, Any], patterns: tuple[str, ...]) -> None:
    """Put what models of the SDK tell of the members of objects into a table that has those objects."""
    for name in sorted(dir(auth0.management.types)):
        model = getattr(auth0.management.types, name)
        is_model = inspect.isclass(model) and issubclass(model, BaseModel)
        if is_model and any(fnmatchcase(name, pattern) for pattern in patterns):
            for field, entry in _Reader(model, "cur").read()["fields"].items():
                if "fields" in table.get(field, {}):
                    _merge(table, field, entry)


def _add_names(table: dict[str, Any], references: tuple[Reference, ...]) -> None:
    """Put into a table what a file may write instead of a reference's own field."""
    for reference in references:
        names = [name for name in (reference.alias, *reference.by) if name]
        if not names:
            continue
        members = table
        for name in filter(None, reference.holder.split(".")):
            entry = members[name.removesuffix("[]")]
            members = (entry["items"] if name.endswith("[]") else entry).setdefault("fields", {})
        for name in names:
            members.setdefault(name, {"types": ["string"], "in": "cu"})


def _descend(table: dict[str, Any], path: list[str]) -> dict[str, Any]:
    """Return the members of the object at a path (``[]``: an item); of an empty one if there is none."""
    for step in path:
        entry = table.setdefault(step.removesuffix("[]"), {"in": "cur"})
        if step.endswith("[]"):
            entry = entry.setdefault("items", {"in": "cur"})
        table = entry.setdefault("fields", {})
    return table


def _written(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry that the catalog gives in full, as one that requests and reads carry alike."""
    whole: dict[str, Any] = {"in": "cur", **entry}
    if "fields" in whole:
        whole["fields"] = {name: _written(child) for name, child in whole["fields"].items()}
    for key in ("items", "values"):
        if key in whole:
            whole[key] = _written(whole[key])
    return whole


def _table_of(sdk: str) -> dict[str, Any]:
    """Return what SDK clients' methods say of an object: what create and update take, what get returns."""
    table: dict[str, Any] = {}
    for each in sdk.split():
        name, _, called = each.partition("#")
        client = _raw_client(name)
        for ending in [f"_{word}" for word in called.split(",") if word] or [""]:
            _add_methods(table, client, ending)
    return table


def _add_methods(table: dict[str, Any], client: type, ending: str) -> None:
    """Put into `table` what methods with this ending say (``_settings``: get_settings, update_settings)."""
    # What is written by PUT alone is created by it too.
    put = "u" if hasattr(client, f"create{ending}") else "cu"
    for letters, verb in (("c", "create"), ("u", "update"), ("u", "patch"), (put, "set"), (put, "replace")):
        for name, entry in _request_fields(getattr(client, verb + ending, None), letters).items():
            _merge(table, name, entry)
    model = _response_of(client, ending)
    for name, entry in (_Reader(model, "r").read().get("fields", {}) if model else {}).items():
        _merge(table, name, entry)


def _request_fields(method: Any, letters: str) -> dict[str, Any]:
    """Return what a method sends, by the names that go on the wire."""
    names = _wire_names(method)
    fields: dict[str, Any] = {}
    for name, hint in _hints(method).items():
        if name == "request":  # the whole body, of one of several kinds
            fields |= _Reader(hint, letters).read().get("fields", {})
        elif name not in _NOT_FIELDS and not _is_in_path(method, name):
            fields[names.get(name, name)] = _Reader(hint, letters).read()
    return fields


def _is_in_path(method: Any, argument: str) -> bool:
    """Return whether an argument goes into the path: the SDK takes those by position, all others by name."""
    return inspect.signature(method).parameters[argument].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD


def _wire_names(method: Any) -> dict[str, str]:
    """Return argument → name in the body (``is_priority`` goes out as ``isPriority``), from the source."""
    names: dict[str, str] = {}
    if method is None:
        return names
    for call in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(method)))):
        body = call.value if isinstance(call, ast.keyword) and call.arg == "json" else None
        for key, value in zip(body.keys, body.values, strict=True) if isinstance(body, ast.Dict) else ():
            arguments = [node.id for node in ast.walk(value) if isinstance(node, ast.Name)]
            own = inspect.signature(method).parameters
            names |= {name: str(ast.literal_eval(key)) for name in arguments if key and name in own}
    return names


def _response_of(client: type, ending: str = "") -> Any:
    """Return the model of what a read answers: of get, or of an item of list."""
    for verb in ("get", "read"):
        if hasattr(client, verb + ending):
            return _response_model(getattr(client, verb + ending))
    listed = typing.get_args(_hints(getattr(client, "list", None)).get("return")) if not ending else ()
    return typing.get_args(listed[0])[0] if listed and typing.get_origin(listed[0]) is list else None


def _part_entry(part: Part) -> dict[str, Any]:
    """Describe a field that lies under an endpoint of its own, or the nested mappings that lead to such."""
    fields = _table_of(part.sdk) if part.sdk else {}
    for listed in part.lists:
        fields.pop(listed.wrapper, None)
        fields[listed.field] = _association_entry(listed)
    entry: dict[str, Any] = {"in": "cur"}
    if fields or part.names:
        entry = {"types": ["object"], "in": "cur", "fields": fields}
    for _ in part.names:
        entry = {"types": ["object"], "in": "cur", "values": entry}
    return {**entry, "types": ["array", "object"], "items": entry} if part.listed else entry


def _association_entry(association: Association) -> dict[str, Any]:
    """Describe a list that lies under endpoints of its own, from what its SDK client's methods take."""
    item: dict[str, Any] = {"types": ["string"] if association.scalar else ["object"], "in": "cur"}
    if association.sdk and not association.scalar:
        client = _raw_client(association.sdk)
        if association.wrapper:
            # What takes a wrapper is called add, or create where its items can be changed, or set.
            found = (_hints(getattr(client, name, None)) for name in ("add", "create", "set"))
            hints = next(hints for hints in found if association.wrapper in hints)
            item = _Reader(hints[association.wrapper], "cu").read()["items"]
        else:
            item["fields"] = _table_of(association.sdk)
    if association.sent:
        item["fields"] = {name: item["fields"][name] for name in association.sent}
    return {"types": ["array"], "in": "cur", "items": item}


def main() -> int:
    """Write the tables, or with ``--check`` compare them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for resource_type in RESOURCE_TYPES:
        path = TABLES / f"{resource_type.section}.json"
        text = json.dumps(make_table(resource_type), indent=1, ensure_ascii=False) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
            if not check:
                path.write_text(text, encoding="utf-8")
    print(f"{'out of date' if check else 'written'}: {', '.join(stale) or 'none'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
