"""What a record states → our items. Pure.

A record is a flat map of names to values. What it states under a canonical name (`ids.sku`, `rights.territories`) is taken as
it is, other names as the profile matches them. What is not stated stays unknown, and what is not understood is said and closed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from lockgate.kit import onix
from lockgate.kit.profile import Match, Profile, canonical
from lockgate.kit.records import values
from lockgate.model import codes
from lockgate.model.item import UND, Item, Rendition, Text, pick
from lockgate.model.lifecycle import Status
from lockgate.model.rights import ANY, UNKNOWN, Duty, Period, Rights, Rule, Scope

Record = dict[str, Any]
SPACES = ("ids", "texts", "keywords", "rights", "window", "fields")
PLAIN = ("title", "status", "languages")
STATUSES = {
    **{one.value: one for one in Status},
    "released": Status.APPROVED,
    "freigegeben": Status.APPROVED,
    "final": Status.APPROVED,
    "entwurf": Status.DRAFT,
    "in prüfung": Status.IN_REVIEW,
    "abgelehnt": Status.REJECTED,
    "archiviert": Status.ARCHIVED,
}
PROBLEMS = "problems"
"""Where a record carries what could not be read of it."""
ONIX = "onix"
"""Where a record of an ONIX message carries its product, which has more to say than a flat map."""


class Reading:
    """One record through the profile."""

    def __init__(self, kind: str, record: Mapping[str, Any], profile: Profile, place: str) -> None:
        self.zone, self.place = profile.zone, place
        self.problems: list[str] = [str(one) for one in record.get(PROBLEMS, ())]
        self.stated: Record = {}
        matched = {one.field for one in profile.matches.get(kind, ())}
        for name, value in record.items():
            if is_canonical(name) and name not in matched and told(value):
                add(self.stated, name, value)
        for match in profile.matches.get(kind, ()):
            if told(value := record.get(match.field)):
                add(self.stated, match.canonical, meant(match, value))
        self.others = {
            name: value
            for name, value in record.items()
            if not is_canonical(name) and name not in matched and name != PROBLEMS and told(value)
        }

    def under(self, space: str) -> dict[str, Any]:
        begin = f"{space}."
        return {name.removeprefix(begin): value for name, value in self.stated.items() if name.startswith(begin)}

    def edge(self, name: str, read: Callable[[Any, str], datetime | None]) -> datetime | None:
        """An edge of a period. Raises Unreadable, once it is noted."""
        try:
            return read(self.stated.get(name), self.zone)
        except values.Unreadable as problem:
            self.problems.append(f"{name}: {problem}")
            raise


def is_canonical(name: str) -> bool:
    head, _, rest = name.partition(".")
    return head in PLAIN or (head in SPACES and bool(rest))


def told(value: Any) -> bool:
    return value is not None and value not in ("", [], {})


def add(stated: Record, name: str, value: Any) -> None:
    """`title.de` and `texts.description.de` are one text in several languages."""
    head, _, language = name.rpartition(".")
    if (head == "title" or head.startswith("texts.")) and values.tag(language) != UND:
        known = stated.get(head)
        stated[head] = {**(known if isinstance(known, dict) else values.text(known)), language: value}
    else:
        stated[name] = value


def meant(match: Match, value: Any) -> Any:
    """A choice in our words, where the profile says what it means; each of several by itself."""
    if not match.values:
        language = match.options.get("language")
        return {str(language): value} if language and not isinstance(value, dict) else value
    found = [canonical(match, one) or one for one in values.words(value)]
    return found[0] if len(found) == 1 else found


def to_item(
    kind: str,
    id: str,
    revision: str,
    record: Mapping[str, Any],
    *,
    system: str,
    profile: Profile,
    place: str,
    renditions: tuple[Rendition, ...] = (),
    modified: datetime | None = None,
) -> Item:
    """The item that a record states. `place` says where it was read, for people."""
    if ONIX in record:
        return of_onix(id, revision, record, system, profile.zone)
    reading = Reading(kind, record, profile, place)
    stated = reading.stated
    label = str(stated.get("status", ""))
    identifiers = to_identifiers(reading)
    rights, window = to_rights(reading), to_window(reading, "window")
    return Item(
        system=system,
        kind=kind,
        id=id,
        revision=revision,
        identifiers=identifiers,
        title=values.text(stated.get("title")),
        texts={name: said for name, value in reading.under("texts").items() if (said := values.text(value))},
        status=STATUSES.get(label.strip().casefold(), Status.UNKNOWN),
        status_label=label,
        keywords={name: found for name, value in reading.under("keywords").items() if (found := values.words(value))},
        languages=tuple(one for word in values.words(stated.get("languages")) if (one := values.tag(word)) != UND),
        rights=rights,
        window=window,
        missing=tuple(dict.fromkeys(reading.problems)),
        renditions=renditions,
        fields={**reading.others, **reading.under("fields")},
        modified=modified,
    )


def of_onix(id: str, revision: str, record: Mapping[str, Any], system: str, zone: str) -> Item:
    item = onix.to_item(msgspec.convert(record[ONIX], onix.Product), system, zone=zone)
    missing = tuple(dict.fromkeys([*item.missing, *record.get(PROBLEMS, ())]))
    return msgspec.structs.replace(item, id=id, revision=revision, missing=missing)


def to_identifiers(reading: Reading) -> dict[str, tuple[str, ...]]:
    """In comparable form; one that is none (a wrong check digit) is said and left out."""
    found: dict[str, tuple[str, ...]] = {}
    for by, value in reading.under("ids").items():
        known = []
        for word in values.words(value):
            if (one := codes.identifier(by, word)) is None:
                reading.problems.append(f"{by}: {word!r} is none")
            else:
                known.append(one)
        if known:
            found[by] = tuple(dict.fromkeys(known))
    return found


def to_rights(reading: Reading) -> Rights | None:
    """A permission only where use is said to be cleared and the territories are named."""
    credit, said = pick(values.text(reading.stated.get("rights.credit"))), statement(reading)
    rights = Rights(
        permissions=permissions(reading),
        prohibitions=prohibitions(reading),
        duties=(Duty(action="attribute", text=credit),) if credit else (),
        statement=said,
    )
    return rights if rights != Rights() else None


def statement(reading: Reading) -> str:
    texts: list[Text] = [values.text(reading.stated.get(name)) for name in ("rights.statement", "texts.copyright")]
    return "; ".join(dict.fromkeys(one for one in map(pick, texts) if one))


def permissions(reading: Reading) -> tuple[Rule, ...]:
    stated = reading.stated
    if not values.yes(stated.get("rights.cleared")) or not told(stated.get("rights.territories")):
        return ()
    known, strange = territories(stated["rights.territories"])
    if strange:
        reading.problems.append(f"rights.territories: {', '.join(strange)} is no territory")
    return (
        Rule(
            territories=known or UNKNOWN,
            channels=channels(stated.get("rights.channels")),
            period=to_window(reading, "rights"),
            source=reading.place,
        ),
    )


def prohibitions(reading: Reading) -> tuple[Rule, ...]:
    """A name that is no territory may mean any place, so it prohibits everywhere."""
    value = reading.stated.get("rights.prohibited")
    if not told(value):
        return ()
    known, strange = territories(value)
    return (Rule(territories=UNKNOWN if strange or not known else known, source=reading.place),)


def territories(value: Any) -> tuple[frozenset[str], list[str]]:
    found = {word: codes.territory(word) for word in values.words(value)}
    known = frozenset(code for code in found.values() if code)
    return known, [word for word, code in found.items() if code is None]


def channels(value: Any) -> Scope:
    named = frozenset(word.lower() for word in values.words(value))
    return ANY if not named or ANY in named else named


def to_window(reading: Reading, space: str) -> Period:
    """The period between `from` and `until`; a date that is none closes it for good."""
    try:
        return Period(reading.edge(f"{space}.from", values.opens), reading.edge(f"{space}.until", values.closes))
    except values.Unreadable:
        return values.NEVER


def flat(content: Mapping[str, Any]) -> Record:
    """A JSON object as a record: `{"rights": {"cleared": true}}` states `rights.cleared`."""
    record: Record = {}
    for name, value in content.items():
        if name in SPACES and isinstance(value, dict):
            record |= {f"{name}.{inner}": one for inner, one in value.items()}
        else:
            record[name] = value
    return record


def joined(records: list[Record], zone: str) -> Record:
    """One record of several, the most trusted first. Of several dates the narrowest holds: a use must be within all of them."""
    whole: Record = {}
    for record in reversed(records):
        whole |= {name: value for name, value in record.items() if told(value)}
    for name in ("rights.from", "window.from"):
        narrow(whole, name, records, max, partial(values.opens, zone=zone))
    for name in ("rights.until", "window.until"):
        narrow(whole, name, records, min, partial(values.closes, zone=zone))
    problems = [one for record in records for one in record.get(PROBLEMS, ())]
    return {**whole, PROBLEMS: problems} if problems else whole


def narrow(whole: Record, name: str, records: list[Record], choose: Any, instant: Any) -> None:
    stated = [record[name] for record in records if told(record.get(name))]
    try:
        whole |= {name: choose(stated, key=instant)} if len(stated) > 1 else {}
    except values.Unreadable as problem:
        whole[name] = next(one for one in stated if repr(str(one).strip()) in str(problem))


def identified(record: Mapping[str, Any], kind: str, profile: Profile) -> list[tuple[str, str]]:
    """The identifiers of a record as (by, value)."""
    of_product = of_onix("", "", record, "", profile.zone).identifiers if ONIX in record else None
    found = of_product if of_product is not None else to_identifiers(Reading(kind, record, profile, ""))
    return [(by, value) for by, known in found.items() for value in known]


def encoded(record: Record) -> bytes:
    return msgspec.json.encode(record, order="deterministic")


def decoded(record: bytes) -> Record:
    found: Record = msgspec.json.decode(record)
    return found
