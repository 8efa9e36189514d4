"""What must be there once: looked for before the first write, made where it is not found."""

import asyncio
from typing import Any

from lockgate.connectors.rest.definition import paths
from lockgate.connectors.rest.definition.calls import Work
from lockgate.connectors.rest.definition.shapes import SetUp
from lockgate.connectors.rest.runtime.calls import Calling, Got, Ready, Scope
from lockgate.connectors.rest.runtime.pages import truth
from lockgate.kit.errors import NotFound


class Once:
    """The set-up of one connection. `done` does it once; what it took is known to calls as `{setup.NAME}`."""

    def __init__(self, calling: Calling, steps: tuple[SetUp, ...]) -> None:
        self._steps = [Step(calling, one) for one in steps]
        self._names = any(takes(one.find) for one in steps)
        self._took: Scope | None = None
        self._lock = asyncio.Lock()

    async def done(self, scope: Scope) -> Scope:
        """The scope with what the set-up took. Raises what the system answered."""
        if not self._steps:
            return scope
        async with self._lock:
            if self._took is None:
                self._took = {}
                try:
                    for step in self._steps:
                        self._took |= await step.there(scope | {"setup": self._took})
                except BaseException:
                    self._took = None
                    raise
            return scope | {"setup": self._took}

    async def known(self, scope: Scope) -> Scope:
        """The scope with what is there already, without making anything: for reading."""
        if not self._names or self._took is not None:
            return scope | {"setup": self._took or {}}
        took: Scope = {}
        every = True
        for step in self._steps:
            found = await step.found(scope | {"setup": took})
            every, took = every and found is not None, took | (found or {})
        if every:
            self._took = took
        return scope | {"setup": took}

    async def missing(self, scope: Scope) -> list[str]:
        """Titles of what is not there yet."""
        took: Scope = {}
        absent = []
        for step in self._steps:
            found = await step.found(scope | {"setup": took})
            if found is None:
                absent.append(step.title)
            took |= found or {}
        return absent


def takes(look: Work) -> bool:
    return any(call.take for call in (look.calls or (look,)))


class Step:
    def __init__(self, calling: Calling, shape: SetUp) -> None:
        self.title = shape.title
        self._find, self._make = calling.work(shape.find), calling.work(shape.make)
        self._found = paths.getter(shape.found)

    async def there(self, scope: Scope) -> Scope:
        found = await self.found(scope)
        if found is not None:
            return found
        made: Scope = (await self._make(scope)).scope["took"]
        return made

    async def found(self, scope: Scope) -> Scope | None:
        """What the look took; None where it is not there."""
        try:
            got = await self._find(scope)
        except NotFound:
            return None
        took: Scope = got.scope["took"]
        return took if self._is_there(self._find, got) else None

    def _is_there(self, ready: Ready, got: Got) -> bool:
        inner: Any = ready.last.inner(got.answer)
        found = self._found(inner) if inner is not paths.MISSING else paths.MISSING
        return truth(found) and found not in ([], {})
