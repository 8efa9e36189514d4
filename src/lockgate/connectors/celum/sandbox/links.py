"""Addresses of files that open without a login, for a while: the token in them is signed and says when it ends."""

import hashlib
import hmac

from lockgate.connectors.celum.sandbox.errors import forbidden
from lockgate.kit.sandbox import SandboxClock

HOUR = 3600


class Links:
    """Makes and opens tokens. A token names what it opens; nothing is stored for it."""

    def __init__(self, secret: bytes, clock: SandboxClock) -> None:
        self._secret = secret
        self._clock = clock

    def seal(self, *parts: object, seconds: int = HOUR) -> str:
        """A token for these words, none of which may contain `-`."""
        until = int(self._clock.now().timestamp()) + seconds
        body = "-".join(str(part) for part in (*parts, until))
        return f"{body}-{self._sign(body)}"

    def open(self, token: str) -> list[str]:
        """The words of a token that is whole and has not ended; refused otherwise."""
        body, _, signature = token.rpartition("-")
        if not hmac.compare_digest(signature.encode(), self._sign(body).encode()):
            raise forbidden("The link is not valid")
        *parts, until = body.split("-")
        if int(until) <= self._clock.now().timestamp():
            raise forbidden("The link has expired")
        return parts

    def _sign(self, body: str) -> str:
        return hmac.new(self._secret, body.encode(), hashlib.sha256).hexdigest()[:24]
