"""Login at the identity provider: tokens for a technical user, renewed when they end, never seen in errors."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from pydantic import ValidationError

from lockgate.app.connections import validated
from lockgate.app.problems import Refused
from lockgate.connectors.celum.connector import Celum, CelumSettings
from lockgate.kit.errors import NeedsOperator

Connect = Callable[..., AbstractAsyncContextManager[Celum]]
SECRET = "key-of-the-sandbox"
SITE = {"site": "acme.celum.example"}
PROVIDER = {"oidc_url": "https://login.acme.example/token", "oidc_client": "lockgate", "oidc_secret": "s3cret"}


@pytest.fixture
def sign_in(tenant: Any, connect: Connect) -> Connect:
    def connection(secret: str = SECRET, **more: Any) -> AbstractAsyncContextManager[Celum]:
        told = {"oidc_url": f"{tenant.url}/__oidc/token", "oidc_client": "lockgate", "oidc_secret": secret}
        return connect(**told, **more)

    return connection


async def test_one_token_serves_many_calls_and_files(tenant: Any, sign_in: Connect) -> None:
    asset = await tenant.create("leaf", b"a leaf")
    async with sign_in() as dam:
        info = await dam.check()
        (item,) = await dam.fetch("asset", [str(asset["id"])])
        rendition = item.rendition("original")
        assert rendition is not None
        async with dam.open(item.id, rendition) as stream:
            content = b"".join([chunk async for chunk in stream.chunks])
    assert (info.account, content) == ("svc-connector", b"a leaf")
    assert await tenant.calls("/__oidc/token") == 1


async def test_a_token_that_ended_at_the_server_is_renewed_within_the_call(tenant: Any, sign_in: Connect) -> None:
    async with sign_in() as dam:
        await dam.check()
        await tenant.later(3600)
        assert (await dam.check()).account == "svc-connector"
    assert await tenant.calls("/__oidc/token") == 2


async def test_a_user_that_is_acted_for_goes_with_the_token(sign_in: Connect) -> None:
    async with sign_in(act_as="admin") as dam:
        assert (await dam.check()).account == "admin"


async def test_a_client_that_the_provider_does_not_know_needs_a_person_and_is_not_shown(sign_in: Connect) -> None:
    async with sign_in("wrong-secret-of-ours") as dam:
        with pytest.raises(NeedsOperator) as refused:
            await dam.check()
    assert "wrong-secret-of-ours" not in f"{refused.value} {refused.value.detail}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "k-1", **PROVIDER},
        {"user": "u", "password": "p", **PROVIDER},
        {**PROVIDER, "oidc_secret": None},
        {**PROVIDER, "oidc_client": ""},
        {**PROVIDER, "oidc_url": "login.acme.example/token"},
        {**PROVIDER, "api": "cora"},
    ],
)
def test_half_a_login_or_two_of_them_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CelumSettings.model_validate(SITE | wrong)


def test_half_a_login_is_told_to_a_person_in_a_sentence() -> None:
    with pytest.raises(Refused) as refused:
        validated(Celum, SITE | {**PROVIDER, "oidc_client": ""})
    assert str(refused.value) == "A client id and its secret belong to the address of the identity provider"


def test_the_provider_may_be_called_beside_the_site() -> None:
    made = CelumSettings.model_validate(SITE | PROVIDER)
    assert made.site_hosts() == ("acme.celum.example:443", "login.acme.example:443")
