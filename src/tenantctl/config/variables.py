"""The keywords that a file declares itself: their types, and their values in an environment.

``tenantctl: variables:`` names them, ``tenantctl: environments: NAME: variables:`` gives values of one
environment. What the process environment says is text, and becomes of the declared type here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tenantctl.config.document import Document
from tenantctl.config.keywords import MARKER
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import FieldPath, Json

MAPPINGS = "AUTH0_KEYWORD_REPLACE_MAPPINGS"
"""The setting of auth0-deploy-cli that gives keywords values."""

_BLOCK = "tenantctl"
_MAX_LENGTH = 100_000
_TRUE_FALSE = {"true": True, "false": False}
_UNSET = object()


@dataclass(frozen=True, slots=True)
class Keywords:
    """What markers are replaced by.

    variables: texts of the environment; they win over `mappings`, values of a ``config.json`` or a file. An
    environment that gives `MAPPINGS` has only those, as auth0-deploy-cli has it, and what the file declares.
    declared: typed values of what the file declares, which come before both.
    """

    variables: Mapping[str, str] = field(repr=False)
    mappings: Mapping[str, Json] = field(repr=False)
    declared: Mapping[str, Json] = field(default_factory=dict, repr=False)

    @property
    def values(self) -> dict[str, Json]:
        """All of them by name, in the order in which they are replaced."""
        variables = {} if MAPPINGS in self.variables else self.variables
        return {**self.mappings, **variables, **self.declared}


def given_mappings(settings: Mapping[str, Json], variables: Mapping[str, str]) -> Mapping[str, Json]:
    """Return the values of keywords that settings give, or in their place the environment, as JSON.

    Raises ProblemsError if the environment's are no mapping.
    """
    text = variables.get(MAPPINGS)
    if text is None:
        return settings.get(MAPPINGS) or {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    problem = Problem(
        code="bad-setting",
        summary=f"{MAPPINGS} of the environment is no JSON object",
        hint='Write it as {"KEY": "value"}.',
    )
    raise ProblemsError([problem])


def declares_variables(text: str) -> bool:
    """Return whether a text may declare keywords: then it is worth reading before they are replaced."""
    return _BLOCK in text and "variables" in text


def declared_keywords(
    raw: Document, environment: str | None, given: Keywords
) -> tuple[Keywords, list[Problem]]:
    """Return the keywords with those that a document declares; `raw` is it before any are replaced.

    What the environment gives comes first, then `Keywords.mappings`, then what the chosen environment of the
    file says, then the default.
    """
    block = raw.data.get(_BLOCK)
    if not isinstance(block, Mapping):
        return given, []
    reader = _Reader(raw, given)
    here: FieldPath = (_BLOCK, "variables")
    specs = _mapping(block.get("variables"))
    chosen = _mapping(_mapping(block.get("environments")).get(environment or ""))
    overlaid = _mapping(chosen.get("variables"))
    for name in {**specs, **overlaid}:
        spec = specs.get(name)
        typed = spec if isinstance(spec, Mapping) and spec.keys() <= _SPEC else {"default": spec}
        fallback = overlaid.get(name, typed.get("default"))
        reader.take(name, typed.get("type"), fallback, (*here, name))
    return Keywords(given.variables, given.mappings, reader.expanded()), reader.problems


_SPEC = frozenset({"type", "default", "description"})


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


class _Reader:
    """Collects the values of declared keywords."""

    def __init__(self, raw: Document, given: Keywords) -> None:
        self._raw = raw
        self._given = given
        self._values: dict[str, Json] = {}
        self._paths: dict[str, FieldPath] = {}
        self._circles: set[str] = set()
        self._expanded: dict[str, Json] = {}
        self.problems: list[Problem] = []

    def take(self, name: str, kind: Json, fallback: Json, path: FieldPath) -> None:
        """Take the value of one keyword, of the declared type."""
        self._paths[name] = path
        if name in self._given.variables:
            self._values[name] = self._converted(name, kind, self._given.variables[name])
        elif name in self._given.mappings:
            self._values[name] = self._given.mappings[name]
        elif fallback is not None:
            self._values[name] = fallback
        value = self._values.get(name, _UNSET)
        if value is not _UNSET and isinstance(kind, str) and not _is_of(kind, value):
            self._refuse(name, f"is no {kind}")

    def expanded(self) -> dict[str, Json]:
        """Return the values with the keywords in them replaced; a circle is a problem."""
        return {name: self._expand(name, ()) for name in self._values}

    def _expand(self, name: str, above: tuple[str, ...]) -> Json:
        if name not in self._expanded:
            self._expanded[name] = self._expansion(name, above)
        return self._expanded[name]

    def _expansion(self, name: str, above: tuple[str, ...]) -> Json:
        value = self._values[name]
        if not isinstance(value, str):
            return value
        for found in _markers(value):
            inner = found[2]
            if inner not in self._values:
                continue
            if inner in (*above, name):
                self._refuse_circle((*above, name, inner))
                return ""
            text = self._expand(inner, (*above, name))
            value = value.replace(found[0], text if isinstance(text, str) else json.dumps(text))
            if len(value) > _MAX_LENGTH:
                self._refuse(name, "is too long with the keywords in it replaced")
                return ""
        return value

    def _converted(self, name: str, kind: Json, text: str) -> Json:
        convert = _CONVERSIONS.get(str(kind))
        if convert is None:
            return text
        try:
            return convert(text)
        except (ValueError, KeyError):
            self._refuse(name, f"is no {kind}, as the environment has it")
            return None

    def _refuse_circle(self, way: tuple[str, ...]) -> None:
        if self._circles.isdisjoint(way):
            self._refuse(way[-1], f"holds itself: {' → '.join(way)}", "keyword-cycle")
        self._circles.update(way)

    def _refuse(self, name: str, what: str, code: str = "bad-variable") -> None:
        problem = Problem(
            code=code,
            summary=f"the keyword {name} {what}",
            hint="Give it another value, or declare another type."
            if code == "bad-variable"
            else "Write the value out in one of them.",
            position=self._raw.locate(self._paths[name]),
        )
        if all(each.position != problem.position for each in self.problems):
            self.problems.append(problem)


def _markers(text: str) -> Iterator[Json]:
    return MARKER.finditer(text)


_CONVERSIONS: Mapping[str, Callable[[str], Json]] = {
    "integer": int,
    "number": float,
    "boolean": lambda text: _TRUE_FALSE[text.lower()],
    "list": json.loads,
    "mapping": json.loads,
}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "list": (list,),
    "mapping": (dict,),
}


def _is_of(kind: str, value: Json) -> bool:
    wanted = _TYPES.get(kind, (object,))
    return value is None or (isinstance(value, wanted) and (kind == "boolean" or not isinstance(value, bool)))
