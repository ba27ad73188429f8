"""A sandbox, a configuration, and what a pull makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenantctl.config.load import Draft, Loaded, load
from tenantctl.config.render import Style, block_lines
from tenantctl.config.writing import write_files
from tenantctl.plan.policy import Policy
from tenantctl.pull.interest import pull_interest
from tenantctl.pull.model import Pulled
from tenantctl.pull.rounds import pull
from tenantctl.states import Desired
from tenantctl.tenant.read import read_current
from tests.apply.runs import Run

FILE = Path("tenant.yaml")


def yaml(sections: Mapping[str, Any]) -> str:
    """Return a file that says this."""
    return "\n".join(block_lines(sections, Style())) + "\n"


@dataclass
class Puller:
    """Pulls from a sandbox into a text, or into the files at a path.

    everything: also sections that the configuration lacks. new_layout: as in `Draft`.
    environment: of the configuration. beside: other files, where there are but texts.
    """

    run: Run
    text: str | None = None
    path: Path = FILE
    everything: bool = False
    new_layout: bool | None = None
    environment: str | None = None
    beside: dict[Path, str | None] = field(default_factory=dict)

    def load(self, texts: Mapping[Path, str | None] | None = None, **mappings: Any) -> Loaded:
        held = {} if self.text is None else {self.path: self.text, **self.beside}
        draft = Draft({**held, **(texts or {})}, self.new_layout)
        return load(
            self.path,
            variables={},
            mappings=mappings,
            environment=self.environment,
            draft=draft,
            tenant_decides=True,
        )

    async def pull(self, policy: Policy | None = None, **mappings: Any) -> Pulled:
        """Pull, and keep what comes of it."""
        loaded = self.load(**mappings)
        interest = pull_interest(loaded.desired, everything=self.everything)
        current = await read_current(self.run.client, interest)
        made = pull(
            loaded,
            current,
            policy or Policy(),
            lambda texts: self.load(texts, **mappings),
            everything=self.everything,
        )
        if self.text is None:
            write_files(made.files, loaded.roots)
        else:
            texts = {self.path: self.text, **self.beside, **{each.path: each.after for each in made.files}}
            self.text = texts.pop(self.path)
            self.beside = texts
        return made

    async def apply(self, desired: Desired) -> None:
        _, outcome = await self.run.apply(desired)
        assert outcome.ok, [result.problem for result in outcome.results if result.problem]

    async def plan(self, policy: Policy | None = None, **mappings: Any) -> list[tuple[str, Any]]:
        """Return what a plan of the configuration would change."""
        plan = await self.run.plan(self.load(**mappings).desired, policy)
        return [(change.address, change.fields or change.action) for change in plan.changes]

    async def settle(self, *, hidden: str = "no secret") -> Pulled:
        """Pull; a plan is empty then, another pull has nothing to do, and no file holds a secret."""
        made = await self.pull()
        assert made.unpulled == ()
        assert await self.plan() == []
        assert (await self.pull()).files == ()
        for each in made.files:
            assert hidden not in (each.after or "")
        return made
