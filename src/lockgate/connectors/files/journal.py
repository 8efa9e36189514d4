"""What was seen in the folder, kept beside the connection in SQLite: each change gets a number, and the numbers are the cursors.

A store tells what there is, not what changed, and its times are too coarse and too easily set to be trusted for that. So each
look is compared with the one before. The journal can be lost at any time: everything is then reported as changed once.
"""

import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from lockgate.connectors.files.stores.base import Entry

TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
  kind TEXT NOT NULL, id TEXT NOT NULL, revision TEXT NOT NULL, seq INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0,
  place TEXT NOT NULL, record BLOB, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entries_by_seq ON entries (kind, seq);
CREATE INDEX IF NOT EXISTS entries_by_place ON entries (place);
CREATE TABLE IF NOT EXISTS names (kind TEXT NOT NULL, by TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
  PRIMARY KEY (kind, by, value, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS names_by_id ON names (kind, id);
CREATE TABLE IF NOT EXISTS feeds (path TEXT PRIMARY KEY, tag TEXT NOT NULL, records INTEGER NOT NULL, problem TEXT);
CREATE TABLE IF NOT EXISTS unsettled (path TEXT PRIMARY KEY, tag TEXT NOT NULL, since REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS catalogue (
  key TEXT PRIMARY KEY, hidden INTEGER NOT NULL, fields BLOB NOT NULL) WITHOUT ROWID;
CREATE TEMP TABLE listed (path TEXT PRIMARY KEY, size INTEGER, modified REAL, tag TEXT) WITHOUT ROWID;
CREATE TEMP TABLE fresh (id TEXT PRIMARY KEY, revision TEXT NOT NULL, record BLOB) WITHOUT ROWID;
"""
FORM = "1"
"""Another one when the tables or what is in them are of another form: the journal then begins anew."""


class Seen(msgspec.Struct, frozen=True):
    """One item as the journal knows it."""

    id: str
    revision: str
    seq: int
    gone: bool
    place: str
    record: bytes | None


class Journal:
    """One connection's journal. Calls are synchronous; those that may take long are made in a thread."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self.db = sqlite3.connect(folder / "files-journal.sqlite", isolation_level=None, check_same_thread=False)
        # It may lose its last second at a power cut: what is lost is reported again.
        self.db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;" + TABLES)
        self.id = self._identity()

    def _identity(self) -> str:
        """Who gave the numbers: cursors of another journal mean nothing here."""
        if self.meta("form") != FORM:
            with self.writing():
                for table in ("entries", "names", "feeds", "unsettled", "catalogue", "meta"):
                    self.db.execute(f"DELETE FROM {table}")  # noqa: S608 (named here)
                self.set_meta("id", uuid.uuid4().hex[:12])
                self.set_meta("form", FORM)
        return self.meta("id")

    def close(self) -> None:
        with self.lock:
            self.db.close()

    def meta(self, name: str) -> str:
        row = self.db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, name: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    # ── a listing ────────────────────────────────────────────────────────────────────────────────────────────────

    def begin_listing(self) -> None:
        with self.lock:
            self.db.execute("DELETE FROM listed")

    def listed(self, entries: Sequence[Entry]) -> None:
        rows = [(one.path, one.size, one.modified, one.tag) for one in entries]
        with self.writing():
            self.db.executemany("INSERT OR REPLACE INTO listed VALUES (?, ?, ?, ?)", rows)

    def files(self) -> Iterator[Entry]:
        """Everything that was listed, in the order of the paths."""
        after = ""
        query = "SELECT path, size, modified, tag FROM listed WHERE path > ? ORDER BY path LIMIT 1000"
        while rows := self._all(query, (after,)):
            yield from (Entry(path=path, size=size, modified=at, tag=tag) for path, size, at, tag in rows)
            after = rows[-1][0]

    def file(self, path: str) -> Entry | None:
        rows = self._all("SELECT path, size, modified, tag FROM listed WHERE path = ?", (path,))
        return next((Entry(path=one[0], size=one[1], modified=one[2], tag=one[3]) for one in rows), None)

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────

    def begin_fresh(self) -> None:
        with self.lock:
            self.db.execute("DELETE FROM fresh")

    def fresh(self, rows: Sequence[tuple[str, str, bytes | None]]) -> None:
        """What is there now, as (id, revision, record); the first of an id holds."""
        with self.writing():
            self.db.executemany("INSERT OR IGNORE INTO fresh VALUES (?, ?, ?)", rows)

    def is_fresh(self, id: str) -> bool:
        return bool(self._all("SELECT 1 FROM fresh WHERE id = ?", (id,)))

    def settle_on(self, kind: str, place: str | None) -> None:
        """Take what is fresh for all there is of this kind (of this place, where one is named) and number what changed."""
        with self.writing():
            seq = self._changed(kind, place, self.newest(kind))
            self._lost(kind, place, seq)

    def _changed(self, kind: str, place: str | None, seq: int) -> int:
        query = (
            "SELECT f.id, f.revision, f.record FROM fresh f LEFT JOIN entries e ON e.kind = ? AND e.id = f.id"
            " WHERE f.id > ? AND (e.id IS NULL OR e.gone OR e.revision != f.revision) ORDER BY f.id LIMIT 500"
        )
        after = ""
        while rows := self._all(query, (kind, after)):
            for id, revision, record in rows:
                seq += 1
                self._put(kind, id, revision, seq, place or id, record)
            after = rows[-1][0]
        return seq

    def _lost(self, kind: str, place: str | None, seq: int) -> None:
        query = (
            "SELECT id FROM entries WHERE kind = ? AND id > ? AND NOT gone AND place = coalesce(?, place)"
            " AND id NOT IN (SELECT id FROM fresh) ORDER BY id LIMIT 500"
        )
        after = ""
        while rows := self._all(query, (kind, after, place)):
            for (id,) in rows:
                seq += 1
                self._forget(kind, id, seq)
            after = rows[-1][0]

    def _forget(self, kind: str, id: str, seq: int) -> None:
        query = "UPDATE entries SET gone = 1, seq = ?, record = NULL WHERE kind = ? AND id = ?"
        self.db.execute(query, (seq, kind, id))
        self.db.execute("DELETE FROM names WHERE kind = ? AND id = ?", (kind, id))

    def note(self, kind: str, id: str, revision: str | None) -> None:
        """One item as it was just seen; None where it is gone. Nothing is done where that is known."""
        with self.writing():
            known = self.one(kind, id)
            if revision is None and known is not None and not known.gone:
                self._forget(kind, id, self.newest(kind) + 1)
            elif revision is not None and (known is None or known.gone or known.revision != revision):
                self._put(kind, id, revision, self.newest(kind) + 1, id, None)

    def _put(self, kind: str, id: str, revision: str, seq: int, place: str, record: bytes | None) -> None:
        row = (kind, id, revision, seq, place, record)
        self.db.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, 0, ?, ?)", row)
        self.db.execute("DELETE FROM names WHERE kind = ? AND id = ?", (kind, id))

    def say(self, kind: str, place: str, revision: str, record: bytes) -> None:
        """An item that only tells what is wrong with a place, as long as the place is not taken anew."""
        with self.writing():
            self._put(kind, place, revision, self.newest(kind) + 1, place, record)

    def keep(self, kind: str, id: str, revision: str, record: bytes, names: Iterable[tuple[str, str]]) -> None:
        """What was read of an item in this revision, and the identifiers by which it is found."""
        with self.writing():
            args = (record, kind, id, revision)
            self.db.execute("UPDATE entries SET record = ? WHERE kind = ? AND id = ? AND revision = ?", args)
            self.named(kind, [(id, by, value) for by, value in names])

    def named(self, kind: str, rows: Iterable[tuple[str, str, str]]) -> None:
        """Identifiers as (id, by, value)."""
        self.db.executemany(
            "INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?)", [(kind, by, value, id) for id, by, value in rows]
        )

    def one(self, kind: str, id: str) -> Seen | None:
        return next(iter(self._seen("kind = ? AND id = ?", (kind, id), "id", 1)), None)

    def page(self, kind: str, after: str, size: int) -> list[Seen]:
        """What is there, after an id."""
        return self._seen("kind = ? AND id > ? AND NOT gone", (kind, after), "id", size)

    def changes(self, kind: str, after: int, size: int) -> list[Seen]:
        """What changed after a number, gone or not, in the order in which it was seen."""
        return self._seen("kind = ? AND seq > ?", (kind, after), "seq", size)

    def unread(self, kind: str, size: int) -> list[Seen]:
        """What is there, but was never read in its present state."""
        return self._seen("kind = ? AND NOT gone AND record IS NULL", (kind,), "id", size)

    def count(self, kind: str, below: str = "") -> int:
        query = "SELECT count(*) FROM entries WHERE kind = ? AND NOT gone AND id >= ? AND id < ?"
        return int(self._all(query, (kind, below, below + "\U0010ffff"))[0][0])

    def newest(self, kind: str) -> int:
        return int(self._all("SELECT coalesce(max(seq), 0) FROM entries WHERE kind = ?", (kind,))[0][0])

    def find(self, kind: str, by: str, value: str) -> list[str]:
        rows = self._all("SELECT id FROM names WHERE kind = ? AND by = ? AND value = ? ORDER BY id", (kind, by, value))
        return [row[0] for row in rows]

    # ── the feed that is written ─────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written within goes in one commit."""
        with self.lock, self.db:
            self.db.execute("BEGIN")
            yield

    def set_metas(self, told: Mapping[str, str]) -> None:
        with self.writing():
            for name, value in told.items():
                self.set_meta(name, value)

    def record(self, key: str) -> tuple[str, bool, bytes] | None:
        rows = self._all("SELECT key, hidden, fields FROM catalogue WHERE key = ?", (key,))
        return next(((one[0], bool(one[1]), one[2]) for one in rows), None)

    def records(self) -> Iterator[tuple[str, bool, bytes]]:
        """All records in the order of their keys."""
        after = ""
        while rows := self._all(
            "SELECT key, hidden, fields FROM catalogue WHERE key > ? ORDER BY key LIMIT 500", (after,)
        ):
            yield from ((key, bool(hidden), fields) for key, hidden, fields in rows)
            after = rows[-1][0]

    def put_record(self, key: str, hidden: bool, fields: bytes) -> None:
        self.db.execute("INSERT OR REPLACE INTO catalogue VALUES (?, ?, ?)", (key, hidden, fields))

    def put_records(self, rows: Iterable[tuple[str, bool, bytes]]) -> None:
        with self.writing():
            for key, hidden, fields in rows:
                self.put_record(key, hidden, bytes(fields))

    def drop_record(self, key: str) -> None:
        self.db.execute("DELETE FROM catalogue WHERE key = ?", (key,))

    def empty_catalogue(self) -> None:
        with self.writing():
            self.db.execute("DELETE FROM catalogue")

    # ── feeds that are read ──────────────────────────────────────────────────────────────────────────────────────

    def feeds(self) -> dict[str, tuple[str, int, str]]:
        """Tag, number of records and what is wrong with it, of each feed that was read."""
        rows = self._all("SELECT path, tag, records, coalesce(problem, '') FROM feeds ORDER BY path")
        return {path: (tag, records, problem) for path, tag, records, problem in rows}

    def set_feed(self, path: str, tag: str, records: int, problem: str) -> None:
        with self.writing():
            self.db.execute("INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?)", (path, tag, records, problem))

    def drop_feed(self, path: str) -> None:
        with self.writing():
            self.db.execute("DELETE FROM feeds WHERE path = ?", (path,))

    # ── what is not settled yet ──────────────────────────────────────────────────────────────────────────────────

    def unsettled_since(self, path: str, tag: str, now: float) -> float:
        """Since when the file is as it is, as far as we saw it."""
        rows = self._all("SELECT since FROM unsettled WHERE path = ? AND tag = ?", (path, tag))
        if rows:
            return float(rows[0][0])
        with self.lock:
            self.db.execute("INSERT OR REPLACE INTO unsettled VALUES (?, ?, ?)", (path, tag, now))
        return now

    def forget_unsettled(self) -> None:
        """Of files that are not there any more."""
        with self.lock:
            self.db.execute("DELETE FROM unsettled WHERE path NOT IN (SELECT path FROM listed)")

    def settled(self, path: str) -> None:
        with self.lock:
            self.db.execute("DELETE FROM unsettled WHERE path = ?", (path,))

    # ── help ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _seen(self, where: str, args: tuple[Any, ...], order: str, size: int) -> list[Seen]:
        query = f"SELECT id, revision, seq, gone, place, record FROM entries WHERE {where} ORDER BY {order} LIMIT ?"  # noqa: S608
        return [
            Seen(id, rev, seq, bool(gone), at, rec) for id, rev, seq, gone, at, rec in self._all(query, (*args, size))
        ]

    def _all(self, query: str, args: Any = ()) -> list[tuple[Any, ...]]:
        with self.lock:
            return self.db.execute(query, args).fetchall()
