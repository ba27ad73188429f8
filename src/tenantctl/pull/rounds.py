"""Pull: edit a configuration until a plan has nothing to say, and tell what it says all the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tenantctl.config.landing import edited_files
from tenantctl.config.load import Loaded
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.problems import Problem, ProblemsError
from tenantctl.pull.entries import Round, find_edits
from tenantctl.pull.model import EntryChange, PullAction, Pulled, Reason, Unpulled
from tenantctl.states import Current

_MAX_ROUNDS = 5

Reload = Callable[[Mapping[Path, str]], Loaded]
"""Loads the configuration anew, with texts in the place of what files hold."""


def pull(
    loaded: Loaded, current: Current, policy: Policy, reload: Reload, *, everything: bool = False
) -> Pulled:
    """Return what files have to hold so that a plan finds no difference.

    An edit may make another one due: where an object has another name on the tenant than in the file, what
    refers to it does, too. So what is edited is loaded and compared again, until there is nothing to edit.

    Raises:
        ProblemsError: as `find_edits`.
    """
    texts: dict[Path, str] = {}
    rounds: list[Round] = []
    left_out: set[str] = set()
    while len(rounds) < _MAX_ROUNDS:
        found = find_edits(loaded, current, policy, everything=everything)
        rounds.append(found)
        new = _edited(loaded, found, left_out)
        if not new:
            break
        texts |= new
        loaded = reload(texts)
    return _outcome(loaded, current, policy, rounds, texts)


def _edited(loaded: Loaded, found: Round, left_out: set[str]) -> Mapping[Path, str]:
    """Return the new texts, without the edits that no text takes; what these are about goes to `left_out`."""
    edits = {address: each for address, each in found.edits.items() if address not in left_out}
    try:
        return edited_files(loaded.document, [edit for each in edits.values() for edit in each])
    except ProblemsError:
        for address, each in edits.items():
            try:
                edited_files(loaded.document, each)
            except ProblemsError as error:
                found.problems += error.problems
                left_out.add(address)
    kept = [edit for address, each in edits.items() if address not in left_out for edit in each]
    return edited_files(loaded.document, kept)


def _outcome(
    loaded: Loaded, current: Current, policy: Policy, rounds: list[Round], texts: Mapping[Path, str]
) -> Pulled:
    last = rounds[-1]
    problems = [problem for found in rounds for problem in found.problems]
    unpulled = list(last.unpulled)
    try:
        plan = make_plan(loaded.desired, current, policy)
    except ProblemsError as error:
        problems += error.problems
    else:
        told = {each.address for each in unpulled}
        unpulled += [
            Unpulled(change.address, each.path if each else "", Reason.OTHER, change.position)
            for change in plan.changes
            if change.address not in told
            for each in change.fields or (None,)
        ]
    return Pulled(
        domain=current.domain,
        changes=tuple(_united(rounds)),
        unpulled=tuple(unpulled),
        withheld=tuple(dict.fromkeys(each for found in rounds for each in found.withheld)),
        problems=tuple(_without_repetition(problems)),
        texts=texts,
    )


def _united(rounds: list[Round]) -> list[EntryChange]:
    """Return the changes of all rounds, one an entry."""
    united: dict[str, EntryChange] = {}
    for found in rounds:
        for change in found.changes:
            before = united.get(change.address)
            if before is None:
                united[change.address] = change
            elif before.action is PullAction.CHANGE and change.action is PullAction.CHANGE:
                fields = (*before.fields, *change.fields)
                united[change.address] = EntryChange(before.address, before.action, fields, before.position)
    return list(united.values())


def _without_repetition(problems: list[Problem]) -> list[Problem]:
    return list({(each.code, each.summary): each for each in problems}.values())
