"""Records of one kind: decoded once, made into items, refs, events and what is held."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from lockgate.connectors.rest.definition import templates
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.paths import MISSING, steps
from lockgate.connectors.rest.definition.shapes import Closed, Kind, Record, Rendition
from lockgate.connectors.rest.definition.values import SETTING
from lockgate.connectors.rest.runtime import instants
from lockgate.connectors.rest.runtime.fields import CONTAINERS, Field, Languages, Unwritable, safely
from lockgate.connectors.rest.runtime.items import ItemMaker
from lockgate.connectors.rest.runtime.keys import Keys
from lockgate.connectors.rest.runtime.layout import Layout, Values, Want
from lockgate.kit.contract import Held, Ref
from lockgate.kit.errors import ContractBroken
from lockgate.kit.profile import Profile
from lockgate.model.item import Item

DIGEST = "digest"
RENDITION = ("address", "filename", "version", "length", "digest", "media_type")
"""What the definition of a file may name by a path."""


class Refs:
    """Of each record its id and revision, and nothing else: an index of millions is read with this."""

    def __init__(self, shape: Record, settings: Mapping[str, Any], system: str) -> None:
        paths = [shape.id, *([] if shape.revision == DIGEST else [shape.revision]), *(one.at for one in shape.gone)]
        layout = Layout(whole=whole_records(paths), settings=settings)
        id_, *rest = [layout.want(filled_path(path, settings)) for path in paths]
        self.raw, self._id, self._name, self._system = shape.revision == DIGEST, id_, shape.id, system
        self._revision = None if self.raw else rest.pop(0)
        self._gone = list(zip(rest, (frozenset(one.any_of) for one in shape.gone), strict=True))
        layout.build()
        self.type, self.take = layout.type, layout.take
        self.one = msgspec.json.Decoder(self.type)

    def id(self, values: Values) -> str:
        found = self._id(values)
        if type(found) is str:
            return str(found)
        if found is MISSING or found is None:
            raise ContractBroken(f"{self._system} gave a record without an id at `{self._name}`.", code="record.id")
        return as_text(found)

    def refs(self, values: Sequence[Values], raws: Sequence[bytes]) -> list[Ref]:
        """Those that do not count as deleted."""
        if self._gone:
            there = [
                at for at, one in enumerate(values) if not any(word(want(one)) in known for want, known in self._gone)
            ]
            values, raws = [values[at] for at in there], [raws[at] for at in there]
        if self._revision is None:
            return [Ref(self.id(one), digest_of(raw)) for one, raw in zip(values, raws, strict=True)]
        revision, id_ = self._revision, self.id
        return [Ref(id_(one), stated(revision(one))) for one in values]


def digest_of(raw: bytes) -> str:
    return hashlib.blake2b(raw, digest_size=16).hexdigest()


def stated(revision: Any) -> str:
    if type(revision) is str:
        return str(revision)
    return "" if revision is MISSING or revision is None else as_text(revision)


class Records:
    """Reads records of one kind for one connection. `type` is what one is decoded into; `raw` whether its bytes are wanted too."""

    def __init__(
        self, name: str, kind: Kind, languages: Languages, settings: Mapping[str, Any], profile: Profile, system: str
    ) -> None:
        self.name, self.shape, self.system = name, kind.record, system
        self.settings = settings
        self.fields = made_fields(name, kind, languages, settings, profile)
        self._ways = {
            name: (one, tuple(map(str, steps(filled_path(one.sent_to, settings)))))
            for name, one in self.fields.items()
            if one.sent_to is not None
        }
        self._direct = {name: way[0] for name, (one, way) in self._ways.items() if one.as_is and len(way) == 1}
        layout = self._layout = Layout(whole=computed(kind.record, self.fields), settings=settings)
        shape = kind.record
        self._id = self._want(shape.id)
        self.raw = shape.revision == DIGEST
        self._revision = None if self.raw else self._want(shape.revision)
        self._modified = self._want(shape.modified.at) if shape.modified else None
        self._instant = instants.reader(shape.modified.format, shape.modified.zone) if shape.modified else None
        self.refs = Refs(shape, settings, system)
        self.keys = Keys(shape.key) if shape.key else None
        self._key = self._want(shape.key.at) if shape.key else None
        self._length = self._want(shape.length) if shape.length else None
        self._hidden, self._gone = self._closed(shape.hidden), self._closed(shape.gone)
        self._values = [(field, self._want(field.at)) for field in self.fields.values()]
        indexes = {one.name: at for one in self.fields.values() if (at := layout.place(one.at)) is not None}
        self._items = ItemMaker(
            self._values,
            [self._rendition(one) for one in shape.renditions],
            self._relations(),
            profile.zone,
            indexes,
            name,
        )
        self._page = templates.text(shape.page) if shape.page else None
        layout.build()
        self.type, self.take = layout.type, layout.take
        self.one = msgspec.json.Decoder(self.type)

    def _want(self, path: str) -> Want:
        return self._layout.want(filled_path(path, self.settings))

    def _closed(self, shapes: tuple[Closed, ...]) -> Callable[[Values], bool] | None:
        looks = [(self._want(one.at), frozenset(one.any_of)) for one in shapes]
        return (lambda values: any(word(want(values)) in known for want, known in looks)) if looks else None

    def _rendition(self, shape: Rendition) -> tuple[Rendition, dict[str, Want]]:
        return shape, {name: self._want(path) for name in RENDITION if (path := getattr(shape, name)) is not None}

    def _relations(self) -> list[tuple[str, str, Want]]:
        return [(one.type, one.kind, self._want(one.at)) for one in self.shape.relations]

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    def id(self, values: Values) -> str:
        found = self._id(values)
        if found is MISSING or found is None:
            raise ContractBroken(
                f"{self.system} gave a {self.name} without an id at `{self.shape.id}`.", code="record.id"
            )
        return found if type(found) is str else as_text(found)

    def revision(self, values: Values, raw: bytes) -> str:
        return digest_of(raw) if self._revision is None else stated(self._revision(values))

    def gone(self, values: Values) -> bool:
        return self._gone is not None and self._gone(values)

    def hidden(self, values: Values) -> bool:
        return self._hidden is not None and self._hidden(values)

    def modified(self, values: Values) -> datetime | None:
        if self._modified is None or self._instant is None:
            return None
        found = self._modified(values)
        if found is MISSING or found is None:
            return None
        try:
            return self._instant(found)
        except instants.NoInstant as error:
            raise ContractBroken(
                f"{self.system} gave a {self.name} whose `{self.shape.id}` changed at {found!r}."
            ) from error

    def item(self, values: Values, raw: bytes) -> Item:
        id = self.id(values)
        made = self._items.parts(values)
        return Item(
            system=self.system,
            kind=self.name,
            id=id,
            revision=self.revision(values, raw),
            modified=self.modified(values),
            url=self._page({"id": id, "settings": self.settings}) if self._page else None,
            **made,
        )

    def stored_key(self, values: Values) -> str:
        """Our key as the system keeps it; empty where there is none."""
        found = self._key(values) if self._key is not None else MISSING
        if isinstance(found, list):
            found = found[0] if found else MISSING
        return "" if found is MISSING or found is None else as_text(found)

    def held(self, key: str, values: Values, raw: bytes, links: tuple[str, ...]) -> Held:
        length = self._length(values) if self._length else None
        return Held(
            key=key,
            ref=self.id(values),
            revision=self.revision(values, raw),
            fields={field.name: safely(field, want(values)) for field, want in self._values},
            length=int(length) if length not in (None, MISSING, "") else None,
            hidden=self.hidden(values),
            links=links,
        )

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def wire(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """What is sent for these fields, in the system's places. Raises Unwritable."""
        made: dict[str, Any] = {}
        direct = self._direct
        for name, value in fields.items():
            if (member := direct.get(name)) is not None and type(value) not in CONTAINERS:
                made[member] = value
                continue
            way = self._ways.get(name)
            if way is None:
                raise Unwritable(
                    f"{name} is not a field of a {self.name} that can be written here; there are {self.writable()}"
                )
            field, steps = way
            put(made, steps, self._sent(field, value), field)
        return made

    def _sent(self, field: Field, value: Any) -> Any:
        try:
            return field.send(value)
        except (instants.NoInstant, ValueError, TypeError) as error:
            raise Unwritable(f"{field.name} cannot be {as_text(value)[:80]!r} here: {error}") from error

    def writable(self) -> str:
        return ", ".join(name for name, field in self.fields.items() if field.sent_to is not None) or "none"

    def as_held(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._normal(name, value) for name, value in fields.items()}

    def _normal(self, name: str, value: Any) -> Any:
        field = self.fields.get(name)
        try:
            return field.normal(value) if field is not None else value
        except (instants.NoInstant, ValueError, TypeError):
            return value


