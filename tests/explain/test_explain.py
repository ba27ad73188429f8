"""`explain` over the whole catalog: every section and field, however it is named, in every view."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenantctl.catalog.fields import field_at, fields_of
from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.explain.options import SECTION
from tenantctl.explain.topic import explain, explain_all
from tenantctl.problems import ProblemsError
from tenantctl.views.explain_markdown import index_page, section_page
from tenantctl.views.explain_text import render_explanation
from tenantctl.views.plan_document import problem_list
from tenantctl.views.text import render_problems

SECTIONS = [*BY_SECTION, SECTION]
REPR = re.compile(r"\bNone\b|\bTrue\b|\bFalse\b|frozenset|mappingproxy|<[\w.]+ object|\{'|\['|<\w+\.\w+")

every_section = pytest.mark.parametrize("section", SECTIONS)
every_type = pytest.mark.parametrize("resource_type", RESOURCE_TYPES, ids=lambda each: each.section)


def own_words(document: dict[str, Any]) -> Iterator[str]:
    """Yield the text of a document without the help of the API's fields, which may say True as it likes."""
    bare = {**document, "fields": [{**each, "help": ""} for each in document.get("fields", ())]}
    yield render_explanation({**bare, "help": ""}).plain
    if bare["topic"] == "section":
        yield section_page(bare)


@every_section
def test_a_section_is_explained(section: str) -> None:
    document = explain(section)
    assert (document["format_version"], document["topic"], document["section"]) == ("1.0", "section", section)
    assert json.loads(json.dumps(document)) == document
    assert [text for text in own_words(document) if REPR.search(text)] == []
    assert document["summary"] in " ".join(render_explanation(document).plain.split())


@every_section
def test_every_field_is_explained_by_its_path(section: str) -> None:
    for listed in explain(section)["fields"]:
        document = explain(f"{section}.{listed['path']}")
        assert document["topic"] == "field"
        assert {name: document[name] for name in listed if name != "parent"} == {
            name: value for name, value in listed.items() if name != "parent"
        }
        assert [text for text in own_words(document) if REPR.search(text)] == []


@every_type
def test_what_the_field_table_has_is_listed(resource_type: ResourceType) -> None:
    top = {each["path"] for each in explain(resource_type.section)["fields"] if not each["parent"]}
    assert fields_of(resource_type).keys() <= top


@every_type
def test_an_address_means_its_section(resource_type: ResourceType) -> None:
    section = resource_type.section
    name = next(iter(fields_of(resource_type)))
    assert explain(f"{section}/Some key: https://a.example/#") == explain(section)
    assert (
        explain(f"{section}/Some key#{name}") == explain(f"{section}#{name}") == explain(f"{section}.{name}")
    )


def is_one_field(resource_type: ResourceType, path: str) -> bool:
    """Return whether a mark names a field, and not all members of a mapping that has names for them."""
    above, _, name = path.rpartition(".")
    holder = field_at(resource_type, above) if name == "*" else None
    return holder is None or not holder.fields


@every_type
def test_every_marked_path_is_explained(resource_type: ResourceType) -> None:
    marks = {
        "set": resource_type.unordered,
        "secret": resource_type.secret,
        "write-only": resource_type.write_only,
        "read-only": resource_type.read_only,
        "immutable": resource_type.immutable,
        "required": resource_type.required,
        "generated": resource_type.generated,
    }
    for mark, paths in marks.items():
        for path in filter(partial(is_one_field, resource_type), paths):
            assert mark in explain(f"{resource_type.section}.{path}")["marks"], path


@every_section
def test_a_page_has_every_field(section: str) -> None:
    document = explain(section)
    page = section_page(document)
    assert page.count("\n| `") >= len(document["fields"])
    assert all(
        line.count(" | ") == 2 for line in re.sub(r"`[^`]*`", "", page).splitlines() if line[:2] == "| "
    )


def test_all_sections() -> None:
    document = explain_all()
    assert {each["section"] for each in document["sections"]} == set(SECTIONS)
    text, page = render_explanation(document).plain, index_page(document)
    assert [name for name in SECTIONS if f"    {name} " not in text or f"({name}.md)" not in page] == []


@pytest.mark.parametrize(
    ("topic", "path"),
    [
        ("resourceServers.scopes[0].value", "scopes[].value"),
        ("resourceServers.scopes[read:things].value", "scopes[].value"),
        ("resourceServers#scopes.value", "scopes[].value"),
        ("clients/AAA M2M#jwt_configuration.alg", "jwt_configuration.alg"),
        ("prompts.customText.en.login", "customText.{language}.{prompt}"),
        ("prompts.customText.{language}.{prompt}", "customText.{language}.{prompt}"),
        ("prompts.screenRenderers.*.*.head_tags", "screenRenderers.{prompt}.{screen}.head_tags"),
        ("connectionProfiles.strategy_overrides.*.enabled_features", None),
        ("clients.client_metadata.team", "client_metadata.team"),
        ("customSigningKeys.keys[].x5t#S256", "keys[].x5t#S256"),
        ("verifiableCredentialTemplates.presentation.org.iso.18013.5.1.mDL", None),
        ("roles.permissions[].description", "permissions[].description"),
        ("tenantctl.verify[].expect.alg", "verify[].expect.alg"),
        ("token_lifetime_for_web", "token_lifetime_for_web"),
        ("permission_name", "permissions[].permission_name"),
        ("jwt_configuration.alg", "jwt_configuration.alg"),
    ],
)
def test_paths(topic: str, path: str | None) -> None:
    document = explain(topic)
    assert document["topic"] == "field"
    assert path in {None, document["path"]}


