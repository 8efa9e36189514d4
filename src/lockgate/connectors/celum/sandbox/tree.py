"""The trees of collections, held in memory: every answer needs paths, and there are few collections beside the assets."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from lockgate.connectors.celum.sandbox.definitions import Definitions
from lockgate.connectors.celum.sandbox.errors import missing
from lockgate.connectors.celum.sandbox.records import Collection

INSERT = "INSERT OR REPLACE INTO celum_collection VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Tree:
    """All collections by id and by parent. Writing goes to the table and to memory alike."""

    def __init__(self, db: sqlite3.Connection, definitions: Definitions) -> None:
        self._db = db
        self._definitions = definitions
        rows = db.execute("SELECT doc FROM celum_collection ORDER BY id").fetchall()
        self._nodes = {node.id: node for node in (msgspec.json.decode(doc, type=Collection) for (doc,) in rows)}
        self._children: dict[int | None, set[int]] = {}
        for node in self._nodes.values():
            self._children.setdefault(node.parent_id, set()).add(node.id)

    def find(self, id: int) -> Collection | None:
        return self._nodes.get(id)

    def get(self, id: int) -> Collection:
        """The collection, or the refusal CELUM answers. It is the one in memory: change a copy and `put` that."""
        node = self._nodes.get(id)
        if node is None:
            raise missing("collection", id)
        return node

    def put(self, node: Collection) -> None:
        """Store a new or changed collection."""
        before = self._nodes.get(node.id)
        if before is not None:
            self._children[before.parent_id].discard(node.id)
        self._nodes[node.id] = node
        self._children.setdefault(node.parent_id, set()).add(node.id)
        self._db.execute(INSERT, _row(node))

    def delete(self, node: Collection) -> None:
        del self._nodes[node.id]
        self._children[node.parent_id].discard(node.id)
        self._db.execute("DELETE FROM celum_collection WHERE id = ?", (node.id,))

    def has_children(self, id: int) -> bool:
        return bool(self._children.get(id))

    def below(self, ids: Iterable[int]) -> list[int]:
        """These collections and all below them."""
        found: dict[int, None] = {}
        waiting = list(ids)
        while waiting:
            id = waiting.pop()
            if id not in found:
                found[id] = None
                waiting.extend(self._children.get(id, ()))
        return list(found)

    def upward(self, node: Collection) -> Iterator[Collection]:
        """The collection and all above it, the root last."""
        here: Collection | None = node
        while here is not None:
            yield here
            here = None if here.parent_id is None else self._nodes[here.parent_id]

    def is_below(self, id: int, ancestor: int) -> bool:
        """Whether the collection is that one or lies below it."""
        return any(above.id == ancestor for above in self.upward(self.get(id)))

    def path(self, type_id: int, end: int | None) -> dict[str, Any]:
        """The way from the root to and with `end`; empty segments without one."""
        way = [] if end is None else [*self.upward(self.get(end))][::-1]
        # The vendor's model says `collectionName`; clients were described with `name`, so both are told.
        segments = [{"collectionId": node.id, "collectionName": node.name, "name": node.name} for node in way]
        return {"collectionTypeId": type_id, "pathSegments": segments}

    def level(self, node: Collection) -> str:
        """The validation level in force: its own, or that of the nearest collection above that has one."""
        return next((above.level for above in self.upward(node) if above.level), "STRICT")

    def permission_defining(self, id: int) -> bool:
        node = self._nodes.get(id)
        return node is not None and self._definitions.permission_defining(node.type_id)

    def of_type(self, type_id: int) -> list[int]:
        return [node.id for node in self._nodes.values() if node.type_id == type_id]

    def all(self) -> Iterable[Collection]:
        return self._nodes.values()


def _row(node: Collection) -> tuple[Any, ...]:
    texts = [*node.name.values(), *(value for value in node.fields.values() if isinstance(value, str))]
    texts += [text for value in node.fields.values() if isinstance(value, dict) for text in value.values()]
    return (
        node.id,
        node.parent_id,
        node.type_id,
        node.label,
        msgspec.json.encode(node.name).decode(),
        "\n".join(texts),
        node.created,
        node.created_by,
        node.modified,
        node.modified_by,
        msgspec.json.encode(node).decode(),
    )
