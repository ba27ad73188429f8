"""Build plain values from the events of a YAML library, and keep where each of them stands.

Aliases are resolved (what they name is shared, not copied), merge keys (``<<``) too; what JSON cannot say is
refused.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from tenantctl.config.events import (
    ALIAS,
    COLLECTION_END,
    DOCUMENT_START,
    MAPPING_START,
    READER_ERRORS,
    SCALAR,
    Event,
    events_by_libyaml,
    events_by_ruamel,
)
from tenantctl.config.faults import (
    LimitError,
    check_characters,
    limit,
    refusal,
    second_document,
    undefined_alias,
)
from tenantctl.config.keywords import Replaced
from tenantctl.config.places import Marks, Place, Places, mark_at
from tenantctl.config.scalars import TAG, UNSUPPORTED, Version, plain_tag, plain_value, tagged_value
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Json

MAX_VALUES = 2_000_000
"""More values than this, aliases written out, are refused."""

MAX_DEPTH = 60
"""Deeper nesting is refused: no resource comes near it."""

_YAML_1_2 = (1, 2)
_MERGE = TAG + "merge"


@dataclass(frozen=True, slots=True)
class WrittenScalar:
    """A scalar (a key or a value) as a text has it: its range, and what it reads as."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Composed:
    """What a text says. scalars: in the order of the text, if they were asked for."""

    data: Json
    places: Places
    problems: list[Problem]
    scalars: list[WrittenScalar]


def compose(text: Replaced, *, with_scalars: bool = False) -> Composed:
    """Read a text; what is wrong with it is ruamel.yaml's to say, and what that accepts is right.

    Raises:
        ProblemsError: it is no YAML 1.2, more than one document, has an anchor that contains itself, or goes
            beyond a limit.
    """
    check_characters(text)
    try:
        composed = compose_fast(text, with_scalars=with_scalars)
    except LimitError:
        raise
    except (*READER_ERRORS, ProblemsError):
        composed = None
    if composed is None or composed.problems:
        composed = compose_surely(text, with_scalars=with_scalars)
    return composed


def compose_fast(text: Replaced, *, with_scalars: bool = False) -> Composed:
    """Read a text with libyaml. Raises any of `READER_ERRORS`, or as `compose`."""
    return _Composer(text, events_by_libyaml(text.text), with_scalars=with_scalars).compose()


def compose_surely(text: Replaced, *, with_scalars: bool = False) -> Composed:
    """Read a text with ruamel.yaml, about three seconds a megabyte. Raises as `compose`."""
    return _Composer(text, events_by_ruamel(text), with_scalars=with_scalars).compose()


@dataclass(slots=True)
class _Anchored:
    """What an anchor names.

    size: of how many values it consists; 0 as long as it is not complete. levels: how deep it is nested.
    key: the event, if it can be a key.
    """

    start: int
    end: int = 0
    value: Json = None
    size: int = 0
    levels: int = 0
    key: Event = None


@dataclass(slots=True)
class _Mapping:
    """A mapping that is being read.

    merged: the mappings that are to be merged into it. repeated: keys that it already has, each as it stands
    here, with what that is an alias of (or itself).
    """

    data: dict[str, Json] = field(default_factory=dict)
    marks: Marks = field(default_factory=lambda: array("I"))
    merged: list[dict[str, Json]] = field(default_factory=list)
    repeated: list[tuple[Event, Event]] = field(default_factory=list)


