"""How many requests plan and apply send: what a change of the code must not make more of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.cases import Case, Differing
from benchmarks.page import make_table
from benchmarks.processes import Usage
from benchmarks.runs import Row, write
from benchmarks.served import Requests, Sandbox, serve
from benchmarks.tools import TENANTCTL, Job
from tenantctl.cli.main import main

LISTS = Case("lists", clients=250, grants=230, apis=110, organizations=150, connections=120)
DETAILS = Case("details", clients=2, organizations=9, connections=8, connected=3)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with serve(tmp_path_factory.mktemp("benchmark")) as served:
        yield served


def requests_of(sandbox: Sandbox, case: Case, job: Job, differing: Differing) -> Requests:
    """Run a command of the program in this process, in the current folder."""
    sandbox.seed(case.snapshot())
    sandbox.forget()
    path = Path("tenant.yaml")
    write(path, case, differing)
    arguments = TENANTCTL.commands[job](path)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in TENANTCTL.environment(sandbox.url).items():
            patch.setenv(name, value)
        assert main(arguments[arguments.index("tenantctl") + 1 :]) == 0
    return sandbox.requests()


# Pages of a hundred: 3 of clients, 3 of client grants, 2 each of APIs, organizations and connections.
READS = 3 + 3 + 2 + 2 + 2
# What is about to change is looked at once more.
LAST_LOOK = 1


@pytest.mark.parametrize(
    ("job", "differing", "expected"),
    [
        (Job.VALIDATE, Differing.NONE, Requests(0, 0)),
        (Job.PLAN, Differing.NONE, Requests(READS, 0)),
        (Job.PLAN, Differing.ONE, Requests(READS, 0)),
        (Job.PLAN, Differing.ALL, Requests(READS, 0)),
        (Job.APPLY, Differing.NONE, Requests(READS, 0)),
        (Job.APPLY, Differing.ONE, Requests(READS + LAST_LOOK, 1)),
    ],
)
def test_each_section_is_read_once(
    project: Path, sandbox: Sandbox, job: Job, differing: Differing, expected: Requests
) -> None:
    assert requests_of(sandbox, LISTS, job, differing) == expected


def test_what_lies_elsewhere_is_read_only_where_the_file_names_it(project: Path, sandbox: Sandbox) -> None:
    lists = 3  # clients, organizations, connections
    found = requests_of(sandbox, DETAILS, Job.PLAN, Differing.ALL)
    assert found == Requests(lists + 2 * DETAILS.connected, 0)


@pytest.mark.parametrize(("provisioned", "more"), [(0, 0), (1, 1), (2, 1), (8, 1)])
def test_what_the_api_lists_is_not_read_one_by_one(
    project: Path, sandbox: Sandbox, provisioned: int, more: int
) -> None:
    case = Case("provisioned", clients=1, connections=8, provisioned=provisioned)
    assert requests_of(sandbox, case, Job.PLAN, Differing.NONE) == Requests(2 + more, 0)


def test_the_snapshot_is_what_the_file_says(
    project: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    requests_of(sandbox, DETAILS, Job.PLAN, Differing.NONE)
    assert "No changes" in capsys.readouterr().out


def test_the_table_has_a_row_for_each_job() -> None:
    row = Row("tenantctl", "small", Job.PLAN, Differing.ONE, Requests(3, 0), Usage(1.25, 0.75, 64_000_000))
    assert make_table([row]).splitlines()[-1] == "| `tenantctl plan` | one | 3 | 0 | 1.2 | 0.8 | 64 |"
