"""The parts of an item, from the values of a record: compiled once into what is done for each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.paths import MISSING
from lockgate.connectors.rest.definition.shapes import Rendition as RenditionShape
from lockgate.connectors.rest.runtime import instants
from lockgate.connectors.rest.runtime.fields import Field, plain, safely
from lockgate.connectors.rest.runtime.layout import Values, Want
from lockgate.model import codes
from lockgate.model.item import UND, Relation, Rendition, Text
from lockgate.model.lifecycle import Status
from lockgate.model.rights import UNKNOWN, Duty, Period, Rights, Rule, Scope

TEXTS = frozenset({"description", "caption", "alt", "credit", "copyright"})
STATUSES = {one.value: one for one in Status}
Read = Callable[[Values], Any]
ALL_TEXT = {str}
RIGHTS = ("rights.territories", "rights.channels", "rights.media", "rights.languages", "rights.purposes")


class ItemMaker:
    """Makes the parts of an item that fields, files and relations give."""

    def __init__(
        self,
        fields: Sequence[tuple[Field, Want]],
        renditions: Sequence[tuple[RenditionShape, Mapping[str, Want]]],
        relations: Sequence[tuple[str, str, Want]],
        zone: str,
        indexes: Mapping[str, int],
        kind: str,
    ) -> None:
        """`indexes` tells by field where its value stands as it is."""
        places = {place_of(field): (field, reader(field, want)) for field, want in fields}
        self._zone, self._kind = zone, kind
        self._title = texts(places.pop("title", None))
        self._status = places.pop("status", None)
        self._status_raw = next((want for field, want in fields if place_of(field) == "status"), None)
        self._languages = lists(places.pop("language", None))
        self._latest = places.pop("latest", None)
        self._window = [places.pop(name, None) for name in ("window.from", "window.until")]
        self._rights = RightsMaker(
            {name: places.pop(name) for name in list(places) if name.startswith("rights.")}, zone
        )
        self._identifiers = [(name, lists(one)) for name, one in group(places, "ids")]
        self._texts = [(name, texts(one)) for name, one in group(places, "texts")]
        self._keywords = [(name, lists(one)) for name, one in group(places, "keywords")]
        self._others = others([(name.removeprefix("fields."), one) for name, one in places.items()], indexes)
        self._renditions, self._relations = renditions, relations

    def parts(self, values: Values) -> dict[str, Any]:
        made: dict[str, Any] = {
            "title": self._title(values),
            "texts": {name: text for name, told in self._texts if (text := told(values))},
            "keywords": {name: words for name, said in self._keywords if (words := said(values))},
            "identifiers": {name: ids for name, said in self._identifiers if (ids := identified(name, said(values)))},
            "languages": self._languages(values),
            "fields": self._others(values),
        }
        if self._status is not None:
            made |= self._stated(values)
        if self._latest is not None:
            made["latest"] = self._latest[1](values) is not False
        if self._window != [None, None]:
            made["window"], made["missing"] = self._period(values)
        if self._rights:
            made["rights"] = self._rights.made(values)
        if self._renditions:
            made["renditions"] = tuple(self._files(values))
        if self._relations:
            made["relations"] = tuple(self._related(values))
        return made

    def _stated(self, values: Values) -> dict[str, Any]:
        word = self._status[1](values) if self._status else None
        label = plain(self._status_raw(values)) if self._status_raw else None
        status = STATUSES.get(word, Status.UNKNOWN) if isinstance(word, str) else Status.UNKNOWN
        return {"status": status, "status_label": "" if label is None else as_text(label)}

    def _period(self, values: Values) -> tuple[Period, tuple[str, ...]]:
        """From and until; a date that cannot be read is missing, and closes."""
        return window(
            *(scalar(plain(one[1](values))) if one is not None else None for one in self._window), zone=self._zone
        )

    def _files(self, values: Values) -> Iterable[Rendition]:
        for shape, wants in self._renditions:
            told = {name: plain(want(values)) for name, want in wants.items()}
            if told["address"] in (None, ""):
                continue
            address = as_text(told["address"])
            yield Rendition(
                name=shape.name,
                filename=as_text(told.get("filename") or address.rsplit("/", 1)[-1]),
                address=f"{self._kind}:{address}",
                version=as_text(told.get("version") or address),
                length=int(told["length"]) if told.get("length") not in (None, "") else None,
                digest=digest(told.get("digest"), shape.algorithm),
                media_type=as_text(told["media_type"]) if told.get("media_type") else None,
            )

    def _related(self, values: Values) -> Iterable[Relation]:
        for type_, kind, want in self._relations:
            found = plain(want(values))
            for one in found if isinstance(found, list) else [] if found in (None, "") else [found]:
                yield Relation(type=type_, kind=kind, id=as_text(one))


class RightsMaker:
    """Rights from fields. There is a permission only where territories are stated; what a record leaves out there is unknown."""

    def __init__(self, places: Mapping[str, tuple[Field, Read]], zone: str) -> None:
        self._names, self._reads, self._zone = tuple(places), [read for _, read in places.values()], zone

    def __bool__(self) -> bool:
        return bool(self._reads)

    def made(self, values: Values) -> Rights | None:
        told = tuple([remembered(read(values)) for read in self._reads])
        return rights_of(self._names, told, self._zone)


def remembered(value: Any) -> Any:
    """A value by which what was made of it is found again."""
    if type(value) is list:
        return tuple(value) if {*map(type, value)} == ALL_TEXT else tuple(map(scalar, value))
    return None if value is MISSING else scalar(value)


@lru_cache(maxsize=16384)
def rights_of(names: tuple[str, ...], values: tuple[Any, ...], zone: str) -> Rights | None:
    """Many records state the same."""
    told = dict(zip(names, values, strict=True))
    statement, credit = told.get("rights.statement"), told.get("rights.credit")
    duties = (Duty(action="attribute", text=as_text(credit)),) if credit else ()
    permissions = (rule(told, zone),) if told.get("rights.territories") not in (None, "", ()) else ()
    if not (permissions or duties or statement):
        return None
    return Rights(permissions=permissions, duties=duties, statement=as_text(statement) if statement else "")


def rule(told: Mapping[str, Any], zone: str) -> Rule:
    scopes: dict[str, Any] = {
        name.removeprefix("rights."): scope_of(name, told[name]) for name in RIGHTS if name in told
    }
    try:
        period = Period(
            edge(told.get("rights.from"), zone, last=False), edge(told.get("rights.until"), zone, last=True)
        )
    except instants.NoInstant:
        return Rule(territories=UNKNOWN)
    return Rule(period=period, **scopes)


@lru_cache(maxsize=16384)
def window(start: Any, end: Any, *, zone: str) -> tuple[Period, tuple[str, ...]]:
    """From and until as two values state them, and the names of those that cannot be read."""
    edges: list[datetime | None] = []
    missing: list[str] = []
    for name, value, last in (("window.from", start, False), ("window.until", end, True)):
        try:
            edges.append(edge(value, zone, last=last))
        except instants.NoInstant:
            edges.append(None)
            missing.append(name)
    return Period(*edges), tuple(missing)


def scalar(value: Any) -> Any:
    """A value that can be remembered: what is an object or a list here is a text of it."""
    return as_text(value) if isinstance(value, dict | list) else value


@lru_cache(maxsize=4096)
def scope_of(name: str, value: Any) -> Scope:
    given = value if isinstance(value, tuple) else () if value in (None, "") else (value,)
    words = [as_text(one) for one in given]
    if name == "rights.territories":
        known = [codes.territory(word) for word in words]
        return frozenset(one for one in known if one) if words and all(known) else UNKNOWN
    return frozenset(words) if words else UNKNOWN


@lru_cache(maxsize=16384)
def edge(value: Any, zone: str, *, last: bool) -> datetime | None:
    """An instant, or the midnight before or after a calendar day. Raises NoInstant."""
    if value in (None, ""):
        return None
    text = as_text(value)
    if len(text) == 10:
        day: date = instants.day(text)
        period = Period.of_days(None, day, zone) if last else Period.of_days(day, None, zone)
        return period.until if last else period.from_
    return instants.reader("iso", zone)(text)


def place_of(field: Field) -> str:
    """Where in an item a field of this name stands."""
    name = field.shape.item or field.name
    if name in TEXTS:
        return f"texts.{name}"
    return {"keywords": "keywords.subject", "languages": "language", "locale": "language"}.get(name, name)


def others(
    named: list[tuple[str, tuple[Field, Read]]], indexes: Mapping[str, int]
) -> Callable[[Values], dict[str, Any]]:
    """What has no place of its own, by name; those that are taken as they are come out of the record with one call."""
    direct = [
        (name, indexes[field.name]) for name, (field, _) in named if field.read is plain and field.name in indexes
    ]
    if len(direct) < 2:
        direct = []
    names = tuple(name for name, _ in direct)
    take = itemgetter(*(at for _, at in direct)) if direct else lambda _: ()
    rest = [(name, read) for name, (_, read) in named if name not in names]

    def read_all(values: Values) -> dict[str, Any]:
        found = zip(names, take(values), strict=True)
        made = {name: one for name, one in found if one is not None and one is not MISSING}
        for name, read in rest:
            if (one := read(values)) is not None and one is not MISSING:
                made[name] = one
        return made

    return read_all


def group(places: dict[str, tuple[Field, Read]], head: str) -> list[tuple[str, tuple[Field, Read]]]:
    return [(name.removeprefix(f"{head}."), places.pop(name)) for name in list(places) if name.startswith(f"{head}.")]


def reader(field: Field, want: Want) -> Read:
    """What reads a field; MISSING is as good as None to who asks."""
    if field.read is plain:
        return want
    if place_of(field).startswith(("window.", "rights.")):
        return lambda values: closing(field, want(values))
    return lambda values: safely(field, want(values))


def closing(field: Field, value: Any) -> Any:
    """What bounds a use: a value that cannot be read stays as it is, since not stated would mean not bounded."""
    found = safely(field, value)
    return found if found is not None or value in (None, "", MISSING) else as_text(value) or "unreadable"


def texts(one: tuple[Field, Read] | None) -> Callable[[Values], Text]:
    if one is None:
        return lambda _: {}
    field, read = one
    tag = field.language or UND

    def made(values: Values) -> Text:
        found = read(values)
        if type(found) is str:
            return {tag: found} if found else {}
        if type(found) is dict:
            return {name: text for name, text in found.items() if type(text) is str and text}
        return {} if found is None or found is MISSING else {tag: as_text(found)}

    return made


def lists(one: tuple[Field, Read] | None) -> Callable[[Values], tuple[str, ...]]:
    if one is None:
        return lambda _: ()
    _, read = one

    def made(values: Values) -> tuple[str, ...]:
        found = read(values)
        if type(found) is str:
            return (found,) if found else ()
        if isinstance(found, list):
            if "" not in found and {*map(type, found)} == ALL_TEXT:
                return tuple(found)
            return tuple(word if type(word) is str else as_text(word) for word in found if word not in (None, ""))
        return () if found is None or found is MISSING else (as_text(found),)

    return made


def identified(kind: str, words: tuple[str, ...]) -> tuple[str, ...]:
    known = [codes.identifier(kind, word) for word in words]
    return tuple(one for one in known if one is not None)


def digest(value: Any, algorithm: str) -> str | None:
    if not value:
        return None
    text = as_text(value)
    if ":" in text:
        return text
    return None if algorithm == "none" else f"{algorithm}:{text}"
