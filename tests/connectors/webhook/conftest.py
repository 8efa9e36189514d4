"""A connector of webhooks as a sender or a receiver meets it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from lockgate.connectors.webhook.connector import Webhook
from lockgate.connectors.webhook.sandbox import WebhookSandbox
from lockgate.connectors.webhook.settings import WebhookSettings
from lockgate.kit.conformance.bench import HASTY
from lockgate.kit.egress import Egress
from lockgate.kit.limits import Limits
from lockgate.kit.profile import Match, Profile
from lockgate.kit.sandbox import SandboxConfig, serving
from lockgate.kit.services import Services

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
Connect = Callable[..., AbstractAsyncContextManager[Webhook]]


@pytest.fixture
def connect(tmp_path: Path) -> Connect:
    """Opens a connector with these settings; all of one test share the journal."""

    @asynccontextmanager
    async def connected(*matches: Match, hook_secret: str = KEY, **settings: Any) -> AsyncIterator[Webhook]:
        told = WebhookSettings.model_validate(settings)
        services = Services(
            connection="acme",
            egress=Egress(hosts=told.site_hosts(), private=True),
            limits=Limits(),
            patience=HASTY,
            spool=tmp_path / "spool",
            hook_secret=hook_secret,
        )
        async with Webhook(told, Profile(matches={"product": matches}), services) as webhook:
            yield webhook

    return connected


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookSandbox]:
    sandbox = WebhookSandbox(SandboxConfig(key=KEY))
    async with serving(sandbox):
        yield sandbox


@pytest.fixture
def send(connect: Connect, receiver: WebhookSandbox) -> Callable[[], AbstractAsyncContextManager[Webhook]]:
    """Opens a connector that sends to the sandbox."""
    return lambda: connect(site=f"{receiver.base_url}/events", signing_secret=KEY)
