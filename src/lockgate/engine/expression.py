"""CEL expressions of recipes: compiled once, given nothing but data, and never trusted to answer.

An expression sees two names. `item` is the item as `view` lays it out; `ask` holds the flow's answers. There is no clock in
it: what depends on time belongs to the `window` and `rights` gates, which know the instant at which their answer changes.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import cel

from lockgate.model import rights
from lockgate.model.item import Item

LONGEST = 2000
"""Characters an expression may have; a longer one is a program and belongs elsewhere."""

VIEW: dict[str, Callable[[Item], Any]] = {
    "system": lambda item: item.system,
    "kind": lambda item: item.kind,
    "id": lambda item: item.id,
    "ids": lambda item: {kind: list(values) for kind, values in item.identifiers.items()},
    "title": lambda item: item.title,
    "texts": lambda item: item.texts,
    "status": lambda item: item.status.value,
    "status_label": lambda item: item.status_label,
    "keywords": lambda item: {name: list(words) for name, words in item.keywords.items()},
    "languages": lambda item: list(item.languages),
    "rights": lambda item: {
        "stated": item.rights is not None,
        "summary": rights.summary(item.rights),
        "statement": item.rights.statement if item.rights else "",
    },
    "window": lambda item: {"from": item.window.from_, "until": item.window.until},
    "latest": lambda item: item.latest,
    "missing": lambda item: list(item.missing),
    "renditions": lambda item: {
        one.name: {"filename": one.filename, "media_type": one.media_type, "length": one.length}
        for one in item.renditions
    },
    "relations": lambda item: [{"type": one.type, "kind": one.kind, "id": one.id} for one in item.relations],
    "fields": lambda item: item.fields,
    "modified": lambda item: item.modified,
    "url": lambda item: item.url,
}
"""What `item` holds in an expression. Instants are CEL timestamps, texts are maps by language, what is not stated is null or empty."""

FUNCTIONS = frozenset(
    {"bytes", "contains", "double", "duration", "dyn", "endsWith", "int", "matches", "max", "min", "size"}
    | {"startsWith", "string", "timestamp", "type", "uint", "has"}
    | {f"get{part}" for part in ("FullYear", "Month", "Date", "DayOfMonth", "DayOfWeek", "DayOfYear")}
    | {f"get{part}" for part in ("Hours", "Minutes", "Seconds", "Milliseconds")}
)
TYPES = frozenset({"bool", "bytes", "double", "duration", "int", "list", "map", "string", "timestamp", "type", "uint"})

QUOTED = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
BOUND = re.compile(r"\.(?:all|exists|exists_one|map|filter)\s*\(\s*(\w+)\s*,")
ROOT = re.compile(r"(?<![\w.])(item|ask)\b(?:\s*\.\s*(\w+))?")
PLACE = re.compile(rf"{QUOTED.pattern}|(?<![\w.])item\.([a-z]\w*)(?:\.([a-z]\w*)\b(?!\s*\())?")
PLAIN = re.compile(r"(?![\s\S]*(?:\bhas\s*\(|//|\'\'\'|\"\"\"|\b[rRbB][\'\"]))")
"""Sources in which places of the item can be told from all else by a look at the text."""


class NoAnswer(Exception):
    """An expression could not be answered for an item; the text is a sentence for a person."""


class NotStated(NoAnswer):
    """… because it reads a name that this item does not carry."""


class Expression:
    """A compiled expression. Equal when its source and answers are."""

    __slots__ = ("answers", "direct", "program", "readers", "source")

    def __init__(self, source: str, answers: Mapping[str, Any] | None = None) -> None:
        """Raises ValueError with a sentence when `source` is not an expression (see `faults` for all that is wrong)."""
        self.source = source
        self.answers = {name: list(one) if isinstance(one, tuple) else one for name, one in (answers or {}).items()}
        self.program = parse(source)
        self.readers = tuple((name, VIEW[name]) for name in needed(source))
        self.direct = direct(source)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and (self.source, self.answers) == (other.source, other.answers)

    def __hash__(self) -> int:
        return hash(self.source)

    def __call__(self, item: Item) -> Any:
        """The answer for this item as CEL gives it. Raises NoAnswer."""
        if self.direct is not None:
            # What is missing or wrong is found once more below, and named there.
            with suppress(Exception):
                return self.direct(item)
        data = {name: reader(item) for name, reader in self.readers}
        try:
            return self.program.execute({"item": data, "ask": self.answers})
        except KeyError as error:
            raise NotStated(f"`{error.args[0]}` is not stated") from error
        except Exception as error:  # whatever the library raises for data it cannot work with
            raise NoAnswer(f"the expression cannot be answered: {first_sentence(error)}") from error


def direct(source: str) -> Callable[[Item], Any] | None:
    """The same expression with a variable for each place of the item it reads, where that is all it reads; else None.

    To hand over the one price is several times cheaper than to hand over the item's fields for it to be looked up there.
    """
    places: dict[str, tuple[str, str | None]] = {}

    def named(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        name = f"at_{found[1]}__{found[2] or ''}"
        places[name] = (found[1], found[2])
        return name

    flat = PLACE.sub(named, source)
    bare = QUOTED.sub("''", flat)
    if not PLAIN.match(source) or ROOT.search(bare) or "item" in BOUND.findall(bare) or not places:
        return None
    if any(name not in VIEW for name, _ in places.values()):
        return None
    program = parse(flat)
    readers = tuple((variable, at_place(*place)) for variable, place in places.items())
    return lambda item: program.execute({variable: read(item) for variable, read in readers})


def at_place(name: str, inner: str | None) -> Callable[[Item], Any]:
    """What reads `item.fields.price`. Raises KeyError or TypeError where the item has nothing there."""
    if inner is None:
        return VIEW[name]
    if name == "keywords":
        return lambda item: list(item.keywords[inner])
    if name == "ids":
        return lambda item: list(item.identifiers[inner])
    whole = VIEW[name]
    return lambda item: whole(item)[inner]


def view(item: Item) -> dict[str, Any]:
    """All that an expression can see of an item."""
    return {name: reader(item) for name, reader in VIEW.items()}


def parse(source: str) -> cel.Program:
    if len(source) > LONGEST:
        raise ValueError(f"an expression may have {LONGEST} characters, this one has {len(source)}")
    try:
        return cel.compile(source)
    except Exception as error:  # the parser raises several kinds; all mean the same to who wrote it
        raise ValueError(first_sentence(error)) from error


def first_sentence(error: Exception) -> str:
    """The parser's own words without the copy of the source that it draws beneath them."""
    text = str(error).split("ERROR: <input>:", 1)[-1]
    return " ".join(text.split("\n", 1)[0].split())[:200]


