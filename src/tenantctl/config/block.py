"""Read the ``tenantctl:`` block, and tell what is wrong in it with positions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.config.document import Written
from tenantctl.config.fields import type_name
from tenantctl.config.options import Expectation, Move, Options, VerifyEntry
from tenantctl.config.references import Declared, reference_hint
from tenantctl.config.report import Report
from tenantctl.config.validate import OPTIONS
from tenantctl.states import FieldPath, Json

_MEMBERS: Mapping[FieldPath, type[BaseModel]] = {
    (): Options,
    ("verify", 0): VerifyEntry,
    ("verify", 0, "expect"): Expectation,
    ("moved", 0): Move,
}
_WANTED = {
    "string_type": "a string",
    "tuple_type": "a list",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping",
}


def read_options(report: Report, document: Written, declared: Declared) -> Options:
    """Return the options of a document; its problems are added to `report`, and then nothing is in them."""
    block = document.data.get(OPTIONS)
    if block is None:
        return Options()
    if isinstance(block, dict):
        # As with a section, a key without a value is left out.
        block = {name: value for name, value in block.items() if value is not None}
    try:
        options = Options.model_validate(block)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _report(report, detail)
        return Options()
    _check_verify(report, options, declared)
    _check_sections(report, options)
    _check_moved(report, options, declared)
    _check_removed(report, options, declared)
    placed = [
        entry.at(document.locate((OPTIONS, "verify", index))) for index, entry in enumerate(options.verify)
    ]
    return options.model_copy(update={"verify": tuple(placed)})


def _report(report: Report, detail: ErrorDetails) -> None:
    path: FieldPath = (OPTIONS, *detail["loc"])
    label = report.label(path, 1) or OPTIONS
    kind = detail["type"]
    if kind == "extra_forbidden":
        hint = _unknown_hint(report, path)
        report.error("unknown-option", f"'{label}' is no option of tenantctl", path, hint=hint)
    elif kind == "missing":
        name = str(path[-1])
        place = report.label(path[:-1], 1) or OPTIONS
        report.error("missing-option", f"{place} has no '{name}'", path[:-1], hint=f"Add '{name}: …'.")
    elif kind in _WANTED:
        found = type_name(detail["input"])
        report.error("wrong-type", f"{label} must be {_WANTED[kind]}, but is {found}", path)
    else:
        summary, hint = _bad_value(report, path, label, detail)
        report.error("bad-option", summary, path, hint=hint)


def _unknown_hint(report: Report, path: FieldPath) -> str:
    around = tuple(0 if isinstance(step, int) else step for step in path[1:-1])
    model = _MEMBERS.get(around, Options)
    names = [field.alias or name for name, field in model.model_fields.items()]
    return (
        report.nearest(str(path[-1]), report.document.shown_name(path), names)
        or f"Known: {', '.join(names)}."
    )


def _bad_value(report: Report, path: FieldPath, label: str, detail: ErrorDetails) -> tuple[str, str]:
    """Return summary and hint; pydantic's own words may quote the value, so they are not taken over."""
    value: Json = detail["input"]
    context: Mapping[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "literal_error":
            choices = str(context.get("expected", "")).replace("'", "")
            words = choices.replace(" or ", ", ").split(", ")
            shown = report.document.shown_text(path, str(value))
            hint = report.nearest(str(value), shown, words) or f"Known: {choices}."
            return f"{label} may not be {report.document.shown(path, value)}", hint
        case "string_too_short":
            return f"{label} is empty", "Give it a value, or leave it out."
        case _:
            hint = "It takes capitals, digits and underscores." if path[-1] == "env" else ""
            return f"{label} may not be {report.document.shown(path, value)}", hint


def _check_verify(report: Report, options: Options, declared: Declared) -> None:
    for index, entry in enumerate(options.verify):
        here = (OPTIONS, "verify", index)
        _check_name(report, (*here, "client"), entry.client, ("clients", "client_id"), declared)
        if entry.audience is not None:
            target = ("resourceServers", "identifier")
            _check_name(report, (*here, "audience"), entry.audience, target, declared)


def _check_name(
    report: Report, path: FieldPath, name: str, target: tuple[str, str], declared: Declared
) -> None:
    section, wire = target
    if declared.find(section, name, wire) or BY_SECTION[section].built_in(name):
        return
    report.warning(
        "unresolved-reference",
        f"{report.label(path, 1)} names {report.document.shown(path, name)}, "
        f"which the file does not declare in '{section}'",
        path,
        hint=reference_hint(report, path, name, section, declared),
    )


def _check_sections(report: Report, options: Options) -> None:
    for index, section in enumerate(options.prune):
        if section not in BY_SECTION or BY_SECTION[section].is_singleton:
            _report_section(report, (OPTIONS, "prune", index), section, _prunable())
    for index, pattern in enumerate(options.exclude):
        if pattern.partition("/")[0] not in BY_SECTION:
            _report_section(report, (OPTIONS, "exclude", index), pattern.partition("/")[0], BY_SECTION)


def _prunable() -> list[str]:
    return [section for section, resource_type in BY_SECTION.items() if not resource_type.is_singleton]


def _report_section(report: Report, path: FieldPath, section: str, known: Iterable[str]) -> None:
    names = list(known)
    written = report.document.shown_text(path, section)
    hint = report.nearest(section, written, names) or f"Known: {', '.join(names)}."
    shown = report.document.shown(path, section)
    report.error(
        "unknown-section", f"{report.label(path, 1)}: {shown} is no section for this", path, hint=hint
    )


def _check_moved(report: Report, options: Options, declared: Declared) -> None:
    for index, move in enumerate(options.moved):
        here = (OPTIONS, "moved", index)
        if _check_address(report, (*here, "from"), move.from_) and _check_address(
            report, (*here, "to"), move.to
        ):
            section, _, key = move.to.partition("/")
            if move.from_.partition("/")[0] != section:
                summary = "a resource cannot move from one section to another"
                report.error("bad-address", summary, (*here, "to"))
            elif declared.find(section, key) is None:
                hint = reference_hint(report, (*here, "to"), key, section, declared)
                summary = f"the file does not declare {report.document.shown((*here, 'to'), move.to)}"
                report.warning("unresolved-reference", summary, (*here, "to"), hint=hint)


def _check_removed(report: Report, options: Options, declared: Declared) -> None:
    for index, address in enumerate(options.removed):
        path = (OPTIONS, "removed", index)
        section, _, key = address.partition("/")
        if _check_address(report, path, address) and declared.find(section, key):
            shown = report.document.shown(path, address)
            summary = f"{shown} is to be let go of, but the file still declares it"
            report.error("removed-but-declared", summary, path, hint="Take it out of its section.")


def _check_address(report: Report, path: FieldPath, address: str) -> bool:
    section, slash, key = address.partition("/")
    if not slash or not key:
        summary = f"{report.document.shown(path, address)} is no address"
        report.error(
            "bad-address", summary, path, hint="Write it as 'section/key', such as 'clients/AAA M2M'."
        )
        return False
    if section not in BY_SECTION:
        _report_section(report, path, section, BY_SECTION)
        return False
    return True
