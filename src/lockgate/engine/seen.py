"""Which keys a run has seen, in 8 bytes each: a million of them must not cost a hundred megabytes."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable

PARTS = 16
"""Hashes are kept in so many parts by their last bits, so that sorting one takes little memory."""


class Seen:
    """Add keys, then ask. Two keys of one hash count as one, which happens once in some 10^13 pairs of a million keys."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._parts = [array("q") for _ in range(PARTS)]
        self._sorted = False
        self.add(keys)

    def add(self, keys: Iterable[str]) -> None:
        for key in keys:
            number = hash(key)
            self._parts[number % PARTS].append(number)
        self._sorted = False

    def __contains__(self, key: str) -> bool:
        if not self._sorted:
            self._parts = [array("q", sorted(part)) for part in self._parts]
            self._sorted = True
        number = hash(key)
        part = self._parts[number % PARTS]
        at = bisect_left(part, number)
        return at < len(part) and part[at] == number
