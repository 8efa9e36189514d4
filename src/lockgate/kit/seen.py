"""Which of very many keys were seen, in 8 bytes each: a million of them must not cost a hundred megabytes."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import lt
from typing import Any

PARTS = 16
"""Hashes are sorted in so many parts by their last bits, so that sorting one takes little memory."""

Order = Callable[[Sequence[str]], Sequence[Any]]
"""Makes keys comparable."""


def by_length(keys: Sequence[str]) -> Sequence[Any]:
    """Numbers written as text are in order so."""
    return list(zip(map(len, keys), keys, strict=True))


def as_text(keys: Sequence[str]) -> Sequence[Any]:
    return keys


def rising(values: Sequence[Any]) -> bool:
    return all(map(lt, values, islice(values, 1, None)))


class Seen:
    """Add keys, then ask. Two keys of one hash count as one, which happens once in some 10^13 pairs of a million keys."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._hashes = array("q")
        self._parts: list[array[int]] = []
        self._last: list[str] = []
        self._orders: list[Order] = [by_length, as_text]
        self.add(list(keys))

    def __len__(self) -> int:
        """How many keys were added; so many different ones where they are `distinct`."""
        return len(self._hashes)

    @property
    def distinct(self) -> bool:
        """Whether no key was added twice for sure, since they came in order."""
        return bool(self._orders)

    @property
    def different(self) -> int:
        """How many different keys were added."""
        return len(self) if self.distinct else sum(map(len, map(set, parted(self._hashes))))

    def add(self, keys: Sequence[str]) -> None:
        if not keys:
            return
        self._hashes.extend(map(hash, keys))
        self._parts = []
        chain = [*self._last, *keys]
        self._orders = [order for order in self._orders if rising(order(chain))][:1]
        self._last = [keys[-1]]

    def __contains__(self, key: str) -> bool:
        if not self._parts:
            self._parts = parted(self._hashes)
        number = hash(key)
        part = self._parts[number % PARTS]
        at = bisect_left(part, number)
        return at < len(part) and part[at] == number


def parted(hashes: Iterable[int]) -> "list[array[int]]":
    """Sorted, each part by itself."""
    parts = [array("q") for _ in range(PARTS)]
    for number in hashes:
        parts[number % PARTS].append(number)
    return [array("q", sorted(part)) for part in parts]
