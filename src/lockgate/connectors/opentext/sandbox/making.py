"""Workspaces and documents made, changed and removed as canonical words say it, for tests and demos.

Documents are not called assets here: examples of recipes take a sandbox that makes assets for one whose assets have rights that open
gates, and nothing on this server grants any.
"""

import asyncio
import re
from typing import Any

from msgspec import UNSET, field

from lockgate.kit.sandbox import ActionRefused, action
from lockgate.kit.sandbox.samples import sample_file
from lockgate.kit.sandbox.words import AssetWords, Given, ItemWords, given, known, said

from . import applying
from .business import WorkspaceType, object_types, templates, workspace_types
from .creating import make_from, refer
from .documents import VERSION_ADDED, store_version
from .making_nodes import CREATE, checked_name, free, make
from .media import MEDIA, MEDIA_WORDS, PRODUCT, media_values, product_values
from .people import ATTRIBUTES_CHANGED, DELETED, People, by_hand
from .records import DOCUMENT, Node, Reference
from .seeding import CUSTOMERS, LIBRARY
from .tenant import ADMIN
from .views import properties
from .workspaces import by_reference

FACTS = {"description"} | MEDIA_WORDS.keys()


class WorkspaceWords(ItemWords):
    """What is said of a workspace."""

    description: Given = field(name="texts.description", default=UNSET)
    key: Given = UNSET
    """The business object it stands for; the SKU where nothing is said."""
    type: str | Any = UNSET
    """Name of its type; the first of the tenant where nothing is said."""


class Making(People):
    """Actions in canonical words. They leave the same history behind as the single steps would."""

    @action("Make a document with a file, said in canonical words", takes=known(AssetWords))
    async def make_document(self, **words: Any) -> dict[str, Any]:
        """In the workspace of its product where there is one, else in the folder for documents without."""
        wanted = said(AssetWords, {"title": "Document", "version": 1, **words})
        name = wanted.file if isinstance(wanted.file, str) else f"{stem(str(wanted.title))}.png"
        data = await asyncio.to_thread(sample_file, name, int(str(wanted.version)))
        facts = given(wanted)
        with by_hand(self.tenant):
            node = make(self.tenant, self._place(facts), DOCUMENT, self._unused(facts, name), ADMIN)
            store_version(self.tenant, node, data, name, ADMIN)
            self._say(node, facts)
            self.tenant.put(node)
            self.tenant.note(node.id, CREATE, ADMIN)
        return properties(self.tenant, node)

    @action("Change a document, said in canonical words; what is not said stays", takes=("id", *known(AssetWords)))
    async def change_document(self, id: int, **words: Any) -> dict[str, Any]:
        facts = given(said(AssetWords, words))
        node = self._node(int(id))
        data = None
        if facts.keys() & {"file", "version"}:
            name = facts.get("file") or (node.current.file_name if node.current else node.name)
            data = (name, await asyncio.to_thread(sample_file, name, facts.get("version", 1)))
        with by_hand(self.tenant):
            if data is not None:
                store_version(self.tenant, node, data[1], data[0], ADMIN)
                self.tenant.note(node.id, VERSION_ADDED, ADMIN)
            self._say(node, facts)
            self.tenant.save(node, ADMIN)
            self.tenant.note(node.id, ATTRIBUTES_CHANGED, ADMIN)
        return properties(self.tenant, node)

    @action("Remove a document")
    def remove_document(self, id: int) -> None:
        self.delete(int(id))

    def _place(self, facts: dict[str, Any]) -> Node:
        for one in object_types(self.tenant):
            found = by_reference(self.tenant, one.system, one.bo_type, str(facts.get("sku") or ""))
            if found is not None:
                return found
        return self.tenant.find(LIBRARY) or self._node(CUSTOMERS)

    def _unused(self, facts: dict[str, Any], name: str) -> str:
        place, number, wanted = self._place(facts).id, 2, name
        while self.tenant.child(place, wanted) is not None:
            wanted, number = f"{number} {name}", number + 1
        return checked_name(wanted)

    def _say(self, node: Node, facts: dict[str, Any]) -> None:
        """Facts into the category of media, which is put on the node where it is not there yet."""
        if "description" in facts:
            node.description = facts["description"] or ""
        values = media_values({word: value for word, value in facts.items() if word in FACTS})
        if str(MEDIA) in node.categories:
            applying.change(self.tenant, node, MEDIA, values)
        else:
            applying.add(self.tenant, node, MEDIA, values)

    # --- workspaces ---

    @action("Make a business workspace, said in canonical words", takes=known(WorkspaceWords))
    def make_workspace(self, **words: Any) -> dict[str, Any]:
        facts = given(said(WorkspaceWords, {"title": "Workspace", **words}))
        type = self._type(facts.pop("type", None))
        template = templates(self.tenant, type.id)[0]
        with by_hand(self.tenant):
            parent = self._node(type.location or CUSTOMERS)
            node = make_from(self.tenant, template, type, parent, checked_name(facts["title"]), ADMIN)
            self._describe(node, facts)
            self.tenant.put(node)
            if key := facts.get("key") or facts.get("sku"):
                one = next(one for one in object_types(self.tenant) if one.workspace_type == type.id)
                refer(self.tenant, node, Reference(ext_system_id=one.system, bo_type=one.bo_type, bo_id=key))
            self.tenant.note(node.id, CREATE, ADMIN)
        return properties(self.tenant, node)

    @action("Change a business workspace, said in canonical words", takes=("id", *known(WorkspaceWords)))
    def change_workspace(self, id: int, **words: Any) -> dict[str, Any]:
        facts, node = given(said(WorkspaceWords, words)), self._node(int(id))
        with by_hand(self.tenant):
            if title := facts.get("title"):
                free(self.tenant, node.parent, checked_name(title), but=node.id)
                node.name = title
            self._describe(node, facts)
            self.tenant.save(node, ADMIN)
            self.tenant.note(node.id, ATTRIBUTES_CHANGED, ADMIN)
        return properties(self.tenant, node)

    @action("Remove a business workspace")
    def remove_workspace(self, id: int) -> None:
        node = self._node(int(id))
        self.tenant.discard(node)
        self.tenant.note(node.id, DELETED, ADMIN)

    def _type(self, name: str | None) -> WorkspaceType:
        types = workspace_types(self.tenant)
        found = next((one for one in types if name in {None, one.name}), None)
        if found is None:
            raise ActionRefused(
                f"There is no workspace type {name}; there are: {', '.join(one.name for one in types)}."
            )
        return found

    def _describe(self, node: Node, facts: dict[str, Any]) -> None:
        if "description" in facts:
            node.description = facts["description"] or ""
        if str(PRODUCT) in node.categories:
            applying.change(self.tenant, node, PRODUCT, product_values(facts))
        elif strange := sorted(facts.keys() & {"gtin", "family"}):
            raise ActionRefused(f"Workspaces of this tenant do not tell {', '.join(strange)}.")


def stem(title: str) -> str:
    """A file name's beginning made of a title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "document"
