"""Webhooks of a defined system: proved, then read for the items they name."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

import msgspec

from lockgate.connectors.rest.definition import paths, templates
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.shapes import HookEvent, Hooks, Signature
from lockgate.kit.contract import HookRequest
from lockgate.kit.errors import Rejected
from lockgate.model.event import Event, changed, gone


class Receiving:
    """Reads webhooks."""

    def __init__(self, hooks: Hooks, secret: str) -> None:
        self._signature, self._secret = hooks.signature, secret
        self._events = [Announced(one) for one in hooks.events]

    def events(self, request: HookRequest) -> list[Event]:
        """Raises Rejected for a wrong signature or form; what the definition does not name gives nothing."""
        if self._signature is not None:
            prove(self._signature, self._secret, request)
        try:
            body = msgspec.json.decode(request.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise Rejected("A webhook came whose body is no JSON.", code="hook.form") from problem
        return [event for one in self._events for event in one.of(body, request)]


def prove(signature: Signature, secret: str, request: HookRequest) -> None:
    said = request.headers.get(signature.header.lower(), "")
    digest = hmac.new(secret.encode(), request.body, getattr(hashlib, signature.algorithm)).digest()
    wanted = signature.prefix + (digest.hex() if signature.encoding == "hex" else base64.b64encode(digest).decode())
    if not hmac.compare_digest(said.encode(), wanted.encode()):
        raise Rejected(
            "A webhook came without a good signature; set the same secret at the system.", code="hook.signature"
        )


class Announced:
    """One kind of event."""

    def __init__(self, shape: HookEvent) -> None:
        self._shape = shape
        self._when = (
            templates.value(shape.when if shape.when.startswith("=") else f"={shape.when}") if shape.when else None
        )
        self._each = paths.getter(shape.each) if shape.each else None
        self._id = paths.getter(shape.id)
        self._record = paths.getter(shape.record) if shape.record is not None else None

    def of(self, body: Any, request: HookRequest) -> list[Event]:
        if self._when is not None and not self._holds(body, request):
            return []
        named: Sequence[Any] = [body]
        if self._each is not None:
            found = self._each(body)
            named = found if isinstance(found, list) else []
        return [event for one in named if (event := self._event(one)) is not None]

    def _holds(self, body: Any, request: HookRequest) -> bool:
        try:
            return self._when is None or self._when({"body": body, "headers": dict(request.headers)}) is True
        except templates.NoValue:
            return False

    def _event(self, told: Any) -> Event | None:
        id = self._id(told)
        if id in (None, "", paths.MISSING):
            return None
        if self._shape.gone:
            return gone(self._shape.kind, as_text(id))
        record = msgspec.json.encode(self._record(told)) if self._record is not None else None
        return changed(self._shape.kind, as_text(id), record=record)
