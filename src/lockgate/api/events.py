"""What happens, as it happens: one event per item looked at, told to whoever listens.

A listener that does not keep up loses the oldest events and is told how many; the engine never waits for anybody.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from lockgate.app.lockgate import Lockgate
from lockgate.app.views import View
from lockgate.engine.bound import Bound
from lockgate.engine.look import Look
from lockgate.engine.reconcile import Page
from lockgate.model.item import pick
from lockgate.model.plan import Action, Outcome

ROOM = 2_000
"""Events kept for one listener that is behind."""


class Happening(View):
    """An item was looked at, and this came of it."""

    at: datetime
    flow: str
    key: str
    title: str
    outcome: Outcome
    code: str = ""
    reason: str = ""
    actions: list[Action]
    """What was done at the target."""
    withdrawn: bool = False
    linked: bool = False
    ref: str | None = None
    """The vendor's id of the copy."""
    bytes: int = 0


class Dropped(View):
    """The listener was too slow: so many events were left out here."""

    dropped: int


class Listener:
    """Events that one listener has not taken yet."""

    def __init__(self, wants: Callable[[str], bool], room: int) -> None:
        self.wants, self.room = wants, room
        self.waiting: deque[Happening] = deque()
        self.dropped = 0
        self.woken = asyncio.Event()

    def put(self, event: Happening) -> bool:
        """Answers whether there was room; else the oldest event is left out."""
        self.woken.set()
        self.waiting.append(event)
        if len(self.waiting) <= self.room:
            return True
        self.waiting.popleft()
        self.dropped += 1
        return False

    def forget(self) -> None:
        """Leave out what waits: this listener only wants to know that something happened."""
        self.woken.clear()
        self.waiting.clear()

    def take(self) -> Iterator[Happening | Dropped]:
        """All that waits, and first how much is missing before it."""
        self.woken.clear()
        if self.dropped:
            yield Dropped(dropped=self.dropped)
            self.dropped = 0
        while self.waiting:
            yield self.waiting.popleft()


class Feed:
    """Hands what the engine tells to all listeners. `close` lets them go, so that the server can end."""

    def __init__(self, app: Lockgate, on_drop: Callable[[], None]) -> None:
        self.app, self.on_drop = app, on_drop
        self.closed = False
        self._listeners: set[Listener] = set()

    def close(self) -> None:
        self.closed = True
        for listener in self._listeners:
            listener.woken.set()

    @contextmanager
    def listening(self, wants: Callable[[str], bool], room: int = ROOM) -> Iterator[Listener]:
        """A listener to the flows it wants, while the block runs. Raises Refused where no engine runs."""
        listener = Listener(wants, room)
        stop = self.app.working.listen(lambda bound, page: self._told(listener, bound, page))
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            stop()

    def _told(self, listener: Listener, bound: Bound, page: Page) -> None:
        if not listener.wants(bound.flow.name):
            return
        listener.woken.set()  # also by a page without looks: a plan goes on
        for look in page.looks:
            if not listener.put(happening(bound, look)):
                self.on_drop()


def happening(bound: Bound, look: Look) -> Happening:
    title = (pick(look.item.title) if look.item else None) or (look.before.title if look.before else "") or look.key
    return Happening(
        at=bound.clock(),
        flow=bound.flow.name,
        key=look.key,
        title=title,
        outcome=look.outcome or Outcome.FAILED,
        code=look.code,
        reason=look.reason,
        actions=sorted(look.actions) if look.outcome is Outcome.WRITTEN or look.withdrawn else [],
        withdrawn=look.withdrawn,
        linked=look.linked,
        ref=look.ref or (look.before.ref if look.before else None),
        bytes=look.bytes,
    )
