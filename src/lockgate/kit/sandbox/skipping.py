"""One record left out of an answer, as a page does whose records moved while the list was read."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Without = Callable[[bytes], bytes | None]
"""The body without the record; None where it holds none such."""
NAMES = ("id", "Id", "ID", "uuid", "code", "key", "name")
"""What systems call the id of a record, the usual ones first."""


def without(body: bytes, record: str) -> bytes | None:
    """JSON without the members of its lists that are this record; None where there is none, or no JSON."""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    left = left_out(told, record)
    return None if left == told else msgspec.json.encode(left)


def left_out(value: Any, record: str) -> Any:
    if isinstance(value, list):
        return [left_out(one, record) for one in value if not is_record(one, record)]
    if isinstance(value, dict):
        return {name: left_out(one, record) for name, one in value.items()}
    return value


def is_record(value: Any, record: str) -> bool:
    """Whether the member of a list is this record: by its own id, or by that of what it is wrapped in (`{"data": {…}}`)."""
    if not isinstance(value, Mapping):
        return False
    own = next((value[name] for name in NAMES if isinstance(value.get(name), str | int)), None)
    if own is not None:
        return str(own) == record
    return any(is_record(one, record) for one in value.values())


class Skipping:
    """Holds an answer back until it is whole, and passes it on without the record. `struck` once it was left out."""

    def __init__(self, app: ASGIApp, shortened: Without) -> None:
        self._app, self._shortened = app, shortened
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
        if 200 <= self._start["status"] < 300 and (shorter := self._shortened(body)) is not None:
            body, self.struck = shorter, True
            headers = dict(self._start["headers"]) | {b"content-length": b"%d" % len(body)}
            self._start = {**self._start, "headers": list(headers.items())}
        await send(self._start)
        await send({"type": "http.response.body", "body": body})
