"""What takes the place of auth0-deploy-cli's settings when its files become ours: a ``tenantctl:`` block."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from glob import escape

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.config.load import Loaded
from tenantctl.config.variables import MAPPINGS
from tenantctl.states import Json

_KINDS = {bool: "boolean", int: "integer", float: "number", list: "list", dict: "mapping"}
_TRAPS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_SECRET = re.compile(r"SECRET|PASS|TOKEN|KEY|CREDENTIAL|PRIVATE")


@dataclass(frozen=True, slots=True)
class Adoption:
    """The block, and what a person has to know of it.

    text: YAML with comments, to be put at the end of a file; empty if there is nothing to say.
    notes: one sentence each.
    """

    text: str
    notes: tuple[str, ...]


def make_adoption(settings: Mapping[str, Json], loaded: Loaded) -> Adoption:
    """Return the block that keeps what `settings` mean for files that were loaded with them."""
    notes: list[str] = []
    lines = [
        *_listed("variables", _variables(settings.get(MAPPINGS), notes)),
        *_listed("exclude", _excluded(loaded)),
    ]
    if str(settings.get("AUTH0_ALLOW_DELETE")).lower() == "true":
        pruned = [name for name in loaded.desired.sections if not BY_SECTION[name].is_singleton]
        lines.append(f"  # prune: [{', '.join(pruned)}]  # was AUTH0_ALLOW_DELETE")
        notes.append(
            "AUTH0_ALLOW_DELETE is on there: an import deletes what its files do not name. "
            "Here that is asked for by section; the commented line 'prune' names all of yours."
        )
    return Adoption("".join(f"{line}\n" for line in ("tenantctl:", *lines)) if lines else "", tuple(notes))


def _variables(mappings: Json, notes: list[str]) -> list[str]:
    """Return a line for each keyword with its value; a value that may be secret stays where it is."""
    found = mappings if isinstance(mappings, Mapping) else {}
    secret = [name for name in found if _SECRET.search(name.upper())]
    if secret:
        notes.append(
            f"{', '.join(secret)}: may be secret, and not copied. Set them in the environment or in .env, "
            "or go on passing --config."
        )
    return [f"{_quoted(name)}: {_variable(value)}" for name, value in found.items() if name not in secret]


def _variable(value: Json) -> str:
    if isinstance(value, str):
        return _quoted(value)
    return f"{{type: {_KINDS.get(type(value), 'string')}, default: {_quoted(value)}}}"


def _excluded(loaded: Loaded) -> list[str]:
    """Return an item for each section and address that is left alone."""
    sections = [each for each in loaded.excluded if "/" not in each]
    addresses = [escape(each) for each in loaded.excluded if "/" in each]
    named = dict.fromkeys([*sections, *addresses, *loaded.selection.protected])
    return [f"- {_quoted(each)}" for each in named]


def _listed(name: str, lines: Sequence[str]) -> list[str]:
    return [f"  {name}:", *(f"    {line}" for line in lines)] if lines else []


def _quoted(value: Json) -> str:
    """Return a value as YAML, of which JSON is a part; a plain word needs no quotes."""
    is_word = isinstance(value, str) and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_/-]*", value)
    return value if is_word and value.lower() not in _TRAPS else json.dumps(value, ensure_ascii=False)