class _Composer:
    """Reads one stream of events; nested collections are read from the same iterator."""

    def __init__(self, text: Replaced, events: Iterator[Event], *, with_scalars: bool) -> None:
        self._text = text
        self._events = events
        self._with_scalars = with_scalars
        self._version: Version = _YAML_1_2
        self._problems: list[Problem] = []
        self._scalars: list[WrittenScalar] = []
        self._anchors: dict[str, _Anchored] = {}
        self._marks: dict[int, Marks] = {}
        self._count = 0
        self._depth = 0
        self._deepest = 0

    def compose(self) -> Composed:
        data, around = None, Place(0, 0, 0)
        next(self._events)  # the stream's start
        opening = next(self._events)
        if isinstance(opening, DOCUMENT_START):
            self._version = opening.version or _YAML_1_2
            data, start, end = self._node(next(self._events))
            around = Place(start, start, end)
            next(self._events)  # the document's end
            after = next(self._events)
            if isinstance(after, DOCUMENT_START):
                raise second_document(self._text, after.start_mark.index)
        return Composed(data, Places(data, around, self._marks), self._problems, self._scalars)

    def _node(self, event: Event) -> tuple[Json, int, int]:
        """Return a value with its start and end."""
        if isinstance(event, SCALAR):
            start, end = self._begin_scalar(event)
            self._add_values(1)
            value = self._scalar(event)
            if event.anchor is not None:
                self._anchors[event.anchor].value = value
            return value, start, end
        if isinstance(event, ALIAS):
            known = self._aliased(event)
            return known.value, known.start, known.end
        return self._collection(event)

    def _begin_scalar(self, event: Event) -> tuple[int, int]:
        start: int = event.start_mark.index
        end: int = event.end_mark.index
        if self._with_scalars:
            self._scalars.append(WrittenScalar(start, end, event.value))
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(start, end, size=1, key=event)
        return start, end

    def _scalar(self, event: Event) -> Json:
        tag = event.tag
        if tag is None or tag == "!":
            value = plain_value(event.value, self._version) if event.implicit[0] else event.value
        else:
            value = tagged_value(tag, event.value)
        if value is UNSUPPORTED:
            self._report_scalar(event, tag or plain_tag(event.value, self._version))
            return None
        return value

    def _aliased(self, event: Event) -> _Anchored:
        known = self._anchors.get(event.anchor)
        if known is None:
            raise undefined_alias(self._text, event.start_mark.index, event.anchor)
        if not known.size:
            hint = "An alias (*name) may not stand inside what its anchor (&name) marks."
            what = "this anchor contains itself"
            raise refusal(self._text, known.start, "cyclic-anchor", what, hint)
        self._add_values(known.size)
        self._reach(self._depth + known.levels, event)
        return known

    def _add_values(self, number: int) -> None:
        self._count += number
        if self._count > MAX_VALUES:
            what = f"more than {MAX_VALUES:,} values, aliases written out"
            raise limit(self._text, 0, "yaml-too-many-values", what)

    def _reach(self, depth: int, event: Event) -> None:
        self._deepest = max(self._deepest, depth)
        if depth > MAX_DEPTH:
            what, hint = f"more than {MAX_DEPTH} levels of nesting", "Is a bracket left open?"
            raise limit(self._text, event.start_mark.index, "yaml-too-deep", what, hint)

    def _collection(self, event: Event) -> tuple[Json, int, int]:
        start: int = event.start_mark.index
        anchored = _Anchored(start)
        if event.anchor is not None:
            self._anchors[event.anchor] = anchored
        count, deepest = self._count, self._deepest
        self._depth += 1
        self._deepest = 0
        self._reach(self._depth, event)
        self._add_values(1)
        value: Json
        value, marks, end = self._mapping() if isinstance(event, MAPPING_START) else self._sequence()
        self._depth -= 1
        anchored.size, anchored.levels = self._count - count, self._deepest - self._depth
        self._deepest = max(self._deepest, deepest)
        self._marks[id(value)] = marks
        if event.tag not in {None, "!", TAG + ("map" if isinstance(value, dict) else "seq")}:
            self._report_tag(event, event.tag)
            value = None
        anchored.value, anchored.end = value, end
        return value, start, end

    def _sequence(self) -> tuple[list[Json], Marks, int]:
        items: list[Json] = []
        marks: Marks = array("I")
        for event in self._events:
            if isinstance(event, COLLECTION_END):
                break
            value, start, end = self._node(event)
            items.append(value)
            marks.extend((start, start, end))
        return items, marks, event.end_mark.index

    def _mapping(self) -> tuple[dict[str, Json], Marks, int]:
        mapping = _Mapping()
        for event in self._events:
            if isinstance(event, COLLECTION_END):
                break
            key = self._aliased(event).key if isinstance(event, ALIAS) else event
            if isinstance(key, SCALAR):
                self._member(event, key, mapping)
            else:
                self._add(event, "yaml-key", "a key must be a text, not a list or mapping")
                if key is not None:
                    self._node(event)
                self._node(next(self._events))
        if mapping.repeated:
            self._report_duplicates(mapping)
        for source in mapping.merged:
            self._merge(source, mapping)
        return mapping.data, mapping.marks, event.end_mark.index

    def _member(self, event: Event, key: Event, mapping: _Mapping) -> None:
        """Read the value of a key, which is `event` itself or what it is an alias of."""
        name: str = key.value
        start: int = key.start_mark.index
        if key is event:
            self._begin_scalar(key)
        child = next(self._events)
        value, value_start, value_end = self._node(child)
        if value_start == value_end:
            # The libraries put a value that is left out in different places.
            value_start = value_end = key.end_mark.index
        if name == "<<" and self._is_merge(key):
            self._take_merged(event, value, mapping)
        elif name in mapping.data:
            mapping.repeated.append((event, key))
        else:
            mapping.data[name] = value
            mapping.marks.extend((start, value_start, value_end))

    def _is_merge(self, key: Event) -> bool:
        return key.tag == _MERGE or (key.tag is None and bool(key.implicit[0]))

    def _take_merged(self, event: Event, value: Json, mapping: _Mapping) -> None:
        sources = value if isinstance(value, list) else [value]
        if all(isinstance(source, dict) for source in sources):
            mapping.merged += sources
        else:
            what = "'<<' takes a mapping, or a list of mappings"
            self._add(event, "yaml-merge", what, "Give it an alias.")

    def _merge(self, source: dict[str, Json], mapping: _Mapping) -> None:
        marks = self._marks[id(source)]
        for rank, (name, value) in enumerate(source.items()):
            if name not in mapping.data:
                mapping.data[name] = value
                mapping.marks.extend(mark_at(marks, rank))

    def _report_duplicates(self, mapping: _Mapping) -> None:
        ranks = {name: rank for rank, name in enumerate(mapping.data)}
        for event, key in mapping.repeated:
            written = self._text.original(event.start_mark.index, event.end_mark.index)
            first = mapping.marks[3 * ranks[key.value]]
            self._add(
                event,
                "duplicate-key",
                f"the key '{key.value if written is None else written}' is given twice",
                "Keep one of the two.",
                f"first given at {self._text.position(first)}",
            )

    def _report_scalar(self, event: Event, tag: str) -> None:
        hint = "Put it in quotes if it is a text."
        if tag == TAG + "float":
            self._add(event, "yaml-number", "this number is no JSON number", hint)
        elif tag == TAG + "int":
            self._add(event, "yaml-number", "this is no integer", hint)
        else:
            self._report_tag(event, tag)

    def _report_tag(self, event: Event, tag: str) -> None:
        shown = "" if self._text.layers else f" '{tag.replace(TAG, '!!')}'"
        self._add(event, "yaml-tag", f"the tag{shown} has no meaning here", "Remove it.")

    def _add(self, event: Event, code: str, summary: str, hint: str = "", detail: str = "") -> None:
        position = self._text.position(event.start_mark.index)
        self._problems.append(
            Problem(code=code, summary=summary, hint=hint, detail=detail, position=position)
        )