def word(value: Any) -> str:
    return "null" if value is None or value is MISSING else as_text(value)


def filled_path(path: str, settings: Mapping[str, Any]) -> str:
    """A path with the settings in it: `values.{settings.attribute}`."""
    return path if path.startswith("=") else SETTING.sub(lambda found: str(settings.get(found[1], "")), path)


def computed(shape: Record, fields: Mapping[str, Field]) -> bool:
    """Whether anything is an expression over the whole record: then records are decoded whole."""
    told: list[str | None] = [shape.id, shape.revision, shape.length, *(field.at for field in fields.values())]
    told += [one.at for one in (shape.key, shape.modified) if one is not None]
    told += [one.at for one in (*shape.hidden, *shape.gone)] + [one.at for one in shape.relations]
    told += [getattr(one, name) for one in shape.renditions for name in RENDITION]
    return whole_records([path for path in told if path is not None])


def whole_records(paths: Iterable[str]) -> bool:
    """Whether one of the paths cannot be read from a structure of named members."""
    return any(path.startswith(("=", "[", "*")) or not path for path in paths)


def made_fields(
    name: str, kind: Kind, languages: Languages, settings: Mapping[str, Any], profile: Profile
) -> dict[str, Field]:
    """The fields by canonical name; those found in the tenant's schema are where the profile says, and left out where it does not."""
    made: dict[str, Field] = {}
    for canonical, shape in kind.record.fields.items():
        match = profile.match(name, canonical) if shape.match else None
        at = filled_path(shape.at, settings) if shape.at is not None else match.field if match else None
        if at is None:
            continue
        chosen = match is not None and match.values and not shape.values
        told = shape.model_copy(update={"values": dict(match.values)}) if match and chosen else shape
        made[canonical] = Field(canonical, told, languages, at, settings)
    return made


def put(target: dict[str, Any], path: tuple[str, ...], value: Any, field: Field) -> None:
    """Put a value at its place; entries of several fields in one list become one entry for each language."""
    last = path[-1]
    for one in path[:-1]:
        target = target.setdefault(one, {})
    if field.entries is None or not isinstance(target.get(last), list):
        target[last] = value
        return
    for entry in value:
        same = next((one for one in target[last] if same_entry(one, entry, field)), None)
        if same is None:
            target[last].append(entry)
        else:
            templates.merge(same, entry)


def same_entry(one: Mapping[str, Any], other: Mapping[str, Any], field: Field) -> bool:
    shape = field.shape.entries
    if shape is None:
        return False
    names = [*shape.more, *([shape.language] if shape.language else [])]
    return all(one.get(name) == other.get(name) for name in names)
