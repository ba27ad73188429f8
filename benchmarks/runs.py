"""Measure every tool on one tenant, job by job."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from benchmarks.cases import Case, Differing
from benchmarks.processes import Usage, measure
from benchmarks.served import Requests, Sandbox, serve
from benchmarks.tools import TOOLS, Job, Tool

SCENES = (
    (Job.VALIDATE, Differing.NONE),
    (Job.PLAN, Differing.NONE),
    (Job.PLAN, Differing.ONE),
    (Job.PLAN, Differing.ALL),
    (Job.APPLY, Differing.NONE),
    (Job.APPLY, Differing.ONE),
)


class Row(NamedTuple):
    """What one job took: the medians of several runs, and the requests of each."""

    tool: str
    case: str
    job: Job
    differing: Differing
    requests: Requests
    usage: Usage


def run(case: Case) -> Iterator[Row]:
    """Yield what each job took on a tenant that a sandbox serves."""
    with tempfile.TemporaryDirectory() as name, serve(Path(name)) as sandbox:
        for job, differing in SCENES:
            path = Path(name) / f"{differing}.yaml"
            if not path.exists():
                write(path, case, differing)
            for tool in TOOLS:
                if job in tool.commands:
                    requests, usage = _measured(tool, job, path, case, sandbox)
                    yield Row(tool.name, case.name, job, differing, requests, usage)


def write(path: Path, case: Case, differing: Differing) -> None:
    """Write the file of a case as a person would: block style, two spaces."""
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(dict(case.file(differing)), stream, Dumper=yaml.CSafeDumper, sort_keys=False)


def _measured(tool: Tool, job: Job, path: Path, case: Case, sandbox: Sandbox) -> tuple[Requests, Usage]:
    usages: list[Usage] = []
    counts: set[Requests] = set()
    for _ in range(case.repeat):
        sandbox.seed(case.snapshot())
        sandbox.forget()
        usages.append(measure(tool.commands[job](path), path.parent, tool.environment(sandbox.url)))
        counts.add(sandbox.requests())
    (requests,) = counts  # the same work is the same requests, or the figures mean nothing
    usage = Usage(
        statistics.median(usage.seconds for usage in usages),
        statistics.median(usage.cpu_seconds for usage in usages),
        int(statistics.median(usage.peak_bytes for usage in usages)),
    )
    return requests, usage
