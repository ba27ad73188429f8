"""Every operation of every registered type answers whatever comes in, and never with a 5xx."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox.routes import endpoints_of, is_placeholder

from .conftest import Api

_HOSTILE = "a/b\u202e<x>'\x00"
_BODIES: tuple[Any, ...] = (
    None,
    {},
    [],
    [{}],
    ["x"],
    "x",
    1,
    {"name": None},
    {"name": {"a": [1]}, "x": [None]},
    {"template": 1, "body": [], "ref": {}, "groups": [None], "bindings": [{"ref": 1}]},
)
_VALUES: tuple[Any, ...] = (None, 1, "x", [], {}, [{}], [None], {"a": {"b": []}})


@pytest.mark.parametrize("resource_type", BY_SECTION.values(), ids=BY_SECTION)
def test_no_input_breaks_an_operation(api: Api, resource_type: ResourceType) -> None:
    for endpoint in endpoints_of(resource_type):
        for name in ("x", _HOSTILE):
            path = "/".join(
                _quoted(name) if is_placeholder(step) else step for step in endpoint.path.split("/")
            )
            for body in _BODIES if endpoint.method != "GET" else (None,):
                api(endpoint.method, path, body)


@pytest.mark.parametrize("resource_type", BY_SECTION.values(), ids=BY_SECTION)
def test_every_field_may_be_of_any_type(api: Api, resource_type: ResourceType) -> None:
    for endpoint in endpoints_of(resource_type):
        if endpoint.method in {"POST", "PUT", "PATCH"} and "{" not in endpoint.path:
            for value in _VALUES:
                names = {*resource_type.required, *resource_type.key, *resource_type.defaults}
                api(endpoint.method, endpoint.path, dict.fromkeys(sorted(names), value))


def _quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())
