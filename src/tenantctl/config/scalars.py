"""What a scalar of YAML 1.2 means in JSON.

``no`` and ``on`` are strings, timestamps stay the strings they were written as.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TypeAlias

from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver

from tenantctl.states import Json

TAG = "tag:yaml.org,2002:"
"""What the standard tags begin with; ``!!str`` is short for this and ``str``."""

UNSUPPORTED = object()
"""The value of what JSON cannot say."""

Version: TypeAlias = "tuple[int, int]"

_TEXT_TAGS = {TAG + name for name in ("str", "timestamp", "value", "merge")}
# Plain scalars that begin otherwise are strings.
_MAY_BE_TYPED = frozenset("tTfFnNyYoO~+-.0123456789")
_BASES = {"0o": 8, "0x": 16, "0b": 2}
_DECIMAL = 10
_LARGEST = 2**64
"""No field takes more, and Python prints only so many digits."""


def plain_value(text: str, version: Version) -> Json:
    """Return the value of a scalar without quotes and tag, or `UNSUPPORTED`."""
    return _resolved(text, version) if not text or text[0] in _MAY_BE_TYPED else text


def tagged_value(tag: str, text: str) -> Json:
    """Return the value of a scalar by its tag, or `UNSUPPORTED`."""
    if tag in _TEXT_TAGS:
        return text
    convert = _CONVERTERS.get(tag)
    try:
        return convert(text) if convert else UNSUPPORTED
    except ValueError:
        return UNSUPPORTED


@lru_cache(maxsize=65536)
def _resolved(text: str, version: Version) -> Json:
    return tagged_value(plain_tag(text, version), text)


def plain_tag(text: str, version: Version) -> str:
    """Return the tag that a scalar without quotes has by its look."""
    return str(_resolver(version).resolve(ScalarNode, text, (True, False)))


@cache
def _resolver(version: Version) -> VersionedResolver:
    return VersionedResolver(version)


def _integer(text: str) -> Json:
    digits = text.replace("_", "").lower()
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    base = _BASES.get(digits[:2], _DECIMAL)
    value = sign * int(digits if base == _DECIMAL else digits[2:], base)
    return value if abs(value) <= _LARGEST else UNSUPPORTED


def _number(text: str) -> Json:
    value = float(text.replace("_", "").lower())
    return value if math.isfinite(value) else UNSUPPORTED


_CONVERTERS: dict[str, Callable[[str], Json]] = {
    TAG + "null": lambda _: None,
    TAG + "bool": lambda text: text.lower() in {"true", "yes", "on", "y"},
    TAG + "int": _integer,
    TAG + "float": _number,
}
