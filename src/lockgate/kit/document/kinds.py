"""Kinds of values a person types: how a text becomes a duration, a number, a flag. Each says in its own words what is wrong;
the JSON Schema for editors is made from the same types.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from lockgate.kit.document.problems import meant

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
NAMED = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1)}


def wrong(sentence: str, remedy: str = "") -> PydanticCustomError:
    """A problem in a value; sentence and remedy reach the person as they are."""
    return PydanticCustomError("lockgate", "{sentence}", {"sentence": sentence, "remedy": remedy})


def text(value: Any) -> Any:
    if value is None:
        raise wrong("a value is missing here", "write one, or remove the key")
    if not isinstance(value, str):
        raise wrong("this should be a text", "write a single value")
    if not value.strip():
        raise wrong("this should not be blank")
    return value


def listed(value: Any) -> Any:
    """One text stands for a list of one."""
    return [value] if isinstance(value, str) else value


@dataclass(frozen=True)
class Listed:
    """A list, for which one value may stand: `Annotated[tuple[Text, ...], Listed()]`."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(listed, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        many = handler(schema)
        return {"anyOf": [many, many["items"]]}


def duration(value: Any) -> timedelta:
    word = text(value).strip()
    if word in NAMED:
        return NAMED[word]
    found = re.fullmatch(r"(\d{1,6})\s*([smhdw])", word)
    if not found or not int(found[1]):
        raise wrong(f"`{word}` is not a length of time", "write `30s`, `5m`, `2h`, `1d`, `hourly`, `daily` or `weekly`")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def number(value: Any) -> int:
    word = text(value).strip()
    if not re.fullmatch(r"\d{1,9}", word):
        raise wrong(f"`{word}` is not a whole number", "write digits only")
    return int(word)


def flag(value: Any) -> bool:
    answers = {"true": True, "yes": True, "false": False, "no": False}
    word = text(value).strip()
    if word.lower() not in answers:
        raise wrong(f"`{word}` is neither true nor false", "write `true` or `false`")
    return answers[word.lower()]


def one_of(*known: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in known:
            raise wrong(f"`{value}` is not known here", meant(value, known))
        return value

    return check


def name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", value):
        raise wrong(f"`{value}` cannot be a name", "use small letters, digits, `-` and `_`, 63 at most")
    return value


def word(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", value):
        raise wrong(f"`{value}` cannot be a name here", "use small letters, digits and `_`, beginning with a letter")
    return value


def schema(**known: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **known})


Text = Annotated[str, BeforeValidator(text)]
Word = Annotated[str, BeforeValidator(text), AfterValidator(word)]
Name = Annotated[str, BeforeValidator(text), AfterValidator(name)]
Texts = Annotated[tuple[Text, ...], Listed()]
Duration = Annotated[timedelta, BeforeValidator(duration), schema(examples=["5m", "2h", "daily"])]
Number = Annotated[int, BeforeValidator(number), WithJsonSchema({"type": ["integer", "string"]})]
Flag = Annotated[bool, BeforeValidator(flag), WithJsonSchema({"type": ["boolean", "string"]})]


def for_editors(schema: Any) -> Any:
    """A JSON Schema for files as `tree.read` reads them: where a text belongs, an editor may see a number or a flag."""
    if isinstance(schema, list):
        return [for_editors(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: one if name in AS_IT_IS else for_editors(one) for name, one in schema.items()}
    if made.get("type") == "string" and "enum" not in made:
        made["type"] = ["string", "number", "boolean"]
    return made


AS_IT_IS = ("default", "examples", "enum", "required")
