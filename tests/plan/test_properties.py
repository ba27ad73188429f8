"""What holds for every plan, whatever the type and the values."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenantctl.catalog.marks import is_secret, is_write_only
from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.planner import make_plan
from tenantctl.plan.shape import shape_at
from tenantctl.states import FieldPath
from tenantctl.views.plan_document import plan_document
from tenantctl.views.text import render_plan
from tests.states import make_current, make_desired
from tests.strategies import live_objects, resources

every_type = pytest.mark.parametrize("resource_type", RESOURCE_TYPES, ids=lambda each: each.section)
thorough = settings(max_examples=12, deadline=None)


def plan_one(resource_type: ResourceType, desired: Any, live: Any) -> Any:
    section = resource_type.section
    names = (resource_type.id_field,) if resource_type.id_field else resource_type.key
    entry = {**desired, **{name: live[name] for name in names}}
    return make_plan(make_desired(**{section: entry}), make_current(**{section: live}))


@every_type
@given(data=st.data())
@thorough
def test_a_state_against_itself_is_no_change(resource_type: ResourceType, data: st.DataObject) -> None:
    live = data.draw(live_objects(resource_type))
    assert plan_one(resource_type, live, live).is_empty


@every_type
@given(data=st.data())
@thorough
def test_a_part_of_the_state_is_no_change_either(resource_type: ResourceType, data: st.DataObject) -> None:
    live = data.draw(live_objects(resource_type))
    desired = data.draw(parts_of(live))
    assert plan_one(resource_type, desired, live).is_empty


def parts_of(value: Any) -> st.SearchStrategy[Any]:
    """Return copies of a value with members of mappings left out; lists stay whole."""
    if not isinstance(value, dict):
        return st.just(value)
    members = {name: parts_of(member) for name, member in value.items()}
    return st.fixed_dictionaries({}, optional=members)


@every_type
@given(data=st.data())
@thorough
def test_the_order_of_what_has_none_is_no_change(resource_type: ResourceType, data: st.DataObject) -> None:
    live = data.draw(live_objects(resource_type))
    shuffled = shuffle(resource_type, live, (), random.Random(data.draw(st.integers(0, 999))))  # noqa: S311 - a shuffle
    assert plan_one(resource_type, shuffled, live).is_empty


def shuffle(resource_type: ResourceType, value: Any, path: FieldPath, source: random.Random) -> Any:
    if isinstance(value, dict):
        items = [(name, shuffle(resource_type, each, (*path, name), source)) for name, each in value.items()]
        source.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        copied = [shuffle(resource_type, each, (*path, 0), source) for each in value]
        if shape_at(resource_type, path).unordered:
            source.shuffle(copied)
        return copied
    return value


@every_type
@given(data=st.data())
@thorough
def test_a_plan_names_no_field_that_the_file_does_not(
    resource_type: ResourceType, data: st.DataObject
) -> None:
    live, desired = data.draw(live_objects(resource_type)), data.draw(resources(resource_type))
    for change in plan_one(resource_type, desired, live).changes:
        allowed = {*desired, *(f"{name}_in_minutes" for name in desired)}
        assert {field.path.split(".")[0].split("[")[0] for field in change.fields} <= allowed


@every_type
@given(data=st.data())
@thorough
def test_any_changed_leaf_is_seen(resource_type: ResourceType, data: st.DataObject) -> None:
    live = data.draw(live_objects(resource_type))
    places = [path for path in leaves(live) if is_compared(resource_type, path)]
    if not places:
        return
    path = data.draw(st.sampled_from(places))
    desired = copy.deepcopy(live)
    owner: Any = desired
    for step in path[:-1]:
        owner = owner[step]
    owner[path[-1]] = altered(owner[path[-1]])
    assert not plan_one(resource_type, desired, live).is_empty, path


def leaves(value: Any, path: FieldPath = ()) -> list[FieldPath]:
    pairs = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if pairs is None:
        return [path]
    return [leaf for step, each in pairs for leaf in leaves(each, (*path, step))]


def is_compared(resource_type: ResourceType, path: FieldPath) -> bool:
    """Whether a change of this leaf is the file's to make: no id, nothing that reads leave out."""
    told_by = (resource_type.id_field,) if resource_type.id_field else resource_type.key
    return path[0] not in told_by and not any(
        is_write_only(resource_type, path[:end]) or shape_at(resource_type, path[:end]).read_only
        for end in range(1, len(path) + 1)
    )


def altered(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value}, altered"


@every_type
@given(data=st.data())
@thorough
def test_no_view_of_a_plan_shows_a_secret(resource_type: ResourceType, data: st.DataObject) -> None:
    live = plant(resource_type, data.draw(live_objects(resource_type)), "canary-on-tenant")
    desired = plant(resource_type, data.draw(resources(resource_type)), "canary-in-file")
    section = resource_type.section
    plans = [plan_one(resource_type, desired, live)]
    if resource_type.create and not resource_type.is_singleton:
        nothing: dict[str, Any] = {section: []}
        plans.append(make_plan(make_desired(**{section: desired}), make_current(**nothing)))
    for plan in plans:
        document = plan_document(plan)
        shown = json.dumps(document) + render_plan(document).plain + repr(plan)
        assert "canary" not in shown


def plant(resource_type: ResourceType, value: Any, canary: str, path: FieldPath = ()) -> Any:
    """Return the value with every secret string replaced by the canary."""
    if isinstance(value, dict):
        return {name: plant(resource_type, each, canary, (*path, name)) for name, each in value.items()}
    if isinstance(value, list):
        return [plant(resource_type, each, canary, (*path, 0)) for each in value]
    return canary if path and is_secret(resource_type, path) else value
