"""A program for the tests to start and to kill: ``python -m tests.sandbox.serve_program TLS [STATE]``."""

from __future__ import annotations

import sys
from pathlib import Path

from tenantctl.sandbox import SandboxStore
from tenantctl.sandbox.server import Addresses, serve

TOKEN = "all-powerful"


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
