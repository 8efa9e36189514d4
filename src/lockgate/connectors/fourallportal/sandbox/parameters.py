"""Reading query parameters and bodies, refusing what cannot be read."""

from typing import Any

import msgspec
from starlette.requests import Request

from .errors import Refusal, bad, missing_parameter
from .search import LARGEST_PAGE, Listing, read_sort

PAGE = 50


def listed(request: Request, name: str) -> list[str] | None:
    """A parameter given any number of times, each time perhaps a comma list; None when it is not given."""
    given = request.query_params.getlist(name)
    return [one.strip() for value in given for one in value.split(",") if one.strip()] if given else None


def required_list(request: Request, name: str) -> list[str]:
    found = listed(request, name)
    return found or missing_parameter(name)


def whole(request: Request, name: str, default: int) -> int:
    """A parameter as a number from 0; 400 for anything else."""
    given = request.query_params.get(name, "")
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or len(given) > 15:
        bad(f"Parameter '{name}' must be a whole number from 0")
    return int(given)


def page_size(request: Request) -> int:
    """`limit`, else `count`; never more than the largest page."""
    return min(whole(request, "limit", whole(request, "count", PAGE)), LARGEST_PAGE)


def listing(request: Request) -> Listing:
    """What a call of the list route asks for."""
    return Listing(
        query=request.query_params.get("query", ""),
        sort=read_sort(one for one in request.query_params.getlist("sort") if one.strip()),
        offset=whole(request, "offset", 0),
        limit=page_size(request),
        total=request.query_params.get("totalCount", "").lower() == "true",
    )


async def json_body(request: Request) -> Any:
    """The body as JSON; 415 when it says to be something else, 400 when it is none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(415, f"Content type '{kind}' not supported")
    try:
        return msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        bad("The body is not JSON")
