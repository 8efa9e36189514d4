"""How a request proves who we are. A vendor with another way brings its own class with these three methods."""

import base64
from collections.abc import Mapping
from typing import Protocol

from pydantic import SecretStr
from yarl import URL


class Auth(Protocol):
    def headers(self) -> dict[str, str]:
        """Headers of every request to the connection's own origin."""
        ...

    async def refresh(self) -> bool:
        """Called once after a 401, never twice at once; True when there are new credentials to try again with."""
        ...

    def secrets(self) -> tuple[str, ...]:
        """Values that must never be seen in a log or an error text."""
        ...


class NoAuth:
    """No credentials."""

    def headers(self) -> dict[str, str]:
        return {}

    async def refresh(self) -> bool:
        return False

    def secrets(self) -> tuple[str, ...]:
        return ()


class FixedAuth(NoAuth):
    """Credentials that are one header and never renew themselves."""

    def __init__(self, name: str, value: str, *secrets: str) -> None:
        self._headers = {name: value}
        self._secrets = (*secrets, value)

    def headers(self) -> dict[str, str]:
        return self._headers

    def secrets(self) -> tuple[str, ...]:
        return self._secrets


def reveal(secret: str | SecretStr) -> str:
    return secret.get_secret_value() if isinstance(secret, SecretStr) else secret


class ApiKey(FixedAuth):
    """The key alone in a header of its own."""

    def __init__(self, key: str | SecretStr, header: str = "X-API-KEY") -> None:
        super().__init__(header, reveal(key))


class Bearer(FixedAuth):
    def __init__(self, token: str | SecretStr) -> None:
        super().__init__("Authorization", f"Bearer {reveal(token)}", reveal(token))


class Basic(FixedAuth):
    def __init__(self, user: str, password: str | SecretStr) -> None:
        pair = base64.b64encode(f"{user}:{reveal(password)}".encode()).decode()
        super().__init__("Authorization", f"Basic {pair}", reveal(password), pair)


class SignedAuth(NoAuth):
    """Credentials that are computed for each request: derive and give `sign`."""

    def sign(self, method: str, url: URL, body: bytes | None) -> Mapping[str, str]:
        """Headers for this request; `body` is None where a file is streamed. Called for each attempt."""
        raise NotImplementedError
