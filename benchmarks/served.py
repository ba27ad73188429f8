"""A sandbox in a process of its own, filled with a tenant, and the log of what it was asked."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

TOKEN = "benchmark"  # noqa: S105  # what the sandbox is told to accept, for the length of a run
_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Requests:
    """What a command asked the Management API for."""

    reads: int
    writes: int


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that listens at `url`; `state` is the file that it keeps its tenants in."""

    url: str
    state: Path

    def seed(self, snapshot: Mapping[str, Any]) -> None:
        """Make it a fresh tenant with what the snapshot has."""
        for path, body in (("reset", {}), ("seed", snapshot)):
            self._control("POST", path, body)

    def forget(self) -> None:
        """Clear the log of requests."""
        self._control("DELETE", "requests")

    def strike(self, *faults: str, seed: int = 0) -> None:
        """Let these faults strike the requests to come, and no others."""
        self._control("PUT", "faults", {"faults": faults, "seed": seed})

    def log(self) -> list[dict[str, Any]]:
        """Return the requests to the Management API since the log was cleared."""
        logged = self._control("GET", "requests").json()["requests"]
        return [each for each in logged if each["path"].startswith("/api/v2/")]

    def requests(self) -> Requests:
        """Return how many requests came since the log was cleared."""
        verbs = Counter(each["method"] for each in self.log())
        return Requests(verbs["GET"], verbs.total() - verbs["GET"])

    def _control(self, method: str, path: str, body: Any = None) -> httpx.Response:
        answer = httpx.request(method, f"{self.url}/__sandbox__/{path}", json=body, timeout=_SECONDS)
        return answer.raise_for_status()


@contextmanager
def serve(folder: Path) -> Iterator[Sandbox]:
    """Serve a sandbox whose state lies in `folder`."""
    state = folder / "state.db"
    arguments = ["--port", "0", "--state", str(state), "--management-token", TOKEN]
    command = [sys.executable, "-m", "tenantctl", "sandbox", "serve", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield Sandbox(line.rpartition(" ")[2].strip(), state)
        finally:
            process.terminate()
