"""The marks of every type against what recordings, the API's description and notes on other tools say.

Where they contradict one another, recordings are right, then the description, then the notes. Each table
holds what the catalog says otherwise, and why; an entry that is needed no more fails its test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tenantctl.catalog.fields import fields_of, is_immutable, is_read_only, is_update_only
from tenantctl.catalog.keys import looks_like_id
from tenantctl.catalog.marks import default_at, is_marked, mark_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.parts import member_at
from tenantctl.states import Json
from tests.catalog.exceptions import Exceptions, every_type, unexplained
from tests.catalog.facts import (
    alternatives,
    answer_schema,
    body_schema,
    calls_of,
    choices_in,
    covers,
    members,
    noted,
    notes_on,
    operations,
    resolved,
    steps,
)


@every_type
def test_lists_without_order_are_marked(shared: Path, resource_type: ResourceType) -> None:
    ordered, other_key = set(), {}
    for field, known in notes_on(shared, resource_type):
        keys = known.get("array_keys") or {}
        for path in known.get("set_like") or ():
            names = [path, f"{field}.{path}"]
            marks = [mark for mark in resource_type.unordered if any(covers(name, mark) for name in names)]
            key = keys.get(path, ())
            key = (key,) if isinstance(key, str) else tuple(key)
            if not marks:
                ordered.add(path)
            elif key and resource_type.unordered[marks[0]] != key:
                other_key[path] = resource_type.unordered[marks[0]]
    assert ordered == set()
    assert other_key == {}


_BY_STEP = "it asks for a step"
_BY_SDK = "updates of the SDK, which is newer than the description, take it"

CHANGEABLE: Exceptions = {
    "experiments": {"authentication_flow": _BY_SDK},
    "databases": {"strategy": "a connection of another strategy is of another type"},
    "eventStreams": {
        "destination": "of a webhook it can change; `fixed` tells when not",
        "destination.type": "`fixed` tells it with the destination",
    },
    "logStreams": {"sink": "of most it can change; `fixed` tells when not"},
    "encryptionKeys": {"type": "no file creates one"},
}


@every_type
def test_what_only_a_create_takes_is_immutable(shared: Path, resource_type: ResourceType) -> None:
    created = set(members(shared, body_schema(shared, resource_type.create)))
    updated = set(members(shared, body_schema(shared, resource_type.update)))
    only_created = created - updated if created and updated else set()
    elsewhere = {root for each in resource_type.details for root in each.roots}
    noted_so = set(noted(shared, resource_type, "create_only"))
    changeable = {
        path
        for path in only_created | noted_so
        if not (path in resource_type.immutable or is_immutable(resource_type, path) or path in elsewhere)
    }
    assert unexplained(resource_type, changeable, CHANGEABLE) == set()


FIXED: Exceptions = {
    "clients": {"third_party_security_mode": "an update takes it if it is as it was"},
    "emailTemplates": {"template": "it is the key, and the path of an update names it"},
}


@every_type
def test_what_an_update_takes_is_not_immutable(shared: Path, resource_type: ResourceType) -> None:
    updated = set(members(shared, body_schema(shared, resource_type.update)))
    fixed = {name for name in updated if is_immutable(resource_type, name)}
    assert unexplained(resource_type, fixed, FIXED) == set()


@every_type
def test_what_only_an_update_takes_is_sent_with_none_else(shared: Path, resource_type: ResourceType) -> None:
    created = set(members(shared, body_schema(shared, resource_type.create)))
    updated = set(members(shared, body_schema(shared, resource_type.update)))
    only_updated = updated - created if created else set()
    at_once = {name for name in only_updated if not is_update_only(resource_type, name)}
    assert at_once == set()


@pytest.mark.parametrize(
    ("section", "desired", "current"),
    [
        ("eventStreams", {"destination": {"type": "eventbridge"}}, {"destination": {"type": "webhook"}}),
        ("eventStreams", {"destination": {"configuration": {}}}, {"destination": {"type": "eventbridge"}}),
        ("eventStreams", {"destination": {"configuration": {}}}, {"destination": {"type": "action"}}),
        ("logStreams", {"sink": {}}, {"type": "eventbridge"}),
        ("logStreams", {"sink": {}}, {"type": "eventgrid"}),
    ],
)
def test_what_can_change_of_some_objects_only_is_fixed_for_the_others(
    section: str, desired: dict[str, Json], current: dict[str, Json]
) -> None:
    assert BY_SECTION[section].fixed(desired, current) == desired.keys()


TAKEN: Exceptions = {
    "tenant": {"flags.enable_sso": "recorded updates set it"},
    "resourceServers": {"token_lifetime_for_web": "recorded updates set it"},
    "clients": {"jwt_configuration.secret_encoded": "the description has it in both bodies"},
    "connections": {"realms": "the description has it in both bodies"},
    "databases": {"options.configuration": "the description has it in both bodies"},
    "customDomains": {"is_default": _BY_STEP},
    "actionModules": {"all_changes_published": _BY_STEP},
    "featureFlags": {"status": _BY_SDK},
    "experiments": {"status": _BY_SDK},
    "rules": {"stage": "immutable: recorded creates set it"},
    "prompts": {
        f"screenRenderers[].{name}": "a mapping by prompt and screen in the catalog, where it is read-only"
        for name in ("tenant", "prompt", "screen")
    },
}


@every_type
def test_what_only_reads_have_is_read_only(shared: Path, resource_type: ResourceType) -> None:
    bodies = (resource_type.create, resource_type.update)
    taken = {name for each in bodies for name in members(shared, body_schema(shared, each))}
    answered = set(members(shared, answer_schema(shared, resource_type.get))) if taken else set()
    told = {path for path in noted(shared, resource_type, "read_only") if "*" not in path}
    known = fields_of(resource_type)
    elsewhere = {root for each in resource_type.details for root in each.roots}
    writable = {
        path
        for path in ((answered - taken) | told) - elsewhere
        if str(steps(path)[0]) in known
        if not is_read_only(resource_type, path) and not is_marked(resource_type.read_only, steps(path))
    }
    assert unexplained(resource_type, writable - set(resource_type.key), TAKEN) == set()


REFERENCES: Exceptions = {
    "resourceServers": {"client_id → clients": "read-only"},
    "clients": {
        "default_organization.organization_id → organizations": "they refer to clients, and come later",
        **{
            f"{field}.credentials[].id → clientAuthCredentials": "they are no type, but lie in a pool"
            for field in (
                "client_authentication_methods.*",
                "signed_request_object",
                "token_vault_privileged_access",
            )
        },
    },
    "connections": {
        "directory_provisioning_configuration → directoryProvisioning": "a part",
        "scim_configuration → scimConfiguration": "a part",
    },
    "experiments": {
        "allocations[].variation_id → featureFlags": "an item of one; its id is made with it",
        "allocations[].variation_id → segments": "`segment_id` refers to these",
    },
}
_WIRES = {"id", "client_id", "identifier", "name"}


def writings(field: str) -> set[str]:
    """Return the paths that the notes may mean by what they call a field that refers to another object."""
    name = field.partition(" ")[0].replace("<trigger_id>", "*")
    return {name, f"{name}[]", f"**.{name}"}


@every_type
def test_what_names_another_object_is_a_reference(shared: Path, resource_type: ResourceType) -> None:
    known = [
        (set(each.fields), each.sections, {each.wire, *each.verbatim}) for each in resource_type.references
    ]
    missing = {
        f"{each['field'].partition(' ')[0]} → {section}"
        for field, known_type in notes_on(shared, resource_type)
        if not field
        for each in known_type["references"]
        for section in ([each["to"]] if isinstance(each["to"], str) else each["to"])
        if not any(
            writings(each["field"]) & fields
            and (section in sections or " and " in each["field"])
            and (each["api"] in wires or each["api"] not in _WIRES)
            for fields, sections, wires in known
        )
    }
    assert unexplained(resource_type, missing, REFERENCES) == set()


OTHER_IDS: Exceptions = {
    "clients": {"tpc_*": "clients that are known by a document of their own"},
    "customDomains": {"cd_auth0managed": "that of the recordings' own making"},
}


@every_type
def test_ids_have_the_form_of_recorded_ones(shared: Path, resource_type: ResourceType) -> None:
    name, create = resource_type.id_field, resource_type.create
    if create is None or name is None or name in resource_type.key:
        return
    answers = [call.response for call in calls_of(shared, create) if isinstance(call.response, dict)]
    ids = {str(each[name]) for each in answers if name in each and resource_type.belongs(each)}
    patterns = OTHER_IDS.get(resource_type.section, {})
    others = {
        next((pattern for pattern in patterns if covers(pattern, value)), value)
        for value in ids
        if not looks_like_id(resource_type, value)
    }
    assert unexplained(resource_type, others, OTHER_IDS) == set()
    form = resolved(shared, members(shared, answer_schema(shared, create)).get(name, {}))
    prefix, length = resource_type.id_format
    assert re.match(form.get("pattern", ""), f"{prefix}{'a' * length}")
    assert len(prefix) + length <= form.get("maxLength", 36)


SHARED_NAMES: Exceptions = {
    "clients": {"409": "of aliases that nothing else tells of"},
    "networkACLs": {"409": "of priorities, of which no conflict is recorded, and 50 is the default of all"},
}
_TAKEN = re.compile(r"already|same|conflict", re.IGNORECASE)


@every_type
def test_what_the_api_refuses_twice_is_unique(shared: Path, resource_type: ResourceType) -> None:
    described = operations(shared, resource_type.create) if resource_type.create else ()
    answers = (resolved(shared, each["responses"].get("409", {})) for each in described)
    reasons = {str(each.get("description")) for each in answers if _TAKEN.search(each.get("description", ""))}
    at_most_one = resource_type.is_singleton or not resource_type.key
    twice = {"409"} if reasons and not resource_type.unique and not at_most_one else set()
    assert unexplained(resource_type, twice, SHARED_NAMES) == set()


ONE_KIND: Exceptions = {
    "databases": {"options.upstream_params.*": "from a database nothing goes upstream"},
    "logStreams": {"sink": "its kind stands beside it, in `type`, which is immutable"},
}


@every_type
def test_objects_of_several_kinds_are_marked(shared: Path, resource_type: ResourceType) -> None:
    schemas = [body_schema(shared, each) for each in (resource_type.create, resource_type.update)]
    found = {path for schema in schemas for path in choices_in(shared, schema) if path}
    several = {
        path
        for path in found
        if not is_written_whole(resource_type, path) and mark_at(resource_type.variants, steps(path)) is None
    }
    assert unexplained(resource_type, several, ONE_KIND) == set()


def is_written_whole(resource_type: ResourceType, path: str) -> bool:
    """Whether nothing of the live object goes with what the file has there.

    It is never read, its kind stands in a field of its own, or it is in a list of such objects.
    """
    above = [path[: end.start()] for end in re.finditer(r"[.\[]", path)] + [path]
    items = [mark for mark in resource_type.variants if mark.endswith("[]")]
    return (
        any(each in resource_type.write_only for each in above)
        or bool(resource_type.discriminator)
        or any(path.startswith(mark) for mark in items)
    )


OTHER_DEFAULTS: Exceptions = {
    "customDomains": {
        "tls_policy": "`computed_defaults` tells it of those domains that have one",
        "verification_method": "reads leave it out",
    },
    "logStreams": {
        "pii_config.method": "of an object that need not be there",
        "pii_config.algorithm": "of an object that need not be there",
    },
}


def told_defaults(told: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Yield the values that the notes give as they are, not in words, each with its place."""
    if isinstance(told, Mapping):
        for name, value in told.items():
            yield from told_defaults(value, (*place, *name.split(".")))
    elif isinstance(told, bool | int) or (isinstance(told, str) and re.fullmatch(r"[a-z_-]+", told)):
        yield place, told


