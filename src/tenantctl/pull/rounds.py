"""Pull: edit a configuration until a plan has nothing to say, and tell what it says all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from tenantctl.config.landing import edited_files
from tenantctl.config.load import Loaded
from tenantctl.config.writing import FileChange
from tenantctl.plan.model import FieldDiff
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.problems import Problem, ProblemsError, Severity
from tenantctl.pull.entries import Round, find_edits
from tenantctl.pull.model import EntryChange, PullAction, Pulled, Reason, Unpulled
from tenantctl.pull.secrets import SecretKeywords, keywords_named
from tenantctl.states import Current

_MAX_ROUNDS = 5

Reload = Callable[[Mapping[Path, str | None]], Loaded]
"""Loads the configuration anew, with texts in the place of what files hold; None for one that is gone."""


def pull(
    loaded: Loaded, current: Current, policy: Policy, reload: Reload, *, everything: bool = False
) -> Pulled:
    """Return what files have to hold so that a plan finds no difference.

    An edit may make another one due: where an object has another name on the tenant than in the file, what
    refers to it does, too. So what is edited is loaded and compared again, until there is nothing to edit.

    Raises:
        ProblemsError: as `find_edits`.
    """
    before = loaded.texts
    rounds = _Rounds(loaded, reload)
    secrets = SecretKeywords(keywords_named(before.values()))
    for _ in range(_MAX_ROUNDS):
        found = find_edits(rounds.loaded, current, policy, secrets, everything=everything)
        rounds.found.append(found)
        if not rounds.carry_out(found):
            break
    files = [FileChange(path, before.get(path), text) for path, text in rounds.texts.items()]
    changed = tuple(each for each in files if each.before != each.after)
    unused = before.keys() - rounds.loaded.texts.keys() - rounds.texts.keys()
    made = _outcome(rounds, current, policy)
    return replace(made, files=changed, problems=(*made.problems, *map(_unused, sorted(unused))))


class _Rounds:
    """What was found so far, and the configuration with that carried out.

    texts: what files have to hold. left_out: addresses of what can't be written down.
    """

    def __init__(self, loaded: Loaded, reload: Reload) -> None:
        self.loaded = loaded
        self.reload = reload
        self.found: list[Round] = []
        self.texts: dict[Path, str | None] = {}
        self.left_out: set[str] = set()

    def carry_out(self, found: Round) -> bool:
        """Edit the texts and load them anew; return whether there was anything to edit.

        Raises:
            ProblemsError: what is written then is not valid, for no one edit's sake.
        """
        while new := self._edited(found):
            try:
                self.loaded = self.reload({**self.texts, **new})
            except ProblemsError as error:
                self._leave_out_invalid(found, error)
            else:
                self.texts |= new
                return True
        return False

    def _edited(self, found: Round) -> Mapping[Path, str | None]:
        """Return the new texts, without the edits that no text takes."""
        try:
            return edited_files(self.loaded.document, self.loaded.home, found.edits_without(self.left_out))
        except ProblemsError:
            for address in found.addresses - self.left_out:
                try:
                    edited_files(
                        self.loaded.document,
                        self.loaded.home,
                        found.edits_without(found.addresses - {address}),
                    )
                except ProblemsError as error:
                    found.problems += map(_as_warning, error.problems)
                    self.left_out.add(address)
        return edited_files(self.loaded.document, self.loaded.home, found.edits_without(self.left_out))

    def _leave_out_invalid(self, found: Round, error: ProblemsError) -> None:
        """Do without the edits after which a configuration is not valid; what the tenant has may be so."""
        invalid = {problem.address for problem in error.problems if problem.is_error and problem.address}
        if not invalid & (found.addresses - self.left_out):
            raise error
        self.left_out |= invalid
        # The position would be one in a text that is not written.
        found.problems += [
            replace(_as_warning(each), position=None) for each in error.problems if each.is_error
        ]


def _unused(path: Path) -> Problem:
    return Problem(
        code="unused-file",
        severity=Severity.WARNING,
        summary=f"nothing names {path} any more",
        hint="Delete it, if nothing else needs it.",
    )


def _as_warning(problem: Problem) -> Problem:
    return replace(problem, severity=Severity.WARNING)


def _outcome(rounds: _Rounds, current: Current, policy: Policy) -> Pulled:
    problems = [problem for found in rounds.found for problem in found.problems]
    unpulled = list(rounds.found[-1].unpulled)
    try:
        plan = make_plan(rounds.loaded.desired, current, policy)
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
        changes=tuple(each for each in _united(rounds.found) if each.address not in rounds.left_out),
        unpulled=tuple(unpulled),
        withheld=tuple(
            dict.fromkeys(
                each
                for found in rounds.found
                for each in found.withheld
                if each.address not in rounds.left_out
            )
        ),
        problems=tuple(_without_repetition(problems)),
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
                fields = _united_fields((*before.fields, *change.fields))
                united[change.address] = replace(before, fields=fields)
    return list(united.values())


def _united_fields(fields: Iterable[FieldDiff]) -> tuple[FieldDiff, ...]:
    """Return the differences, one a field, of what was said first and what is said last."""
    united: dict[str, FieldDiff] = {}
    for each in fields:
        first = united.setdefault(each.path, each)
        united[each.path] = replace(each, before=first.before)
    return tuple(united.values())


def _without_repetition(problems: list[Problem]) -> list[Problem]:
    return list({(each.code, each.summary): each for each in problems}.values())
