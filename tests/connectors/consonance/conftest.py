"""The fixtures of the Consonance connector as Python values, a sandbox over HTTP, and connections to it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from lockgate.connectors.consonance.connector import Consonance
from lockgate.connectors.consonance.mapping import Frame
from lockgate.connectors.consonance.quirks import Quirks
from lockgate.connectors.consonance.sandbox import ConsonanceSandbox
from lockgate.connectors.consonance.settings import ConsonanceSettings
from lockgate.kit.egress import Egress
from lockgate.kit.limits import Limits, Patience
from lockgate.kit.profile import Profile
from lockgate.kit.sandbox import SandboxConfig, serving
from lockgate.kit.services import Services

KEY, READER = "sandbox-key-of-tests", "sandbox-key-that-reads"
TODAY = date(2026, 11, 21)
WORK, PAPERBACK, EBOOK, AUDIO = 7001, 9001, 9002, 9003

Start = Callable[..., AbstractAsyncContextManager[ConsonanceSandbox]]
Connect = Callable[..., AbstractAsyncContextManager[Consonance]]


@pytest.fixture
def payload() -> Callable[[str], Any]:
    """A shipped payload by its name without `.json`."""
    folder = files("lockgate.connectors.consonance") / "fixtures"
    return lambda name: msgspec.json.decode((folder / f"{name}.json").read_bytes())


def frame(profile: Profile | None = None, today: date = TODAY, **quirks: Any) -> Frame:
    by = profile or Profile(zone="Europe/London")
    return Frame(system="titles", profile=by, quirks=Quirks(**quirks), site="https://consonance.example", today=today)


class Account:
    """A sandbox being served, and calls to it by somebody who is not our connector."""

    def __init__(self, sandbox: ConsonanceSandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session

    @property
    def url(self) -> str:
        return self.sandbox.base_url

    async def post(self, body: Any, key: str = KEY) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {key}"}
        async with self.session.post(f"{self.url}/graphql", json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def ask(self, query: str, key: str = KEY, **variables: Any) -> Any:
        status, body = await self.post({"query": query, "variables": variables}, key)
        assert status == 200
        return body

    async def data(self, query: str, **variables: Any) -> Any:
        body = await self.ask(query, **variables)
        assert "errors" not in body, body
        return body["data"]

    async def write(self, mutation: str, **told: Any) -> Any:
        """The payload of a mutation, with the id of what was written."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        object = mutation.removeprefix("create").removeprefix("update").removeprefix("process")
        part = "success" if mutation.startswith("delete") else f"{object[0].lower()}{object[1:]} {{ id }}"
        query = f"mutation M($input: {kind}!) {{ {mutation}(input: $input) {{ clientMutationId errors {part} }} }}"
        return (await self.data(query, input=told))[mutation]

    async def rest(self, query: str = "", key: str = KEY, path: str = "/api/v4/products.json") -> Any:
        headers = {"Authorization": f"Token token={key}"}
        async with self.session.get(f"{self.url}{path}{query}", headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    """An account as it is seeded, with three small books."""
    options = {"processing_seconds": 0.01, "small_books": 3, "read_keys": READER}
    sandbox = ConsonanceSandbox(SandboxConfig(key=KEY, options=options))
    async with serving(sandbox), aiohttp.ClientSession() as session:
        yield Account(sandbox, session)


@pytest.fixture
def connect(account: Account, tmp_path: Path) -> Connect:
    """A connection to the account, with quirks and settings changed where asked. Its short repeats are quick."""

    def connection(
        *, profile: Profile | None = None, key: str = KEY, settings: Any = None, **quirks: Any
    ) -> AbstractAsyncContextManager[Consonance]:
        told = {"site": account.url, "key": key, "quirks": {"poll_seconds": 0.02, **quirks}, **(settings or {})}
        services = Services(
            connection="titles",
            egress=Egress(hosts=("127.0.0.1",), private=True),
            limits=Limits(),
            patience=Patience(attempts=2, first_wait=0.01, longest_wait=0.05, retry_after=2, read=30),
            spool=tmp_path,
            clock=account.sandbox.clock.now,
        )
        return Consonance(ConsonanceSettings.model_validate(told), profile or Profile(zone="Europe/London"), services)

    return connection
