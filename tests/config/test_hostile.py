"""Whatever the file holds, loading ends in a result or in Problems, never in another exception."""

from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tenantctl.config.load import load
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Json

TOKENS = [
    *(
        "clients",
        "resourceServers",
        "clientGrants",
        "roles",
        "tenant",
        "tenantctl",
        "verify",
        "name",
        "identifier",
    ),
    *(
        "audience",
        "client_id",
        "scope",
        "scopes",
        "value",
        "permissions",
        "jwt_configuration",
        "flags",
        "moved",
    ),
    *(
        "from",
        "to",
        "prune",
        "removed",
        "protect",
        "expect",
        "alg",
        "https://a",
        "true",
        "null",
        "5",
        "1.5",
        "x",
    ),
    *(
        ": ",
        ":",
        "\n",
        "\n  ",
        "\n    ",
        "\n  - ",
        "\n    - ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "'",
        '"',
        "|",
        ">",
        "&a ",
    ),
    *(
        "*a",
        "<<: ",
        "!!set ",
        "!!int ",
        "!x ",
        "##K##",
        "@@K@@",
        "##NO##",
        "@@NO@@",
        "#",
        " #",
        "---",
        "...",
        "%YAML 1.1\n",
    ),
    *("\t", "\r", "\ufeff", "\x00", "é", "\u2028", "\\", "?", "? ", "=", "~", ".nan"),
]


def attempt(tmp_path: Path, content: bytes, value: str = "v") -> None:
    file = tmp_path / "tenant.yaml"
    file.write_bytes(content)
    problems: tuple[Problem, ...] = ()
    raised = False
    try:
        problems = load(file, variables={"K": value}).problems
    except ProblemsError as error:
        problems, raised = error.problems, True
    assert any(problem.is_error for problem in problems) == raised
    for problem in problems:
        assert problem.position is not None
        assert problem.position.line >= 1
        assert problem.position.column >= 1


SLOW_FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@SLOW_FIXTURE
@given(content=st.binary(max_size=60))
def test_bytes(tmp_path: Path, content: bytes) -> None:
    attempt(tmp_path, content)


@SLOW_FIXTURE
@given(content=st.text(max_size=80))
def test_text(tmp_path: Path, content: str) -> None:
    attempt(tmp_path, content.encode("utf-8", "surrogatepass"))


@SLOW_FIXTURE
@given(content=st.lists(st.sampled_from(TOKENS), max_size=25).map("".join), value=st.text(max_size=5))
@example(content="tenantctl:\n  verify:\n    - 5", value="")
@example(content="tenantctl: [[]]", value="")
@example(content="? {a: b}\n: c", value="")
@example(content="clients: @@K@@", value="\udc80")
def test_yaml_pieces(tmp_path: Path, content: str, value: str) -> None:
    attempt(tmp_path, content.encode(), value)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(TOKENS[:40]), inner, max_size=4)
    ),
    max_leaves=12,
)


@SLOW_FIXTURE
@given(value=st.dictionaries(st.sampled_from(TOKENS[:6]), JSON, max_size=4))
def test_any_shape(tmp_path: Path, value: dict[str, Json]) -> None:
    file = tmp_path / "tenant.yaml"
    file.write_text("".join(f"{name}: @@{name}@@\n" for name in value))
    with suppress(ProblemsError):
        load(file, variables={}, mappings=value)


@SLOW_FIXTURE
@given(content=st.lists(st.sampled_from(TOKENS), max_size=25).map("".join))
def test_yaml_pieces_without_libyaml(tmp_path: Path, content: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "__with_libyaml__", False)
        attempt(tmp_path, content.encode())