def test_a_name_that_several_fields_bear_lists_them() -> None:
    document = explain("callbacks")
    assert explain("name")["topic"] == "matches"
    assert document["topic"] == "field"
    places = {(each["section"], each["path"]) for each in explain("audience")["fields"]}
    assert {("clientGrants", "audience"), ("tenantctl", "verify[].audience")} <= places
    assert "clientGrants.audience" in render_explanation(explain("audience")).plain


def note(topic: str) -> str:
    document = explain(topic)
    return " ".join([*document["notes"], *document["rules"]])


def test_what_the_marks_mean() -> None:
    assert "a change replaces the object" in note("resourceServers.identifier")
    assert "Items are told apart by `value`" in note("resourceServers.scopes")
    assert explain("resourceServers.token_lifetime")["default"] == {"value": 86400}
    assert "or by its `client_id`" in note("clientGrants.client_id")
    assert "`resourceServers.scopes[].value`" in note("clientGrants.scope")
    assert "`allow_all_scopes: true`" in note("clientGrants.scope")
    assert "Only one of these may be given" in note("tenant.session_lifetime")
    assert "Setting `client_authentication_methods` clears" in note("clients.token_endpoint_auth_method")
    credentials = "clients.client_authentication_methods.*.credentials"
    assert explain(credentials)["operations"][0]["path"] == "/clients/{id}/credentials"
    assert "`client_id:` it names an entry of `clients`" in note("rateLimitPolicies.consumer_selector")
    assert "until another one is elected" in note("customDomains.is_default")
    assert "`read:connections_options`" in note("connections.options")
    assert "read:connections_options" in explain("connections")["scopes"]["read"]
    assert "To be told more than" in " ".join(explain("clients")["rules"])
    assert "at most 2" in note(credentials)
    assert "not compared" in note(f"{credentials}[].pem")
    assert "`--send-secrets`" in note("rulesConfigs.value")
    assert "`_VALUE_NOT_SHOWN_`" in note("hooks.secrets.KEY")
    assert "May be written as `name`" in note("organizations.connections[].connection_id")
    assert "the users that it holds" in " ".join(explain("databases")["rules"])
    assert explain("roles.permissions")["operations"][0]["path"] == "/roles/{id}/permissions"
    assert explain("attackProtection.captcha")["clearable"] is False
    assert explain("connections.scim_configuration")["clearable"] is True
    assert "clients.md" in section_page(explain("clients"))


@pytest.mark.parametrize(
    ("topic", "code", "hint"),
    [
        ("cleints", "unknown-field", "Did you mean 'clients'?"),
        ("cleints.name", "unknown-field", "Did you mean 'clients'?"),
        ("cleints/AAA M2M", "unknown-section", "Did you mean 'clients'?"),
        ("clients.grant_type", "unknown-field", "Did you mean 'grant_types'?"),
        ("clients.jwt_configuration.algo", "unknown-field", "Did you mean 'alg'?"),
        ("clients.name.first", "unknown-field", "clients.name has no fields below it."),
        ("tenantctl.prun", "unknown-field", "Did you mean 'prune'?"),
        ("clients.zzz", "unknown-field", "`tenantctl explain clients` lists its fields."),
        ("", "unknown-field", "`tenantctl explain` lists the sections."),
        ("/", "unknown-section", "`tenantctl explain` lists the sections."),
    ],
)
def test_unknown_names(topic: str, code: str, hint: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        explain(topic)
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint) == (code, hint)


PIECES = ["clients", "flows", "actions", "name", "a", *".*[]#/{} ", "\x1b[2K", "\n", "\0", "\ud800", "\u202e"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
@example("flows" + ".*" * 5000)
@example("clients." + "a." * 50_000)
@example("clients.client_metadata" + ".a" * 5000)
@example("clients[" * 1000)
@example("clients/\x1b[2K#name")
@example("clients.client_metadata.\x1b[2K\u202e")
def test_hostile_topics_are_explained_or_refused(topic: str) -> None:
    try:
        text = render_explanation(explain(topic))
    except ProblemsError as error:
        text = render_problems(problem_list(error.problems))
    assert text.plain
    assert not set("\x1b\0\ud800\u202e") & set(text.plain)
