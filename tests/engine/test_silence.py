"""A log that cannot be written stops nothing: neither the lane, nor a webhook, nor what is put off."""

import io
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog
from tests.engine.asking import DOWN, visible
from tests.world import DAM, FLOW, World, until

from lockgate.api import serving
from lockgate.app.lockgate import Lockgate
from lockgate.ledger import inbox


@pytest.fixture
def closed_log() -> Iterator[None]:
    """Whatever is logged meanwhile fails, as on a closed standard error."""
    stream = io.StringIO()
    known = structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    stream.close()
    yield
    structlog.configure(**known)


async def put_off(app: Lockgate) -> bool:
    return await app.ledger.read(inbox.next_ready) is not None


@pytest.mark.usefixtures("closed_log")
async def test_a_log_that_is_closed_keeps_nothing_from_being_put_off_and_delivered(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate(watching=True, hooks=True) as app:
        app.working.listen(failing)
        await small.celum.fault({"match": "POST */assets/search", **DOWN})
        await app.working.look_again(FLOW, [asset])
        await until(lambda: put_off(app), 30)
        await small.celum.fault()
        small.clock.ahead += timedelta(minutes=1)
        await until(lambda: visible(small, asset), 30)
        await until(app.working.idle, 30)


def failing(*_: object) -> None:
    raise ValueError("this listener is broken")


@pytest.mark.usefixtures("closed_log")
async def test_a_refused_webhook_is_answered_though_nothing_can_be_logged(small: World) -> None:
    async with small.lockgate(watching=True) as app, serving(app, "127.0.0.1", 0) as address:
        path = await app.connections.hook_path(DAM)
        async with small.celum.http.post(address + path, data=b"{}") as answer:
            assert answer.status == 400
