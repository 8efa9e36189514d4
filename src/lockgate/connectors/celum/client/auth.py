"""Whom we are to CELUM: an API key or a user, and on whose behalf we ask."""

from pydantic import SecretStr

from lockgate.kit.http import ApiKey, Basic


class CelumAuth:
    """The key alone in `X-API-KEY` (a scheme word before it is refused with 401), or Basic; both go to the API only."""

    def __init__(
        self,
        *,
        key: SecretStr | None = None,
        user: str = "",
        password: SecretStr | None = None,
        act_as: str = "",
        client: str = "",
    ) -> None:
        self._inner = ApiKey(key) if key is not None else Basic(user, password or "")
        self._more = {"X-CELUM-Username": act_as, "X-CELUM-Client": client}

    def headers(self) -> dict[str, str]:
        return {**self._inner.headers(), **{name: value for name, value in self._more.items() if value}}

    async def refresh(self) -> bool:
        return False

    def secrets(self) -> tuple[str, ...]:
        return self._inner.secrets()
