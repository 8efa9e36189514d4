"""The older login with user and password, for tenants where nobody may make an API key: a session in a cookie."""

import base64

from pydantic import SecretStr

from lockgate.kit.errors import NeedsOperator
from lockgate.kit.http import RestClient
from lockgate.kit.services import Services

COOKIE = "CESESSID"
LOGIN = "/service/usermanagement/login"


class SessionAuth:
    """Logs in when a call is refused, so that an expired session is replaced by itself."""

    def __init__(self, site: str, user: str, password: SecretStr, services: Services) -> None:
        self._client = RestClient(site, services)
        self._user, self._password, self._who = user, password.get_secret_value(), services.connection
        self._session = ""

    def headers(self) -> dict[str, str]:
        return {"Cookie": f"{COOKIE}={self._session}"} if self._session else {}

    async def refresh(self) -> bool:
        """A new session. Raises NeedsOperator where the portal refuses, which it says with HTTP status 200."""
        told = {"username": self._user, "password": self._encoded, "language": "en_US"}
        answer = await self._client.send_json("POST", LOGIN, told, repeatable=True)
        session = answer.get("session") if isinstance(answer, dict) and answer.get("code") == 0 else None
        if not session:
            raise NeedsOperator(
                f"{self._who} does not accept user {self._user} and the password. Correct them, or use an API key.",
                code="login",
            )
        self._session = str(session)
        return True

    def secrets(self) -> tuple[str, ...]:
        return tuple(one for one in (self._password, self._encoded, self._session) if one)

    async def close(self) -> None:
        await self._client.close()

    @property
    def _encoded(self) -> str:
        return base64.b64encode(self._password.encode()).decode()
