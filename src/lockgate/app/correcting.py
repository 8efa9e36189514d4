"""What a person says about single matches of a profile, put in the place of what was proposed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lockgate.app.problems import Refused
from lockgate.kit.contract import Connector
from lockgate.kit.profile import FieldInfo, Hint, Match, Schema, hints_for
from lockgate.kit.profile.proposal import translated

Matches = Mapping[str, tuple[Match, ...]]
"""By kind of item."""
FREE = ("fields.", "ids.", "keywords.", "texts.")
"""Beginnings of canonical names that people may add to those the connector looks for."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person's word on one canonical name: which field carries it (None: none does), and what its values mean."""

    kind: str
    canonical: str
    field: str | None
    values: Mapping[str, str] | None = None
    """The vendor's value to the canonical value; None takes what the connector knows of the field's choices."""


async def corrected(name: str, connector: Connector[Any], chosen: Sequence[Chosen]) -> Matches:
    """The connection's matches with these in their place; all others stay.

    Raises Refused with every kind, name or field that is not there, ConnectorError.
    """
    schema, hints = await connector.schema(), connector.hints
    matches = dict(connector.profile.matches)
    wrong: list[str] = []
    for one in chosen:
        field, hint = field_of(schema, one), hint_of(hints, one)
        wrong += [*lacking(name, one, field), *unknown(name, one, hint)]
        others = tuple(match for match in matches.get(one.kind, ()) if match.canonical != one.canonical)
        matches[one.kind] = (*others, *matched(one, field, hint))
    if wrong:
        raise Refused(*wrong)
    return matches


def field_of(schema: Schema, one: Chosen) -> FieldInfo | None:
    return next((field for field in schema.kinds.get(one.kind, ()) if field.name == one.field), None)


def hint_of(hints: Sequence[Hint], one: Chosen) -> Hint | None:
    return next((hint for hint in hints_for(one.kind, hints) if hint.canonical == one.canonical), None)


def lacking(name: str, one: Chosen, field: FieldInfo | None) -> Iterator[str]:
    if one.field is not None and field is None:
        yield f"{one.kind} at {name} has no field {one.field!r}"


def unknown(name: str, one: Chosen, hint: Hint | None) -> Iterator[str]:
    if hint is None and not one.canonical.startswith(FREE):
        yield f"{one.canonical!r} is no name that {one.kind} at {name} can have; others begin with {' or '.join(FREE)}"


def matched(one: Chosen, field: FieldInfo | None, hint: Hint | None) -> Iterator[Match]:
    if field is not None:
        known = translated(hint, field)[0] if hint is not None else {}
        values = known if one.values is None else one.values
        yield Match(canonical=one.canonical, field=field.name, why="a person said so", values=values)
