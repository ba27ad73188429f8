"""The documents of `explain` as text for a terminal."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.text import Text

from tenantctl.views.text import count_of, plain

_WIDTH = 100
_INDENT = "    "
_MAX_NAME = 36
_MAX_FORM = 28
_CUT = " …"


def render_explanation(document: Mapping[str, Any]) -> Text:
    """Return the text of a document of `explain`, by its topic."""
    return _TOPICS[document["topic"]](document)


def value_text(value: Any) -> str:
    """Return a known value as a file has it: words as they are, others in JSON."""
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def known_by(document: Mapping[str, Any]) -> str:
    """Return how many there are of a section, and what an entry is known by, in words."""
    if document["kind"] == "singleton":
        return "one mapping"
    keys = [f"`{name}`" for name in document["key"]]
    if not keys:
        return "a list of at most one"
    if len(keys) == 1:
        return f"a list, each entry known by its {keys[0]}"
    return f"a list, each entry known by {', '.join(keys[:-1])} and {keys[-1]}, as far as it has them"


def _sections(document: Mapping[str, Any]) -> Text:
    rows = [(each["section"], each["summary"]) for each in document["sections"]]
    text = Text()
    text.append_text(_columns(rows))
    text.append("\n`tenantctl explain SECTION` says more, and so does SECTION.FIELD.\n", style="dim")
    return text


def _section(document: Mapping[str, Any]) -> Text:
    text = _title(document["section"], document["title"])
    text.append_text(_paragraphs([document["summary"], document["documentation"]]))
    rows = [("in the file", known_by(document))]
    if document["referred_by"]:
        rows.append(("referred to by", ", ".join(document["referred_by"])))
    text.append_text(_table(rows))
    text.append_text(_operations(document["operations"]))
    text.append_text(_bullets("Rules", document["rules"]))
    text.append_text(_fields("Fields", document["fields"], parent=""))
    return text


def _field(document: Mapping[str, Any]) -> Text:
    text = _title(f"{document['section']}.{document['path']}", "")
    text.append_text(_paragraphs([document["help"]]))
    text.append_text(_table(_facts(document)))
    text.append_text(_bullets("", [*document["notes"], *document["rules"]]))
    text.append_text(_operations(document["operations"]))
    text.append_text(_fields("Members", document["fields"], parent=document["path"]))
    return text


def _matches(document: Mapping[str, Any]) -> Text:
    fields = document["fields"]
    text = _title(document["name"], count_of(len(fields), "field"))
    names = [f"{each['section']}.{each['path']}" for each in fields]
    width = min(max(map(len, names)), _WIDTH - _MAX_FORM)
    for name, each in zip(names, fields, strict=True):
        text.append(f"{_INDENT}{plain(name).ljust(width)}")
        text.append(f"  {_form(each)}\n", style="dim")
    return text


def _facts(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = [("type", document["type"])]
    if document["values"]:
        facts.append(("known values", ", ".join(map(value_text, document["values"]))))
    if document["marks"]:
        facts.append(("marks", ", ".join(document["marks"])))
    if document["default"]:
        facts.append(("default", value_text(document["default"]["value"])))
    if document["clearable"] is not None:
        facts.append(("null", "clears it" if document["clearable"] else "can't clear it"))
    return facts


def _title(name: str, what: str) -> Text:
    text = Text(plain(name), style="bold")
    text.append(f"  {what}\n" if what else "\n", style="not bold dim")
    return text


def _paragraphs(texts: Iterable[str]) -> Text:
    text = Text()
    for each in filter(None, texts):
        text.append(f"{_wrapped(each, _INDENT)}\n")
    return text


def _table(rows: Sequence[tuple[str, str]]) -> Text:
    width = max(len(name) for name, _ in rows) + 2
    text = Text("\n")
    for name, value in rows:
        lines = _wrapped(value, " " * (len(_INDENT) + width)).lstrip()
        text.append(f"{_INDENT}{name.ljust(width)}", style="dim")
        text.append(f"{lines}\n")
    return text


def _bullets(heading: str, sentences: Sequence[str]) -> Text:
    text = _heading(heading) if sentences else Text()
    for each in sentences:
        text.append(f"{_wrapped(f'- {each}', _INDENT, _INDENT + '  ')}\n")
    return text


def _operations(operations: Sequence[Mapping[str, Any]]) -> Text:
    text = _heading("Requests") if operations else Text()
    labels = [f"{each['does']} {each['field']}".strip() for each in operations]
    width = max(map(len, labels), default=0) + 2
    for label, each in zip(labels, operations, strict=True):
        paging = f"  ({each['paging']})" if each["paging"] else ""
        margin = " " * (len(_INDENT) + width)
        text.append(f"{_INDENT}{label.ljust(width)}{each['method']} {each['path']}{paging}\n")
        text.append(f"{_wrapped(' or '.join(each['scopes']), margin)}\n", style="dim")
    return text


def _fields(heading: str, fields: Sequence[Mapping[str, Any]], parent: str) -> Text:
    """Return a line for each field right below `parent`: name, type with marks, and how its help begins."""
    shown = [each for each in fields if each["parent"] == parent]
    text = _heading(heading) if shown else Text()
    name_width = min(max((len(each["name"]) for each in shown), default=0), _MAX_NAME)
    form_width = min(max((len(_form(each)) for each in shown), default=0), _MAX_FORM)
    for each in shown:
        start = f"{_INDENT}{each['name'].ljust(name_width)}  {_form(each).ljust(form_width)}".rstrip()
        start = start.ljust(len(_INDENT) + name_width + form_width + 2)
        begins = textwrap.shorten(each["help"], max(_WIDTH - len(start) - 2, len(_CUT)), placeholder=_CUT)
        text.append(start if begins.strip(_CUT) else start.rstrip())
        text.append(f"  {begins}\n" if begins.strip(_CUT) else "\n", style="dim")
    return text


def _form(field: Mapping[str, Any]) -> str:
    return ", ".join([field["type"], *field["marks"]])


def _columns(rows: Sequence[tuple[str, str]]) -> Text:
    width = max(len(name) for name, _ in rows) + 2
    text = Text()
    for name, what in rows:
        margin = " " * (len(_INDENT) + width)
        text.append(f"{_INDENT}{plain(name).ljust(width)}")
        text.append(f"{_wrapped(what, margin).lstrip()}\n", style="dim")
    return text


def _heading(words: str) -> Text:
    return Text(f"\n{words}\n" if words else "\n", style="bold")


def _wrapped(text: str, indent: str, further: str | None = None) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if further is None else further,
        break_long_words=False,
        break_on_hyphens=False,
    )


_TOPICS: Mapping[str, Callable[[Mapping[str, Any]], Text]] = {
    "sections": _sections,
    "section": _section,
    "field": _field,
    "matches": _matches,
}
