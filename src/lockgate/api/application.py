"""The whole ASGI application: webhooks first, then health, metrics and the REST API."""

from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from lockgate.api import docs, errors
from lockgate.api.events import Feed
from lockgate.api.examples import EXAMPLES
from lockgate.api.hooks import Hooks
from lockgate.api.loopback import HOOKS, Loopback
from lockgate.api.metrics import Metrics, Timed
from lockgate.api.routes import ROUTERS, TAGS
from lockgate.app.lockgate import Lockgate
from lockgate.app.pictures import Pictures
from lockgate.app.version import VERSION

API = ("/api/", "/healthz", "/readyz", "/metrics")
LONGEST = 1024 * 1024
"""Bytes of a request's body."""


class Application:
    """Webhooks go straight to their door, all else through the doorman and the clock. Made once per process.

    `pages` answers what is not the API's; without it there are no pages.
    """

    def __init__(self, app: Lockgate, pages: ASGIApp | None = None) -> None:
        self.metrics = Metrics(app)
        self.feed = Feed(app, self.metrics.dropped.inc)
        self.api = api(app, self.feed, self.metrics)
        self._hooks: ASGIApp = Hooks(app, self.metrics)
        served = Timed(Bounded(self.api), self.metrics)
        self._rest: ASGIApp = Loopback(Beside(served, pages) if pages is not None else served)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hook = scope["type"] == "http" and scope["path"].startswith(HOOKS)
        await (self._hooks if hook else self._rest)(scope, receive, send)

    def close(self) -> None:
        """Let go of those who listen to streams, so that the server need not wait for them."""
        self.feed.close()


class Beside:
    """The API and the pages under one address."""

    def __init__(self, api: ASGIApp, pages: ASGIApp) -> None:
        self.api, self.pages = api, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        of_api = scope["path"].startswith(API) and scope["type"] == "http"
        await (self.api if of_api else self.pages)(scope, receive, send)


class Bounded:
    """Refuses in our words what nobody can mean: an address with a zero byte, a body that says it is too long.

    A body that does not say how long it is is cut off by FastAPI.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "\0" in scope.get("path", "") or b"%00" in scope.get("query_string", b""):
            await errors.answer(400, ["no address holds a zero byte"])(scope, receive, send)
            return
        stated = dict(scope.get("headers", ())).get(b"content-length", b"")
        if stated.isdigit() and int(stated) > LONGEST:
            await errors.answer(413, [errors.TOO_LONG])(scope, receive, send)
        else:
            await self.inner(scope, receive, send)


class Described(FastAPI):
    """With examples of the main documents in its description."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        for name, example in EXAMPLES.items():
            document["components"]["schemas"][name]["examples"] = [example]
        return document


def api(app: Lockgate, feed: Feed, metrics: Metrics) -> FastAPI:
    made = Described(
        title="Lockgate",
        summary="Carries approved, rights-cleared content between systems, and proves what it did.",
        description=ABOUT,
        version=VERSION,
        openapi_url="/api/openapi.json",
        # The pages FastAPI has for these load their scripts from another site.
        docs_url=None,
        redoc_url=None,
        openapi_tags=TAGS,
        max_body_size=LONGEST,
        separate_input_output_schemas=False,
    )
    made.state.lockgate, made.state.feed, made.state.metrics = app, feed, metrics
    made.state.pictures = Pictures(app.settings.home / "pictures")
    errors.install(made)
    for router in ROUTERS:
        made.include_router(router)
    docs.install(made)
    return made


ABOUT = """\
Everything that can be seen and done, as the console and the command line do it.

* Lists come a page at a time: give `after` the `next` of the page before.
* Whatever is refused or fails is answered `{"errors": ["sentence", …]}`; each sentence says what to do.
* Instants are UTC. Secrets go in and never come out.
* There is no login yet: this machine alone is answered, and pages of other sites cannot change anything.
"""


def application(app: Lockgate, pages: ASGIApp | None = None) -> Application:
    return Application(app, pages)
