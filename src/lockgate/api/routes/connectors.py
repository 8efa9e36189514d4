"""The library of connectors."""

from lockgate.api.errors import MISSING
from lockgate.api.parts import router
from lockgate.app import views
from lockgate.app.problems import Refused
from lockgate.app.views import ConnectorView, Listing

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
