"""The whole ASGI application: webhooks first, then health, metrics and the REST API."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from lockgate.api.hooks import hook_route
from lockgate.app.lockgate import Lockgate


def application(app: Lockgate) -> ASGIApp:
    """Made once per process."""
    api = FastAPI(
        title="Lockgate",
        summary="Carries approved, rights-cleared content between systems, and proves what it did.",
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    api.router.routes.insert(0, hook_route(app))
    return api
