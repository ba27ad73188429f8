"""Everything that a tenant has: what can't be listed is read by the keys that there can be."""

from __future__ import annotations

import typing
from typing import Any

from auth0.management.types import partial_groups_enum, prompt_group_name_enum
from starlette.responses import Response

from tenantctl.catalog.prompt import WITH_PARTIALS, WITH_TEXTS
from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.states import Current, Interest
from tenantctl.tenant.read import read_current
from tests.tenant.conftest import Talk
from tests.tenant.scripted import Seen, Served, answer

REJECTED = answer(400, {"errorCode": "invalid_uri", "message": "No such prompt"})
NO_DOMAIN = answer(400, {"message": "This feature requires at least one custom domain"})


def everything(talk: Talk, *sections: str) -> Current:
    current: Current = talk(lambda client: read_current(client, Interest(sections, everything=True)))
    return current


def serve_prompts(served: Served, partials: Response) -> None:
    """A tenant with two locales, of which one has a text, and that does not know every prompt."""

    def handle(seen: Seen) -> Response:
        if seen.path.endswith("/tenants/settings"):
            return answer(200, {"enabled_locales": ["en", "de"]})
        if seen.path.endswith("/prompts/login/custom-text/de"):
            return answer(200, {"login": {"title": "Willkommen"}})
        if "/async-approval-flow/" in seen.path:
            return REJECTED
        if seen.path.endswith("/partials"):
            return partials
        if seen.path.endswith("/prompts/rendering"):
            configs = [{"prompt": "signup", "screen": "signup", "rendering_mode": "advanced"}]
            return answer(200, {"configs": configs, "total": 1})
        return answer(200, {})

    served.tenant.handle = handle


def test_nested_mappings_hold_what_is_set_in_any_locale(served: Served, talk: Talk) -> None:
    serve_prompts(served, answer(200, {}))
    current = everything(talk, "prompts")
    (prompts,) = current.sections["prompts"]
    assert prompts["customText"] == {"de": {"login": {"login": {"title": "Willkommen"}}}}
    assert prompts["screenRenderers"]["signup"]["signup"]["rendering_mode"] == "advanced"
    assert (prompts["partials"], current.unread) == ({}, {})
    texts = [seen for seen in served.tenant.seen if "/custom-text/" in seen.path]
    assert len(texts) == 2 * len(WITH_TEXTS)


def test_what_no_key_leads_to_is_unread(served: Served, talk: Talk) -> None:
    serve_prompts(served, NO_DOMAIN)
    current = everything(talk, "prompts")
    assert list(current.unread) == [("prompts", "partials")]
    assert "custom domain" in current.unread["prompts", "partials"].detail
    assert "partials" not in current.sections["prompts"][0]


def test_objects_without_a_list_are_read_by_every_key(served: Served, talk: Talk) -> None:
    served.tenant.handle = lambda seen: (
        answer(200, {"template": "verify_email", "body": "x"})
        if seen.path.endswith("/verify_email")
        else answer(404)
    )
    current = everything(talk, "emailTemplates", "guardianFactorProviders")
    assert [each["template"] for each in current.sections["emailTemplates"]] == ["verify_email"]
    providers = {(each["name"], each["provider"]) for each in current.sections["guardianFactorProviders"]}
    assert ("push-notification", "fcm") in providers
    assert ("phone", "apns") not in providers


def test_an_item_of_a_summary_is_read_whole_and_users_are_nobodys_configuration(
    served: Served, talk: Talk
) -> None:
    answers: dict[str, Any] = {
        "flows": {"flows": [{"id": "af_1", "name": "f"}], "total": 1},
        "af_1": {"id": "af_1", "name": "f", "actions": [1]},
        "roles": {"roles": [{"id": "rol_1", "name": "r"}], "total": 1},
        "permissions": {"permissions": [], "total": 0},
    }
    served.tenant.handle = lambda seen: answer(200, answers[seen.path.rpartition("/")[2]])
    current = everything(talk, "flows", "roles")
    assert current.sections["flows"] == (answers["af_1"],)
    assert current.sections["roles"] == ({"id": "rol_1", "name": "r", "permissions": []},)


def test_every_unlisted_type_and_every_nested_part_tells_its_keys() -> None:
    for resource_type in RESOURCE_TYPES:
        for part in resource_type.parts:
            assert part.listing or {*part.keys, *part.keys_from} == set(part.names), part.field
            for section, field in part.keys_from.values():
                assert BY_SECTION[section].is_singleton
                assert isinstance(BY_SECTION[section].defaults[field], list)


def test_prompts_are_those_of_the_sdk() -> None:
    def values(enumeration: Any) -> tuple[str, ...]:
        return typing.get_args(typing.get_args(enumeration)[0])

    assert values(prompt_group_name_enum.PromptGroupNameEnum) == WITH_TEXTS
    assert values(partial_groups_enum.PartialGroupsEnum) == WITH_PARTIALS
