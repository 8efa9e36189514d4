"""Webhooks: the object that one names. The portal signs nothing, so the secret stands in the address, and it is only a hint."""

import hmac
from typing import Any

import msgspec

from lockgate.connectors.fourallportal.modules import Modules
from lockgate.connectors.fourallportal.values import instant
from lockgate.kit.contract import HookRequest
from lockgate.kit.errors import Rejected
from lockgate.model.event import Event, changed, gone

DELETED = "CE_Delete"


def verify(request: HookRequest, secret: str) -> None:
    """The first part of the path below the connection's own must be the secret."""
    given = request.path.strip("/").split("/", maxsplit=1)[0]
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        raise Rejected("The address of this webhook does not hold the connection's secret.", code="hook.unsigned")


def events(request: HookRequest, modules: Modules) -> list[Event]:
    """Any event of a file or product means: look at it again. The body is free text that an administrator pastes."""
    try:
        told = msgspec.json.decode(request.body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected("A webhook of the portal has a JSON object as body.", code="hook.form") from error
    kind, id = modules.kind(told.get("module")), told.get("id")
    if kind is None or not id or not isinstance(id, str | int):
        return []
    make = gone if told.get("event") == DELETED else changed
    return [make(kind, str(id), instant(told.get("mod_time")))]
