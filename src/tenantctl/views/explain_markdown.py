"""The documents of `explain` as pages of the reference, in GitHub's Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tenantctl.views.explain_text import known_by, value_text

_MAX_VALUES = 16
_CODE = re.compile(r"(`[^`]*`)")
_SPECIAL = re.compile(r"([\\<>*|\[\]]|(?<!\w)_|_(?!\w))")
_INDEX_HEAD = """\
Made from the program by `make docs`: what `tenant.yaml` can declare, one page a section. In a terminal,
`tenantctl explain` says the same.
"""
_SCOPES_HEAD = """\
What the tool's client needs for the sections that the file names. Where an operation takes any one of
several scopes, all are listed here; the pages say which. What lies under endpoints of its own is read only if
the file names it.
"""
_FREE = "A field that this page does not name is passed on as it is: the API may know it."


def section_page(document: Mapping[str, Any]) -> str:
    """Return the page of one section: what it is, its requests, rules and fields."""
    section, documentation = document["section"], document["documentation"]
    link = f" [The API's documentation]({documentation})." if documentation else ""
    parts = [
        f"# {section}\n",
        f"Made from the program by `make docs`; `tenantctl explain {section}` says the same in a terminal.\n",
        f"{_prose(document['summary'])}{link}\n",
        f"In the file: {known_by(document)}. [All sections](README.md)\n",
        *_referred_by(document["referred_by"]),
        *_operations(document["operations"]),
        *_rules(document["rules"]),
        *_fields(document["fields"]),
        *([f"{_FREE}\n"] if documentation else []),
    ]
    return "\n".join(parts)


def index_page(document: Mapping[str, Any]) -> str:
    """Return the page that lists the sections, and the scopes that each needs."""
    sections = document["sections"]
    whats = [(_link(each["section"]), _prose(each["summary"]), _key(each)) for each in sections]
    scopes = [
        (_link(each["section"]), _codes(each["scopes"]["read"]), _codes(_written(each["scopes"])))
        for each in sections
        if any(each["scopes"].values())
    ]
    return "\n".join(
        [
            "# Reference\n",
            _INDEX_HEAD,
            *_table(("section", "what", "known by"), whats),
            "## Scopes\n",
            _SCOPES_HEAD,
            *_table(("section", "read", "write"), scopes),
        ]
    )


def _referred_by(paths: Sequence[str]) -> Iterator[str]:
    if paths:
        found = [f"[`{path}`]({path.partition('.')[0]}.md)" for path in paths]
        yield f"Referred to by {', '.join(found)}.\n"


def _operations(operations: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if operations:
        rows = [
            (
                f"{each['does']} `{each['field']}`" if each["field"] else each["does"],
                f"`{each['method']} {each['path']}`" + (f", {each['paging']}" if each["paging"] else ""),
                " or ".join(f"`{scope}`" for scope in each["scopes"]),
            )
            for each in operations
        ]
        yield "## Requests\n"
        yield from _table(("operation", "request", "scope"), rows)


def _rules(rules: Sequence[str]) -> Iterator[str]:
    if rules:
        yield "## Rules\n"
        yield "".join(f"- {_prose(each)}\n" for each in rules)


def _fields(fields: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield "## Fields\n"
    yield from _field_table([each for each in fields if not each["parent"]], "")
    tops = [each["path"] for each in fields if not each["parent"]]
    for top in tops:
        members = [each for each in fields if each["parent"] and _is_below(each["path"], top)]
        if members:
            yield f"### {top}\n"
            yield from _field_table(members, top)


def _is_below(path: str, top: str) -> bool:
    return path.startswith((f"{top}.", f"{top}["))


def _field_table(fields: Sequence[Mapping[str, Any]], top: str) -> Iterator[str]:
    rows = [(f"`{_below(each['path'], top)}`", each["type"], _cell(each)) for each in fields]
    yield from _table(("field", "type", "what"), rows)
    for each in fields:
        if len(each["values"]) > _MAX_VALUES:
            known = _codes(map(value_text, each["values"]))
            yield f"Known values of `{_below(each['path'], top)}`: {known}.\n"


def _below(path: str, top: str) -> str:
    """Return a path as seen from the field that its table is about."""
    return path.removeprefix(top).removeprefix("[]").removeprefix(".") if top else path


def _cell(field: Mapping[str, Any]) -> str:
    sentences = [_sentence(_prose(field["help"]))] if field["help"] else []
    values = field["values"]
    if values:
        known = _codes(map(value_text, values)) if len(values) <= _MAX_VALUES else "see below"
        sentences.append(f"Known values: {known}.")
    if field["default"]:
        sentences.append(f"Default: `{value_text(field['default']['value'])}`.")
    return " ".join([*sentences, *map(_prose, field["notes"])])


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."


def _key(section: Mapping[str, Any]) -> str:
    if section["kind"] == "singleton":
        return "(there is one)"
    return _codes(section["key"]) or "(there is at most one)"


def _written(scopes: Mapping[str, Sequence[str]]) -> Iterable[str]:
    return dict.fromkeys(scope for need, names in scopes.items() if need != "read" for scope in names)


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _link(section: str) -> str:
    return f"[`{section}`]({section}.md)"


def _prose(text: str) -> str:
    """Return text in which nothing outside of backticks is taken for markup."""
    parts = _CODE.split(text)
    return "".join(part if part.startswith("`") else _SPECIAL.sub(r"\\\1", part) for part in parts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    yield "".join(f"| {' | '.join(_in_row(cell) for cell in line)} |\n" for line in lines)


def _in_row(cell: str) -> str:
    """Return a cell; in code, too, a bar would end it."""
    return re.sub(r"(?<!\\)\|", r"\\|", cell)
