"""The installation itself: is it well, what is it, what was done in it."""

from collections.abc import AsyncIterator
from typing import Annotated

import structlog
from fastapi import APIRouter, Query
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response, StreamingResponse

from lockgate.api.errors import COMMON
from lockgate.api.parts import After, App, Counted, Limit, named, router
from lockgate.app import views
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views import AuditReportView, FindingView, Listing, PersonAct, VersionView, View
from lockgate.ledger import LedgerError, audit

log = structlog.get_logger("lockgate.api")

routes = router("", "system")
health = APIRouter(tags=["system"], responses=COMMON, generate_unique_id_function=named)

LAST = 2**62
"""No chain has a row of a greater number."""
LINES = "application/x-ndjson"
SAMPLE_LINES = '{"line":"opening","format":"lockgate-audit/1", …}\n{"line":"row","n":1, …}\n{"line":"closing", …}\n'


class Alive(View):
    """The process lives."""

    alive: bool = True


class Ready(View):
    """Whether work is being done."""

    ready: bool
    database: bool
    """Whether the database answers."""
    engine: bool
    """Whether flows are worked in this process."""
    flows: list[str]
    """The flows that are worked."""
    problems: dict[str, str]
    """Flows that are not worked although they should be, and why."""


@health.get("/healthz", response_model=Alive, summary="Whether the process lives")
async def healthz() -> Alive:
    return Alive()


@health.get(
    "/readyz",
    response_model=Ready,
    responses={503: {"model": Ready, "description": "Not ready."}},
    summary="Whether work is done",
)
async def readyz(app: App) -> Response:
    """503 when the database does not answer or no engine runs here; flows with problems are named, the others run."""
    database, engine = await answers(app), app.engine
    ready = Ready(
        ready=database and engine is not None,
        database=database,
        engine=engine is not None,
        flows=sorted(engine.flows) if engine is not None else [],
        problems=app.problems or {},
    )
    return JSONResponse(ready.model_dump(), 200 if ready.ready else 503)


async def answers(app: Lockgate) -> bool:
    try:
        await app.ledger.read(lambda c: c.execute(text("SELECT 1")).scalar())
    except (LedgerError, SQLAlchemyError) as error:
        log.warning("the database does not answer", why=str(error))
        return False
    return True


@health.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    summary="Metrics as Prometheus reads them",
)
async def metrics(counted: Counted) -> Response:
    return Response(await counted.text(), headers={"content-type": CONTENT_TYPE_LATEST})


@routes.get("/version", response_model=VersionView, summary="Which Lockgate this is")
async def version(app: App) -> VersionView:
    return views.version(app)


@routes.get("/health", response_model=Listing[FindingView], summary="Whether all is in order, and if not what to do")
async def look_around(app: App) -> Listing[FindingView]:
    """As `lockgate doctor` tells it. Every system is asked, so it may take a while; what each answers is noted on it."""
    return Listing(rows=await views.health(app))


@routes.get("/audit", response_model=Listing[PersonAct], summary="What people did, newest first")
async def person_acts(
    app: App,
    flow: Annotated[str, Query(description="To this flow; to connections and removed flows if empty.")] = "",
    after: After = None,
    limit: Limit = 50,
) -> Listing[PersonAct]:
    return await views.person_acts(app, flow, after=after, limit=limit)


@routes.get("/audit/verify", response_model=AuditReportView, summary="Whether the chain of all that was done holds")
async def verify_audit(
    app: App,
    n: Annotated[int | None, Query(ge=1, le=LAST, description="Number of a row whose hash was kept elsewhere.")] = None,
    hash: Annotated[str | None, Query(description="That hash.", pattern="^[0-9a-f]{64}$")] = None,
) -> AuditReportView:
    """With `n` and `hash` also whether the chain was written anew since that row was noted."""
    if (n is None) != (hash is None):
        raise Refused("`n` and `hash` belong together: give both, or none")
    return await views.audit_report(app, (n, hash) if n is not None and hash is not None else None)


@routes.get(
    "/audit/export",
    response_class=StreamingResponse,
    responses={200: {"content": {LINES: {"schema": {"type": "string"}, "example": SAMPLE_LINES}}}},
    summary="The chain as JSON lines that verify themselves",
)
async def export_audit(
    app: App, after: Annotated[int, Query(ge=0, le=LAST, description="Only rows behind this number.")] = 0
) -> StreamingResponse:
    """Nothing but SHA-256 is needed to check it; the first line says how."""
    lines = audit.export(app.ledger, after=after)
    try:
        opening = await anext(lines)
    except ValueError as error:
        raise Refused(str(error)) from None
    named = {"content-disposition": 'attachment; filename="lockgate-audit.jsonl"'}
    return StreamingResponse(ended(opening, lines), media_type=LINES, headers=named)


async def ended(first: str, rest: AsyncIterator[str]) -> AsyncIterator[str]:
    """Each line with its end."""
    yield f"{first}\n"
    async for line in rest:
        yield f"{line}\n"
