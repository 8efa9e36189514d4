"""Who calls: API keys, or the session of the older login. Every one of them belongs to a user."""

import base64
import binascii
import hmac
from typing import Any
from uuid import uuid4

from starlette.requests import Request

from lockgate.kit.sandbox.store import Store

from .errors import PARAMETER_NOT_SET, UNDEFINED, Refusal, forbidden
from .switches import Right, Switches

COOKIE = "CESESSID"
LOGIN = ("demo", b"demo")
"""Name and password of the one user who logs in, `u-demo`."""


class Access:
    """Checks who calls and what they may do."""

    def __init__(self, store: Store, key: str) -> None:
        self._store = store
        self._key = key

    def user(self, request: Request, switches: Switches) -> str:
        """The user whose key or session the call carries; 401 when it carries none that is valid.

        The first key belongs to `u-1`, further ones to `u-2`, `u-3` and so on.
        """
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            for at, known in enumerate((self._key, *switches.keys), start=1):
                if hmac.compare_digest(key.strip().encode(), known.encode()):
                    return f"u-{at}"
        session = self._store.get("session", request.cookies.get(COOKIE, ""))
        if session is not None:
            return str(session["user"])
        raise Refusal(401, "Invalid API key", code=None)

    def login(self, sent: Any) -> dict[str, Any]:
        """The answer of the login route, which refuses with HTTP 200 and a code, as the legacy RPC does."""
        if not isinstance(sent, dict) or not {"username", "password"} <= sent.keys():
            return {"code": PARAMETER_NOT_SET, "message": "username and password must be set"}
        if (sent["username"], _decoded(sent["password"])) != LOGIN:
            return {"code": UNDEFINED, "message": "Login not possible"}
        session = f"{self._store.next_id('session')}_UserManagement_userIdKey_1_{uuid4().hex}"
        self._store.put("session", session, {"user": "u-demo"})
        return {"code": 0, "session": session}


def demand(right: Right, switches: Switches) -> None:
    """403 when the role of the caller lacks a right."""
    if right not in switches.rights:
        forbidden(f"Your role lacks the right '{right}'")


def _decoded(password: Any) -> bytes:
    try:
        return base64.b64decode(str(password), validate=True)
    except (binascii.Error, ValueError):
        return b""
