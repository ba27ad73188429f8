"""The ``tenantctl:`` block."""

import pytest

from tenantctl.config.options import Options
from tests.config.conftest import FindProblems, LoadText

RESOURCES = "clients: [{name: AAA M2M}]\nresourceServers: [{identifier: https://aaa-api}]\n"

FULL = (
    RESOURCES
    + """\
tenantctl:
  verify:
    - client: AAA M2M
      audience: https://aaa-api
      scopes: [read:things]
      expect: {alg: PS256}
      env: AAA
    - client: AAA M2M
  prune: [clientGrants, roles]
  protect: ['clients/Legacy *']
  moved: [{from: clients/Old, to: clients/AAA M2M}]
  removed: [roles/Gone]
"""
)


def test_all_of_it(load_text: LoadText) -> None:
    options = load_text(FULL).options
    first, second = options.verify
    assert (first.client, first.audience, first.scopes) == ("AAA M2M", "https://aaa-api", ("read:things",))
    assert (first.expect.alg, first.env) == ("PS256", "AAA")
    assert (second.audience, second.scopes, second.expect.alg, second.env) == (
        None,
        None,
        "RS256",
        "AUTH0_M2M",
    )
    assert first.position is not None
    assert second.position is not None
    assert [(p.line, p.column) for p in (first.position, second.position)] == [(5, 7), (10, 7)]
    assert options.prune == ("clientGrants", "roles")
    assert options.protect == ("clients/Legacy *",)
    assert [(move.from_, move.to) for move in options.moved] == [("clients/Old", "clients/AAA M2M")]
    assert options.removed == ("roles/Gone",)


@pytest.mark.parametrize(
    "text", ["clients: []\n", "tenantctl:\n", "tenantctl: {}\n", "tenantctl:\n  prune:\n  verify:\n"]
)
def test_nothing_asked_for(load_text: LoadText, text: str) -> None:
    assert load_text(text).options == Options()


# name, block, code, line, column, severity, part of summary or hint
FAULTS = [
    ("misspelt option", "tenantctl:\n  prun: []", "unknown-option", 4, 3, "error", "Did you mean 'prune'?"),
    (
        "strange option",
        "tenantctl:\n  zzzz: []",
        "unknown-option",
        4,
        3,
        "error",
        "Known: include, variables",
    ),
    (
        "block is a list",
        "tenantctl: []",
        "wrong-type",
        3,
        1,
        "error",
        "tenantctl must be a mapping, but is a list",
    ),
    (
        "not a list",
        "tenantctl:\n  prune: roles",
        "wrong-type",
        4,
        3,
        "error",
        "prune must be a list, but is a string",
    ),
    ("not a text", "tenantctl: {protect: [5]}", "wrong-type", 3, 23, "error", "protect[0] must be a string"),
    (
        "entry is a text",
        "tenantctl: {verify: [a]}",
        "wrong-type",
        3,
        22,
        "error",
        "verify[0] must be a mapping",
    ),
    (
        "no client",
        "tenantctl:\n  verify:\n    - scopes: []",
        "missing-option",
        5,
        7,
        "error",
        "verify[0] has no 'client'",
    ),
    (
        "misspelt member",
        "tenantctl:\n  verify:\n    - client: AAA M2M\n      audiense: x",
        "unknown-option",
        6,
        7,
        "error",
        "Did you mean 'audience'?",
    ),
    (
        "unknown algorithm",
        "tenantctl:\n  verify:\n    - client: AAA M2M\n      expect: {alg: RS265}",
        "bad-option",
        6,
        16,
        "error",
        "Did you mean 'RS256'?",
    ),
    (
        "bad prefix",
        "tenantctl:\n  verify:\n    - client: AAA M2M\n      env: aaa-m2m",
        "bad-option",
        6,
        7,
        "error",
        "capitals, digits and underscores",
    ),
    ("empty text", "tenantctl: {protect: ['']}", "bad-option", 3, 23, "error", "protect[0] is empty"),
    (
        "unknown client",
        "tenantctl:\n  verify:\n    - client: AAA M3M",
        "unresolved-reference",
        5,
        7,
        "warning",
        "Did you mean 'AAA M2M'?",
    ),
    (
        "unknown API",
        "tenantctl:\n  verify:\n    - client: AAA M2M\n      audience: https://aaa-apj",
        "unresolved-reference",
        6,
        7,
        "warning",
        "Did you mean 'https://aaa-api'?",
    ),
    (
        "unknown section",
        "tenantctl: {prune: [client]}",
        "unknown-section",
        3,
        21,
        "error",
        "Did you mean 'clients'?",
    ),
    (
        "section that is one",
        "tenantctl: {prune: [tenant]}",
        "unknown-section",
        3,
        21,
        "error",
        "is no section for this",
    ),
    ("no address", "tenantctl: {removed: [clients]}", "bad-address", 3, 23, "error", "section/key"),
    (
        "address of nowhere",
        "tenantctl: {removed: [client/a]}",
        "unknown-section",
        3,
        23,
        "error",
        "'clients'?",
    ),
    (
        "let go of what is declared",
        "tenantctl: {removed: [clients/AAA M2M]}",
        "removed-but-declared",
        3,
        23,
        "error",
        "still declares it",
    ),
    (
        "move between sections",
        "tenantctl: {moved: [{from: roles/a, to: clients/AAA M2M}]}",
        "bad-address",
        3,
        37,
        "error",
        "cannot move",
    ),
    (
        "move to nowhere",
        "tenantctl: {moved: [{from: clients/a, to: clients/AAA M3M}]}",
        "unresolved-reference",
        3,
        39,
        "warning",
        "Did you mean 'AAA M2M'?",
    ),
    (
        "move without target",
        "tenantctl: {moved: [{from: clients/a}]}",
        "missing-option",
        3,
        21,
        "error",
        "has no 'to'",
    ),
    (
        "move by the field's own name",
        "tenantctl: {moved: [{from_: clients/a, to: clients/AAA M2M}]}",
        "unknown-option",
        3,
        22,
        "error",
        "Did you mean 'from'?",
    ),
]


@pytest.mark.parametrize(
    ("block", "code", "line", "column", "severity", "words"),
    [row[1:] for row in FAULTS],
    ids=[row[0] for row in FAULTS],
)
def test_fault(
    problems_of: FindProblems, block: str, code: str, line: int, column: int, severity: str, words: str
) -> None:
    problem = next(found for found in problems_of(f"{RESOURCES}{block}\n") if found.code == code)
    assert problem.severity == severity
    assert problem.position is not None
    assert (problem.position.line, problem.position.column) == (line, column)
    assert words in f"{problem.summary} {problem.hint}"
