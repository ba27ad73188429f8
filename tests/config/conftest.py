from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml

from tenantctl.config.load import Loaded, load
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Json
from tests.config.tree import Tree
from tests.conftest import IN_CI

LoadText = Callable[..., Loaded]
FindProblems = Callable[..., tuple[Problem, ...]]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


@pytest.fixture
def load_text(tmp_path: Path) -> LoadText:
    def run(
        text: str | bytes,
        variables: Mapping[str, str] | None = None,
        mappings: Mapping[str, Json] | None = None,
    ) -> Loaded:
        file = tmp_path / "tenant.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(file, variables=variables or {}, mappings=mappings or {})

    return run


@pytest.fixture
def problems_of(load_text: LoadText) -> FindProblems:
    def run(
        text: str | bytes,
        variables: Mapping[str, str] | None = None,
        mappings: Mapping[str, Json] | None = None,
    ) -> tuple[Problem, ...]:
        try:
            return load_text(text, variables, mappings).problems
        except ProblemsError as error:
            return error.problems

    return run


@pytest.fixture(params=["libyaml", "ruamel"])
def each_reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with either YAML library."""
    reader: str = request.param
    if reader == "ruamel":
        monkeypatch.setattr(yaml, "__with_libyaml__", False)
    elif not yaml.__with_libyaml__:
        reason = "PyYAML was installed without libyaml, so there is only one reader to test"
        if IN_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    return reader
