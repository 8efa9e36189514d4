"""The page on which the API can be read and tried. Its scripts come from an installed package, never from another site."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

PAGE, ASSETS = "/api/docs", "/api/docs/assets"


def install(api: FastAPI) -> None:
    """Serve the page; where the package with its scripts is not installed, the description itself is shown."""
    folder = assets()
    description = api.openapi_url or ""

    async def page(_: Request) -> Response:
        if folder is None:
            return RedirectResponse(description)
        return get_swagger_ui_html(
            openapi_url=description,
            title=f"{api.title} API",
            swagger_js_url=f"{ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{ASSETS}/favicon-32x32.png",
            swagger_ui_parameters={"validatorUrl": None},  # else a picture from another site
        )

    api.add_route(PAGE, page, include_in_schema=False)
    if folder is not None:
        api.mount(ASSETS, StaticFiles(directory=folder))


def assets() -> Path | None:
    found = find_spec("fastapi_swagger")
    return Path(found.origin).parent / "resources" if found is not None and found.origin else None
