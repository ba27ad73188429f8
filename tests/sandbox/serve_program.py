"""A program for the tests to start and to kill: ``python -m tests.sandbox.serve_program TLS [STATE]``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenantctl.sandbox import SandboxStore
from tenantctl.sandbox.server import Addresses, serve

TOKEN = "all-powerful"
ROOT = Path(__file__).parents[2]


@contextmanager
def served(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run the program, and yield the process and the URLs of its line."""
    program = [sys.executable, "-W", "error", "-m", "tests.sandbox.serve_program", *arguments]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            yield process, [word for word in line.split() if "://" in word]
        finally:
            if process.poll() is None:
                process.kill()


def main() -> None:
    ca_out, *state = sys.argv[1:]
    addresses = Addresses(port=0, tls_port=0 if ca_out else None, ca_out=Path(ca_out) if ca_out else None)
    with SandboxStore(Path(state[0]) if state else None) as store:
        serve(
            store,
            addresses,
            management_token=TOKEN,
            ready=lambda line: print(line, flush=True),  # noqa: T201 - the tests read it
        )


if __name__ == "__main__":
    main()
