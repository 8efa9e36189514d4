"""One call as a handler sees it: who calls, what was asked, checked word by word."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lockgate.connectors.celum.sandbox.errors import bad_request, invalid, missing
from lockgate.connectors.celum.sandbox.records import User
from lockgate.connectors.celum.sandbox.tenant import Tenant

LARGEST_PAGE = 200
USUAL_PAGE = 20
LARGEST_NUMBER = 2**63 - 1


class Call:
    """An authenticated request."""

    def __init__(self, request: Request, tenant: Tenant, user: User) -> None:
        self.request = request
        self.tenant = tenant
        self.user = user
        self._query = request.query_params

    def path_id(self, name: str, entity: str) -> int:
        """A number in the path; what is no number is an entity that is not there."""
        given = self.request.path_params[name]
        if not given.isdecimal() or int(given) > LARGEST_NUMBER:
            raise missing(entity, given)
        return int(given)

    def text(self, name: str) -> str | None:
        return self._query.get(name)

    def number(self, name: str) -> int | None:
        given = self._query.get(name)
        return None if given is None else _number(name, given)

    def needed(self, name: str) -> int:
        number = self.number(name)
        if number is None:
            raise invalid(name, f"{name} is required")
        return number

    def flag(self, name: str) -> bool:
        given = self._query.get(name, "false").lower()
        if given not in {"true", "false"}:
            raise invalid(name, f"{name} must be true or false")
        return given == "true"

    def words(self, name: str) -> list[str]:
        """A list-valued parameter: repeated keys, or one key with commas."""
        return [word for given in self._query.getlist(name) for word in given.split(",") if word]

    def numbers(self, name: str) -> list[int]:
        return [_number(name, word) for word in self.words(name)]

    def sorting(self) -> list[tuple[str, str]]:
        """`sort=<field>,<ASC|DESC>`, one key for each field."""
        pairs = [given.partition(",") for given in self._query.getlist("sort") if given]
        return [(field.strip(), order.strip() or "ASC") for field, _, order in pairs]

    def page(self) -> "PageOf":
        return PageOf(self.number("page"), self.number("size"))

    async def body(self) -> dict[str, Any]:
        try:
            decoded = msgspec.json.decode(await self.request.body())
        except (msgspec.DecodeError, RecursionError) as problem:
            raise bad_request(f"The body cannot be read: {problem}") from problem
        if not isinstance(decoded, dict):
            raise bad_request("The body must be an object")
        return decoded


class PageOf:
    """Which page was asked for; pages count from 1, and more than 200 elements are cut to 200."""

    def __init__(self, page: int | None, size: int | None) -> None:
        if page is not None and page < 1:
            raise invalid("page", "page starts at 1")
        if size is not None and size < 1:
            raise invalid("size", "size must be at least 1")
        self.page = page or 1
        self.size = min(size or USUAL_PAGE, LARGEST_PAGE)

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    def envelope(self, total: int, content: Sequence[Any]) -> dict[str, Any]:
        return {"totalElements": total, "hasNext": self.offset + self.size < total, "content": content}

    def cut(self, whole: Sequence[Any]) -> dict[str, Any]:
        """The page of a list that is at hand."""
        return self.envelope(len(whole), whole[self.offset : self.offset + self.size])


def answer(body: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def created(body: Any) -> Response:
    return answer(body, 201)


def nothing() -> Response:
    return Response(status_code=204)


def whole(given: Any) -> TypeGuard[int]:
    """Whether it is a whole number the database can hold; true and false are none."""
    return isinstance(given, int) and not isinstance(given, bool) and abs(given) <= LARGEST_NUMBER


def integer(holder: Mapping[str, Any], name: str, *, least: int | None = None) -> int | None:
    """A whole number among the members, or None when it is left out or null."""
    given = holder.get(name)
    if given is None:
        return None
    if not whole(given) or (least is not None and given < least):
        raise invalid(name, f"{name} must be a whole number" + ("" if least is None else f" of at least {least}"))
    return given


def required_integer(holder: Mapping[str, Any], name: str, *, least: int | None = None) -> int:
    number = integer(holder, name, least=least)
    if number is None:
        raise invalid(name, f"{name} is required")
    return number


def string(holder: Mapping[str, Any], name: str) -> str | None:
    """Text among the members, or None when it is left out or null."""
    given = holder.get(name)
    if given is not None and not isinstance(given, str):
        raise invalid(name, f"{name} must be text")
    return given


def required_string(holder: Mapping[str, Any], name: str) -> str:
    given = string(holder, name)
    if not given:
        raise invalid(name, f"{name} is required")
    return given


def listing(holder: Mapping[str, Any], name: str) -> list[Any]:
    """A list among the members; empty when it is left out or null."""
    given = holder.get(name)
    if given is None:
        return []
    if not isinstance(given, list):
        raise invalid(name, f"{name} must be a list")
    return given


def integers(holder: Mapping[str, Any], name: str) -> list[int]:
    given = listing(holder, name)
    if not all(whole(entry) for entry in given):
        raise invalid(name, f"{name} must be a list of whole numbers")
    return given


def mapping(holder: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object among the members; empty when it is left out or null."""
    given = holder.get(name)
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise invalid(name, f"{name} must be an object")
    return given


def objects(holder: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    given = listing(holder, name)
    if not all(isinstance(entry, dict) for entry in given):
        raise invalid(name, f"{name} must be a list of objects")
    return given


def operation(holder: Mapping[str, Any], argument: str, *allowed: str) -> str:
    """The `op` of a change, one of those allowed there."""
    given = holder.get("op")
    if given not in allowed:
        raise invalid(argument, f"op of {argument} must be one of {', '.join(allowed)}")
    return str(given)


def _number(name: str, given: str) -> int:
    digits = given.removeprefix("-")
    if not digits.isdecimal() or len(digits) > 18:
        raise invalid(name, f"{name} must be a whole number")
    return int(given)
