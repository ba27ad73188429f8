"""Write values as YAML that reads the same by the rules of 1.1 and 1.2, and in which no keyword is seen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tenantctl.config.edits import Keyword
from tenantctl.config.scalars import TAG, plain_tag
from tenantctl.states import Json

_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
# Narrower than YAML's own rule: whatever might be an indicator somewhere is put in quotes.
_PLAIN = re.compile(
    r"[^\W\d_](?:[\w ,./@$%^*+()=~;!?<>|&'\"-]|:(?=[^\s,\[\]{}]))*|[\d/_](?:[\w./@+-]|:(?=[\w/]))*"
)
_MARKER = re.compile(r"(##|@@)(?=.+?\1)")
_READS_AS_BOOLEAN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_VERSIONS = ((1, 1), (1, 2))


@dataclass(frozen=True, slots=True)
class Style:
    """How the text around is written.

    step: by how many columns a mapping is indented in a mapping. offset: the same for a list's dashes.
    newline: the line break. as_json: whether flow style is JSON.
    """

    step: int = 2
    offset: int = 2
    newline: str = "\n"
    as_json: bool = False


def is_block(value: Json) -> bool:
    """Return whether block style has lines of its own for a value."""
    return isinstance(value, Mapping | list) and bool(value)


def member_lines(name: str, value: Json, style: Style) -> list[str]:
    """Return the lines of a member of a block mapping."""
    head, *rest = value_lines(value, style)
    return [f"{_key(name)}:{head}", *rest]


def value_lines(value: Json, style: Style, like: str = "") -> list[str]:
    """Return what follows the colon of a member, and the lines below it.

    like: the style of the scalar in whose place it stands.
    """
    if isinstance(value, Mapping) and value:
        return ["", *indented(style.step, block_lines(value, style))]
    if isinstance(value, list) and value:
        return ["", *indented(style.offset, block_lines(value, style))]
    if isinstance(value, str) and _is_literal(value):
        return _literal(value, style.step)
    return [f" {scalar(value, like)}"]


def item_lines(value: Json, style: Style, gap: int = 1, like: str = "") -> list[str]:
    """Return the lines of an item of a block list.

    gap: columns between the dash and the item. like: the quotes of a scalar, or empty for none.
    """
    if is_block(value):
        head, *rest = block_lines(value, style)
        return [f"-{' ' * gap}{head}", *indented(1 + gap, rest)]
    if isinstance(value, str) and _is_literal(value):
        head, *rest = _literal(value, 1 + gap)
        return [f"-{head}", *rest]
    return [f"-{' ' * gap}{scalar(value, like)}"]


def inline(value: Json, style: Style, like: str = "") -> str:
    """Return a value on one line, in flow style."""
    if style.as_json:
        return _json(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(name)}: {inline(each, style)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(each, style) for each in value) + "]"
    return scalar(value, like, in_flow=True)


def pretty(value: Json, indent: int, style: Style) -> list[str]:
    """Return a value in flow style, as JSON is printed on several lines."""
    if not style.as_json:
        return [inline(value, style)]
    head, *rest = _json(value, indent or 2).split("\n")
    return [head, *rest]


def _key(name: str) -> str:
    return scalar(name, in_flow=True)


def flow_member(name: str, value: Json, style: Style, indent: int = 0) -> list[str]:
    """Return the lines of a member of a flow mapping: one, unless JSON is to be indented."""
    head, *rest = pretty(value, indent, style) if indent else [inline(value, style)]
    key = _json(name) if style.as_json else _key(name)
    return [f"{key}: {head}", *rest]


def block_lines(value: Json, style: Style) -> list[str]:
    """Return the lines of a mapping or list that is not empty."""
    if isinstance(value, Mapping):
        return [line for name, each in value.items() for line in member_lines(name, each, style)]
    return [line for item in value for line in item_lines(item, style)]


def indented(columns: int, lines: list[str]) -> list[str]:
    """Return lines further to the right; empty ones stay empty."""
    return [" " * columns + line if line else line for line in lines]


def scalar(value: Json, like: str = "", *, in_flow: bool = False) -> str:
    """Return a scalar or an empty collection on one line.

    like: the style to keep if it can be: a quote, or empty for none.
    """
    if not isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, Keyword):
        return f'"{value}"'
    if _CONTROL.search(value) or "\n" in value or "\t" in value or _MARKER.search(value) or like == '"':
        return _json(value)
    if like != "'" and is_plain(value, in_flow=in_flow):
        return value
    return _json(value) if "'" in value else f"'{value}'"


def is_plain(value: str, *, in_flow: bool = False) -> bool:
    """Return whether a text may stand without quotes, and is a text then to every reader of YAML."""
    if not _PLAIN.fullmatch(value) or value != value.rstrip() or value.lower() in _READS_AS_BOOLEAN:
        return False
    if in_flow and (value[-1] == ":" or "," in value):
        return False
    return all(plain_tag(value, version) == f"{TAG}str" for version in _VERSIONS)


def _json(value: Json, indent: int | None = None) -> str:
    """Return JSON as YAML takes it, with all but keywords hidden from their replacement."""
    text = _hidden(json.dumps(value, ensure_ascii=False, indent=indent))
    for keyword in set(_keywords_in(value)):
        text = text.replace(f'"{_hidden(keyword)}"', f'"{keyword}"')
    return text


def _hidden(text: str) -> str:
    text = _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return _MARKER.sub(lambda found: f"\\u{ord(found[1][0]):04x}{found[1][0]}", text)


def _keywords_in(value: Json) -> Iterator[Keyword]:
    if isinstance(value, Keyword):
        yield value
    elif isinstance(value, Mapping | list):
        for member in value.values() if isinstance(value, Mapping) else value:
            yield from _keywords_in(member)


def _is_literal(value: str) -> bool:
    """Return whether a text of several lines can be written as it is."""
    lines = value.split("\n")
    if len(lines) == 1 or _CONTROL.search(value) or _MARKER.search(value):
        return False
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is None or value.endswith("\n\n") or any(lines[:first]):
        return False
    return bool(lines[-1].strip()) or not lines[-1]


def _literal(value: str, indent: int) -> list[str]:
    lines = value.split("\n")
    chomped = "" if value.endswith("\n") else "-"
    body = lines[:-1] if value.endswith("\n") else lines
    first = next(line for line in body if line)
    indicator = str(indent) if first[0] in " \t" else ""
    return [f" |{indicator}{chomped}", *indented(indent, body)]
