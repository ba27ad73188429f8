"""Turn the names that a file uses for other resources into what goes on the wire."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product

from tenantctl.catalog.keys import looks_like_id
from tenantctl.catalog.paths import rewritten
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import NOTHING, Reference, ResourceType, Version
from tenantctl.plan.listed import gathered
from tenantctl.plan.values import Pending
from tenantctl.plan.versions import Versions, brought_version, versions_of
from tenantctl.problems import Problem, did_you_mean
from tenantctl.states import Current, Desired, Json, Resource, make_address


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resource in wire form.

    refers_to: addresses of the declared resources that it refers to.
    unresolved: values that name nothing → the Problem that this is, unless the live object holds the value.
    """

    data: Mapping[str, Json]
    refers_to: frozenset[str]
    unresolved: Mapping[str, Problem]


def unaliased(resource_type: ResourceType, data: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a resource of the file with its references under the API's own names (`Reference.alias`)."""
    renamed: Mapping[str, Json] = data
    for reference in resource_type.references:

        def rename(holder: Json, reference: Reference = reference) -> Json:
            if not isinstance(holder, Mapping) or reference.alias not in holder or reference.name in holder:
                return holder
            return {
                reference.name if name == reference.alias else name: value for name, value in holder.items()
            }

        if reference.alias:
            renamed = rewritten(renamed, reference.holder, rename)
    return renamed


@dataclass(slots=True)
class Directory:
    """Who is who: the declared and the live resources, by name and by what goes on the wire.

    pending: addresses that the plan creates or replaces, so that their id is not known yet.
    brought: what requests of the plan bring besides (`Write.brings`).
    """

    desired: Desired
    current: Current
    pending: set[str] = field(default_factory=set)
    brought: set[str] = field(default_factory=set)
    live_of: dict[str, Mapping[str, Json]] = field(default_factory=dict)
    _declared: dict[str, dict[str, Resource]] = field(default_factory=dict)
    _live: dict[tuple[str, str], dict[Json, list[Mapping[str, Json]]]] = field(default_factory=dict)
    _told: dict[tuple[Reference, tuple[str, ...]], dict[tuple[Json, ...], list[tuple[str, Json]]]] = field(
        default_factory=dict
    )

    def declared(self, section: str) -> Mapping[str, Resource]:
        """Return the declared resources of a section by key."""
        if section not in self._declared:
            resources = self.desired.sections.get(section, ())
            self._declared[section] = {resource.key: resource for resource in resources}
        return self._declared[section]

    def live_by(self, section: str, name: str) -> Mapping[Json, list[Mapping[str, Json]]]:
        """Return the live objects of a section by the value of one of their fields."""
        index = self._live.get((section, name))
        if index is None:
            index = defaultdict(list)
            for item in self.current.sections.get(section, ()):
                if isinstance(item.get(name), str | int):
                    index[item[name]].append(item)
            self._live[section, name] = index
        return index

    def named(self, resource_type: ResourceType, item: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return a live object with the references in its key as a file would write them."""
        data = item
        for reference in resource_type.references:
            target = reference.target_in(item.get(reference.field))
            if reference.field in resource_type.key and target is not None:
                held = self.live_by(reference.section, reference.wire).get(target, [])
                name = held[0].get(BY_SECTION[reference.section].key[0]) if held else None
                data = {**data, reference.field: f"{reference.prefix}{name or target}"}
        return data

    def resolve(self, resource_type: ResourceType, resource: Resource) -> Resolved:
        """Return the resource with each reference as it goes on the wire; an unknown name stays as it is."""
        data: Json = unaliased(resource_type, gathered(resource_type, resource.data))
        refers_to: set[str] = set()
        unresolved: dict[str, Problem] = {}
        for reference in resource_type.references:

            def replace(value: Json, reference: Reference = reference) -> Json:
                target = reference.target_in(value)
                if target is None:
                    return value
                found = self._resolve_one(resource, reference, target, refers_to, unresolved)
                is_pending = isinstance(found, Pending)
                return found.after(reference.prefix) if is_pending else f"{reference.prefix}{found}"

            def complete(holder: Json, reference: Reference = reference) -> Json:
                return self._completed(resource, reference, holder, refers_to, unresolved)

            data = rewritten(data, reference.field, replace)
            if reference.by:
                data = rewritten(data, reference.holder, complete)
            if reference.version:
                pick = partial(self._versioned, resource, reference, reference.version, unresolved)
                data = rewritten(data, reference.holder, pick)
        return Resolved(resource_type.prepare(data), frozenset(refers_to), unresolved)

    def _resolve_one(
        self,
        resource: Resource,
        reference: Reference,
        value: str,
        refers_to: set[str],
        unresolved: dict[str, Problem],
    ) -> Json:
        for section in reference.sections:
            if value in self.declared(section):
                address = make_address(section, value)
                refers_to.add(address)
                return self._declared_value(reference, BY_SECTION[section], address, value)
        known = [section for section in reference.sections if section in self.current.sections]
        named = [item for section in known for item in self._named_in(section, value)]
        if len(named) == 1:
            return named[0][reference.wire]
        if named:
            ids = [item[reference.wire] for item in named]
            unresolved[value] = _ambiguous(resource, reference, value, ids)
        elif not any(value in self.live_by(*place) for place in product(known, reference.wires)):
            problem = self._unresolved(resource, reference, value)
            unresolved.update({value: problem} if problem else {})
        return value

    def _unresolved(self, resource: Resource, reference: Reference, value: str) -> Problem | None:
        """Return what is wrong with a value that names nothing, unless it may be what goes on the wire."""
        unread = [section for section in reference.sections if (section, "") in self.current.unread]
        if not unread:
            is_read = any(section in self.current.sections for section in reference.sections)
            return _unknown(resource, reference, value, self._names(reference)) if is_read else None
        if any(_may_be_sent(reference, BY_SECTION[section], value) for section in unread):
            return None
        cause = self.current.unread[unread[0], ""]
        return _unread(resource, reference, value, unread, cause)

    def _completed(
        self,
        resource: Resource,
        reference: Reference,
        holder: Json,
        refers_to: set[str],
        unresolved: dict[str, Problem],
    ) -> Json:
        """Return a mapping with what its members `Reference.by` tell in their place."""
        if not isinstance(holder, Mapping):
            return holder
        given = {name: holder[name] for name in reference.by if isinstance(holder.get(name), str)}
        rest = {name: value for name, value in holder.items() if name not in reference.by}
        if reference.name in holder or not given:
            return rest
        wanted = self._wire_form(resource, BY_SECTION[reference.section], given)
        found = self._by_members(resource, reference, tuple(given)).get(tuple(wanted.values()), [])
        if len(found) == 1:
            address, value = found[0]
            refers_to.update({address} - {""})
            return {reference.name: value or Pending(address, address, reference.wire), **rest}
        label = ", ".join(str(value) for value in given.values())
        ids = [str(value) for _, value in found]
        unresolved[label] = (
            _ambiguous(resource, reference, label, ids)
            if found
            else self._unresolved(resource, reference, label) or _unknown(resource, reference, label, [])
        )
        return holder

    def _versioned(
        self,
        resource: Resource,
        reference: Reference,
        version: Version,
        unresolved: dict[str, Problem],
        holder: Json,
    ) -> Json:
        """Return a mapping with the id of the version that it means in place of its number."""
        if not isinstance(holder, Mapping) or version.wire in holder:
            return holder
        found = self._versions(reference, version, holder.get(reference.name))
        if found is None:
            return holder
        number = holder.get(version.number)
        picked = found.pick(number)
        if picked is None:
            unread = self.current.unread.get((reference.section, version.history))
            unknown = found.unknown(resource, reference, version, number)
            unresolved[f"{found.name}#{number}"] = (
                replace(unknown, detail=f"Its versions can't be read: {unread.summary}.", hint=unread.hint)
                if unread
                else unknown
            )
            return holder
        rest = {name: value for name, value in holder.items() if name != version.number}
        return {**rest, version.wire: picked}

    def _versions(self, reference: Reference, version: Version, value: Json) -> Versions | None:
        """Return the versions of what a resolved reference points to; None if it points to nothing known."""
        target = BY_SECTION[reference.section]
        if isinstance(value, Pending):
            made = brought_version(value.address, version.history)
            return versions_of(target, value.name, NOTHING, version, made if made in self.brought else "")
        live = next(iter(self.live_by(target.section, reference.wire).get(value, ())), None)
        if live is None:
            return None
        declared = (each.address for each in self.declared(target.section).values())
        address = next((each for each in declared if self.live_of.get(each) is live), "")
        made = brought_version(address, version.history)
        name = str(live.get(target.key[0]))
        return versions_of(target, name, live, version, made if made in self.brought else "")

    def _by_members(
        self, resource: Resource, reference: Reference, names: tuple[str, ...]
    ) -> Mapping[tuple[Json, ...], list[tuple[str, Json]]]:
        """Return values of these members → (address, value on the wire) of the resources that have them.

        One that the tenant alone has bears no address; one of the file that is new has no value yet.
        """
        index = self._told.get((reference, names))
        if index is None:
            target, index, seen = BY_SECTION[reference.section], defaultdict(list), set()
            for other in self.declared(target.section).values():
                data = unaliased(target, other.data)
                members = self._wire_form(resource, target, {name: data.get(name) for name in names})
                live = self.live_of.get(other.address)
                seen.add(id(live))
                value = live.get(reference.wire) if live and other.address not in self.pending else None
                index[_hashable(members.values())].append((other.address, value))
            for item in self.current.sections.get(target.section, ()):
                if id(item) not in seen:
                    index[_hashable(map(item.get, names))].append(("", item.get(reference.wire)))
            self._told[reference, names] = index
        return index

    def _wire_form(
        self, resource: Resource, target: ResourceType, members: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """Return members of a resource as they go on the wire; a name that leads nowhere stays as it is."""
        told = dict(members)
        for reference in target.references:
            if isinstance(told.get(reference.field), str):
                value = told[reference.field]
                told[reference.field] = self._resolve_one(resource, reference, value, set(), {})
        return told

    def _declared_value(self, reference: Reference, target: ResourceType, address: str, value: str) -> Json:
        """Return what goes on the wire for a declared resource: its id may have to be learnt first."""
        if reference.wire in target.key:
            return value
        live = self.live_of.get(address)
        if address in self.pending or live is None:
            return Pending(address, value, reference.wire)
        return live[reference.wire]

    def _named_in(self, section: str, name: str) -> list[Mapping[str, Json]]:
        return self.live_by(section, BY_SECTION[section].key[0]).get(name, [])

    def _names(self, reference: Reference) -> list[Json]:
        """Return the names that a reference could have meant."""
        return [
            name
            for section in reference.sections
            for name in (*self.declared(section), *self.live_by(section, BY_SECTION[section].key[0]))
        ]


def _hashable(values: Iterable[Json]) -> tuple[Json, ...]:
    """Return values by which resources can be found; what is no text identifies nothing."""
    return tuple(value if isinstance(value, str | Pending) else None for value in values)


def _unknown(resource: Resource, reference: Reference, value: str, names: list[Json]) -> Problem:
    target = BY_SECTION[reference.section]
    if target.built_in(value):
        hint = "It is that of another tenant, it seems: every tenant has one of its own. Name this tenant's."
    else:
        hint = did_you_mean(value, map(str, names)) or f"Declare it under {reference.section}."
    return Problem(
        code="unknown-reference",
        summary=f"{resource.address} refers to the {target.title} '{value}', which does not exist",
        detail=f"{reference.field} names nothing in the file nor on the tenant.",
        hint=hint,
        position=resource.locate((reference.field,)),
        address=resource.address,
    )


def _may_be_sent(reference: Reference, target: ResourceType, value: str) -> bool:
    """Return whether a value may be what goes on the wire: a key of the target, or of the form of its ids."""
    return reference.wire in target.key or (
        reference.wire == target.id_field and looks_like_id(target, value)
    )


def _unread(
    resource: Resource, reference: Reference, value: str, sections: list[str], cause: Problem
) -> Problem:
    title, names = BY_SECTION[reference.section].title, " and ".join(sections)
    return Problem(
        code="unread-reference",
        summary=f"{resource.address} refers to the {title} '{value}', and {names} can't be read",
        detail=f"So nobody can tell which {title} that is: {cause.summary}.",
        hint=f"{cause.hint} Or write the {reference.wire} in place of the name.",
        position=resource.locate((reference.field,)),
        address=resource.address,
    )


def _ambiguous(resource: Resource, reference: Reference, value: str, ids: list[str]) -> Problem:
    return Problem(
        code="ambiguous-reference",
        summary=f"{resource.address} refers to '{value}', and the tenant has {len(ids)} of that name",
        hint=f"Write the {reference.wire} instead of the name, one of: {', '.join(ids)}.",
        position=resource.locate((reference.field,)),
        address=resource.address,
    )
