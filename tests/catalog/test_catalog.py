"""The catalog against itself and against the SDK: nothing unregistered, misspelt or out of date."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tenantctl.catalog
from tenantctl.catalog.fields import field_at, fields_of, is_immutable, is_read_only, is_update_only
from tenantctl.catalog.keys import key_of
from tenantctl.catalog.marks import dotted, is_marked, is_secret, mark_at
from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.order import sections_in_order
from tenantctl.states import Json

ROOM = Path(tenantctl.catalog.__path__[0])
TOOLS = Path(__file__).parents[2] / "tools"

PROTECTED: list[dict[str, Json]] = [
    {"global": True},
    {"is_system": True},
    {"installed_integration_id": "1"},
    {"status": "active"},
]

every_type = pytest.mark.parametrize("resource_type", RESOURCE_TYPES, ids=lambda each: each.section)


def test_every_file_of_the_catalog_is_registered() -> None:
    registry = (ROOM / "registry.py").read_text(encoding="utf-8")
    types = [path.stem for path in ROOM.glob("*.py") if "= ResourceType(" in path.read_text(encoding="utf-8")]
    assert len(types) > 50
    assert [name for name in types if f"from tenantctl.catalog.{name} import" not in registry] == []


def test_the_field_tables_are_those_of_the_installed_sdk() -> None:
    command = [sys.executable, str(TOOLS / "field_tables.py"), "--check"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_sections_come_after_what_they_refer_to() -> None:
    order = sections_in_order()
    assert set(order) == set(BY_SECTION)
    for resource_type in RESOURCE_TYPES:
        for reference in resource_type.references:
            if reference.section != resource_type.section:
                assert order.index(reference.section) < order.index(resource_type.section)


def marked_paths(resource_type: ResourceType) -> Iterator[str]:
    """Yield every path that a mark of the type names."""
    yield from resource_type.secret
    yield from resource_type.write_only
    yield from resource_type.unordered
    yield from resource_type.merged
    yield from resource_type.immutable
    yield from resource_type.defaults
    yield from (reference.field for reference in resource_type.references)
    yield from (association.field for association in resource_type.associations)
    yield from resource_type.required
    yield from resource_type.key
    yield from (name for group in resource_type.unique for name in group)


@every_type
def test_marks_name_fields_that_exist(resource_type: ResourceType) -> None:
    unknown = {path for path in marked_paths(resource_type) if field_at(resource_type, path) is None}
    anywhere = {path for path in unknown if path.startswith("**.")}
    # What the API returns and the SDK does not know can only be told by a mark.
    assert unknown - anywhere - resource_type.read_only == set()


@every_type
def test_an_unordered_list_is_a_list(resource_type: ResourceType) -> None:
    for path, item_key in resource_type.unordered.items():
        field = field_at(resource_type, path)
        assert field is not None
        assert not field.types or "array" in field.types, path
        known = field.items.fields if field.items else {}
        assert not known or set(item_key) <= set(known), path


@every_type
def test_a_type_says_what_it_is_and_where_the_api_documents_it(resource_type: ResourceType) -> None:
    assert resource_type.summary.endswith(".")
    assert resource_type.documentation.startswith("https://auth0.com/docs/api/management/v2/")
    assert bool(resource_type.protects) == any(map(resource_type.protected, PROTECTED))


@every_type
def test_a_collection_can_be_listed_and_told_apart(resource_type: ResourceType) -> None:
    if resource_type.is_singleton:
        assert (resource_type.key, resource_type.id_field) == ((), None)
        return
    update = resource_type.update
    if not resource_type.key:
        assert update, "of at most one, too, something can be changed"
        assert "{id}" in update.path
    if resource_type.id_field is None:
        assert update, "without an id its key stands in the path"
        assert all(f"{{{name}}}" in update.path for name in resource_type.key)
    # What has no list is read by its key, or there is at most one.
    reads = [resource_type.get] if resource_type.get else [each.get for each in resource_type.places.values()]
    assert resource_type.listing or all("{id}" not in read.path for read in reads)


def test_what_the_signatures_say_becomes_a_mark() -> None:
    clients, apis, grants = (BY_SECTION[name] for name in ("clients", "resourceServers", "clientGrants"))
    assert is_update_only(clients, "client_secret")
    assert is_read_only(clients, "signing_keys")
    assert is_immutable(apis, "identifier")
    assert not is_read_only(apis, "token_lifetime_for_web")
    assert not is_immutable(BY_SECTION["tenant"], "friendly_name")
    assert fields_of(grants)["scope"].items is not None


@pytest.mark.parametrize(
    ("section", "data", "key"),
    [
        ("clients", {"name": "AAA M2M"}, "AAA M2M"),
        (
            "clientGrants",
            {"client_id": "A", "audience": "https://a", "subject_type": "client"},
            "A:https://a",
        ),
        (
            "clientGrants",
            {"client_id": "A", "audience": "https://a", "subject_type": "user"},
            "A:https://a:user",
        ),
        ("clientGrants", {"default_for": "third_party_clients", "audience": "x"}, "third_party_clients:x"),
        ("tenant", {"friendly_name": "T"}, ""),
    ],
)
def test_keys(section: str, data: dict[str, str], key: str) -> None:
    assert key_of(BY_SECTION[section], data) == key


def test_paths_and_marks() -> None:
    assert dotted(("scopes", 0, "value")) == "scopes[].value"
    marks = {"client_authentication_methods.*.credentials": ("id",), "plain": ()}
    path = ("client_authentication_methods", "private_key_jwt", "credentials")
    assert mark_at(marks, path) == ("id",)
    assert mark_at(marks, path[:2]) is None
    assert is_marked(marks, ("plain",))


@pytest.mark.parametrize(
    ("section", "path", "secret"),
    [
        ("clients", ("client_secret",), True),
        ("clients", ("signing_keys", 0, "pkcs7"), True),
        ("clients", ("addons", "layer", "privateKey"), True),
        ("clients", ("something_new", "api_key"), True),
        ("clients", ("jwt_configuration", "secret_encoded"), False),
        ("clients", ("refresh_token", "leeway"), False),
        ("clients", ("name",), False),
        ("tenant", ("change_password",), False),
        ("tenant", ("change_password", "html"), False),
        ("tenant", ("something_new", "password"), True),
        ("databases", ("options", "disable_self_service_change_password"), False),
        ("resourceServers", ("token_lifetime_for_anonymous_access_tokens",), False),
    ],
)
def test_secrets_are_known_by_mark_or_by_name(
    section: str,
    path: tuple[str | int, ...],
    secret: bool,  # noqa: FBT001  # a column
) -> None:
    assert is_secret(BY_SECTION[section], path) is secret
