"""Several pieces of a page that come of one reading, kept true together."""

from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from typing import Generic, TypeVar

from markupsafe import Markup
from nicegui import ui

from lockgate.console.parts.markup import draw
from lockgate.console.parts.saying import EXPECTED

T = TypeVar("T")


class Watched(Generic[T]):
    """One reading, made anew every so many seconds; what was drawn from it is sent again where it differs."""

    def __init__(self, read: Callable[[], Awaitable[T]], now: T) -> None:
        self.read, self.now = read, now
        self._followers: list[Callable[[T], None]] = []

    @classmethod
    async def begin(cls, read: Callable[[], Awaitable[T]], *, every: float = 2.0) -> "Watched[T]":
        """Read once, and again and again while the page is open."""
        made = cls(read, await read())
        ui.timer(every, made.again, immediate=False)
        return made

    def draw(self, piece: Callable[[T], Markup], tag: str = "div") -> ui.html:
        """Put a piece of the reading on the page."""
        shown = draw(piece(self.now), tag)

        def told(now: T) -> None:
            shown.set_content(piece(now))

        self._followers.append(told)
        return shown

    def build(self, what: Callable[[T], Hashable], make: Callable[[T], None], classes: str = "") -> None:
        """Elements that are made anew when what they depend on differs."""
        place, made = ui.element("div").classes(classes), list[Hashable]()

        def told(now: T) -> None:
            if made != [what(now)]:
                made[:] = [what(now)]
                place.clear()
                with place:
                    make(now)

        self.follow(told)

    def follow(self, told: Callable[[T], None]) -> None:
        """Call it with the present reading, and with each later one."""
        told(self.now)
        self._followers.append(told)

    async def again(self) -> None:
        """Read now. What was read last stays where it cannot be read: a flow just removed, a database that restarts."""
        with suppress(*EXPECTED):
            self.now = await self.read()
        for told in self._followers:
            told(self.now)
