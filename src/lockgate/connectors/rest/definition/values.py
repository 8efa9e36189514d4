"""Kinds of values in a definition: paths, templates, calls, types."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import core_schema

from lockgate.connectors.rest.definition import paths, templates
from lockgate.kit.document import kinds as k
from lockgate.kit.document.problems import meant

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FORMATS = ("iso", "naive", "seconds", "milliseconds", "date", "parts")
HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
HOST = re.compile(r"(\*\.)?[^\s*/:@?#{}\[\]]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
SETTING = re.compile(r"\{settings\.([a-z][a-z0-9_]*)\}")


def sure(check: Callable[[str], Any], remedy: str, *, blank: bool = False) -> Callable[[Any], str]:
    """A text that this can be made of, with the reason in words when it cannot; `blank` where an empty one means the whole."""

    def checked(value: Any) -> str:
        if isinstance(value, dict):
            raise k.wrong("this is an object to YAML, because it begins with a brace", "put the whole value in quotes")
        if blank and value == "":
            return ""
        try:
            check(word := k.text(value).strip())
        except ValueError as error:
            raise k.wrong(str(error), remedy) from error
        return str(word)

    return checked


def path_of(word: str) -> None:
    """A path, `header:NAME`, or `=` and an expression; `{settings.x}` may stand in it."""
    if word.startswith("="):
        templates.names_of(word)
    elif word.startswith(paths.HEADER):
        if not re.fullmatch(r"[A-Za-z0-9-]+", word.removeprefix(paths.HEADER)):
            raise ValueError(f"`{word}` does not name a header")
    else:
        paths.steps(SETTING.sub("x", word))


def names_only(word: str) -> None:
    if not paths.plain(SETTING.sub("x", word)):
        raise ValueError(f"`{word}` is not a place to which a value can be sent")


def request_line(word: str) -> None:
    method, _, address = word.partition(" ")
    if method not in METHODS:
        raise ValueError(f"`{word}` does not begin with a method; {meant(method, METHODS)}")
    if not address.strip().startswith(("/", "{", "http://", "https://")):
        raise ValueError(f"`{word}` names no address after its method")
    templates.names_of(address.strip())


def tree(value: Any) -> Any:
    """Objects, lists and texts; each text is looked at where it stands, so that its own line can be told."""
    if isinstance(value, str) and not value.startswith("="):
        raise k.wrong(
            "an object, a list or a value that begins with `=` belongs here", "write `=fields`, or the members below it"
        )
    return value


def members(value: Any) -> Any:
    if not isinstance(value, dict):
        raise k.wrong("this should be a mapping of keys to values", "write `key: value` below it")
    return value


def rate(value: Any) -> float:
    word = k.text(value).strip()
    if not re.fullmatch(r"\d{1,6}(\.\d{1,3})?", word) or not float(word):
        raise k.wrong(f"`{word}` is not a number of calls a second", "write `4` or `0.5`")
    return float(word)


def zone(value: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(value)
    except (ValueError, KeyError, OSError) as error:
        raise k.wrong(f"`{value}` is not a time zone", "write one as `UTC` or `Europe/Vienna`") from error
    return value


@dataclass(frozen=True)
class OneOf:
    """One of a few words, for `Annotated[str, OneOf(…)]`."""

    known: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        check = k.one_of(*self.known)
        return core_schema.no_info_before_validator_function(lambda value: check(k.text(value)), handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.known)}


def one_of(*known: str) -> OneOf:
    return OneOf(known)


def status(value: Any) -> int:
    number = k.number(value)
    if not 100 <= number <= 599:
        raise k.wrong(f"{number} is not a status of HTTP", "write one from 100 to 599")
    return number


def count(value: Any) -> int:
    number = k.number(value)
    if not number:
        raise k.wrong("at least 1 belongs here", "write a number from 1")
    return int(number)


def host(word: str) -> None:
    """`system.example`, with a port or not; `*.system.example` for all below it."""
    templates.names_of(word)
    plain = SETTING.sub("x.x", word)
    if not HOST.fullmatch(plain):
        raise ValueError(f"`{word}` is not a host")
    if plain.startswith("*.") and plain.count(".") < 2:
        raise ValueError(f"`{word}` allows too many hosts")


def header(value: Any) -> str:
    word = k.text(value)
    if not HEADER.fullmatch(word):
        raise k.wrong(f"`{word}` cannot be the name of a header", "write one as `X-Api-Key`")
    return str(word)


def headers(value: Any) -> Any:
    for name in members(value):
        header(name)
    return value


def instant_format(value: Any) -> str:
    word = str(k.text(value))
    if word not in FORMATS and "%" not in word:
        raise k.wrong(
            f"`{word}` is not a form of instants", f"{meant(word, FORMATS)} A pattern is written as `%Y/%m/%d %H:%M`"
        )
    try:
        datetime.strptime("", word if "%" in word else "")  # noqa: DTZ007 (nothing is read, the pattern is tried)
    except ValueError as error:
        if "directive" in str(error) or "stray" in str(error):
            raise k.wrong(f"`{word}` is not a pattern of instants: {error}", "write one as `%Y/%m/%d %H:%M`") from error
    return word


TEMPLATE_HELP = "names stand in braces as `{settings.site}`; a value of its own type begins with `=`"
PATH_HELP = "write names with dots between them: `data.items`, `images[].id`, `header:Location`"

Path = Annotated[
    str,
    BeforeValidator(sure(path_of, PATH_HELP, blank=True)),
    k.schema(examples=["data.items", "images[].id", "header:Location"]),
]
Place = Annotated[
    str, BeforeValidator(sure(names_only, "write names with dots between them")), k.schema(examples=["meta.ours"])
]
Template = Annotated[
    str, BeforeValidator(sure(templates.names_of, TEMPLATE_HELP)), k.schema(examples=["{settings.site}/api"])
]
Hosts = Annotated[
    tuple[
        Annotated[str, BeforeValidator(sure(host, "write `cdn.example`, `cdn.example:8443` or `*.cdn.example`"))], ...
    ],
    k.Listed(),
]
Templates = Annotated[tuple[Template, ...], k.Listed()]
Expression = Annotated[
    str,
    BeforeValidator(sure(lambda word: templates.expression_names(word.removeprefix("=").strip()), TEMPLATE_HELP)),
    k.schema(examples=["=ref != ''"]),
]
RequestLine = Annotated[
    str,
    BeforeValidator(sure(request_line, "write `GET /items/{id}`")),
    k.schema(examples=["GET /items", "POST /items/{ref}/files"]),
]
ANYTHING = WithJsonSchema({"type": ["object", "array", "string"]})
Tree = Annotated[Any, BeforeValidator(tree), ANYTHING]
Members = Annotated[dict[str, Any], BeforeValidator(members), WithJsonSchema({"type": "object"})]
Headers = Annotated[dict[str, Any], BeforeValidator(headers), WithJsonSchema({"type": "object"})]
Header = Annotated[str, BeforeValidator(header), k.schema(pattern=f"^{HEADER.pattern}$")]
Format = Annotated[str, BeforeValidator(instant_format), k.schema(examples=["iso", "seconds", "%Y/%m/%d %H:%M"])]
Count = Annotated[int, BeforeValidator(count), WithJsonSchema({"type": ["integer", "string"], "minimum": 1})]
Rate = Annotated[float, BeforeValidator(rate), WithJsonSchema({"type": ["number", "string"]})]
Zone = Annotated[str, BeforeValidator(k.text), AfterValidator(zone), k.schema(examples=["UTC", "Europe/Vienna"])]
Status = Annotated[int, BeforeValidator(status), WithJsonSchema({"type": ["integer", "string"]})]
Statuses = Annotated[tuple[Status, ...], k.Listed()]
Numbers = Annotated[tuple[k.Number, ...], k.Listed()]
