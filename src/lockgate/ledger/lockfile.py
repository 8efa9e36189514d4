"""The queue SQLite lacks: an advisory lock that every writing process takes before the database's own lock.

SQLite's busy handler sleeps and starves: beside a bulk writer a small commit waited ten seconds. With the lock file
waiters are woken by the kernel, and bulk writers leave gaps by sleeping as long as they held it.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class FileLock:
    """An exclusive lock between processes and between holders of different descriptors. The kernel frees it when its process dies.

    Not re-entrant, and one object serves one thread at a time.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)

    def __enter__(self) -> Self:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        return self

    def take(self) -> bool:
        """Take the lock if it is free; whether it is ours now."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._descriptor)
