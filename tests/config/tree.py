"""A configuration of several files in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tenantctl.config.load import Loaded, load
from tenantctl.problems import Problem, ProblemsError


class Tree:
    """Files below a folder, and what loading one of them gives."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, files: Mapping[str, str]) -> Tree:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self

    def load(self, name: str = "tenant.yaml", **choices: Any) -> Loaded:
        return load(self.root / name, **{"variables": {}, **choices})

    def data(self, name: str = "tenant.yaml", **choices: Any) -> dict[str, list[dict[str, Any]]]:
        """Return the fields of all resources by section; of nothing does it have to be warned."""
        loaded = self.load(name, **choices)
        assert [problem.code for problem in loaded.problems] == []
        return {
            section: [dict(resource.data) for resource in group]
            for section, group in loaded.desired.sections.items()
        }

    def problem(self, name: str = "tenant.yaml", **choices: Any) -> Problem:
        """Return the one error that there is."""
        with pytest.raises(ProblemsError) as raised:
            self.load(name, **choices)
        (problem,) = (each for each in raised.value.problems if each.is_error)
        return problem

    def at(self, problem: Problem) -> str:
        """Return the position of a problem, with the file's path below the folder."""
        assert problem.position is not None
        where = problem.position
        return f"{Path(where.file).relative_to(self.root)}:{where.line}:{where.column}"
