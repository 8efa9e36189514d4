"""Connections: set systems up, check them, say which field carries what."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from starlette.requests import Request

from lockgate.api.errors import MISSING
from lockgate.api.parts import App, ConnectionName, Who, router
from lockgate.api.routes.flows import Asked
from lockgate.app import acts, views
from lockgate.app.acts import Chosen
from lockgate.app.views import (
    ConnectionLine,
    ConnectionView,
    Listing,
    ProfileView,
    ProposalView,
    SampleView,
    View,
)

routes = router("/connections", "connections")


class ConnectionAsked(Asked):
    name: Annotated[str, Field(examples=["celum-demo"])]
    """Letters, digits, dashes and underscores."""
    connector: Annotated[str, Field(examples=["celum"])]
    """One of the library: `/api/v1/connectors` lists them, with what each asks for."""
    settings: Annotated[dict[str, Any], Field(examples=[{"site": "https://acme.celum.cloud", "key": "…"}])]
    """As the connector asks for them, secrets among them."""


class MatchAsked(Asked):
    kind: Annotated[str, Field(examples=["asset"])]
    canonical: Annotated[str, Field(examples=["ids.sku"])]
    field: Annotated[str | None, Field(examples=["sku"])]
    """The tenant's field; null when none carries it."""
    values: dict[str, str] | None = None
    """The vendor's value to the canonical value; what the connector knows of the field's choices if not given."""


Zone = Annotated[
    str | None, Field(description="Time zone in which the tenant's plain dates are meant.", examples=["Europe/Berlin"])
]


class ProfileAsked(Asked):
    matches: list[MatchAsked]
    zone: Zone = None


class SamplesAsked(Asked):
    kind: str | None = None
    """Kind of item; the connector's first if not given."""
    limit: Annotated[int, Field(ge=1, le=20)] = 3
    matches: list[MatchAsked]
    """In the place of those that are stored."""


class ProposalAsked(Asked):
    zone: Zone = None


class WebhookView(View):
    """Where the other system sends its webhooks."""

    path: str
    url: str
    """The path below the address of this Lockgate, as far as it knows it; LOCKGATE_HOOKS sets the one others reach."""
    secret: str | None = None
    """What the other system signs with; only where the whole address was asked for."""


@routes.get("", response_model=Listing[ConnectionLine], summary="All connections")
async def list_connections(app: App) -> Listing[ConnectionLine]:
    return Listing(rows=await views.connections(app))


@routes.post("", response_model=ConnectionView, status_code=201, summary="Add a connection, or replace one")
async def add_connection(asked: ConnectionAsked, app: App, by: Who) -> ConnectionView:
    """The system is asked at once, and a profile proposed from its schema. Nothing is stored unless it answered."""
    await acts.add_connection(app, asked.name, asked.connector, asked.settings, by)
    return await views.connection(app, asked.name)


@routes.get("/{name}", response_model=ConnectionView, responses=MISSING, summary="One connection")
async def get_connection(name: ConnectionName, app: App) -> ConnectionView:
    """Secrets are named, never shown."""
    return await views.connection(app, name)


@routes.delete("/{name}", status_code=204, responses=MISSING, summary="Forget a connection and its secrets")
async def remove_connection(name: ConnectionName, app: App, by: Who) -> None:
    """Refused while a flow uses it."""
    await acts.remove_connection(app, name, by)


@routes.post("/{name}/check", response_model=ConnectionView, responses=MISSING, summary="Ask the system now")
async def check_connection(name: ConnectionName, app: App) -> ConnectionView:
    """What is wrong is answered in words, and noted on the connection."""
    await app.connections.check(name)
    return await views.connection(app, name)


@routes.get("/{name}/profile", response_model=ProfileView, responses=MISSING, summary="Which field carries what")
async def get_profile(name: ConnectionName, app: App) -> ProfileView:
    """With the labels that the tenant gives its fields now."""
    return await views.profile(app, name)


@routes.put("/{name}/profile", response_model=ProfileView, responses=MISSING, summary="Set single matches")
async def set_profile(name: ConnectionName, asked: ProfileAsked, app: App, by: Who) -> ProfileView:
    """All other matches stay; the whole counts as confirmed."""
    await acts.set_matches(app, name, chosen(asked.matches), by, zone=asked.zone)
    return await views.profile(app, name)


@routes.get(
    "/{name}/profile/proposal",
    response_model=ProposalView,
    responses=MISSING,
    summary="What a fresh look at the tenant's schema proposes",
)
async def get_proposal(name: ConnectionName, app: App) -> ProposalView:
    return await views.proposal(app, name)


@routes.post("/{name}/profile/confirm", response_model=ProfileView, responses=MISSING, summary="Confirm the proposal")
async def confirm_proposal(name: ConnectionName, app: App, by: Who, asked: ProposalAsked | None = None) -> ProfileView:
    await acts.confirm_proposal(app, name, by, zone=asked.zone if asked else None)
    return await views.profile(app, name)


@routes.get(
    "/{name}/samples",
    response_model=Listing[SampleView],
    responses=MISSING,
    summary="A few real items, as the profile reads them",
)
async def samples(
    name: ConnectionName,
    app: App,
    kind: Annotated[str | None, Query(description="Kind of item; the connector's first if not given.")] = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 3,
) -> Listing[SampleView]:
    return Listing(rows=await views.samples(app, name, kind, limit))


@routes.post(
    "/{name}/samples",
    response_model=Listing[SampleView],
    responses=MISSING,
    summary="The same, as they would be read with other matches",
)
async def samples_with(name: ConnectionName, asked: SamplesAsked, app: App) -> Listing[SampleView]:
    """Nothing is stored."""
    return Listing(rows=await views.samples(app, name, asked.kind, asked.limit, chosen(asked.matches)))


def chosen(matches: list[MatchAsked]) -> list[Chosen]:
    return [Chosen(one.kind, one.canonical, one.field, one.values) for one in matches]


@routes.get("/{name}/webhook", response_model=WebhookView, responses=MISSING, summary="Where its webhooks come in")
async def get_webhook(name: ConnectionName, request: Request, app: App) -> WebhookView:
    """The secret part is left out."""
    path = (await views.connection(app, name)).webhook
    return WebhookView(path=path, url=base(request, app.settings.hooks) + path)


@routes.post(
    "/{name}/webhook", response_model=WebhookView, responses=MISSING, summary="The whole address, with its secret"
)
async def reveal_webhook(name: ConnectionName, request: Request, app: App, by: Who) -> WebhookView:
    """To be entered at the other system. That it was shown is audited."""
    path, secret = await acts.reveal_webhook(app, name, by)
    return WebhookView(path=path, url=base(request, app.settings.hooks) + path, secret=secret)


def base(request: Request, hooks: str) -> str:
    return hooks.rstrip("/") or str(request.base_url).rstrip("/")
