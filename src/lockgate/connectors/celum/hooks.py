"""CELUM's webhooks: which assets or collections an event is about, and whether the request may be believed.

CELUM documents 18 event types and no signature, no event id and no order. So an event only says which asset to look at
again, and how a request proves its origin is a setting.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import msgspec

from lockgate.connectors.celum.mapping import changed_at
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.contract import HookRequest
from lockgate.kit.errors import Rejected
from lockgate.model.event import Event, changed, gone

Verification = Literal["none", "hmac", "path"]
Body = Mapping[str, Any]
ASSET, COLLECTION = "asset", "collection"


def mapping_at(body: Body, name: str) -> Body:
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def the_asset(body: Body) -> Iterable[Body]:
    """The asset an event names: as `entity`, as `asset`, or only by `assetId`."""
    named = (mapping_at(body, "entity"), mapping_at(body, "asset"), {"id": body.get("assetId")})
    return [one for one in named if isinstance(one.get("id"), int)][:1]


def related(body: Body) -> Iterable[Body]:
    """The two assets of a relation."""
    ends = (mapping_at(mapping_at(body, "entity"), name) for name in ("sourceAsset", "targetAsset"))
    return [one for one in ends if isinstance(one.get("id"), int)]


def the_collection(body: Body) -> Iterable[Body]:
    return [one for one in (mapping_at(body, "entity"),) if isinstance(one.get("id"), int)]


def nothing(_body: Body) -> Iterable[Body]:
    """Events that change no content: previews are made of it."""
    return []


Names = Callable[[Body], Iterable[Body]]
Makes = Callable[..., Event]

TYPES: Mapping[str, tuple[Names, Makes]] = {
    "ASSET_ADDED": (the_asset, changed),
    "ASSET_CREATED": (the_asset, changed),
    "ASSET_DELETED": (the_asset, gone),
    "ASSET_RELEASED": (the_asset, changed),
    "ASSET_REMOVED": (the_asset, changed),  # from one collection; it may live on in another
    "ASSET_UPDATED": (the_asset, changed),
    "ASSET_VERSION_ACTIVATED": (the_asset, changed),
    "ASSET_VERSION_ADDED": (the_asset, changed),
    "ASSET_VERSION_DELETED": (the_asset, changed),
    "COLLECTION_CREATED": (the_collection, changed),
    "COLLECTION_DELETED": (the_collection, gone),
    "COLLECTION_MOVED": (the_collection, changed),
    "COLLECTION_UPDATED": (the_collection, changed),
    "EXTERNAL_REFERENCE_ADDED": (the_asset, changed),
    "EXTERNAL_REFERENCE_DELETED": (the_asset, changed),
    "PREVIEW_CONVERSION": (nothing, changed),
    "RELATION_CREATED": (related, changed),
    "RELATION_DELETED": (related, changed),
}


def verify(request: HookRequest, how: Verification, secret: str, quirks: Quirks) -> None:
    """Raises Rejected unless the request proves where it comes from in the way the connection asks for."""
    if how == "none":
        return
    if not secret:
        raise Rejected("This connection has no webhook secret; set one, and the same in CELUM.", code="hook.unsigned")
    if how == "path":
        proof, expected = segments(request)[0], secret
    else:
        proof = request.headers.get(quirks.signature_header.lower(), "").removeprefix(quirks.signature_prefix).strip()
        expected = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(proof.encode(), expected.encode()):
        raise Rejected("A webhook's secret or signature is not that of this connection.", code="hook.signature")


def segments(request: HookRequest) -> list[str]:
    return request.path.strip("/").split("/")


def events(request: HookRequest) -> list[Event]:
    """What the body says happened. Event types nobody documented give nothing; a known one without its asset is rejected."""
    body = decoded(request.body)
    kind = body.get("type") or segments(request)[-1]
    if not isinstance(kind, str) or kind not in TYPES:
        return []
    names, makes = TYPES[kind]
    what = COLLECTION if names is the_collection else ASSET
    found = [makes(what, str(one["id"]), changed_at(one)) for one in names(body)]
    if not found and names is not nothing:
        raise Rejected(f"A webhook of type {kind} names no {what}.", code="hook.form")
    return found


def decoded(body: bytes) -> Body:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise Rejected("A webhook's body is no JSON object.", code="hook.form") from problem
