"""What can be made to go wrong on purpose."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults in force.

    stale_jwks: the JWK Set leaves the current signing key out, as caches do for a while after a rotation.
    """

    stale_jwks: bool = False

    def as_json(self) -> dict[str, bool]:
        """Return the faults as ``PUT /__sandbox__/faults`` takes them."""
        return asdict(self)


def make_faults(wanted: Any) -> Faults:
    """Return the faults named in a JSON object.

    Raises:
        ValueError: it is no object, names an unknown fault, or has a value that is not true or false.
    """
    if not isinstance(wanted, dict):
        raise ValueError("Expected an object of faults.")  # noqa: TRY004 - a bad value of a request
    known = {field.name for field in fields(Faults)}
    if unknown := sorted(set(wanted) - known):
        raise ValueError(f"Unknown fault: {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
    if wrong := sorted(name for name, value in wanted.items() if not isinstance(value, bool)):
        raise ValueError(f"Not true or false: {', '.join(wrong)}.")
    return Faults(**wanted)
