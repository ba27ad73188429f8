"""Try one case: an apply that goes wrong, the applies after it, and what is there in the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from reliability.chance import Chance, Run
from reliability.kinds import SOON, Case, Point, points_of
from reliability.stage import APPLY, ENV_FILE, Stage
from reliability.state import State, differences
from tenantctl.config.env_file import read_env
from tenantctl.config.options import prefix_of

MAX_FURTHER = 2
BY_CHANCE = "by chance"
_PATIENCE_SECONDS = 60.0
_LIFETIME_SECONDS = 5.0
_WORDS_KEPT = 1500


class Wanted(NamedTuple):
    """What an apply without faults leads to.

    base: the tenant before it. final: the tenant after it. points: its writes.
    """

    base: State
    final: State
    points: tuple[Point, ...]


class Result(NamedTuple):
    """What became of a case.

    title: what it was. kind, lasts: of the fault. further: how many applies it took besides those that went
    wrong. wrong: what is not as it should be.
    """

    title: str
    kind: str
    lasts: bool
    further: int
    wrong: tuple[str, ...] = ()


def make_wanted(stage: Stage) -> Wanted:
    """Apply without faults, and return what comes of it.

    Raises:
        RuntimeError: the apply fails, or two of them don't end in the same.
    """
    base = stage.state()
    first = _undisturbed(stage)
    points = tuple(points_of(stage.sandbox.log(), base.names))
    if unlike := list(differences(first, _undisturbed(stage))):
        raise RuntimeError("\n".join(unlike))
    return Wanted(base, first, points)


def _undisturbed(stage: Stage) -> State:
    stage.set_back()
    ran = stage.run(*APPLY)
    if ran.code:
        raise RuntimeError(ran.words)
    return stage.state()


def try_case(stage: Stage, wanted: Wanted, case: Case) -> Result:
    """Let one write go wrong, apply until that succeeds, and compare."""
    stage.set_back()
    stage.sandbox.strike(case.fault)
    is_done = not _kill(stage) if case.kind.kills else _succeeds(stage, case.kind.timeout)
    wrong = () if was_struck(stage) else (f"the fault struck nothing; {_last_words(stage, case)}",)
    stage.sandbox.strike()
    further, unlike = finish(stage, wanted, is_done=is_done)
    return Result(str(case), case.kind.title, case.lasts, further, (*wrong, *unlike))


def try_chance(stage: Stage, base: State, chance: Chance) -> Result:
    """Let a file be applied with and without what a seed lets go wrong, and compare."""
    stage.write(chance.file)
    wanted = Wanted(base, _undisturbed(stage), ())
    stage.set_back()
    is_done = False
    for run in chance.runs:
        stage.sandbox.strike(*run.faults, seed=run.seed)
        is_done = _killed(stage, run) if run.killed_at else _succeeds(stage, SOON)
    stage.sandbox.strike()
    further, wrong = finish(stage, wanted, is_done=is_done)
    return Result(f"seed {chance.seed}", BY_CHANCE, lasts=False, further=further, wrong=wrong)


def _killed(stage: Stage, run: Run) -> bool:
    """Kill an apply after so many writes, or when it has had its time; return whether it was faster."""
    until = time.monotonic() + _LIFETIME_SECONDS
    stage.sandbox.forget()
    with stage.running(*APPLY) as process:
        while time.monotonic() < until and process.poll() is None:
            if stage.sandbox.requests().writes >= run.killed_at:
                break
            time.sleep(0.01)
        return process.poll() == 0


def finish(stage: Stage, wanted: Wanted, *, is_done: bool) -> tuple[int, tuple[str, ...]]:
    """Apply until that succeeds; return how often that was, and what is not as it should be."""
    further, words = 0, ""
    while not is_done and further < MAX_FURTHER:
        ran = stage.run(*APPLY)
        is_done, words, further = ran.code == 0, ran.words, further + 1
    endless = () if is_done else (f"it does not come to an end: {words[-_WORDS_KEPT:]}",)
    return further, (*endless, *_wrong(stage, wanted))


def _last_words(stage: Stage, case: Case) -> str:
    return stage.printed.read_text(encoding="utf-8")[-_WORDS_KEPT:] if case.kind.kills else ""


def was_struck(stage: Stage) -> bool:
    """Return whether a fault took effect."""
    return any(entry.get("faults") for entry in stage.sandbox.log())


def _succeeds(stage: Stage, timeout: float) -> bool:
    return stage.run(*APPLY, timeout=timeout).code == 0


def _kill(stage: Stage) -> bool:
    """Kill an apply as soon as a fault holds it; return whether that was possible."""
    until = time.monotonic() + _PATIENCE_SECONDS
    with stage.running(*APPLY) as process:
        while time.monotonic() < until and process.poll() is None:
            if was_struck(stage):
                process.kill()
                return True
            time.sleep(0.01)
    return False


def _wrong(stage: Stage, wanted: Wanted) -> Iterator[str]:
    """Yield all that is not as an apply without faults leaves it."""
    found = stage.state()
    yield from differences(wanted.final, found)
    for place, body in wanted.base.raw.items():
        if wanted.final.raw.get(place) == body and found.raw.get(place) != body:
            yield f"{'/'.join(place)} is not managed, and was touched"
    variables = read_env(stage.folder / ENV_FILE)
    for name, (client_id, secret) in found.credentials.items():
        if ("clients", client_id) not in wanted.base.raw:
            prefix = prefix_of(name)
            if variables.get(f"{prefix}_CLIENT_ID") != client_id:
                yield f"the env file has not the id of clients/{name}"
            if secret and variables.get(f"{prefix}_CLIENT_SECRET") != secret:
                yield f"the env file has not the secret of clients/{name}"
