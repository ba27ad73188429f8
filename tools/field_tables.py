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
from pathlib import Path
from typing import Any

from auth0.management.core.http_response import HttpResponse
from pydantic import BaseModel, TypeAdapter

from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import Association, Part, ResourceType

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
        if entry.get("open"):
            entry["types"] = [] if not entry.get("enum") else entry["types"]
        entry.pop("open", None)
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
        table[part.field] = _part_entry(part)
    for association in resource_type.associations:
        table[association.field] = _association_entry(association)
    for step in resource_type.steps:
        table[step.field] = {"types": ["boolean"], "in": "cur"}
    return {name: _tidy(entry) for name, entry in table.items()}


def _table_of(sdk: str) -> dict[str, Any]:
    """Return what an SDK client's methods say of an object: what create and update take, what get returns."""
    client = _raw_client(sdk)
    table: dict[str, Any] = {}
    for letter, verbs in (("c", ("create",)), ("u", ("update", "set", "replace"))):
        for verb in verbs:
            for name, hint in _hints(getattr(client, verb, None)).items():
                if name not in _NOT_FIELDS:
                    _merge(table, name, _Reader(hint, letter).read())
    model = _response_of(client)
    for name, entry in (_Reader(model, "r").read().get("fields", {}) if model else {}).items():
        _merge(table, name, entry)
    return table


def _response_of(client: type) -> Any:
    """Return the model of what a read answers: of get, or of an item of list."""
    for verb in ("get", "read"):
        if hasattr(client, verb):
            return _response_model(getattr(client, verb))
    return None


def _part_entry(part: Part) -> dict[str, Any]:
    """Describe a field that lies under an endpoint of its own."""
    if not part.sdk:
        return {"in": "cur"}
    return {"types": ["object"], "in": "cur", "fields": _table_of(part.sdk)}


def _association_entry(association: Association) -> dict[str, Any]:
    """Describe a list that lies under endpoints of its own, from what its SDK client's methods take."""
    item: dict[str, Any] = {"types": ["string"] if association.scalar else ["object"], "in": "cur"}
    if association.sdk and not association.scalar:
        client = _raw_client(association.sdk)
        if association.wrapper:
            hints = _hints(client.add)  # type: ignore[attr-defined]  # what takes a wrapper is called add
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
