"""Assets and their versions, kept and found."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from lockgate.connectors.celum.sandbox.definitions import LOCALIZED_TYPES, TEXT_TYPES, Field
from lockgate.connectors.celum.sandbox.errors import missing
from lockgate.connectors.celum.sandbox.records import Asset, Entry, Version

INSERT_ASSET = f"INSERT OR REPLACE INTO celum_asset VALUES ({', '.join('?' * 21)})"  # noqa: S608 (question marks only)
INSERT_PARENT = "INSERT OR IGNORE INTO celum_asset_parent VALUES (?, ?)"
INSERT_VERSION = "INSERT OR REPLACE INTO celum_version VALUES (?, ?, ?, ?)"
SELECT_ENTRY = "SELECT a.doc, v.doc FROM celum_asset a JOIN celum_version v ON v.id = a.version_id WHERE a.id = ?"
SELECT_ENTRIES = SELECT_ENTRY.replace("= ?", "IN (SELECT value FROM json_each(?))")
_asset = msgspec.json.Decoder(Asset).decode
_version = msgspec.json.Decoder(Version).decode
_encode = msgspec.json.Encoder().encode


class Catalog:
    """Assets and versions in their tables."""

    def __init__(self, db: sqlite3.Connection, fields: dict[int, Field]) -> None:
        self._db = db
        self._texts = {str(id) for id, field in fields.items() if field.type in TEXT_TYPES}
        self._localized = {str(id) for id, field in fields.items() if field.type in LOCALIZED_TYPES}

    def find(self, id: int) -> Entry | None:
        row = self._db.execute(SELECT_ENTRY, (id,)).fetchone()
        return Entry(_asset(row[0]), _version(row[1])) if row else None

    def get(self, id: int) -> Entry:
        """The asset with its active version, or the refusal CELUM answers. It is a copy: change it and `put` it back."""
        entry = self.find(id)
        if entry is None:
            raise missing("asset", id)
        return entry

    def entries(self, ids: Sequence[int]) -> list[Entry]:
        """Those of these assets that exist, in this order."""
        rows = self._db.execute(SELECT_ENTRIES, (_encode(ids).decode(),)).fetchall()
        found = {asset.id: Entry(asset, _version(version)) for asset, version in ((_asset(a), v) for a, v in rows)}
        return [found[id] for id in ids if id in found]

    def put(self, entry: Entry) -> None:
        """Store a new or changed asset together with its active version."""
        asset, version = entry.asset, entry.version
        self._db.execute("DELETE FROM celum_asset_parent WHERE asset_id = ?", (asset.id,))
        self._write([entry])
        self.put_version(version)

    def put_many(self, entries: Iterable[Entry]) -> None:
        """Store many new assets with their only version."""
        batch: list[Entry] = []
        for entry in entries:
            batch.append(entry)
            if len(batch) == 1000:
                self._write_whole(batch)
                batch = []
        self._write_whole(batch)

    def delete(self, asset_id: int) -> None:
        """Forget an asset, its versions and its relations."""
        for statement in (
            "DELETE FROM celum_asset WHERE id = ?",
            "DELETE FROM celum_asset_parent WHERE asset_id = ?",
            "DELETE FROM celum_version WHERE asset_id = ?",
            "DELETE FROM celum_relation WHERE ? IN (source, target)",
        ):
            self._db.execute(statement, (asset_id,))

    def put_version(self, version: Version) -> None:
        """Store a version; when it is the active one, `put` its asset instead."""
        self._db.execute(INSERT_VERSION, _version_row(version))

    def version(self, id: int) -> Version:
        row = self._db.execute("SELECT doc FROM celum_version WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise missing("version", id)
        return _version(row[0])

    def version_of(self, asset_id: int, id: int) -> Version:
        """A version of this very asset."""
        version = self.version(id)
        if version.asset_id != asset_id:
            raise missing("version", id)
        return version

    def versions(self, asset_id: int) -> list[Version]:
        """All versions of an asset, newest first."""
        rows = self._db.execute(
            "SELECT doc FROM celum_version WHERE asset_id = ? ORDER BY id DESC", (asset_id,)
        ).fetchall()
        return [_version(doc) for (doc,) in rows]

    def delete_version(self, id: int) -> None:
        self._db.execute("DELETE FROM celum_version WHERE id = ?", (id,))

    def in_preparation(self) -> list[int]:
        """Versions whose previews are not ready."""
        rows = self._db.execute("SELECT id FROM celum_version WHERE state = 'PROCESSING' ORDER BY id").fetchall()
        return [id for (id,) in rows]

    def count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM celum_asset").fetchone()[0])

    def holds_assets(self, collection: int) -> bool:
        found = self._db.execute(
            "SELECT 1 FROM celum_asset_parent WHERE collection_id = ? LIMIT 1", (collection,)
        ).fetchone()
        return found is not None

    def below(self, collections: Sequence[int]) -> list[int]:
        """Assets that lie in any of these collections."""
        query = (
            "SELECT DISTINCT asset_id FROM celum_asset_parent WHERE collection_id IN (SELECT value FROM json_each(?))"
        )
        return [id for (id,) in self._db.execute(query, (_encode(collections).decode(),)).fetchall()]

    def first_draft(self) -> Entry | None:
        """The unreleased asset with the lowest id."""
        row = self._db.execute("SELECT id FROM celum_asset WHERE released = 0 ORDER BY id LIMIT 1").fetchone()
        return self.find(row[0]) if row else None

    def _write_whole(self, entries: Sequence[Entry]) -> None:
        self._write(entries)
        self._db.executemany(INSERT_VERSION, (_version_row(entry.version) for entry in entries))

    def _write(self, entries: Sequence[Entry]) -> None:
        self._db.executemany(INSERT_ASSET, (self._row(entry.asset, entry.version) for entry in entries))
        pairs = ((parent, entry.asset.id) for entry in entries for parent in entry.asset.parents)
        self._db.executemany(INSERT_PARENT, pairs)

    def _row(self, asset: Asset, version: Version) -> tuple[Any, ...]:
        window = asset.availability
        return (
            asset.id, asset.name, self._words(asset, version), asset.type_id, asset.released,
            asset.created, asset.created_by, asset.modified, asset.modified_by,
            window.get("available"), window.get("from"), window.get("to"),
            version.id, version.created, version.created_by,
            version.filename, version.filesize, version.extension, version.checksum, version.category,
            _encode(asset).decode(),
        )  # fmt: skip

    def _words(self, asset: Asset, version: Version) -> str:
        """What full text looks through: name, file name, and all texts of its fields."""
        texts = [asset.name, version.filename]
        for id, value in asset.fields.items():
            if id in self._texts:
                texts.append(value)
            elif id in self._localized:
                texts.extend(value.values())
        return "\n".join(texts)


def _version_row(version: Version) -> tuple[Any, ...]:
    return (version.id, version.asset_id, version.state, _encode(version).decode())
