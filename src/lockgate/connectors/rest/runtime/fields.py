"""One field of a definition: what its value is to us, and what of ours is sent."""

from collections.abc import Callable, Mapping
from typing import Any

from lockgate.connectors.rest.definition import paths, templates
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.shapes import Entries, FieldShape
from lockgate.connectors.rest.runtime import instants
from lockgate.connectors.rest.runtime.instants import NoInstant
from lockgate.model.item import UND, pick

MISSING = paths.MISSING
Convert = Callable[[Any], Any]


class Unwritable(Exception):
    """A value that the system cannot be given; the text is a sentence."""


class Languages:
    """Language tags of the system and ours."""

    def __init__(self, theirs: Mapping[str, str]) -> None:
        self._theirs = dict(theirs)
        self._ours = {value: name for name, value in theirs.items()}

    def ours(self, tag: Any) -> str:
        text = as_text(tag)
        return self._ours.get(text) or text.replace("_", "-") or UND

    def theirs(self, tag: str) -> str:
        return self._theirs.get(tag, tag)

    def named(self, texts: Any) -> Any:
        """An object by their tags as one by ours, where the definition says which is which."""
        return (
            {self._ours.get(tag, tag): one for tag, one in texts.items()} if isinstance(texts, dict) else plain(texts)
        )

    def __bool__(self) -> bool:
        return bool(self._theirs)


class Field:
    """Reads with `read` (JSON values; texts by language as maps), sends with `send`. `normal` is what is read after it was sent."""

    def __init__(
        self, name: str, shape: FieldShape, languages: Languages, at: str, settings: Mapping[str, Any]
    ) -> None:
        self.name, self.shape, self.at = name, shape, at
        self.language = templates.text(shape.language)({"settings": settings}) if shape.language else ""
        self.sent_to = (
            None if shape.read_only or (at.startswith("=") and not shape.send) else shape.send or sendable(at)
        )
        self._languages = languages
        self._theirs = {ours: theirs for theirs, ours in reversed(list(shape.values.items()))}
        self._to = templates.tree(shape.to) if shape.to is not None else None
        self._in, self._out = converters(shape)
        self.entries = EntryList(shape.entries, languages, settings) if shape.entries else None
        self.read = self._reader()
        self.as_is = not (shape.values or self._out or self._to or self.entries)
        """Whether a value that is no object or tuple is sent, and held, as it is."""

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _reader(self) -> Convert:
        if self.entries is not None:
            return self._of_entries
        if self.shape.values:
            return self._of_values
        if self.shape.type == "texts" and self._languages:
            return self._languages.named
        return self._in or plain

    def _of_values(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.shape.values.get(as_text(one), one) for one in value]
        if value is MISSING:
            return None
        word = "null" if value is None else as_text(value)
        return self.shape.values.get(word, value)

    def _of_entries(self, value: Any) -> Any:
        entries = self.entries
        if entries is None or not isinstance(value, list):
            return None
        if entries.language is None:
            return self._converted(entries.one(value))
        return {tag: self._converted(one) for tag, one in entries.by_language(value).items() if one is not None}

    def _converted(self, value: Any) -> Any:
        return self._of_values(value) if self.shape.values else (self._in or plain)(value)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def send(self, value: Any) -> Any:
        """The value as the system is given it. Raises Unwritable."""
        if self.entries is not None:
            return self.entries.made(value, self._outgoing, self.language)
        if self.as_is and type(value) is not dict:
            return value
        return self._outgoing(self._flat(value))

    def _outgoing(self, value: Any) -> Any:
        if value is None:
            return None if self._to is None else self._shaped(None)
        found = self._word(value) if self.shape.values else self._out(value) if self._out else value
        return found if self._to is None else self._shaped(found)

    def _shaped(self, value: Any) -> Any:
        try:
            return self._to({"value": value}) if self._to else value
        except templates.NoValue as error:
            raise Unwritable(f"{self.name} cannot be sent: {error}") from error

    def _word(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [self._word(one) for one in value]
        if (word := self._theirs.get(as_text(value))) is None:
            known = ", ".join(dict.fromkeys(self.shape.values.values()))
            raise Unwritable(f"{self.name} cannot be {as_text(value)!r} here; it can be {known}")
        return JSON.get(word, word)

    def _flat(self, value: Any) -> Any:
        """A text by language as one text, where the field has no languages."""
        if self.shape.type == "texts":
            return (
                {self._languages.theirs(tag): one for tag, one in value.items()}
                if isinstance(value, Mapping)
                else value
            )
        if isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values()):
            return pick(dict(value), self.language or "en")
        return value

    def normal(self, value: Any) -> Any:
        """What `read` gives for a value once it was sent."""
        if self.as_is and type(value) not in CONTAINERS:
            return value
        if self.entries is not None and self.entries.language is not None:
            given = value if isinstance(value, Mapping) else {self.language or "en": value}
            return {
                tag: self._both(one) for tag, one in given.items() if tag != UND or self.language or len(given) == 1
            }
        return self._both(self._flat(value) if self.shape.type != "texts" else value)

    def _both(self, value: Any) -> Any:
        if value is None or self.shape.values or self._out is None:
            return list(value) if isinstance(value, tuple) else value
        sent = self._out(value)
        return (self._in or plain)(sent)


