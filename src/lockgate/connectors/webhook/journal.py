"""What was heard and what was said, kept beside the connection in SQLite: neither side can be asked.

Heard: the newest record of each item, so that it can be looked at again, and an older one that comes late is known as such.
Said: what the receiver was told of each of our keys, and whether it confirmed. A copy counts as open from before it is sent,
and as closed only once that was confirmed.
"""

import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from lockgate.connectors.webhook.reading import Told, older
from lockgate.kit.errors import Transient

TABLES = """
CREATE TABLE IF NOT EXISTS heard (id TEXT PRIMARY KEY, gone INTEGER NOT NULL, told BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS said (
  key TEXT PRIMARY KEY, event TEXT NOT NULL, time TEXT NOT NULL, sequence INTEGER NOT NULL, content TEXT NOT NULL,
  state TEXT NOT NULL, confirmed INTEGER NOT NULL, fields BLOB, file TEXT) WITHOUT ROWID;
"""
TOLD = msgspec.json.Decoder(Told)
OPEN, HIDDEN, REMOVED, NOTHING = "open", "hidden", "removed", ""


class Said(msgspec.Struct, frozen=True):
    """What the receiver was last told under a key."""

    key: str
    event: str
    """Id of the event: a repeat has the same."""
    time: str
    sequence: int
    content: str
    state: str
    confirmed: bool
    """Whether it ever confirmed one."""
    fields: bytes | None
    file: str | None
    """SHA-256 of the file that it confirmed to have been told of; None in doubt."""


class Journal:
    """One connection's journal; several processes of one machine may have it open.

    What comes in is kept quickly: until the engine has taken it, the ledger's inbox holds it, too. All else is on the disk
    before a call returns.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        place = folder / "webhook-journal.sqlite"
        self._sure, self._quick = opened(place, "FULL"), opened(place, "NORMAL")
        self._sure.executescript(TABLES)

    def close(self) -> None:
        with self.lock:
            self._sure.close()
            self._quick.close()

    @contextmanager
    def _writing(self, db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        with self.lock, told_of():
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    # ── heard ────────────────────────────────────────────────────────────────────────────────────────────────────

    def hear(self, told: Iterable[Told], *, surely: bool = False) -> list[Told]:
        """Keep what is not older than what is known; answers for each item named what is now the newest."""
        newest: dict[str, Told] = {}
        with self._writing(self._sure if surely else self._quick) as db:
            for one in told:
                known = self._heard(db, one.id)
                if known is None or not older(one.version, known.version):
                    row = (one.id, one.gone, msgspec.json.encode(one))
                    db.execute("INSERT OR REPLACE INTO heard VALUES (?, ?, ?)", row)
                    known = one
                newest[one.id] = known
        return list(newest.values())

    def _heard(self, db: sqlite3.Connection, id: str) -> Told | None:
        row = db.execute("SELECT told FROM heard WHERE id = ?", (id,)).fetchone()
        return TOLD.decode(row[0]) if row else None

    def here(self, ids: Sequence[str]) -> list[Told]:
        """Those of the items that are known and not gone."""
        with self.lock, told_of():
            found = [self._heard(self._sure, id) for id in dict.fromkeys(ids)]
        return [one for one in found if one is not None and not one.gone]

    def page(self, after: str, size: int) -> list[Told]:
        """Items in the order of their ids."""
        query = "SELECT told FROM heard WHERE id > ? AND NOT gone ORDER BY id LIMIT ?"
        with self.lock, told_of():
            return [TOLD.decode(row[0]) for row in self._sure.execute(query, (after, size)).fetchall()]

    # ── said ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def said(self, keys: Sequence[str]) -> list[Said]:
        """What the receiver was told under these keys, without what it was never told."""
        with self.lock, told_of():
            found = [self._said(self._sure, key) for key in dict.fromkeys(keys)]
        return [one for one in found if one is not None]

    def _said(self, db: sqlite3.Connection, key: str) -> Said | None:
        row = db.execute("SELECT * FROM said WHERE key = ?", (key,)).fetchone()
        return msgspec.convert(dict(zip(Said.__struct_fields__, row, strict=True)), Said, strict=False) if row else None

    def begin(
        self, key: str, content: str, *, opening: bool, writing: bool, time: str, sequence: int
    ) -> tuple[Said, Said | None]:
        """Note that something is about to be said; answers how, and what was said before.

        The same content as last time is the same event; any other is a new one with a higher sequence. `opening` makes the
        copy count as open from now on, `writing` puts the file it has in doubt.
        """
        with self._writing(self._sure) as db:
            before = self._said(db, key)
            if before is not None and before.content == content:
                event, time, sequence = before.event, before.time, before.sequence
            else:
                event, sequence = uuid.uuid4().hex, max(sequence, before.sequence + 1 if before else 0)
            state = OPEN if opening else before.state if before else NOTHING
            known = before or Said(key, "", "", 0, "", NOTHING, False, None, None)
            now = msgspec.structs.replace(
                known, event=event, time=time, sequence=sequence, content=content, state=state
            )
            self._put(db, msgspec.structs.replace(now, file=None) if writing else now)
        return now, before

    def confirm(
        self, key: str, state: str, *, fields: Mapping[str, Any] | None = None, file: str | None = None
    ) -> None:
        """Note that the receiver has taken it. Fields and file are those of a write; other events leave them as they are."""
        with self._writing(self._sure) as db:
            known = self._said(db, key)
            if known is None:
                raise AssertionError("only what was begun is confirmed")
            now = msgspec.structs.replace(known, state=state, confirmed=True)
            if fields is not None:
                now = msgspec.structs.replace(now, fields=msgspec.json.encode(fields), file=file)
            self._put(db, now)

    def _put(self, db: sqlite3.Connection, said: Said) -> None:
        row = [getattr(said, name) for name in Said.__struct_fields__]
        db.execute("INSERT OR REPLACE INTO said VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


@contextmanager
def told_of() -> Iterator[None]:
    """A journal that cannot be used now (disk full, held by another process) is no fault of an item."""
    try:
        yield
    except sqlite3.OperationalError as problem:
        raise Transient(
            f"The connection's journal in the spool cannot be used ({problem}): see that its disk has room and is there.",
            code="journal",
        ) from problem


def opened(place: Path, synchronous: str) -> sqlite3.Connection:
    db = sqlite3.connect(place, isolation_level=None, check_same_thread=False, timeout=30)
    db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous};")
    return db
