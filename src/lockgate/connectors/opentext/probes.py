"""What is tried out when a connection is set up.

What makes the connection useless is raised for the operator; what only costs something becomes a note.
"""

from collections.abc import Iterable

from lockgate.connectors.opentext.client.nodes import FOLDER
from lockgate.connectors.opentext.mapping.records import filled_by
from lockgate.connectors.opentext.settings import OpenTextSettings
from lockgate.connectors.opentext.tenant import ObjectType, Tenant
from lockgate.kit.contract import SystemInfo
from lockgate.kit.errors import ContractBroken, NeedsOperator, NotFound, Rejected

POLLED = "The server announces no changes: they are found by looking, and what was deleted by the sweep only."

MOST_NAMED = 8
NO_SERVER = "Nothing at {} answers as a Content Server does. Give its address up to and without /api, such as https://host/cs/cs."


class Probes:
    """Tries one server; writes nothing."""

    def __init__(self, tenant: Tenant, settings: OpenTextSettings) -> None:
        self.tenant, self.client, self.settings = tenant, tenant.client, settings

    async def told(self, product: str) -> SystemInfo:
        """What was reached. Raises NeedsOperator."""
        self.tenant.forget()
        there = await self._pinged()
        try:
            me = await self.client.me()
            server = (await self.client.server()).get("server") or {}
        except (Rejected, NeedsOperator) as error:
            hint = "" if there else f"{NO_SERVER.format(self.settings.site)} "
            raise NeedsOperator(f"{hint}{error.sentence}", code=error.code, detail=error.detail) from error
        notes = [*await self.about_types(), *await self.about_folders(), *await self.about_objects(), POLLED]
        return SystemInfo(
            product=product,
            version=str(server.get("version") or ""),
            account=str(me.get("name") or me.get("id") or ""),
            notes=tuple(notes),
        )

    async def _pinged(self) -> bool:
        """Whether what answers there is a Content Server at all; something before it may refuse this call alone."""
        try:
            return bool((await self.client.ping()).get("rest_api"))
        except (Rejected, NeedsOperator, ContractBroken):
            return False

    async def about_types(self) -> list[str]:
        """Named types must be there; so must the one of new workspaces, with its template."""
        watched = await self.tenant.watched()
        notes = [] if watched else ["Our user sees no workspace types, so no workspaces."]
        if watched and not self.settings.workspace_types:
            names = few(one.name for one in watched)
            notes.append(f"All workspace types are watched ({names}); name some to make looks shorter.")
        makeable = [f"{one.name} ({few(one.templates)})" for one in watched if one.templates]
        if not self.settings.create_type and makeable:
            notes.append(f"New workspaces are made once create_type names their type: {few(makeable)}.")
        if self.settings.create_type:
            made = await self.tenant.type_named(self.settings.create_type)
            if not made.templates or (self.settings.template and self.settings.template not in made.templates):
                raise NeedsOperator(
                    f"Workspace type {made.name} has no template {self.settings.template or 'that our user sees'}; there are: "
                    f"{', '.join(made.templates) or 'none'}.",
                    code="template",
                )
        return notes

    async def about_folders(self) -> list[str]:
        for id in (self.settings.folder, *self.settings.folders, self.settings.workspace_parent):
            if id is not None:
                await self._about_folder(id)
        if self.settings.folder is None:
            return [
                "No folder is set for documents that belong to no workspace; each delivered one must name its workspace."
            ]
        if self.settings.folder not in self.settings.folders:
            return [
                f"Documents are put into folder {self.settings.folder}, but not read there; name it under folders to read them."
            ]
        return []

    async def _about_folder(self, id: int) -> None:
        try:
            properties = ((await self.client.node(id)).get("data") or {}).get("properties") or {}
        except NotFound as error:
            raise NeedsOperator(
                f"There is no folder {id}, or our user does not see it. Correct it in the settings of this connection.",
                code="folder",
                detail=error.detail,
            ) from error
        if not properties.get("container", properties.get("type") == FOLDER):
            raise NeedsOperator(f"Item {id} ({properties.get('name')}) is no folder.", code="folder")

    async def about_objects(self) -> list[str]:
        """Which business objects lead to workspaces."""
        try:
            types = await self.tenant.objects()
        except Rejected as error:
            return [f"Business object types cannot be read: {error.sentence}"]
        if not types:
            return [
                "No business object type leads to a watched workspace type, so workspaces are not found by identifier."
            ]
        found = f"Workspaces are found by the business objects of {few(sorted(one.text for one in types))}."
        filled = {key: name for one in types for key, name in (await self._filled(one)).items()}
        labels = (await self.tenant.categories()) if filled else {}
        named = few(labels[key].label if key in labels else name for key, name in filled.items())
        return [found, f"The leading application fills {named}; better leave that to it."] if filled else [found]

    async def _filled(self, type: ObjectType) -> dict[str, str]:
        """Attributes that come with the business object; older servers do not tell."""
        try:
            told = await self.client.object_type(type.system, type.name)
        except (Rejected, ContractBroken):
            return {}
        return filled_by(told)


def few(names: Iterable[str]) -> str:
    """The first of them, and how many more there are."""
    given = list(names)
    more = f" and {len(given) - MOST_NAMED} more" if len(given) > MOST_NAMED else ""
    return ", ".join(given[:MOST_NAMED]) + more
