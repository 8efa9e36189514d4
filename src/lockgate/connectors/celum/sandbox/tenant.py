"""One CELUM installation: its definitions, its collections and assets, its clock, and whom it tells of changes."""

import hashlib
from typing import Any

from lockgate.connectors.celum.sandbox.catalog import Catalog
from lockgate.connectors.celum.sandbox.definitions import Definitions
from lockgate.connectors.celum.sandbox.errors import forbidden
from lockgate.connectors.celum.sandbox.links import Links
from lockgate.connectors.celum.sandbox.lookup import Search
from lockgate.connectors.celum.sandbox.previews import Previews
from lockgate.connectors.celum.sandbox.steps import set_up_by
from lockgate.connectors.celum.sandbox.tables import prepare
from lockgate.connectors.celum.sandbox.times import iso
from lockgate.connectors.celum.sandbox.tree import Tree
from lockgate.kit.sandbox import Sandbox

FIRST_ID = 10_001  # above every number of the default seed


class Tenant:
    """What handlers work with. `reload` after the state was emptied or filled behind its back."""

    definitions: Definitions
    tree: Tree
    catalog: Catalog
    previews: Previews
    search: Search

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.store = sandbox.state
        self.clock = sandbox.clock
        self.config = sandbox.config
        secret = hashlib.sha256(f"{self.config.key} {self.config.seed} links".encode()).digest()
        self.links = Links(secret, self.clock)
        self.reference_names = int(self.config.number("max_reference_names", 100))
        prepare(self.store.db)
        self.reload()

    def reload(self) -> None:
        """Read the state anew."""
        stored = self.store.get("tenant", "content")
        required = [int(id) for id in self.config.text("required").split(",") if id.strip()]
        self.definitions = Definitions(
            content=stored is not None,
            required=required,
            collection_fields=self.config.flag("collection_fields"),
            key_field=self.config.text("key_field"),
            own=set_up_by(self.store),
        )
        self.denied = frozenset(word.strip() for word in self.config.text("denied").split(",") if word.strip())
        self.tree = Tree(self.store.db, self.definitions)
        self.catalog = Catalog(self.store.db, self.definitions.fields)
        self.search = Search(self.store.db)
        self.previews = Previews(self.clock, self.config.number("preview_seconds", 0.5), self.catalog.in_preparation())

    def may(self, permission: str, what: str) -> None:
        """Refuse what the role of the caller does not allow."""
        if permission in self.denied:
            raise forbidden(f"The permission {permission} is missing on {what}")

    def now(self) -> str:
        """The present instant as it is written on records."""
        return iso(self.clock.now())

    def next_id(self) -> int:
        return self.store.next_id("celum", FIRST_ID)

    def url(self, path: str) -> str:
        """An absolute address of this server, outside the API's base path."""
        return f"{self.sandbox.base_url}{path}"

    @property
    def listened(self) -> bool:
        """Whether anybody is told of changes; if not, nobody need describe them."""
        return bool(self.sandbox.webhooks.targets)

    def emit(self, type: str, **members: Any) -> None:
        self.sandbox.webhooks.emit(type, {"type": type, **members})
