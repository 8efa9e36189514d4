"""The page on which the API can be read and tried. Its scripts come from an installed package, never from another site."""

from importlib.resources import files

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

PAGE, ASSETS = "/api/docs", "/api/docs/assets"


def install(api: FastAPI) -> None:
    """Serve the page and its scripts."""

    async def page(_: Request) -> Response:
        return get_swagger_ui_html(
            openapi_url=api.openapi_url or "",
            title=f"{api.title} API",
            swagger_js_url=f"{ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{ASSETS}/favicon-32x32.png",
            swagger_ui_parameters={"validatorUrl": None},  # else a picture from another site
        )

    api.add_route(PAGE, page, include_in_schema=False)
    api.mount(ASSETS, StaticFiles(directory=str(files("fastapi_swagger") / "resources")))
