"""The base of every vendor sandbox: state, clock, faults, webhooks, life."""

import asyncio
import contextlib
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from lockgate.kit.sandbox.calls import CallLog
from lockgate.kit.sandbox.clock import SandboxClock
from lockgate.kit.sandbox.config import SandboxConfig
from lockgate.kit.sandbox.faults import Faults
from lockgate.kit.sandbox.files import Form, Saved, read_form, save_body
from lockgate.kit.sandbox.filling import fill
from lockgate.kit.sandbox.relisting import relisted
from lockgate.kit.sandbox.store import Store
from lockgate.kit.sandbox.webhooks import Webhooks, WebhookTarget
from lockgate.kit.seed import Content, SeedOptions

TICK = 0.05


class Sandbox:
    """A stateful imitation of one vendor's API. Subclasses add the vendor's routes, seed and manners."""

    id: ClassVar[str]
    title: ClassVar[str] = ""
    contract: ClassVar[tuple[str, ...]] = ()
    """Every route the vendor's documents give, as `GET /assets/{id}` or `GET/PATCH /assets/{id}`."""
    base_path: ClassVar[str] = ""
    """What all the vendor's paths begin with; contract and faults may leave it out."""
    webhook_retries: Sequence[float] = (1, 5, 25)
    """Seconds before the second, third … attempt of a delivery that was not answered 2xx."""
    webhook_timeout: float = 10
    """Seconds until a delivery without an answer counts as failed."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.base_url = ""
        self.closing = asyncio.Event()
        self.clock = SandboxClock()
        self.state = Store(config.state)
        self.faults = Faults(config.seed, self.clock.elapsed, self.base_path)
        self.calls = CallLog()
        self.webhooks = Webhooks(self)
        self.ready = asyncio.Event()
        """Not set while the state is emptied and filled: requests wait for it."""
        self.ready.set()
        self.still = asyncio.Lock()
        """Held by a tick and by a filling, which must not meet."""
        self._ticking: asyncio.Task[None] | None = None

    # --- what a vendor supplies ---

    def routes(self) -> Sequence[BaseRoute]:
        """The vendor's routes; the first that matches answers."""
        raise NotImplementedError

    async def seed(self) -> None:
        """Fill the empty state with the default seed."""

    async def seed_content(self, content: Content, options: SeedOptions) -> dict[str, Any]:  # noqa: ARG002 (vendors fill from it)
        """Fill the empty state from content; answers what was made, by count.

        Products and fates are assigned already, and assets multiplied as `options.assets` asks.
        """
        raise HTTPException(501, f"The {self.id} sandbox cannot be filled from a folder of content.")

    async def tick(self) -> None:
        """Do what is due: called every 50 ms of real time while the sandbox is served."""

    def on_error(self, request: Request, exc: Exception) -> Response:  # noqa: ARG002 (vendors look at it)
        """What the vendor answers when a handler raised: an HTTPException's status, else 500."""
        status = exc.status_code if isinstance(exc, HTTPException) else 500
        message = exc.detail if isinstance(exc, HTTPException) else "Internal error"
        return JSONResponse({"status": status, "message": message}, status, getattr(exc, "headers", None))

    def on_unknown_route(self, request: Request) -> Response:
        """What the vendor answers where it has no route."""
        return self.on_error(request, HTTPException(404))

    def on_fault(self, request: Request, status: int) -> Response:
        """What the vendor answers when a fault asks for a status. Retry-After is added by the base."""
        return self.on_error(request, HTTPException(status))

    def on_expired_token(self, request: Request) -> Response:
        """What the vendor answers to a token that was good a moment ago."""
        return self.on_fault(request, 401)

    def relisted(self, body: bytes, record: str, times: int) -> bytes | None:
        """An answer whose lists show a record so many times; None where they do not. JSON, unless a vendor speaks otherwise."""
        return relisted(body, record, times)

    def connection(self) -> dict[str, Any]:
        """The settings with which a connection of the vendor's connector reaches this sandbox while it is served."""
        return {"site": self.base_url, "key": self.config.key}

    def webhook_headers(self, target: WebhookTarget, body: bytes) -> dict[str, str]:  # noqa: ARG002 (vendors sign)
        """Headers the vendor sends with a delivery, such as a signature."""
        return {}

    def options(self) -> dict[str, Any]:
        """The vendor's switches as they stand."""
        return dict(self.config.options)

    def set_options(self, changes: Mapping[str, Any]) -> None:
        """Set some switches while the sandbox runs; ValueError says in a sentence what cannot be set."""
        self.config.options.update(changes)

    # --- help for handlers ---

    async def save_body(self, source: Request | UploadFile) -> Saved:
        """Stream a body or an uploaded part to the spool.

        `state.blob_put(saved.path, digest=saved.sha256, move=True)` then keeps it.
        """
        return await save_body(source, self.state.spool)

    async def read_form(self, request: Request) -> Form:
        """Read a multipart body; files go to the spool, never into memory."""
        return await read_form(request, self.state.spool)

    async def pause(self, seconds: float) -> None:
        """Sleep, but no longer than the sandbox is served."""
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.closing.wait(), seconds)

    # --- life ---

    async def start(self, base_url: str) -> None:
        """Begin to live at an address: seed an empty state, send webhooks, tick."""
        self.base_url = base_url
        if self.state.setting("manifest") is None:
            await self.fill(self.config.content, SeedOptions(seed=self.config.seed, assets=self.config.assets))
        await self.webhooks.start()
        self._ticking = asyncio.create_task(self._tick_for_ever())

    async def close(self) -> None:
        """Stop everything and let go of the state. Safe to call twice."""
        self.closing.set()
        if self._ticking:
            self._ticking.cancel()
            await asyncio.gather(self._ticking, return_exceptions=True)
            self._ticking = None
        await self.webhooks.close()
        self.state.close()

    async def fill(self, folder: Path | None, options: SeedOptions) -> dict[str, Any]:
        """Empty the state and fill it from a folder of content, or with the default seed. Answers the manifest."""
        return await fill(self, folder, options)

    async def reset(self) -> None:
        """Back to how it was last seeded: real time, no faults, empty logs. Webhook targets are settings and stay."""
        self.clock.set(None)
        self.faults.clear()
        self.calls.clear()
        self.webhooks.clear()
        manifest = self.state.setting("manifest") or {}
        folder = manifest.get("content")
        await self.fill(Path(folder) if folder else None, msgspec.convert(manifest.get("options", {}), SeedOptions))

    async def _tick_for_ever(self) -> None:
        last = ""
        while not self.closing.is_set():
            try:
                async with self.still:
                    await self.tick()
            except Exception:  # noqa: BLE001 (a defect in one tick must not stop the next)
                trouble = traceback.format_exc()
                if trouble != last:
                    sys.stderr.write(trouble)
                last = trouble
            await self.pause(TICK)
