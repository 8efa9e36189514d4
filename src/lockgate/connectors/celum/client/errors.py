"""What CELUM's refusals mean.

The documents declare 400, 401, 403 and 503, all with a body of `code`, `message`, `faults` and `entity`; the values of
`code` are not documented, so nothing here depends on them. A missing asset is not declared as 404: the body's `entity`,
"missing or not accessible entity", tells it from an account that lacks a right.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.http import Sent

FORBIDDEN = "celum.forbidden"
"""Code of a 403 about the account, so that a caller to whom it means one asset only can tell."""
LINK_EXPIRED = "celum.link_expired"
LOCKED = "asset.locked"

CHANGING = (
    "editName", "editMetadata", "editAvailability", "delete", "manageVersions", "manageVersion", "addVersion",
    "assignAssetType", "addToOther",
)  # fmt: skip
"""Permissions at an asset that writing to it may need."""


class Fault(msgspec.Struct):
    type: str = ""
    argument: str | None = None
    locale: str | None = None
    informationFieldId: int | None = None  # noqa: N815, the wire's name


class Refusal(msgspec.Struct):
    """The documented body of every refusal; all members optional, so that any JSON object is one."""

    message: str | None = None
    entity: str | None = None
    faults: list[Fault] | None = None


def parse(body: bytes) -> Refusal:
    try:
        return msgspec.json.decode(body, type=Refusal)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Refusal()


def named(fault: Fault, fields: Mapping[int, str]) -> str:
    """What a fault is about: a field by its name where we know it, an argument by its own."""
    if fault.informationFieldId is not None:
        name = fields.get(fault.informationFieldId)
        return (
            f"information field {name} ({fault.informationFieldId})"
            if name
            else f"information field {fault.informationFieldId}"
        )
    if fault.argument:
        return f"{fault.argument} ({fault.locale})" if fault.locale else fault.argument
    return ""


def explain(
    status: int, body: bytes, sent: Sent, *, fields: Mapping[int, str], hidden_is_403: bool
) -> ConnectorError | None:
    """The error where CELUM's body or status says more than the usual table; None leaves it to that."""
    refusal = parse(body)
    said = f": {refusal.message.strip().rstrip('.')}" if refusal.message and refusal.message.strip() else ""
    if refusal.entity and status == 403 and hidden_is_403:
        return NotFound(f"{sent.connection} has no such {refusal.entity}, or hides it from our account{said}.")
    if status == 403:
        return NeedsOperator(
            f"{sent.connection} does not allow our account {sent.what}{said}. Give the account that right in CELUM, or use another.",
            code=FORBIDDEN,
        )
    if status == 401:
        return NeedsOperator(
            f"{sent.connection} does not accept our credentials{said}. "
            "Make an API key in CELUM's administration and enter the key alone, without a word before it."
        )
    if status == 400 and refusal.faults:
        about = ", ".join(dict.fromkeys(one for fault in refusal.faults if (one := named(fault, fields))))
        return Rejected(f"{sent.connection} refused {sent.what}{said}{f' (about {about})' if about else ''}.")
    return None


def file_refused(status: int, sent: Sent) -> Transient | None:
    """A file address that no longer serves: a new one has to be asked for, nobody has to act."""
    if status not in {401, 403, 404, 410}:
        return None
    return Transient(f"A file address of {sent.connection} is no longer valid ({status}).", code=LINK_EXPIRED)


def as_item_error(error: NeedsOperator, asset: str, form: str) -> ConnectorError:
    """A refused download is about one asset and format, not about the account as a whole."""
    if error.code != FORBIDDEN:
        return error
    return Rejected(
        f"Our account may not download asset {asset} in format {form}. Allow that format for it in CELUM.",
        code="download.forbidden",
    )


def locked(asset: Mapping[str, Any], me: Mapping[str, Any], refused: NeedsOperator) -> Transient | None:
    """Somebody else holds the asset: it is tried again once they let go."""
    lock = asset.get("lock")
    holder = (lock.get("creation") or {}).get("userId") if isinstance(lock, Mapping) else None
    if not isinstance(lock, Mapping) or holder == me.get("id"):
        return None
    why = f" ({comment})" if (comment := str(lock.get("comment") or "").strip()) else ""
    return Transient(
        f"Asset {asset.get('id')} is locked in CELUM by user {holder}{why}. "
        "It is tried again; nothing is written until it is unlocked.",
        code=LOCKED,
        detail=refused.detail,
    )


def lacking(asset: Mapping[str, Any], refused: NeedsOperator) -> Rejected | None:
    """Our account lacks rights at this asset, by what its collections give: others may be written all the same."""
    told = asset.get("permissions")
    without = [name for name in CHANGING if told.get(name) is False] if isinstance(told, Mapping) else []
    if not without:
        return None
    return Rejected(
        f"Our account lacks {', '.join(without)} at asset {asset.get('id')}. "
        "Give its role that right at one of the asset's collections.",
        code="asset.forbidden",
        detail=refused.detail,
    )
