"""Calls to sandboxes and to a running Lockgate: JSON over HTTP by the standard library alone, which is quick to import."""

import http.client
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from lockgate.app.problems import Refused

PATIENCE = 60.0
"""Seconds an answer may take: filling a sandbox anew takes some."""


class Unreachable(Refused):
    """Nobody listens at this address."""


def call(
    method: str, url: str, body: Any = None, *, query: dict[str, Any] | None = None, patience: float = PATIENCE
) -> Any:
    """The decoded answer, None for an empty one; a text as body goes as it is, all else as JSON.

    Raises Unreachable, and Refused with what the server said.
    """
    status, raw = sent(method, url, body, query, patience)
    told = decoded(raw)
    if 200 <= status < 300:
        return told
    raise Refused(*sentences(told, f"{url} answered {status}"), missing=status == 404)


def sent(method: str, url: str, body: Any, query: dict[str, Any] | None, patience: float) -> tuple[int, bytes]:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused(f"{url} is no address: it begins with http:// and a host")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    asked = {name: value for name, value in (query or {}).items() if value is not None}
    path = (parts.path or "/") + (f"?{urlencode(asked)}" if asked else "")
    try:
        connection = kind(parts.hostname, parts.port, timeout=patience)
        try:
            content, headers = as_sent(body)
            connection.request(method, path, content, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unreachable(f"{parts.scheme}://{parts.netloc} does not answer: {error}") from None


def as_sent(body: Any) -> tuple[bytes | None, dict[str, str]]:
    if body is None:
        return None, {}
    if isinstance(body, str):
        return body.encode(), {"Content-Type": "text/plain; charset=utf-8"}
    return msgspec.json.encode(body), {"Content-Type": "application/json"}


def decoded(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw) if raw else None
    except msgspec.DecodeError:
        return raw.decode("utf-8", "replace")


def sentences(told: Any, otherwise: str) -> list[str]:
    """What a server says of an error, in whichever of our forms."""
    if isinstance(told, dict):
        if isinstance(told.get("error"), str):
            return [told["error"]]
        if isinstance(told.get("errors"), list) and told["errors"]:
            return [str(one) for one in told["errors"]]
        if "detail" in told:
            return [str(told["detail"])]
    return [told] if isinstance(told, str) and told else [otherwise]
