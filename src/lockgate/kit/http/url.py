"""Addresses: query parameters as vendors take them, path segments, whose origin an address is."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote

from yarl import URL

Scalar = str | int | float | bool
Params = Mapping[str, Scalar | Sequence[Scalar] | None]
"""Query parameters: lists repeat their name, None leaves a parameter out, booleans read `true` and `false`."""


def segment(text: str | int) -> str:
    """An id as one segment of a path, whatever characters it holds."""
    return quote(str(text), safe="")


def resolve(base: URL, path: str, params: Params | None) -> URL:
    """The address of a path below the base; a whole address is taken as it is."""
    url = below(base, path)
    return url.update_query(pairs(params)) if params else url


@lru_cache(maxsize=1024)
def below(base: URL, path: str) -> URL:
    """The path as it is written, with the slash that some systems want at its end.

    Kept, since most calls go to few addresses, and an address that was read once knows its parts.
    """
    if path.startswith(("http://", "https://")):
        return URL(path)
    rest = path.lstrip("/")
    return URL(f"{str(base).rstrip('/')}/{rest}" if rest else str(base))


def pairs(params: Params) -> list[tuple[str, str]]:
    return [
        (name, plain(one))
        for name, value in params.items()
        if value is not None
        for one in (value if isinstance(value, Sequence) and not isinstance(value, str) else [value])
    ]


def plain(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
