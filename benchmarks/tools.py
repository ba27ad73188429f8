"""The programs that are measured; each says how it does the same jobs on the same tenant."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from benchmarks.served import TOKEN


class Job(StrEnum):
    """What a program is asked to do with a file."""

    VALIDATE = "validate"
    PLAN = "plan"
    APPLY = "apply"


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that keeps a tenant as a file says.

    commands: for each job it can do, the command line, given the file.
    environment: what it needs to reach the tenant, given the tenant's URL.
    """

    name: str
    commands: Mapping[Job, Callable[[Path], Sequence[str]]]
    environment: Callable[[str], Mapping[str, str]]


_PROGRAM = (sys.executable, "-m", "tenantctl")

TENANTCTL = Tool(
    name="tenantctl",
    commands={
        Job.VALIDATE: lambda file: (*_PROGRAM, "validate", "-f", str(file)),
        Job.PLAN: lambda file: (*_PROGRAM, "plan", "-f", str(file)),
        Job.APPLY: lambda file: (*_PROGRAM, "apply", "-f", str(file), "--yes", "--no-verify"),
    },
    environment=lambda url: {"AUTH0_DOMAIN": url, "AUTH0_ACCESS_TOKEN": TOKEN},
)

TOOLS: tuple[Tool, ...] = (TENANTCTL,)
