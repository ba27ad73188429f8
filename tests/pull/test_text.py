"""What a pull makes of a file's text: what differs is edited, and every other byte stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tenantctl.plan.policy import Policy
from tenantctl.pull.model import Reason
from tests.apply.runs import Run, on_sandbox
from tests.pull.tenant import Puller
from tests.states import make_desired

API: dict[str, Any] = {"identifier": "https://a", "name": "A", "scopes": [{"value": "read"}]}
CLIENT = {"name": "C", "app_type": "spa"}


@dataclass(frozen=True)
class Case:
    """A tenant, a file, and the file afterwards.

    kept: address and path of what the file says all the same. mappings: of keywords.
    """

    tenant: Mapping[str, Any]
    before: str
    after: str
    kept: tuple[str, ...] = ()
    mappings: Mapping[str, Any] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)


CASES = {
    "nothing differs": Case(
        {"roles": [{"name": "R"}]}, "roles: # all\n- {name: R}", "roles: # all\n- {name: R}"
    ),
    "a scalar, with its comment and quotes": Case(
        {"roles": [{"name": "R", "description": "new"}]},
        'roles:\n  - name: R\n    description: "old"   # why\n',
        'roles:\n  - name: R\n    description: "new"   # why\n',
    ),
    "what YAML 1.1 takes for something else": Case(
        {"roles": [{"name": "R", "description": "no"}, {"name": "0123", "description": "1_000"}]},
        "roles:\n  - name: R\n    description: old\n",
        "roles:\n  - name: R\n    description: 'no'\n  - name: '0123'\n    description: '1_000'\n"
        "    permissions: []\n",
    ),
    "lists without order: one item goes, one comes, the others stay": Case(
        {"clients": [{**CLIENT, "callbacks": ["https://c", "https://a"]}]},
        "clients:\n- name: C\n  callbacks: ['https://a', 'https://b']  # all\n",
        "clients:\n- name: C\n  callbacks: ['https://a', 'https://c']  # all\n",
    ),
    "scopes keep their order and comments": Case(
        {"resourceServers": [{**API, "scopes": [{"value": "x", "description": "X"}, {"value": "a"}]}]},
        "resourceServers:\n  - identifier: https://a\n    scopes:\n      # First.\n      - value: a\n"
        "      # Gone.\n      - value: b\n      - value: x\n        description: old\n",
        "resourceServers:\n  - identifier: https://a\n    scopes:\n      # First.\n      - value: a\n"
        "      # Gone.\n      - value: x\n        description: X\n",
    ),
    "an anchor whose value changed at one place": Case(
        {"roles": [{"name": "R", "description": "one"}, {"name": "S", "description": "two"}]},
        "roles:\n  - name: R\n    description: &d one\n  - name: S\n    description: *d\n",
        "roles:\n  - name: R\n    description: &d one\n  - name: S\n    description: two\n",
    ),
    "a merge key": Case(
        {"roles": [{"name": "R", "description": "one"}, {"name": "S", "description": "two"}]},
        "roles:\n  - &r\n    name: R\n    description: one\n  - <<: *r\n    name: S\n",
        "roles:\n  - &r\n    name: R\n    description: one\n  - <<: *r\n    name: S\n    description: two\n",
    ),
    "an object that is gone": Case(
        {"roles": [{"name": "S"}]},
        "roles:\n  # Readers.\n  - name: R\n  # Writers.\n  - name: S\n",
        "roles:\n  # Readers.\n  # Writers.\n  - name: S\n",
    ),
    "the last object of a list": Case({}, "roles:\n  - name: R\n", "roles: []\n"),
    "a new object of an empty list": Case(
        {"roles": [{"name": "R"}]},
        "roles: []\n",
        "roles:\n  - name: R\n    description: ''\n    permissions: []\n",
    ),
    "new objects come by their names": Case(
        {"roles": [{"name": "b"}, {"name": "c"}, {"name": "a"}]},
        "roles:\n- name: c\n",
        "roles:\n- name: c\n- name: a\n  description: ''\n  permissions: []\n"
        "- name: b\n  description: ''\n  permissions: []\n",
    ),
    "a field that was cleared": Case(
        {"clients": [CLIENT]},
        "clients:\n  - name: C\n    description: old  # why\n",
        "clients:\n  - name: C\n",
    ),
    "ids become names": Case(
        {"clients": [CLIENT], "resourceServers": [API], "clientGrants": [
            {"client_id": "C", "audience": "https://a", "scope": ["read"]}
        ]},
        "clientGrants: []\n",
        "clientGrants:\n  - client_id: C\n    audience: https://a\n    scope:\n      - read\n",
    ),
    "a keyword that gives the tenant's value": Case(
        {"roles": [{"name": "R", "description": "new"}]},
        'roles:\n  - name: R\n    description: "##TEXT##"\n',
        'roles:\n  - name: R\n    description: "##TEXT##"\n',
        mappings={"TEXT": "new"},
    ),
    "a keyword that gives another value is kept and told": Case(
        {"roles": [{"name": "R", "description": "new"}, {"name": "S", "description": "new"}]},
        'roles:\n  - name: R\n    description: "is ##TEXT##"\n  - name: S\n    description: old\n',
        'roles:\n  - name: R\n    description: "is ##TEXT##"\n  - name: S\n    description: new\n',
        kept=("roles/R#description",),
        mappings={"TEXT": "old"},
    ),
    "a text that reads as a keyword is none": Case(
        {"roles": [{"name": "R", "description": "##HOME##"}]},
        "roles:\n  - name: R\n    description: old\n",
        'roles:\n  - name: R\n    description: "\\u0023#HOME##"\n',
    ),
    "only what is asked for": Case(
        {"roles": [{"name": "R", "description": "new"}, {"name": "S", "description": "new"}]},
        "roles:\n  - name: R\n    description: old\n  - name: S\n    description: old\n",
        "roles:\n  - name: R\n    description: old\n  - name: S\n    description: new\n",
        policy=Policy(only=("roles/S",)),
    ),
    "code keeps its style": Case(
        {"rules": [{"name": "R", "script": "function (a) {\n  new\n}\n"}]},
        "rules:\n  - name: R\n    script: |\n      function (a) {\n        old\n      }\n    # end\n",
        "rules:\n  - name: R\n    script: |\n      function (a) {\n        new\n      }\n    # end\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("name", CASES)
def test_the_text_afterwards(name: str, newline: str) -> None:
    case = CASES[name]

    async def steps(run: Run) -> None:
        await Puller(run, "").apply(make_desired(**case.tenant))
        puller = Puller(run, case.before.replace("\n", newline))
        made = await puller.pull(case.policy, **case.mappings)
        assert puller.text == case.after.replace("\n", newline)
        assert tuple(f"{each.address}#{each.path}" for each in made.unpulled) == case.kept
        assert {each.reason for each in made.unpulled} <= {Reason.KEYWORD}
        planned = {address for address, _ in await puller.plan(case.policy, **case.mappings)}
        assert planned == {address.partition("#")[0] for address in case.kept}
        assert (await puller.pull(case.policy, **case.mappings)).files == ()

    on_sandbox(steps)
