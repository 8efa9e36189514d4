"""The routes of the REST API, one module a noun."""

from lockgate.api.routes import (
    connections,
    connectors,
    events,
    flows,
    items,
    overview,
    parked,
    plans,
    recalls,
    recipes,
    runs,
    system,
)

ROUTERS = (
    overview.routes,
    flows.routes,
    plans.routes,
    runs.routes,
    items.routes,
    parked.routes,
    recalls.routes,
    connections.routes,
    connectors.routes,
    recipes.routes,
    events.routes,
    system.routes,
    system.health,
)
TAGS = [
    {"name": "overview", "description": "The installation at one glance, and one search for everything in it."},
    {
        "name": "flows",
        "description": "Recipes bound to connections and installed: what is carried from where to where.",
    },
    {"name": "plans", "description": "What a run would do, computed as a run does it but for the writing."},
    {"name": "runs", "description": "Runs over many items, with their account."},
    {"name": "items", "description": "Single items: verdicts in words, where they are, what happened to them."},
    {"name": "parked", "description": "Items that cannot go on, what they wait for, and what to do."},
    {"name": "recalls", "description": "What a person closed, whatever the gates say, until it is lifted."},
    {"name": "connections", "description": "Systems, set up with a connector of the library."},
    {"name": "recipes", "description": "What can be installed."},
    {"name": "events", "description": "What happens, as it happens."},
    {"name": "system", "description": "Health, metrics, version and audit."},
]
