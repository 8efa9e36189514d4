"""One Content Server: its nodes, members and business objects, its clock and its switches."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from starlette.requests import Request

from lockgate.kit.sandbox import Form, Sandbox

from .errors import not_accessible
from .records import Member, Node, Version
from .switches import Switches
from .times import stamp

FIRST_ID = 100_001  # above every number of the seeds
ADMIN = 1000
ENTERPRISE = 2000

TABLES = """
CREATE TABLE IF NOT EXISTS nodes (
  id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, type INTEGER NOT NULL, folded TEXT NOT NULL, deleted TEXT,
  wksp_type INTEGER, created TEXT NOT NULL, modified TEXT NOT NULL, nickname TEXT, unique_name TEXT, doc BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS nodes_by_parent ON nodes (parent, deleted, folded);
CREATE INDEX IF NOT EXISTS nodes_by_type ON nodes (wksp_type, deleted, folded);
CREATE INDEX IF NOT EXISTS nodes_by_nickname ON nodes (nickname) WHERE nickname IS NOT NULL;
CREATE INDEX IF NOT EXISTS nodes_by_unique_name ON nodes (unique_name) WHERE unique_name IS NOT NULL;
CREATE TABLE IF NOT EXISTS wksp_references (
  ext_system TEXT NOT NULL, bo_type TEXT NOT NULL, bo_id TEXT NOT NULL, node INTEGER NOT NULL,
  PRIMARY KEY (ext_system, bo_type, bo_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS relations (
  id INTEGER NOT NULL, related INTEGER NOT NULL, rel_type TEXT NOT NULL, PRIMARY KEY (id, related, rel_type)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS members (
  id INTEGER PRIMARY KEY, type INTEGER NOT NULL, folded TEXT NOT NULL, workspace INTEGER, doc BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS members_by_workspace ON members (workspace, id);
CREATE TABLE IF NOT EXISTS audit (
  id INTEGER PRIMARY KEY, node INTEGER NOT NULL, event INTEGER NOT NULL, at TEXT NOT NULL, by INTEGER NOT NULL, target INTEGER
);
CREATE INDEX IF NOT EXISTS audit_by_node ON audit (node, id);
"""
PUT = """
INSERT INTO nodes VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, folded = excluded.folded, wksp_type = excluded.wksp_type,
  modified = excluded.modified, nickname = excluded.nickname, unique_name = excluded.unique_name, doc = excluded.doc
"""
PURGE = (
    "DELETE FROM wksp_references WHERE node = ?",
    "DELETE FROM members WHERE workspace = ?",
    "DELETE FROM relations WHERE id = ?",
    "DELETE FROM relations WHERE related = ?",
)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Node).decode
_decode_member = msgspec.msgpack.Decoder(Member).decode


class Tenant:
    """What handlers work with. Nodes are copies: change one and `save` it."""

    sequence: ClassVar[str] = "node"

    def __init__(self, sandbox: Sandbox, switches: Switches, read_form: Callable[[Request], Awaitable[Form]]) -> None:
        self.sandbox = sandbox
        self.store = sandbox.state
        self.db = sandbox.state.db
        self.clock = sandbox.clock
        self.switches = switches
        self.read_form = read_form
        self.db.executescript(TABLES)

    def now(self) -> str:
        return stamp(self.clock.now())

    def next_id(self) -> int:
        return self.store.next_id(self.sequence, FIRST_ID)

    def token(self, *parts: object) -> str:
        """A token that clients hand back unread."""
        return "-".join(str(part) for part in parts)

    # --- nodes ---

    def find(self, id: int, *, deleted: bool = False) -> Node | None:
        """A node that is (or, asked so, that lies in the recycle bin)."""
        query = f"SELECT doc FROM nodes WHERE id = ? AND deleted IS {'NOT ' if deleted else ''}NULL"  # noqa: S608
        row = self.db.execute(query, (id,)).fetchone()
        return _decode(row[0]) if row else None

    def node(self, id: int, status: int = 400) -> Node:
        """A node; refuses when there is none."""
        found = self.find(id)
        if found is None:
            raise not_accessible(status)
        return found

    def put(self, *nodes: Node) -> None:
        """Keep nodes as they are given."""
        self.db.executemany(PUT, map(_row, nodes))

    def save(self, node: Node, by: int) -> None:
        """Keep a node that somebody changed."""
        node.modified, node.modified_by = self.now(), by
        node.mark += 1
        self.put(node)

    def children(
        self, parent: int, where: str = "1", values: Iterable[Any] = (), *, order: str = "folded, id", part: str = ""
    ) -> Iterator[Node]:
        """What lies directly in a node; `where`, `order` and `part` are SQL of ours."""
        query = f"SELECT doc FROM nodes WHERE parent = ? AND deleted IS NULL AND ({where}) ORDER BY {order} {part}"  # noqa: S608
        for (doc,) in self.db.execute(query, (parent, *values)).fetchall():
            yield _decode(doc)

    def count(self, parent: int, where: str = "1", values: Iterable[Any] = ()) -> int:
        query = f"SELECT count(*) FROM nodes WHERE parent = ? AND deleted IS NULL AND ({where})"  # noqa: S608
        return int(self.db.execute(query, (parent, *values)).fetchone()[0])

    def select(self, where: str, values: Iterable[Any] = (), tail: str = "ORDER BY id") -> Iterator[Node]:
        """Nodes that are, by a condition of ours."""
        query = f"SELECT doc FROM nodes WHERE deleted IS NULL AND ({where}) {tail}"  # noqa: S608
        for (doc,) in self.db.execute(query, tuple(values)).fetchall():
            yield _decode(doc)

    def child(self, parent: int, name: str) -> Node | None:
        """The child of that name; case does not matter."""
        return next(self.children(parent, "folded = ?", (name.casefold(),)), None)

    def ancestors(self, node: Node) -> list[Node]:
        """From the volume down to the parent."""
        found: list[Node] = []
        at = node.parent
        while at > 0 and (parent := self.find(at)) is not None:
            found.insert(0, parent)
            at = parent.parent
        return found

    def below(self, id: int) -> Iterator[Node]:
        """Everything below a node, parents before children."""
        waiting = [id]
        while waiting:
            for child in self.children(waiting.pop()):
                yield child
                if child.container:
                    waiting.append(child.id)

    def discard(self, node: Node) -> None:
        """Into the recycle bin, with all that is below; one date marks all of it."""
        at = f"{self.now()} {node.id}"
        for one in [node, *self.below(node.id)]:
            self.db.execute("UPDATE nodes SET deleted = ? WHERE id = ?", (at, one.id))

    def discarded(self) -> list[Node]:
        """What was thrown away as such, the newest first."""
        rows = self.db.execute(
            "SELECT id, deleted, doc FROM nodes WHERE deleted IS NOT NULL ORDER BY deleted DESC"
        ).fetchall()
        return [_decode(doc) for id, deleted, doc in rows if deleted.endswith(f" {id}")]

    def restore(self, node: Node) -> str | None:
        """Back to where it was, with all that went with it; says what is in the way, if anything is."""
        if self.find(node.parent) is None:
            return "The original location does not exist any more."
        if self.child(node.parent, node.name) is not None:
            return f"An item with the name '{node.name}' already exists."
        row = self.db.execute("SELECT deleted FROM nodes WHERE id = ?", (node.id,)).fetchone()
        self.db.execute("UPDATE nodes SET deleted = NULL WHERE deleted = ?", row)
        return None

    def purge(self, node: Node) -> str | None:
        """Gone for good, with all that went with it."""
        row = self.db.execute("SELECT deleted FROM nodes WHERE id = ?", (node.id,)).fetchone()
        gone = self.db.execute("SELECT id FROM nodes WHERE deleted = ?", row).fetchall()
        with self.store.transaction():
            for statement in PURGE:
                self.db.executemany(statement, gone)
            self.db.execute("DELETE FROM nodes WHERE deleted = ?", row)
        return None

    def workspace_of(self, node: Node) -> Node | None:
        """The business workspace that a node lies in, or is."""
        return next((one for one in reversed([*self.ancestors(node), node]) if one.is_workspace), None)

    def volume_under(self, parent: Node) -> int:
        """The `volume_id` of what lies directly in a node: a workspace is a volume of its own."""
        if parent.is_workspace:
            return parent.id
        return -parent.id if parent.is_volume else parent.volume

    def path_of(self, version: Version) -> Path:
        """Where the bytes of a version are."""
        return Path(version.path) if version.path is not None else self.store.blob_path(version.digest or "")

    # --- members ---

    def member(self, id: int) -> Member | None:
        return next(self._members("id = ?", id), None)

    def put_member(self, *members: Member) -> None:
        rows = ((one.id, one.type, one.name.casefold(), one.workspace, _encode(one)) for one in members)
        self.db.executemany("INSERT OR REPLACE INTO members VALUES (?, ?, ?, ?, ?)", rows)

    def drop_member(self, id: int) -> None:
        self.db.execute("DELETE FROM members WHERE id = ?", (id,))

    def members(self, type: int) -> list[Member]:
        """Users, groups or other kinds of members that are not roles, in the order of their ids."""
        return list(self._members("type = ? AND workspace IS NULL", type))

    def roles(self, workspace: int) -> list[Member]:
        return list(self._members("workspace = ?", workspace))

    def groups_of(self, user: int) -> set[int]:
        """The groups a user is in, directly or by another group, and the user itself."""
        found, groups = {user}, self.members(1)
        while more := {one.id for one in groups if one.id not in found and found & set(one.members)}:
            found |= more
        return found

    def user_named(self, name: str) -> Member | None:
        return next(self._members("type = 0 AND folded = ?", name.casefold()), None)

    def _members(self, where: str, *values: Any) -> Iterator[Member]:
        query = f"SELECT doc FROM members WHERE {where} ORDER BY id"  # noqa: S608
        for (doc,) in self.db.execute(query, values).fetchall():
            yield _decode_member(doc)

    # --- history ---

    def note(self, node: int, event: int, by: int, target: int | None = None) -> None:
        """Write a line of a node's history."""
        self.db.execute(
            "INSERT INTO audit (node, event, at, by, target) VALUES (?, ?, ?, ?, ?)",
            (node, event, self.now(), by, target),
        )


def _row(node: Node) -> tuple[Any, ...]:
    type_id = node.workspace.type_id if node.is_workspace and node.workspace else None
    return (
        node.id, node.parent, node.type, node.name.casefold(), type_id, node.created, node.modified,
        _folded(node.nickname), _folded(node.unique_name), _encode(node),
    )  # fmt: skip


def _folded(text: str | None) -> str | None:
    return None if text is None else text.casefold()
