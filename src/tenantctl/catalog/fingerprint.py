"""What the API shows of a secret so that a change of it can be seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping

from tenantctl.states import Json

_LENGTH = 32


def fingerprint_of(field: str) -> Callable[[Mapping[str, Json]], Mapping[str, Json]]:
    """Return what derives the ``fingerprint`` of an object from a field: hex digits that say nothing else."""

    def derive(body: Mapping[str, Json]) -> Mapping[str, Json]:
        text = json.dumps(body.get(field), sort_keys=True)
        return {"fingerprint": hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]}

    return derive
