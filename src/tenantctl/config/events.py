"""The seam to the YAML libraries: both give the events of a text, each an iterator over their own classes.

libyaml, through PyYAML, is thirty times as fast; ruamel.yaml reads YAML 1.2 and says best what is wrong. So
libyaml may read what both read alike, which a test holds them to. What it rejects, and what is known to
differ, is ruamel.yaml's to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import yaml
from ruamel.yaml import YAML
from ruamel.yaml import events as ruamel_events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tenantctl.config.faults import not_yaml, syntax_fault
from tenantctl.config.keywords import Replaced

Event: TypeAlias = Any
"""An event of either library; they have no class in common, but the same attributes."""

# Typed loosely, so that isinstance leaves an event the Any that it is.
SCALAR: Any = (yaml.ScalarEvent, ruamel_events.ScalarEvent)
ALIAS: Any = (yaml.AliasEvent, ruamel_events.AliasEvent)
MAPPING_START: Any = (yaml.MappingStartEvent, ruamel_events.MappingStartEvent)
COLLECTION_END: Any = (yaml.CollectionEndEvent, ruamel_events.CollectionEndEvent)
DOCUMENT_START: Any = (yaml.DocumentStartEvent, ruamel_events.DocumentStartEvent)

# Line breaks to YAML 1.1, but not to 1.2; and a byte order mark, which is dropped in different places.
_DIFFERENT = re.compile("[\x85\u2028\u2029\ufeff]")
# A tab that stands in no comment.
_COMMENT_OR_TAB = re.compile(r"(?<![^ \r\n])#[^\r\n]*|(\t)")
_NODES: Any = (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.AliasEvent)
_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")}


class UnsureError(Exception):
    """libyaml may read this otherwise than ruamel.yaml does."""


READER_ERRORS = (UnsureError, yaml.YAMLError)
"""What iterating over libyaml's events may raise."""


def events_by_libyaml(text: str) -> Iterator[Event]:
    """Return the events of a text, as far as libyaml can be trusted with it.

    Raises:
        UnsureError: it cannot. Iterating raises any of `READER_ERRORS`.
    """
    if not yaml.__with_libyaml__ or _DIFFERENT.search(text):
        raise UnsureError
    events = _checked(text, iter(yaml.CBaseLoader(text).get_event, None))
    return _without_tabs(text, events) if "\t" in text else events


def _checked(text: str, events: Iterator[Event]) -> Iterator[Event]:
    """Pass the events on, but refuse what the two libraries are known to see differently."""
    before: Event = None
    for event in events:
        if isinstance(event, _NODES):
            if event.anchor is not None:
                _check_anchor(text, event)
            if not isinstance(event, ALIAS) and event.tag is not None:
                _check_tag(event)
        else:
            _check_document(before, event)
        before = event
        yield event


def _check_document(before: Event, event: Event) -> None:
    """Refuse directives, ``...``, and a document that is but a text."""
    if isinstance(event, yaml.DocumentStartEvent):
        odd = bool(event.version or event.tags)
    else:
        text_alone = isinstance(before, SCALAR)
        odd = isinstance(event, yaml.DocumentEndEvent) and bool(event.explicit or text_alone)
    if odd:
        raise UnsureError


def _check_tag(event: Event) -> None:
    """Refuse tags of other forms, and those beside an anchor or nothing: their places differ."""
    empty = isinstance(event, SCALAR) and not event.value
    if event.tag not in _TAGS or event.anchor is not None or empty:
        raise UnsureError


def _check_anchor(text: str, event: Event) -> None:
    """Refuse an anchor or alias with more in its name than YAML 1.1 allows."""
    start = event.start_mark.index
    mark = "*" if isinstance(event, ALIAS) else "&"
    end = text.find(mark + event.anchor, start) + 1 + len(event.anchor)
    if text[end : end + 1].strip(" \t\r\n,]}"):
        raise UnsureError


def _without_tabs(text: str, events: Iterator[Event]) -> Iterator[Event]:
    """Pass the events on, but refuse tabs outside of quotes, block scalars and comments."""
    checked = 0
    for event in events:
        start = len(text) if isinstance(event, yaml.StreamEndEvent) else _text_start(text, event)
        if start is not None:
            _refuse_tabs(text, checked, start)
            checked = event.end_mark.index
        yield event


def _text_start(text: str, event: Event) -> int | None:
    """Return from where on tabs are part of a scalar's text."""
    if not isinstance(event, SCALAR) or not event.style or event.anchor or event.tag:
        return None
    start: int = event.start_mark.index
    if event.style in "|>":
        # Its header is no text yet.
        return text.find("\n", start) if "\n" in text[start : event.end_mark.index] else None
    return start


def _refuse_tabs(text: str, start: int, end: int) -> None:
    if any(found[1] for found in _COMMENT_OR_TAB.finditer(text, start, end)):
        raise UnsureError


def events_by_ruamel(text: Replaced) -> Iterator[Event]:
    """Yield the events of a text as ruamel.yaml reads it.

    Raises:
        ProblemsError: it is no YAML 1.2.
    """
    try:
        yield from YAML(typ="safe", pure=True).parse(text.text)
    except MarkedYAMLError as error:
        raise syntax_fault(text, error) from None
    except (YAMLError, ValueError) as error:
        raise not_yaml(text, error) from None