@every_type
def test_what_the_server_fills_in_is_a_default(shared: Path, resource_type: ResourceType) -> None:
    initial = {name: value for each in resource_type.initial for name, value in each.items()}
    other = {
        ".".join(place)
        for field, known in notes_on(shared, resource_type)
        for place, value in told_defaults(known.get("defaults"))
        if not field and value != "absent"
        if value not in (default_at(resource_type, place), member_at(initial, place))
    }
    assert unexplained(resource_type, other, OTHER_DEFAULTS) == set()


# A file needs what is required even where it names a part of what is there.
_PART = "an entry may change what is there, and leave it out"

UNTOLD: Exceptions = {
    "tokenExchangeProfiles": {"type": _PART},
    "experiments": {"allocation_strategy": _PART, "assignment_config": _PART},
    "rulesConfigs": {"value": "an entry whose value reads leave out may name its key alone"},
    "themes": dict.fromkeys(("borders", "colors", "fonts", "page_background", "widget"), _PART),
    "emailProvider": {"name": _PART, "credentials": _PART},
    "emailTemplates": {"body": _PART, "from": _PART, "subject": _PART},
    "phoneProviders": {"name": _PART, "credentials": _PART},
    "customSigningKeys": {"keys": "an entry without them says nothing, and is not sent"},
}


@every_type
def test_what_a_create_needs_is_required(shared: Path, resource_type: ResourceType) -> None:
    schemas = alternatives(shared, body_schema(shared, resource_type.create))
    described = set.intersection(*(set(each.get("required", ())) for each in schemas))
    given = {*resource_type.required, *resource_type.create_with, *resource_type.defaults}
    groups = {name for group in resource_type.any_of for name in group}
    assert unexplained(resource_type, described - given - groups, UNTOLD) == set()
