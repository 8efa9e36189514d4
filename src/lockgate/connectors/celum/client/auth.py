"""Whom we are to CELUM: an API key, a user or a client of its identity provider, and on whose behalf we ask."""

from pydantic import SecretStr

from lockgate.kit.http import ApiKey, Auth, Basic
from lockgate.kit.http.oauth import OAuth2


class CelumAuth:
    """The key alone in `X-API-KEY` (a scheme word before it is refused with 401), Basic, or tokens; all go to the API only."""

    def __init__(
        self,
        *,
        key: SecretStr | None = None,
        user: str = "",
        password: SecretStr | None = None,
        tokens: OAuth2 | None = None,
        act_as: str = "",
        client: str = "",
    ) -> None:
        self._inner: Auth = tokens or (ApiKey(key) if key is not None else Basic(user, password or ""))
        self._tokens = tokens
        self._more = {"X-CELUM-Username": act_as, "X-CELUM-Client": client}

    def headers(self) -> dict[str, str]:
        return {**self._inner.headers(), **{name: value for name, value in self._more.items() if value}}

    async def prepare(self) -> None:
        """Have a token before a call that needs one. Raises what the identity provider answered."""
        if self._tokens is not None:
            await self._tokens.prepare()

    async def refresh(self) -> bool:
        return await self._inner.refresh()

    def secrets(self) -> tuple[str, ...]:
        return self._inner.secrets()
