"""A sandbox, a file, and what a pull makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenantctl.config.load import Loaded, load
from tenantctl.config.render import Style, block_lines
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


def loaded_from(texts: Mapping[Path, str], **mappings: Any) -> Loaded:
    """Return what a file of this text says."""
    return load(FILE, variables={}, mappings=mappings, texts=texts)


@dataclass
class Puller:
    """Pulls from a sandbox into a file."""

    run: Run
    text: str
    everything: bool = False

    async def pull(self, policy: Policy | None = None, **mappings: Any) -> Pulled:
        """Pull, and keep the text; after that, what is left of a plan is what the pull says."""
        loaded = loaded_from({FILE: self.text}, **mappings)
        current = await read_current(
            self.run.client, pull_interest(loaded.desired, everything=self.everything)
        )
        made = pull(
            loaded,
            current,
            policy or Policy(),
            lambda texts: loaded_from(texts, **mappings),
            everything=self.everything,
        )
        self.text = next((each.after for each in made.files if each.after is not None), self.text)
        return made

    async def apply(self, desired: Desired) -> None:
        _, outcome = await self.run.apply(desired)
        assert outcome.ok, [result.problem for result in outcome.results if result.problem]

    async def plan(self, policy: Policy | None = None, **mappings: Any) -> list[tuple[str, Any]]:
        """Return what a plan of the file would change."""
        loaded = loaded_from({FILE: self.text}, **mappings)
        plan = await self.run.plan(loaded.desired, policy)
        return [(change.address, change.fields or change.action) for change in plan.changes]
