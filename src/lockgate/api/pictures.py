"""Small pictures over HTTP: kept by the browser for a while, asked about by their tag after that."""

from pathlib import Path
from typing import Any

from fastapi.responses import FileResponse
from starlette.requests import Request
from starlette.responses import Response

from lockgate.app.pictures import MEDIA_TYPE

PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "The picture that the caller has is the present one."},
}
HEADERS = {
    # For whoever looks at this page only: no shared cache keeps it, no other site shows it, it is never run as a page.
    "cache-control": "private, max-age=300",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "sandbox; default-src 'none'",
}


def answer(request: Request, file: Path) -> Response:
    """The picture, or that it has not changed."""
    headers = {**HEADERS, "etag": f'"{file.stem}"'}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return FileResponse(file, media_type=MEDIA_TYPE, headers=headers)
