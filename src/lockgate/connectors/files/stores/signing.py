"""Signing requests for S3: AWS Signature Version 4 in a header, the body left unsigned because it is streamed.

By "Authenticating Requests (AWS Signature Version 4)" of the Amazon S3 API reference.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec
from yarl import URL

UNSIGNED = "UNSIGNED-PAYLOAD"
SAFE = "-_.~"


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    access: str
    secret: str
    region: str


def signed(
    method: str, url: URL, keys: Keys, at: datetime, headers: Mapping[str, str] | None = None, payload: str = UNSIGNED
) -> dict[str, str]:
    """The headers to send, signature included. `headers` are those of `x-amz-…` and others that are to be signed."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{keys.region}/s3/aws4_request"
    sent = {**(headers or {}), "x-amz-content-sha256": payload, "x-amz-date": stamp}
    told = {name.lower(): " ".join(value.split()) for name, value in {**sent, "host": host(url)}.items()}
    names = ";".join(sorted(told))
    request = "\n".join(
        (
            method,
            quote(url.path, safe=f"/{SAFE}"),
            "&".join(
                sorted(f"{quote(name, safe=SAFE)}={quote(value, safe=SAFE)}" for name, value in url.query.items())
            ),
            *(f"{name}:{told[name]}" for name in sorted(told)),
            "",
            names,
            payload,
        )
    )
    text = "\n".join(("AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
    signature = hmac.new(signing_key(keys, stamp[:8]), text.encode(), hashlib.sha256).hexdigest()
    proof = f"AWS4-HMAC-SHA256 Credential={keys.access}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**sent, "Authorization": proof}


def host(url: URL) -> str:
    """As the HTTP client writes it: without the port that is usual for the scheme."""
    name = url.raw_host or ""
    name = f"[{name}]" if ":" in name else name
    return name if url.is_default_port() else f"{name}:{url.port}"


def signing_key(keys: Keys, day: str) -> bytes:
    key = f"AWS4{keys.secret}".encode()
    for word in (day, keys.region, "s3", "aws4_request"):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    return key
