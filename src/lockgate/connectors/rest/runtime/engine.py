"""All operations of one connection, compiled from its definition, settings and profile."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lockgate.connectors.rest.definition import templates
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.shapes import Definition, Kind
from lockgate.connectors.rest.runtime.auth import credentials
from lockgate.connectors.rest.runtime.calls import Calling, Scope
from lockgate.connectors.rest.runtime.client import DefinedClient
from lockgate.connectors.rest.runtime.fields import Languages
from lockgate.connectors.rest.runtime.files import Files
from lockgate.connectors.rest.runtime.finding import Finding
from lockgate.connectors.rest.runtime.hooks import Receiving
from lockgate.connectors.rest.runtime.reading import Index, Many, Watching
from lockgate.connectors.rest.runtime.records import Records
from lockgate.connectors.rest.runtime.setup import Once
from lockgate.connectors.rest.runtime.standing import Closing, Linking, Standing
from lockgate.connectors.rest.runtime.writing import Writing
from lockgate.kit.errors import NotFound, Rejected
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services
from lockgate.model.item import Rendition


class Compiled:
    """The operations by kind. `scope` is what every call knows."""

    def __init__(
        self,
        definition: Definition,
        settings: Mapping[str, Any],
        secrets: Mapping[str, str],
        profile: Profile,
        services: Services,
    ) -> None:
        self.definition, self.services = definition, services
        self._settings = dict(settings)
        base = str(templates.text(definition.base)({"settings": settings}))
        auth = credentials(definition, {**settings, **secrets}, base, services)
        self.client = DefinedClient(base, services, auth, definition)
        self.calling = calling = Calling(self.client, definition)
        languages = Languages(definition.languages)
        self.once = Once(calling, definition.setup)
        self.check = calling.work(definition.check)
        self.linking = Linking(calling, definition.kinds)
        self.receiving = Receiving(definition.hooks, services.hook_secret) if definition.hooks else None
        self.kinds = {name: KindOf(self, name, languages, profile) for name in definition.kinds}

    @property
    def scope(self) -> Scope:
        now: datetime = self.services.clock()
        return {"settings": self._settings, "now": now, "took": {}, "setup": {}}

    async def reading(self) -> Scope:
        return await self.once.known(self.scope) if self.definition.setup else self.scope

    def files_of(self, rendition: Rendition) -> Files:
        """Who opens a rendition: its address begins with the kind. Raises NotFound."""
        kind = self.kinds.get(rendition.address.partition(":")[0])
        if kind is None or kind.files is None:
            raise NotFound(f"{self.services.connection} has no file at {rendition.address}.")
        return kind.files

    def of(self, kind: str) -> "KindOf":
        """Raises Rejected for a kind that the definition does not have."""
        found = self.kinds.get(kind)
        if found is None:
            raise Rejected(f"{self.definition.title} has no {kind} here; it has {', '.join(self.kinds)}.", code="kind")
        return found


class KindOf:
    """What can be done with items of one kind; None where the definition does not say how."""

    def __init__(self, whole: Compiled, name: str, languages: Languages, profile: Profile) -> None:
        calling, shape, every = whole.calling, whole.definition.kinds[name], whole.definition.kinds.values()
        linked = (one for kind in every for one in kind.links.values() if one.of == name)
        carriers = [one.carriers for one in linked if one.carriers is not None]
        self.shape = shape
        reading = languages, whole._settings, profile, whole.services.connection
        self.records = Records(name, shape, *reading)
        self.index = Index(calling, self.records, shape.index) if shape.index else None
        entries = (
            Records(name, with_id(shape, shape.changes.id), *reading) if shape.changes and shape.changes.id else None
        )
        self.changes = Watching(calling, entries or self.records, shape.changes, name) if shape.changes else None
        self.fetch = Many(calling, self.records, shape.fetch, "id", "ids") if shape.fetch else None
        self.files = Files(calling, shape, self.fetch, self.records) if shape.record.renditions else None
        self.find = {by: Finding(calling, self.records, by, one) for by, one in shape.find.items()}
        self.standing = Standing(calling, shape, self.records, carriers) if shape.held else None
        self.writing = Writing(calling, shape, self.records, self.standing) if writes(shape) else None
        self.closing = Closing(calling, shape, self.records) if shape.withdraw or shape.show else None


def with_id(shape: Kind, id: str) -> Kind:
    """The same kind in a feed whose entries name their item elsewhere."""
    return shape.model_copy(update={"record": shape.record.model_copy(update={"id": id})})


def writes(shape: Any) -> bool:
    return any(getattr(shape, name) is not None for name in ("create", "update", "replace", "upsert", "bulk"))


def plain_settings(settings: Any, secret: frozenset[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Settings without and with secrets."""
    plain, hidden = {}, {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if name in secret:
            hidden[name] = value.get_secret_value() if value is not None else ""
        else:
            plain[name] = as_text(value).rstrip("/") if name == "site" else value
    return plain, hidden
