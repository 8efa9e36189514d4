"""Places in an answer: `data.items[].id`, `values.*.data`, `images[0].src`, `"a.b".c`, `header:X-Total`.

A path that passes `[]` or `*` gives a list; any other gives the one value there, or MISSING. Names are taken as they are, so
digits and `@` may stand in them; a name with a dot, bracket or blank is put in double quotes.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

MISSING: Final = msgspec.UNSET
"""What a path gives where nothing is; null is a value."""
HEADER = "header:"
ALL, ANY = "[]", "*"

TOKEN = re.compile(r'"(?P<quoted>[^"]+)"|\[(?P<index>\d*)\]|(?P<name>[^.\[\]"\s]+)|(?P<dot>\.)')

Step = str | int
Getter = Callable[[Any], Any]


def steps(path: str) -> tuple[Step, ...]:
    """The steps of a path: a name, an index, ALL or ANY. Raises ValueError with a sentence."""
    found: list[Step] = []
    at, ready = 0, True
    while at < len(path):
        token = TOKEN.match(path, at)
        if token is None or not fits(token, ready):
            raise ValueError(f"`{path}` is not a path at character {at + 1}")
        at, ready = token.end(), token["dot"] is not None
        if token["dot"] is None:
            found.append(step(token))
    if path and ready:
        raise ValueError(f"`{path}` is not a path: it ends with a dot")
    return tuple(found)


def fits(token: re.Match[str], ready: bool) -> bool:
    """Names follow a dot or stand first; brackets follow a name or stand first; a dot follows one of both."""
    return (token["index"] is not None) or ready != (token["dot"] is not None)


def step(token: re.Match[str]) -> Step:
    if token["index"] is not None:
        return int(token["index"]) if token["index"] else ALL
    # A quoted name is never the sign for all members.
    return token["quoted"] or token["name"]


def plain(path: str) -> bool:
    """Whether the path is names only, so that a value can be put there."""
    return not path.startswith(HEADER) and all(isinstance(one, str) and one not in {ALL, ANY} for one in steps(path))


def many(path: str) -> bool:
    """Whether the path gives a list of what it finds."""
    return not path.startswith(HEADER) and any(one in {ALL, ANY} for one in steps(path))


def getter(path: str) -> Getter:
    """What reads this path from decoded JSON; made once where it is read many times."""
    way = steps(path)
    if any(one in {ALL, ANY} for one in way):
        return lambda value: list(each(value, way))
    return lambda value: walk(value, way)


def walk(value: Any, way: tuple[Step, ...]) -> Any:
    for one in way:
        if isinstance(value, dict):
            value = value.get(one, MISSING)
        elif isinstance(one, int) and isinstance(value, list) and one < len(value):
            value = value[one]
        else:
            return MISSING
    return value


def each(value: Any, way: tuple[Step, ...]) -> Iterator[Any]:
    """All that the way leads to, in order; what is not there is left out."""
    for at, one in enumerate(way):
        if one in {ALL, ANY}:
            inside = value.values() if isinstance(value, dict) and one == ANY else value
            for inner in inside if not isinstance(inside, str | Mapping) and hasattr(inside, "__iter__") else ():
                yield from each(inner, way[at + 1 :])
            return
        value = walk(value, (one,))
    if value is not MISSING:
        yield value


def place(target: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path of names, making the objects on the way."""
    *way, last = steps(path)
    for one in way:
        target = target.setdefault(str(one), {})
    target[str(last)] = value
