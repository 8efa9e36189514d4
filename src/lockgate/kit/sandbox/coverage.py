"""Which routes of the vendor's documents a sandbox really serves."""

import re
from collections.abc import Iterable, Iterator

import msgspec
from starlette.routing import BaseRoute, Mount, Route

PARAMETER = re.compile(r"\{[^}]*\}")


class Coverage(msgspec.Struct, frozen=True):
    """Routes served, routes the contract names, and those of the contract that nobody serves."""

    served: list[str]
    contract: list[str]
    missing: list[str]


def coverage(routes: Iterable[BaseRoute], contract: Iterable[str], base_path: str = "") -> Coverage:
    """Compare by shape: names of path parameters do not count, and the contract may leave out the base path."""
    served = sorted({f"{method} {path}" for method, path in _served(routes)})
    shapes = {PARAMETER.sub("{}", route) for route in served}
    wanted = [route for entry in contract for route in _entries(entry)]
    missing = [route for route in wanted if not _shapes(route, base_path) & shapes]
    return Coverage(served, wanted, missing)


def _served(routes: Iterable[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _served(route.routes, prefix + route.path)
        elif isinstance(route, Route):
            # Starlette adds HEAD to every GET by itself; contracts do not name it.
            yield from ((method, prefix + route.path) for method in (route.methods or {"GET"}) - {"HEAD"})


def _entries(entry: str) -> list[str]:
    """`GET/PATCH /assets/{id}` is two routes."""
    methods, _, path = entry.strip().partition(" ")
    return [f"{method} {path.strip()}" for method in methods.split("/")]


def _shapes(route: str, base_path: str) -> set[str]:
    method, _, path = PARAMETER.sub("{}", route).partition(" ")
    return {f"{method} {path}", f"{method} {base_path}{path}"}
