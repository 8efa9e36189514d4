"""What came back, and which error it means: the default table, sentences and `Retry-After`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from lockgate.kit.errors import (
    Conflict,
    ConnectorError,
    ContractBroken,
    NeedsOperator,
    NotFound,
    RateLimited,
    Rejected,
    Transient,
)

DEFAULT_ERRORS: Mapping[int, type[ConnectorError]] = {
    400: Rejected,
    401: NeedsOperator,
    403: NeedsOperator,
    404: NotFound,
    407: NeedsOperator,
    408: Transient,
    409: Conflict,
    410: NotFound,
    412: Conflict,
    422: Rejected,
    423: Transient,
    425: Transient,
    429: RateLimited,
}

SENTENCES: Mapping[type[ConnectorError], str] = {
    NeedsOperator: "{who} refused our credentials for {what}{reason}. Check the key or password of this connection and its rights.",
    RateLimited: "{who} asked us to slow down at {what}{reason}.",
    Conflict: "{who} reports at {what} that something changed meanwhile{reason}.",
    Transient: "{who} cannot do {what} at the moment{reason}.",
    NotFound: "{who} does not know what {what} asks for, or hides it from our account{reason}.",
    Rejected: "{who} refused {what}{reason}.",
    ContractBroken: "{who} answered {what} in a way its documents do not allow{reason}.",
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A response, read whole. Header names as sent; look them up without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """Summary of a request for error texts and the log; `url` is scrubbed."""

    connection: str
    method: str
    url: str
    path: str
    retry_after: float | None = None
    """Seconds the vendor asked us to wait, if it did."""

    @property
    def what(self) -> str:
        return f"{self.method} {self.path}"


def error_class(errors: Mapping[int, type[ConnectorError]], status: int) -> type[ConnectorError]:
    """The class for a status: the vendor's table, then the default one, then by the hundred."""
    if found := errors.get(status) or DEFAULT_ERRORS.get(status):
        return found
    if status >= 500:
        return Transient
    return Rejected if status >= 400 else ContractBroken


def build(kind: type[ConnectorError], status: int, reason: str, sent: Sent, detail: str) -> ConnectorError:
    """The error in the class's usual sentence; `reason` is the vendor's own word, if it gave one."""
    template = next(text for base, text in SENTENCES.items() if issubclass(kind, base))
    said = f" ({status}: {reason.strip().rstrip('.')})" if reason.strip() else f" ({status})"
    sentence = template.format(who=sent.connection, what=sent.what, reason=said)
    if issubclass(kind, Transient):
        return kind(sentence, detail=detail, retry_after=sent.retry_after)
    return kind(sentence, detail=detail)


REASONS = ("message", "detail", "error_description", "title", "error", "errorMessage", "description")
"""Members in which most vendors put a sentence (RFC 9457, OAuth, Spring)."""


def usual_reason(body: bytes) -> str:
    """The sentence in a JSON error body of one of the usual forms, else empty."""
    try:
        content: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    for name in REASONS if isinstance(content, dict) else ():
        inner = content.get(name)
        if isinstance(inner, dict):
            inner = next((inner[one] for one in REASONS if isinstance(inner.get(one), str)), None)
        if isinstance(inner, str) and inner.strip():
            return inner[:300]
    return ""


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds of a `Retry-After` header in either of its forms; a date is read against the vendor's own clock if it sent it."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isdigit():
        return float(value)
    if (at := http_date(value)) is None:
        return None
    return max(0.0, (at - (http_date(headers.get("Date", "")) or now)).total_seconds())


def http_date(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
