"""Every error is answered the same way: `{"errors": ["sentence", …]}`, each sentence saying what to do."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from lockgate.app.problems import Refused
from lockgate.app.registry import UnknownConnector
from lockgate.app.views import View
from lockgate.engine.recipe import Problem, RecipeErrors
from lockgate.kit.errors import ConnectorError
from lockgate.ledger import LedgerError

log = structlog.get_logger("lockgate.api")


TOO_LONG = "the body is too long"


class Errors(View):
    """What went wrong, in sentences for a person."""

    errors: list[str]


class ProblemView(View):
    """One thing that is wrong in a flow file or recipe. Lines and columns count from 1."""

    line: int
    column: int
    path: str
    """Where in the document: `gates[1].rights.territory[0]`; empty for the document as a whole."""
    sentence: str
    remedy: str = ""
    source: str = ""


class Problems(Errors):
    """Every problem of a flow file at once."""

    problems: list[ProblemView]


COMMON: dict[int | str, dict[str, Any]] = {"default": {"model": Errors, "description": "It was refused or failed."}}
"""How every route may answer besides what it is for."""
MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Errors, "description": "There is no such thing."}, **COMMON}
REFUSED = {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}}
STREAM: dict[int | str, dict[str, Any]] = {
    404: {"content": REFUSED, "description": "There is no such thing."},
    "default": {"content": REFUSED, "description": "It was refused or failed."},
}
"""How routes that answer in streams may answer otherwise: their errors are JSON all the same."""
FLOW_FILE: dict[int | str, dict[str, Any]] = {
    422: {"model": Problems, "description": "The flow file has problems; each is told with its place and remedy."},
    **COMMON,
}


def answer(
    status: int, sentences: Sequence[str], headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    return JSONResponse({"errors": list(sentences), **more}, status, headers)


async def refused(_: Request, error: Exception) -> JSONResponse:
    sentences = error.sentences if isinstance(error, Refused) else [str(error)]
    return answer(404 if isinstance(error, Refused) and error.missing else 400, sentences)


async def recipe_errors(_: Request, error: Exception) -> JSONResponse:
    problems: Sequence[Problem] = error.problems if isinstance(error, RecipeErrors) else ()
    told = [ProblemView.model_validate(one, from_attributes=True).model_dump() for one in problems]
    return answer(422, [str(problem) for problem in problems], problems=told)


async def connector_error(_: Request, error: Exception) -> JSONResponse:
    """The other system did not do it: neither the caller's fault nor ours."""
    sentence = error.sentence if isinstance(error, ConnectorError) else str(error)
    return answer(502, [sentence])


async def unavailable(_: Request, error: Exception) -> JSONResponse:
    log.error("the database could not be used", why=str(error))
    return answer(503, ["the database cannot be used at present; try again shortly"])


async def invalid(_: Request, error: Exception) -> JSONResponse:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    return answer(422, [sentence(one) for one in found])


def sentence(error: Mapping[str, Any]) -> str:
    """`query limit: input should be less than or equal to 1000`. What was sent is not repeated: it may be a secret."""
    place = " ".join(str(part) for part in error["loc"])
    message = str(error["msg"])
    return f"{place}: {message[:1].lower()}{message[1:]}"


async def http_error(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    return answer(status, [words(status, request)], headers)


def words(status: int, request: Request) -> str:
    if status == 404:
        return f"there is nothing at {request.url.path}: /api/openapi.json lists what there is"
    if status == 405:
        return f"{request.method} is not possible at {request.url.path}"
    if status == 413:
        return TOO_LONG
    return f"the request was answered with {status}"


async def defect(request: Request, error: Exception) -> JSONResponse:
    log.error("a request failed by a defect", path=request.url.path, exc_info=error)
    return answer(
        500, [f"Lockgate failed on this request ({type(error).__name__}): please report it; the log has the trace"]
    )


HANDLERS = {
    Refused: refused,
    UnknownConnector: refused,
    RecipeErrors: recipe_errors,
    ConnectorError: connector_error,
    LedgerError: unavailable,
    DBAPIError: unavailable,
    RequestValidationError: invalid,
    HTTPException: http_error,
    Exception: defect,
}


def install(api: FastAPI) -> None:
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)
