"""What is asked of a server once and kept: workspace types, business object types, categories, who we are."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from lockgate.connectors.opentext.client import OtcsClient
from lockgate.connectors.opentext.mapping.categories import Attribute, attributes
from lockgate.connectors.opentext.mapping.items import WORKSPACE
from lockgate.connectors.opentext.mapping.records import Fields
from lockgate.connectors.opentext.settings import OpenTextSettings
from lockgate.kit.errors import NeedsOperator, NotFound
from lockgate.kit.profile import Profile
from lockgate.kit.together import together
from lockgate.model.item import ASSET

DEEPEST = 3
"""So far down the folders of a template are looked into."""


class WorkspaceType(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    names: Mapping[str, str] = {}
    """By language, where the server tells."""
    templates: Mapping[str, int] = {}
    """Node ids by name."""
    managed_records: bool | None = None

    def called(self, name: str) -> bool:
        return name.casefold() in {one.casefold() for one in (self.name, *self.names.values())}


class ObjectType(msgspec.Struct, frozen=True, kw_only=True):
    """A business object type of an external system."""

    system: str
    name: str
    workspace_type: int | None = None

    @property
    def text(self) -> str:
        return f"{self.system}/{self.name}"


class Tenant:
    """The server's own configuration as this connection needs it. `forget` has it read anew."""

    def __init__(self, client: OtcsClient, settings: OpenTextSettings, profile: Profile) -> None:
        self.client, self.settings, self.profile = client, settings, profile
        self.known: dict[str, Attribute] = {}
        """Attributes by key, as far as they were read."""
        self._once = asyncio.Lock()
        self._types: list[WorkspaceType] | None = None
        self._objects: list[ObjectType] | None = None
        self._me: int | None = None
        self._usual: dict[str, dict[str, Attribute]] = {}
        self._read = False

    def forget(self) -> None:
        self._types, self._objects, self._me, self._read = None, None, None, False

    def fields(self, kind: str) -> Fields:
        return Fields(kind, self.profile, self.known, self.settings.quirks)

    async def me(self) -> int:
        """Our user's id."""
        if self._me is None:
            self._me = int((await self.client.me()).get("id") or 0)
        return self._me

    # ── workspace types ──────────────────────────────────────────────────────────────────────────────────────────

    async def types(self, *, fresh: bool = False) -> Sequence[WorkspaceType]:
        """All workspace types; `fresh` asks again, since administrators make new ones."""
        async with self._once:
            if self._types is None or fresh:
                self._types = [workspace_type(row) for row in await self.client.workspace_types()]
            return self._types

    async def watched(self, *, fresh: bool = False) -> list[WorkspaceType]:
        """The types named in the settings, else all. Raises NeedsOperator for a name that is none."""
        types = await self.types(fresh=fresh)
        if not self.settings.workspace_types:
            return list(types)
        return [self._named(types, name) for name in self.settings.workspace_types]

    async def type_named(self, name: str) -> WorkspaceType:
        return self._named(await self.types(), name)

    def _named(self, types: Sequence[WorkspaceType], name: str) -> WorkspaceType:
        if found := next((one for one in types if one.called(name)), None):
            return found
        there = ", ".join(sorted(one.name for one in types)) or "none that our user sees"
        raise NeedsOperator(
            f"{self.client.services.connection} has no workspace type {name}; there are: {there}. Correct it in the settings.",
            code="workspace_type",
        )

    async def objects(self) -> list[ObjectType]:
        """The business object types by which workspaces are found: those of the settings, else those of the watched types."""
        if self.settings.business_objects:
            pairs = (one.split("/") for one in self.settings.business_objects)
            return [ObjectType(system=system, name=name) for system, name in pairs]
        watched = {one.id for one in await self.watched()}
        async with self._once:
            if self._objects is None:
                self._objects = [object_type(row) for row in await self.client.object_types()]
        return [one for one in self._objects if one.workspace_type in watched]

    # ── categories ───────────────────────────────────────────────────────────────────────────────────────────────

    async def categories(self) -> Mapping[str, Attribute]:
        """Attributes of the categories on the templates of the watched types, on folders within them and on our folders, by key."""
        if not self._read:
            templates = [id for one in await self.watched() for id in one.templates.values()]
            folders = [id for id in (self.settings.folder, *self.settings.folders) if id is not None]
            within = await together(self._folders_in(id) for id in templates)
            await self._learn(WORKSPACE, templates)
            await self._learn(ASSET, [*folders, *(id for found in within for id in found)])
            self._read = True
        return self.known

    async def usual(self, kind: str) -> Mapping[str, Attribute]:
        """Of these the ones that items of a kind carry: workspaces those of their template, documents those of the folder they are
        in. All of them where nothing is set up for the kind."""
        known = await self.categories()
        return self._usual.get(kind) or known

    async def _learn(self, kind: str, places: Sequence[int]) -> None:
        found = await together(self._categories_of(id) for id in dict.fromkeys(places))
        self._usual[kind] = {key: one for some in found for key, one in some.items()}
        self.known |= self._usual[kind]

    async def _folders_in(self, id: int, depth: int = DEEPEST) -> list[int]:
        """Folders of a template, which its workspaces get with their categories."""
        try:
            rows = await self.client.children(id) if depth else []
        except NotFound:
            return []
        inner = [int(row["id"]) for row in rows if row.get("container")]
        below = await together(self._folders_in(one, depth - 1) for one in inner)
        return [*inner, *(one for found in below for one in found)]

    async def _categories_of(self, id: int) -> dict[str, Attribute]:
        """Empty where the template is hidden from our user: its workspaces may still be seen."""
        found: dict[str, Attribute] = {}
        try:
            for one in await self.client.categories(id):
                found |= attributes((one.get("metadata") or {}).get("categories"))
        except NotFound:
            return {}
        return found


def workspace_type(row: Mapping[str, Any]) -> WorkspaceType:
    templates = {str(one["name"]): int(one["id"]) for one in row.get("templates") or () if "id" in one}
    names = row.get("wksp_type_names")
    rm = row.get("rm_enabled")
    return WorkspaceType(
        id=int(row["wksp_type_id"]),
        name=str(row.get("wksp_type_name") or ""),
        names={str(key): str(value) for key, value in names.items()} if isinstance(names, dict) else {},
        templates=templates,
        managed_records=rm if isinstance(rm, bool) else None,
    )


def object_type(row: Mapping[str, Any]) -> ObjectType:
    kind = row.get("workspace_type_id")
    return ObjectType(
        system=str(row["ext_system_id"]),
        name=str(row["bo_type"]),
        workspace_type=kind if isinstance(kind, int) else None,
    )