CONTAINERS = (dict, tuple)
JSON: Mapping[str, Any] = {"true": True, "false": False, "null": None}


def sendable(at: str) -> str | None:
    return at if not at.startswith("=") and paths.plain(at) else None


def plain(value: Any) -> Any:
    return None if value is MISSING else value


def empty_as_none(convert: Convert) -> Convert:
    return lambda value: None if value is MISSING or value is None or value == "" else convert(value)


def converters(shape: FieldShape) -> tuple[Convert | None, Convert | None]:
    """What reads and what sends a value of this type; None where it is as it is."""
    if shape.type == "instant":
        read, write = instants.reader(shape.format, shape.zone), instants.writer(shape.format, shape.zone)
        parse = instants.reader("iso", "UTC")
        return empty_as_none(lambda value: instants.as_iso(read(value))), lambda value: write(parse(value))
    if shape.type == "list" and shape.separator:
        return empty_as_none(
            lambda value: [one.strip() for one in str(value).split(shape.separator.strip()) if one.strip()]
        ), (lambda value: shape.separator.join(map(as_text, value if isinstance(value, list | tuple) else [value])))
    return CONVERTERS.get(shape.type, (None, None))


def as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def flag(value: Any) -> bool:
    return value if isinstance(value, bool) else as_text(value).lower() in {"true", "1", "yes", "y"}


def number(value: Any) -> float:
    return value if isinstance(value, float) else float(value)


CONVERTERS: Mapping[str, tuple[Convert, Convert]] = {
    "text": (empty_as_none(as_text), as_text),
    "integer": (empty_as_none(lambda value: int(float(value))), lambda value: int(float(value))),
    "number": (empty_as_none(number), number),
    "flag": (empty_as_none(flag), flag),
    "date": (
        empty_as_none(lambda value: instants.day(value).isoformat()),
        lambda value: instants.day(value).isoformat(),
    ),
    "list": (empty_as_none(as_list), as_list),
}


def safely(field: Field, value: Any) -> Any:
    """A value read from a record; one that is not of its type counts as not stated (None)."""
    try:
        return field.read(value)
    except (NoInstant, ValueError, TypeError):
        return None


class EntryList:
    """A list of entries of which one member is the value and another may be the language."""

    def __init__(self, shape: Entries, languages: Languages, settings: Mapping[str, Any]) -> None:
        self.language = shape.language
        self._value, self._languages = paths.getter(shape.value), languages
        self._shape, self._more = shape, templates.tree(shape.more)({"settings": settings})
        self._tag = paths.getter(shape.language) if shape.language else None

    def _meant(self, entry: Any) -> bool:
        return isinstance(entry, dict) and all(entry.get(name) == one for name, one in self._more.items())

    def one(self, entries: list[Any]) -> Any:
        return next((self._value(one) for one in entries if self._meant(one)), None)

    def by_language(self, entries: list[Any]) -> dict[str, Any]:
        tagged = ((self._tag(one) if self._tag else UND, self._value(one)) for one in entries if self._meant(one))
        return {self._languages.ours(tag): value for tag, value in tagged if value is not MISSING}

    def made(self, value: Any, outgoing: Convert, language: str) -> list[dict[str, Any]]:
        """The entries to be sent. Raises Unwritable for texts whose language cannot be told."""
        if self.language is None:
            one = pick(dict(value), language or "en") if isinstance(value, Mapping) else value
            return [self._entry(outgoing(one), None)]
        texts = dict(value) if isinstance(value, Mapping) else {language or "en": value}
        if UND in texts:
            texts = {(language or "en") if tag == UND else tag: one for tag, one in texts.items()}
        return [self._entry(outgoing(one), tag) for tag, one in texts.items()]

    def _entry(self, value: Any, tag: str | None) -> dict[str, Any]:
        made: dict[str, Any] = dict(self._more)
        if self._shape.language and tag is not None:
            paths.place(made, self._shape.language, self._languages.theirs(tag))
        paths.place(made, self._shape.value, value)
        return made
