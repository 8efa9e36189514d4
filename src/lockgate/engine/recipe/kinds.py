"""Kinds of values in recipes: how a text a person typed becomes a duration, a share, a territory, an expression.

Each says in its own words what is wrong; the JSON Schema for editors is made from the same types.
"""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from lockgate.engine import expression
from lockgate.kit.document.kinds import (
    Duration,
    Flag,
    Name,
    Number,
    Text,
    Texts,
    Word,
    duration,
    flag,
    listed,
    number,
    one_of,
    schema,
    text,
    wrong,
)
from lockgate.kit.document.problems import meant
from lockgate.model import codes, paths
from lockgate.model.lifecycle import Status

__all__ = [
    "Duration",
    "Flag",
    "Name",
    "Number",
    "Text",
    "Texts",
    "Word",
    "duration",
    "flag",
    "listed",
    "number",
    "one_of",
    "schema",
    "text",
    "wrong",
]
"""Kinds that any text a person writes may have, offered here beside those of recipes."""


def pause(value: Any) -> timedelta | None:
    return None if value == "never" else duration(value)


def rendition(value: Any) -> str | None:
    return None if value == "none" else str(text(value))


def share(value: Any) -> float:
    word = text(value).strip()
    found = re.fullmatch(r"(\d+(?:\.\d+)?(?:e-?\d+)?)\s*(%?)", word)
    number = float(found[1]) / (100 if found[2] else 1) if found else -1.0
    if not 0 <= number <= 1:
        raise wrong(f"`{word}` is not a share", "write `10%` or `0.1`")
    return number


def territory(value: str) -> str:
    code = codes.territory(value)
    if code is None:
        raise wrong(
            f"`{value}` is not a territory that is known",
            f"write an ISO 3166 code (`DE`, `US-CA`), an English country name, `WORLD` or one of {', '.join(codes.GROUPS)}",
        )
    return code


def path(value: str) -> str:
    if not paths.known(value):
        head = value.partition(".")[0]
        hint = f"write `{head}.<name>`" if head in paths.OPEN else meant(value, [*paths.SIMPLE, *paths.OPEN])
        raise wrong(f"`{value}` is not a canonical name", hint)
    return value


def target_field(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}(\.[a-z0-9_]{1,62})*", value):
        raise wrong(
            f"`{value}` cannot be the name of a target field",
            "use small letters, digits and `_`, with dots as in `ids.sku`, beginning with a letter",
        )
    return value


def cel(value: str) -> str:
    if found := expression.faults(value):
        raise wrong("; ".join(found), "an expression reads `item` and `ask`, such as `item.status == 'approved'`")
    return value


def status(value: Any) -> Status:
    text(value)
    known = [one.value for one in Status if one is not Status.UNKNOWN]
    if value not in known:
        raise wrong(f"`{value}` is not a status that can open a gate", meant(value, known))
    return Status(value)


def constant(value: Any) -> Any:
    """A text, a list of texts or texts by language; other values are written as an expression."""
    texts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in texts):
        raise wrong("a constant is a text, a list of texts or texts by language", "write other values as `{cel: …}`")
    return value


def answer(value: Any) -> Any:
    """An answer to a question of a recipe: a text, or a list of texts."""
    if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
        return tuple(value)
    if isinstance(value, str) and value.strip():
        return value
    raise wrong("an answer is a text or a list of texts", "write one")


Pause = Annotated[timedelta | None, BeforeValidator(pause), schema(examples=["daily", "12h", "never"])]
Rendition = Annotated[str | None, BeforeValidator(rendition), schema(examples=["original", "none"])]
Share = Annotated[float, BeforeValidator(share), schema(examples=["10%"])]
Territory = Annotated[str, BeforeValidator(text), AfterValidator(territory), schema(examples=["DE", "EU", "WORLD"])]
Territories = Annotated[tuple[Territory, ...], BeforeValidator(listed)]
Path = Annotated[
    str, BeforeValidator(text), AfterValidator(path), schema(examples=["title", "ids.sku", "rights.summary"])
]
TargetField = Annotated[
    str, BeforeValidator(text), AfterValidator(target_field), schema(examples=["title", "ids.sku", "texts.description"])
]
Paths = Annotated[tuple[Path, ...], BeforeValidator(listed)]
Cel = Annotated[str, BeforeValidator(text), AfterValidator(cel), schema(examples=["item.status == 'approved'"])]
StatusName = Annotated[
    Status,
    BeforeValidator(status),
    schema(enum=[one.value for one in Status if one is not Status.UNKNOWN]),
]
Statuses = Annotated[tuple[StatusName, ...], BeforeValidator(listed), Field(min_length=1)]
Constant = Annotated[
    Any,
    BeforeValidator(constant),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}, {"type": "object"}]}),
]
Answer = Annotated[
    Any,
    BeforeValidator(answer),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]

Missing = Annotated[str, BeforeValidator(text), AfterValidator(one_of("park", "skip")), schema(enum=["park", "skip"])]
CLOSED = ("hide", "unpublish", "flag", "remove")
Closed = Annotated[str, BeforeValidator(text), AfterValidator(one_of(*CLOSED)), schema(enum=list(CLOSED))]
Matching = Annotated[str, BeforeValidator(text), AfterValidator(one_of("every", "one")), schema(enum=["every", "one"])]
OPERATIONS = (
    "changes", "index", "fetch", "open", "receive", "find", "held", "file_digest", "upsert", "link", "withdraw", "show",
)  # fmt: skip
Operation = Annotated[str, BeforeValidator(text), AfterValidator(one_of(*OPERATIONS)), schema(enum=list(OPERATIONS))]
