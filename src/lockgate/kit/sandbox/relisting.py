"""One record left out of an answer or shown twice, as pages do whose records move while the list is read."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Bent = Callable[[bytes], bytes | None]
"""The body as it shall be; None where it does not show the record."""
NAMES = ("id", "Id", "ID", "uuid", "code", "key", "name")
"""What systems call the id of a record, the usual ones first."""


def relisted(body: bytes, record: str, times: int) -> bytes | None:
    """JSON whose lists show this record so many times; None where they do not show it, or it is no JSON."""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    bent = shown(told, record, times)
    return None if bent == told else msgspec.json.encode(bent)


def shown(value: Any, record: str, times: int) -> Any:
    if isinstance(value, list):
        return [
            one for some in value for one in [shown(some, record, times)] * (times if is_record(some, record) else 1)
        ]
    if isinstance(value, dict):
        return {name: shown(one, record, times) for name, one in value.items()}
    return value


def is_record(value: Any, record: str) -> bool:
    """Whether the member of a list is this record: by its own id, or by that of what it is wrapped in (`{"data": {…}}`)."""
    if not isinstance(value, Mapping):
        return False
    own = next((value[name] for name in NAMES if isinstance(value.get(name), str | int)), None)
    if own is not None:
        return str(own) == record
    return any(is_record(one, record) for one in value.values())


class Relisting:
    """Holds an answer back until it is whole, and passes it on as it shall be. `struck` once it showed the record."""

    def __init__(self, app: ASGIApp, bent: Bent) -> None:
        self._app, self._bent = app, bent
        self._start: Message = {}
        self._body = bytearray()
        self.struck = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._start = message
                return
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._passed_on(send)

        await self._app(scope, receive, hold)

    async def _passed_on(self, send: Send) -> None:
        body = bytes(self._body)
        if 200 <= self._start["status"] < 300 and (bent := self._bent(body)) is not None:
            body, self.struck = bent, True
            headers = dict(self._start["headers"]) | {b"content-length": b"%d" % len(body)}
            self._start = {**self._start, "headers": list(headers.items())}
        await send(self._start)
        await send({"type": "http.response.body", "body": body})
