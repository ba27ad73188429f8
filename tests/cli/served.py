"""The program as processes of its own: ``tenantctl sandbox serve``, and single commands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = (sys.executable, "-W", "error", "-m", "tenantctl")
_SECONDS = 20


@dataclass(frozen=True)
class Served:
    """A sandbox that listens.

    url, secure_url: by HTTP and HTTPS. ca: certificate of its authority. line: what it printed.
    """

    process: subprocess.Popen[str]
    line: str
    url: str
    secure_url: str
    ca: Path
    state: Path

    @property
    def secure_domain(self) -> str:
        return self.secure_url.removeprefix("https://").replace("127.0.0.1", "localhost")


@contextmanager
def serve_sandbox(folder: Path, *options: str, ca_out: bool = True) -> Iterator[Served]:
    state, ca = folder / "state.db", folder / "ca.pem"
    arguments = ["--port", "0", "--tls-port", "0", "--state", str(state)]
    if ca_out:
        arguments += ["--ca-out", str(ca)]
    command = [*PROGRAM, "sandbox", "serve", *arguments, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            url, secure_url = (word for word in line.split() if "://" in word)
            yield Served(process, line, url, secure_url, ca, state)
        finally:
            if process.poll() is None:
                process.kill()


def run_process(
    *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        check=False,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **(env or {})},
        cwd=cwd,
        timeout=_SECONDS,
    )
