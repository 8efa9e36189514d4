"""Lists a page at a time: a page starts after the last row of the one before, so a page costs the same wherever it lies."""

import base64
import binascii
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some rows, and the token that fetches those after them; None when there are no more."""

    rows: list[T]
    next: str | None = None


def token(position: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode()


class NoSuchPlace(ValueError):
    """A text that is no token of this list."""


def position(token: str, length: int) -> tuple[Any, ...]:
    """What `token` was made from. Raises NoSuchPlace."""
    try:
        found = msgspec.json.decode(base64.urlsafe_b64decode(token.encode()))
    except (binascii.Error, msgspec.DecodeError, UnicodeError) as error:
        raise NoSuchPlace(f"{token!r} is no place in this list") from error
    if not isinstance(found, list) or len(found) != length:
        raise NoSuchPlace(f"{token!r} is no place in this list")
    return tuple(found)


def cut(rows: list[T], limit: int, place: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """A page of up to `limit` of `rows`, which were read one longer than that; `place` says where a row stands."""
    if len(rows) <= limit:
        return Page(rows)
    return Page(rows[:limit], token(place(rows[limit - 1])))
