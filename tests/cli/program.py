"""Run the command line inside the test, and make its output comparable."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from tenantctl.cli.main import main

_VARYING = (
    (re.compile(r"\beyJ[\w-]+(\.[\w-]*)+"), "TOKEN"),
    (re.compile(r'"version": "[\d.]+"'), '"version": "VERSION"'),
    (re.compile(r"\b\d+\.\d\d s$", re.MULTILINE), "SECONDS s"),
    (re.compile(r"\b1[789]\d{8}\b"), "TIME"),
    (re.compile(r"\(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)"), "(DATE)"),
    (re.compile(r"\bcgr_\w{16}\b"), "GRANT_ID"),
    (re.compile(r"\brol_\w{16}\b"), "ROLE_ID"),
    (re.compile(r"\b[0-9a-f]{24}\b"), "API_ID"),
    (re.compile(r"\b[0-9A-Za-z]{32}\b"), "CLIENT_ID"),
    (re.compile(r"(?<=127\.0\.0\.1:)\d+"), "PORT"),
    (re.compile(r'("kid": |kid +)"[\w-]{21}"'), r'\1"KID"'),
    (re.compile(r"(?<=key     )[\w-]{21}"), "KID"),
)


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def words(self) -> str:
        return self.out + self.err


@dataclass(frozen=True)
class Program:
    """Calls ``tenantctl`` in this process, and returns what it wrote and how it ended."""

    capsys: pytest.CaptureFixture[str]

    def __call__(
        self, *arguments: str, stdin: str | bytes = "", env: Mapping[str, str] | None = None
    ) -> Result:
        typed = stdin if isinstance(stdin, bytes) else stdin.encode()
        with pytest.MonkeyPatch.context() as patch, TextIOWrapper(BytesIO(typed)) as stream:
            patch.setattr(sys, "stdin", stream)
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            self.capsys.readouterr()
            code = main(arguments)
        written = self.capsys.readouterr()
        return Result(code, written.out, written.err)


def comparable(text: str, folder: Path) -> str:
    """Return output without what differs from run to run."""
    text = text.replace(str(folder), "FOLDER")
    for pattern, name in _VARYING:
        text = pattern.sub(name, text)
    return text
