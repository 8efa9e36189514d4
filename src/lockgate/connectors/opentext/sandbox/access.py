"""Who calls: tickets, given for a name and a password, and what the directory service gives."""

import hmac
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from lockgate.kit.sandbox.store import Store

from .call import Call, json
from .errors import Refusal, bad, failed, unauthorized
from .tenant import Tenant
from .views import member_view

WRONG = "Invalid username/password specified"


class Access:
    """Gives out tickets and knows whose they are."""

    def __init__(self, tenant: Tenant, store: Store, key: str) -> None:
        self._tenant = tenant
        self._store = store
        self._key = key
        self._used: dict[str, float] = {}
        """When each ticket was last used, by the sandbox's clock."""

    def check(self, name: str, password: str) -> int:
        """The user of that name; 401 when the password is not the key of this sandbox."""
        user = self._tenant.user_named(name)
        if user is None or user.deleted or not hmac.compare_digest(password.encode(), self._key.encode()):
            raise Refusal(401, WRONG)
        return user.id

    def give(self, user: int) -> str:
        """A new ticket."""
        ticket = f"{uuid4().hex}{uuid4().hex}"
        self._store.put("ticket", ticket, {"user": user})
        self._used[ticket] = self._now()
        return ticket

    def caller(self, request: Request) -> int:
        """Whose ticket a call carries, in any of the places it may be; 401 when it is none, or too old."""
        for ticket in _tickets(request):
            user = self._user_of(ticket)
            if user is not None:
                return user
        if self._tenant.switches.otds and (user := self.directory_user(request)) is not None:
            return user
        raise unauthorized()

    def directory_user(self, request: Request) -> int | None:
        """Whose ticket or token of the directory service a call carries, if any."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = request.headers.get("otdsticket") or (token.strip() if scheme.lower() == "bearer" else "")
        found = self._store.get("directory", given) if given else None
        return int(found["user"]) if found else None

    def issue_directory(self, user: int) -> str:
        """A ticket of the directory service."""
        ticket = f"*OTDSSSO*1*{uuid4().hex}*"
        self._store.put("directory", ticket, {"user": user})
        return ticket

    def end(self, request: Request) -> None:
        """Log out."""
        for ticket in _tickets(request):
            self._drop(ticket)

    def end_all(self) -> int:
        """Every ticket ends at once; answers how many there were."""
        tickets = [row[0] for row in self._store.db.execute("SELECT id FROM docs WHERE kind = 'ticket'").fetchall()]
        for ticket in tickets:
            self._drop(ticket)
        return len(tickets)

    def forget(self) -> None:
        """The state was emptied."""
        self._used.clear()

    def _user_of(self, ticket: str) -> int | None:
        found = self._store.get("ticket", ticket)
        if found is None:
            return None
        if self._now() - self._used.get(ticket, self._now()) > self._tenant.switches.ticket_seconds:
            self._drop(ticket)
            return None
        self._used[ticket] = self._now()
        return int(found["user"])

    def _drop(self, ticket: str) -> None:
        self._store.delete("ticket", ticket)
        self._used.pop(ticket, None)

    def _now(self) -> float:
        return self._tenant.clock.now().timestamp()


def _tickets(request: Request) -> list[str]:
    """Clients send it in one header, in several, and as cookies."""
    places = (
        request.headers.get("otcsticket"),
        request.headers.get("llcookie"),
        request.cookies.get("otcsticket"),
        request.cookies.get("LLCookie"),
    )
    return list(dict.fromkeys(given for given in places if given))


async def login(access: Access, call: Call) -> Response:
    """A ticket for a name and a password."""
    for name in ("username", "password"):
        if call.get(name) is None:
            raise failed(f"Argument {name} is required")
        if not isinstance(call.get(name), str):
            raise bad("Invalid parameter value")
    if call.text("domain"):
        raise Refusal(401, "Unable to login. Domain support is disabled")
    return json({"ticket": access.give(access.check(call.text("username"), call.text("password")))})


async def who(access: Access, call: Call) -> Response:
    """The caller; tickets of the directory service are exchanged here."""
    member = call.tenant.member(call.user)
    shown = member_view(call.tenant, member) if member else {}
    return json({"data": shown}, headers={"OTCSTicket": access.give(call.user)})


async def logout(access: Access, call: Call) -> Response:
    access.end(call.request)
    return json({})