def needed(source: str) -> tuple[str, ...]:
    """Names of the view that an expression reads; all of them when it uses `item` in any other way than `item.name`."""
    read = [name for root, name in ROOT.findall(source) if root == "item"]
    return tuple(VIEW) if any(name not in VIEW for name in read) else tuple(dict.fromkeys(read))


def faults(source: str, answers: Collection[str] | None = None) -> list[str]:
    """Everything wrong with an expression, in sentences; empty when it can be used.

    `answers` are the names that `ask` holds; None leaves them unchecked.
    """
    try:
        program = parse(source)
    except ValueError as error:
        return [f"this is not a CEL expression: {error}"]
    bare = QUOTED.sub("''", source)
    bound = set(BOUND.findall(bare))
    unknown = sorted(set(program.variables()) - {"item", "ask"} - bound - TYPES)
    found = [f"`{name}` is not known in an expression; known are `item` and `ask`" for name in unknown]
    called = (name for name in program.functions() if name[0].isalpha() and "_" not in name)
    found += [f"`{name}()` is not a function of CEL here" for name in sorted(set(called) - FUNCTIONS)]
    for root, name in sorted(set(ROOT.findall(bare))):
        names = VIEW if root == "item" else answers
        if name and names is not None and name not in names:
            found.append(f"`{root}.{name}` is not known; known are {', '.join(sorted(names)) or 'none'}")
    return found


def as_json(value: Any) -> Any:
    """A CEL answer as a JSON value: instants as ISO 8601. Raises NoAnswer for what JSON cannot hold."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}s"
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: as_json(one) for key, one in value.items()}
    raise NoAnswer(f"the expression answers {type(value).__name__}, which a field cannot hold")
