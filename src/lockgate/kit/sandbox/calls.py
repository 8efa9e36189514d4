"""The call log: what clients asked of a sandbox and what they got."""

from collections import deque
from itertools import islice

import msgspec

KEPT = 100_000


class Call(msgspec.Struct, frozen=True, gc=False):
    """One request that was answered (status 0: the connection was cut before an answer)."""

    n: int
    at: str
    method: str
    path: str
    query: str
    status: int
    request_bytes: int
    answer_bytes: int
    fault: str | None = None
    """Kind of the fault that was put in its way, if any."""


class CallLog:
    """The newest calls, numbered from 1; numbers go on when the log is emptied."""

    def __init__(self, kept: int = KEPT) -> None:
        self._calls: deque[Call] = deque(maxlen=kept)
        self._last = 0

    def add(
        self,
        *,
        at: str,
        method: str,
        path: str,
        query: str,
        status: int,
        request_bytes: int,
        answer_bytes: int,
        fault: str | None,
    ) -> None:
        """Note one call; it gets the next number."""
        self._last += 1
        self._calls.append(Call(self._last, at, method, path, query, status, request_bytes, answer_bytes, fault))

    def since(self, n: int = 0) -> list[Call]:
        """Calls numbered above `n`, oldest first."""
        known = self._last - len(self._calls)
        return list(islice(self._calls, max(n - known, 0), None))

    def __len__(self) -> int:
        return len(self._calls)

    def clear(self) -> None:
        self._calls.clear()
