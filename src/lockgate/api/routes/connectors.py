"""The library of connectors."""

from lockgate.api.errors import MISSING
from lockgate.api.parts import App, router
from lockgate.app import views
from lockgate.app.problems import Refused
from lockgate.app.views import ConnectorView, Listing, View

routes = router("/connectors", "connections")


@routes.get("", response_model=Listing[ConnectorView], summary="All connectors, with what each asks for")
async def list_connectors() -> Listing[ConnectorView]:
    return Listing(rows=views.connectors())


@routes.get("/{id}", response_model=ConnectorView, responses=MISSING, summary="One connector")
async def get_connector(id: str) -> ConnectorView:
    known = {one.id: one for one in views.connectors()}
    if id not in known:
        raise Refused(f"there is no connector {id!r}; there are {', '.join(known)}", missing=True)
    return known[id]


class ProposedName(View):
    name: str


@routes.get("/{id}/name", response_model=ProposedName, responses=MISSING, summary="A free name for a new connection")
async def connection_name(id: str, app: App, site: str = "") -> ProposedName:
    """Of the connector and what tells the site's address apart, so that nobody has to think of one."""
    await get_connector(id)
    return ProposedName(name=await views.connection_name(app, id, site))
