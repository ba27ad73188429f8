"""Record the cassettes anew: the contract of each resource type, and of tokens, against the served sandbox.

Without names it records all. Run it after a change of the sandbox, the catalog or the contract, and look at
what changed. Secrets are taken out before anything is written; recording twice gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.contract.backends import CASSETTES  # a script's path lacks the checkout
from tests.contract.recorder import NAMES, record  # as above

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a section, or: tokens")
    names = parser.parse_args().names or NAMES
    if unknown := sorted({*names} - {*NAMES}):
        parser.error(f"there is no cassette called {', '.join(unknown)}")
    for name in names:
        record(CASSETTES, name)
        written = CASSETTES / f"{name}.yaml"
        print(f"{written.name}: {written.stat().st_size} bytes")
