"""What a sandbox remembers: JSON documents in SQLite, files by digest in a folder."""

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

SCHEMA = """
CREATE TABLE IF NOT EXISTS docs (kind TEXT NOT NULL, id TEXT NOT NULL, doc TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS docs_by_id ON docs (kind, id);
CREATE INDEX IF NOT EXISTS docs_by_kind ON docs (kind);
CREATE TABLE IF NOT EXISTS sequences (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
UPSERT = "INSERT INTO docs (kind, id, doc) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET doc = excluded.doc"
OWN = {"docs", "sequences", "settings"}
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Store:
    """Documents by (kind, id) and files by digest.

    Calls are synchronous and quick. Vendors add tables and indexes of their own through `db`; `clear` empties those too.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="sandbox-") if folder is None else None
        self.folder = Path(self._temporary.name) if self._temporary else folder or Path()
        self.blobs = self.folder / "blobs"
        self.spool = self.folder / "spool"
        """Where uploads are written before they become blobs; same file system, so that moving costs nothing."""
        self.blobs.mkdir(parents=True, exist_ok=True)
        self.spool.mkdir(exist_ok=True)
        self.db = sqlite3.connect(
            ":memory:" if folder is None else self.folder / "state.sqlite",
            isolation_level=None,
            check_same_thread=False,
        )
        self._depth = 0
        # A sandbox may lose its last second at a power cut; it must not wait for the disk.
        self.db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;" + SCHEMA)

    def put(self, kind: str, id: str | int, doc: Mapping[str, Any]) -> None:
        """Store or replace one document; a replaced one keeps its place in the order of `all`."""
        self.db.execute(UPSERT, (kind, str(id), _encode(doc).decode()))

    def put_many(self, kind: str, docs: Iterable[tuple[str | int, Mapping[str, Any]]]) -> None:
        """Store or replace many documents in one transaction."""
        with self.transaction():
            self.db.executemany(UPSERT, ((kind, str(id), _encode(doc).decode()) for id, doc in docs))

    def get(self, kind: str, id: str | int) -> dict[str, Any] | None:
        """One document, or None. The answer is a copy: change it and `put` it back."""
        row = self.db.execute("SELECT doc FROM docs WHERE kind = ? AND id = ?", (kind, str(id))).fetchone()
        return _decode(row[0]) if row else None

    def delete(self, kind: str, id: str | int) -> bool:
        """Remove one document; tells whether it was there."""
        return self.db.execute("DELETE FROM docs WHERE kind = ? AND id = ?", (kind, str(id))).rowcount > 0

    def all(self, kind: str) -> Iterator[dict[str, Any]]:
        """Every document of a kind in the order they first came; documents may be written meanwhile."""
        after = 0
        query = "SELECT rowid, doc FROM docs WHERE kind = ? AND rowid > ? ORDER BY rowid LIMIT 500"
        while rows := self.db.execute(query, (kind, after)).fetchall():
            for _, doc in rows:
                yield _decode(doc)
            after = rows[-1][0]

    def count(self, kind: str) -> int:
        return int(self.db.execute("SELECT count(*) FROM docs WHERE kind = ?", (kind,)).fetchone()[0])

    def counts(self) -> dict[str, int]:
        """Documents by kind and rows of the vendor's own tables, where there are any."""
        found = dict(self.db.execute("SELECT kind, count(*) FROM docs GROUP BY kind ORDER BY kind").fetchall())
        for table in self._tables(but=OWN):
            rows = self.db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 (named by the database)
            if rows:
                found[table] = rows
        return found

    def _tables(self, *, but: set[str]) -> list[str]:
        listed = self.db.execute("PRAGMA main.table_list").fetchall()
        named = (name for _, name, type_, *_ in listed if type_ in {"table", "virtual"})
        return sorted(name for name in named if name not in but and not name.startswith("sqlite_"))

    def next_id(self, sequence: str, start: int = 1) -> int:
        """The next number of a named sequence; the first is `start`."""
        row = self.db.execute(
            "INSERT INTO sequences VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last = max(last + 1, excluded.last) RETURNING last",
            (sequence, start),
        ).fetchone()
        return int(row[0])

    def setting(self, name: str) -> Any:
        """A value kept over `clear` (what was seeded, where webhooks go), or None."""
        row = self.db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return msgspec.json.decode(row[0]) if row else None

    def set_setting(self, name: str, value: Any) -> None:
        self.db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, _encode(value).decode()))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and much faster for many writes. May be nested; never `await` inside."""
        if self._depth:
            yield
            return
        self.db.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        else:
            self.db.execute("COMMIT")
        finally:
            self._depth = 0

    def blob_put(self, source: bytes | Path, *, digest: str | None = None, move: bool = False) -> str:
        """Keep a file and answer its SHA-256; the same bytes are kept once.

        `digest` spares reading a file whose SHA-256 is known; `move` takes the file away from where it is.
        """
        digest = digest or digest_of(source)
        target = self.blob_path(digest)
        if target.exists():
            if move and isinstance(source, Path):
                source.unlink()
            return digest
        target.parent.mkdir(exist_ok=True)
        part = source if move and isinstance(source, Path) else _copy(source, self.spool / uuid4().hex)
        part.replace(target)
        return digest

    def blob_path(self, digest: str) -> Path:
        """Where the bytes of that digest are (to be read, never written)."""
        return self.blobs / digest[:2] / digest

    def clear(self) -> None:
        """Forget every document, sequence, file and row of the vendor's own tables; settings stay."""
        with self.transaction():
            for table in self._tables(but={"settings"}):
                self.db.execute(f'DELETE FROM "{table}"')  # noqa: S608 (named by the database)
        for folder in (self.blobs, self.spool):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)

    def close(self) -> None:
        """Let go of the database; without a folder, everything is gone."""
        self.db.close()
        if self._temporary:
            self._temporary.cleanup()


def digest_of(source: bytes | Path) -> str:
    """SHA-256 of bytes or of a file, in hexadecimal."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: bytes | Path, target: Path) -> Path:
    if isinstance(source, bytes):
        target.write_bytes(source)
    else:
        shutil.copyfile(source, target)
    return target
