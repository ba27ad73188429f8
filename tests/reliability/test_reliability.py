"""A sample of what `make reliability` tries, and whether it notices what it looks for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reliability.chance import draw
from reliability.kinds import KINDS, Kind, cases_of
from reliability.matrix import Work, read_results, try_all
from reliability.page import make_tables
from reliability.stage import ENV_FILE, Stage, open_stage
from reliability.trial import Result, Wanted, finish, make_wanted, try_case, try_chance

POINTS = (
    "POST /clients #1",
    "PATCH /connections/<connections/github> #1",
    "POST /actions/actions/<actions/enrich>/deploy #1",
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("reliability") / "stage") as opened:
        yield opened


@pytest.fixture(scope="module")
def wanted(stage: Stage) -> Wanted:
    return make_wanted(stage)


def test_every_write_of_an_apply_of_every_kind_is_tried(stage: Stage, wanted: Wanted) -> None:
    stage.set_back()
    assert "23 to create, 30 to update, 4 to replace, 8 to delete" in stage.run("plan").words
    cases = [str(case) for case in cases_of(wanted.points)]
    assert len(wanted.points) == 90
    assert len(set(cases)) == len(cases) > 90 * len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.title)
def test_what_goes_wrong_is_made_good(kind: Kind, stage: Stage, wanted: Wanted) -> None:
    title = POINTS[KINDS.index(kind) % len(POINTS)]
    case = next(each for each in cases_of(wanted.points) if (each.kind, each.point.title) == (kind, title))
    result = try_case(stage, wanted, case)
    assert result.wrong == ()
    assert result.further <= 1


@pytest.mark.parametrize("seed", range(3))
def test_what_goes_wrong_by_chance_is_made_good(seed: int, stage: Stage, wanted: Wanted) -> None:
    file = (stage.folder / "tenant.yaml").read_text(encoding="utf-8")
    try:
        assert try_chance(stage, wanted.base, draw(seed)).wrong == ()
    finally:
        stage.write(file)


HARM = {
    "UPDATE objects SET body = replace(body, 'after-github-secret', 'another')": "connections/github differs",
    "UPDATE objects SET body = replace(body, 'legacy-splunk-token', 'another')": "logStreams/legacy stream",
    "UPDATE items SET body = replace(body, 'after-hook-new', 'another')": "hooks/exchange differs",
    "DELETE FROM objects WHERE section = 'roles' AND body LIKE '%accountant%'": "roles/accountant is missing",
    "INSERT INTO objects (domain, section, id, body) SELECT domain, section, 'rol_0123456789abcdef', body"
    " FROM objects WHERE section = 'roles' AND body LIKE '%accountant%'": "is there more than once",
}


@pytest.mark.parametrize("statement", HARM)
def test_what_is_not_as_it_should_be_is_told(statement: str, stage: Stage, wanted: Wanted) -> None:
    stage.set_back()
    assert finish(stage, wanted, is_done=False) == (1, ())
    with closing(sqlite3.connect(stage.sandbox.state)) as state, state:
        assert state.execute(statement).rowcount
    _, wrong = finish(stage, wanted, is_done=True)
    assert any(HARM[statement] in each for each in wrong)


def test_an_id_or_a_secret_that_is_not_kept_is_told(stage: Stage, wanted: Wanted) -> None:
    stage.set_back()
    assert finish(stage, wanted, is_done=False) == (1, ())
    env_file = stage.folder / ENV_FILE
    env_file.write_text(env_file.read_text(encoding="utf-8").replace("AUTH0_NEW_JOB_CLIENT_", "OTHER_"))
    _, wrong = finish(stage, wanted, is_done=True)
    assert [each.split(" of ")[-1] for each in wrong] == ["clients/New job", "clients/New job"]


def test_what_does_not_come_to_an_end_is_told(stage: Stage, wanted: Wanted) -> None:
    stage.set_back()
    stage.sandbox.strike("503:POST /roles")
    further, wrong = finish(stage, wanted, is_done=False)
    assert further == 2
    assert wrong[0].startswith("it does not come to an end")


def test_several_workers_share_the_work(tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    try_all(Work(sample=2, seed=5), 2, results)
    found = read_results(results)
    assert len({each.title for each in found}) == 2
    assert [each.wrong for each in found] == [(), ()]


def test_the_table_counts_what_became_of_each_case() -> None:
    results = [
        Result("a", "429", lasts=False, further=0),
        Result("b", "429", lasts=False, further=1),
        Result("c", "429", lasts=False, further=1, wrong=("x",)),
        Result("d", "by chance", lasts=False, further=2),
    ]
    assert "| 429 | 3 | 1 | 1 | 0 | 1 |\n" in make_tables(results)
    assert "| 1 | 0 | 0 | 1 | 0 |\n" in make_tables(results)
