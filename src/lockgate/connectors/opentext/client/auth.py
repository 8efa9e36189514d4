"""Tickets: fetched with what the connection was given, taken anew when the server no longer knows one."""

from typing import Any
from urllib.parse import urlencode

from lockgate.connectors.opentext.client.errors import with_data
from lockgate.connectors.opentext.settings import OpenTextSettings
from lockgate.kit.contract import Secret
from lockgate.kit.errors import ConnectorError, ContractBroken, NeedsOperator, Transient
from lockgate.kit.http import Answer, Basic, RestClient, Sent
from lockgate.kit.http.url import pairs
from lockgate.kit.services import Services

TICKET = "OTCSTicket"
FORM = "application/x-www-form-urlencoded"


class SignInClient(RestClient):
    """Calls that need no ticket because they get one. Whatever the server refuses here is about the credentials."""

    def accept(self, answer: Answer, sent: Sent) -> None:
        with_data(answer, sent)

    def error_for(self, status: int, body: bytes, sent: Sent) -> ConnectorError:
        error = super().error_for(status, body, sent)
        said = self.exchange.scrubber().text(self.reason(body)).strip().rstrip(".")
        if isinstance(error, Transient) and not said.endswith("is required"):
            return error
        return NeedsOperator(
            f"{sent.connection} does not let us sign in at {sent.path}{f' ({said})' if said else ''}. Check the address, "
            "user name and password of this connection, and whether the user may sign in at all.",
            code="sign_in",
            detail=error.detail,
        )


class Tickets:
    """The ticket of one connection, as the credentials of its calls."""

    def __init__(self, settings: OpenTextSettings, services: Services) -> None:
        self.settings, self.services = settings, services
        self.ticket = settings.password.get_secret_value() if settings.sign_in == "ticket" else ""

    def headers(self) -> dict[str, str]:
        return {TICKET: self.ticket} if self.ticket else {}

    def secrets(self) -> tuple[str, ...]:
        return tuple(one for one in (self.settings.password.get_secret_value(), self.ticket) if one)

    def adopt(self, fresh: str | None) -> None:
        """Servers may hand out a fresh ticket with any answer."""
        if fresh:
            self.ticket = fresh

    async def refresh(self) -> bool:
        """Sign in. Raises NeedsOperator where that is refused; False where there is nothing to sign in with."""
        if self.settings.sign_in == "ticket":
            return False
        ways = {"password": self._by_password, "otds": self._by_directory, "client": self._as_client}
        self.ticket = await ways[self.settings.sign_in]()
        return True

    def _nothing(self) -> "Carried":
        """No credentials, but the password is known as a secret."""
        return Carried({}, [self.settings.password])

    async def _by_password(self) -> str:
        form = {
            "username": self.settings.user,
            "password": self.settings.password.get_secret_value(),
            "domain": self.settings.domain or None,
        }
        async with SignInClient(self.settings.site, self.services, self._nothing()) as server:
            told = server.decode(await posted(server, "/api/v1/auth", form), dict[str, Any])
        return stated(told, "ticket")

    async def _by_directory(self) -> str:
        wanted = {"user_name": self.settings.user, "password": self.settings.password.get_secret_value()}
        async with SignInClient(self.settings.otds, self.services, self._nothing()) as directory:
            told = await directory.send_json(
                "POST", "/otdsws/v1/authentication/credentials", wanted, repeatable=True, type=dict[str, Any]
            )
        return await self._exchanged({"OTDSTicket": stated(told, "ticket")})

    async def _as_client(self) -> str:
        auth = Basic(self.settings.user, self.settings.password)
        async with SignInClient(self.settings.otds, self.services, auth) as directory:
            answer = await posted(directory, "/otdsws/oauth2/token", {"grant_type": "client_credentials"})
            told = directory.decode(answer, dict[str, Any])
        return await self._exchanged({"Authorization": f"Bearer {stated(told, 'access_token')}"})

    async def _exchanged(self, headers: dict[str, str]) -> str:
        """A ticket of the Content Server for one of the directory services; it comes in a header."""
        passed = [Secret(one.removeprefix("Bearer ")) for one in headers.values()]
        async with SignInClient(self.settings.site, self.services, Carried(headers, passed)) as server:
            answer = await server.request("GET", "/api/v1/auth")
        if not (ticket := answer.headers.get(TICKET)):
            raise ContractBroken("The Content Server took the sign-in of the directory services, but gave no ticket.")
        return ticket


class Carried:
    """Credentials of one call."""

    def __init__(self, headers: dict[str, str], secrets: list[Secret]) -> None:
        self._headers, self._secrets = headers, secrets

    def headers(self) -> dict[str, str]:
        return self._headers

    async def refresh(self) -> bool:
        return False

    def secrets(self) -> tuple[str, ...]:
        return tuple(one.get_secret_value() for one in self._secrets)


async def posted(client: RestClient, path: str, form: dict[str, Any]) -> Answer:
    body = urlencode(pairs(form)).encode()
    return await client.request("POST", path, headers={"Content-Type": FORM}, body=body, repeatable=True)


def stated(told: dict[str, Any], name: str) -> str:
    if isinstance(value := told.get(name), str) and value:
        return value
    raise ContractBroken(f"Signing in was answered without {name}.", code="sign_in")
