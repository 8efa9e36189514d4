"""The tables behind searches: entities as JSON, with a column for each thing that is often searched or sorted by."""

import json
import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS celum_asset (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, words TEXT NOT NULL, type_id INTEGER, released INTEGER NOT NULL,
    created TEXT NOT NULL, created_by INTEGER NOT NULL, modified TEXT, modified_by INTEGER,
    available INTEGER, available_from TEXT, available_to TEXT,
    version_id INTEGER NOT NULL, versioned TEXT NOT NULL, versioned_by INTEGER NOT NULL,
    filename TEXT NOT NULL, filesize INTEGER NOT NULL, extension TEXT NOT NULL, checksum TEXT NOT NULL, category TEXT NOT NULL,
    doc TEXT NOT NULL
);
-- Changes are polled by an OR of these three instants, in order of the first; one covering index answers that alone.
CREATE INDEX IF NOT EXISTS celum_asset_modified ON celum_asset (modified, created, versioned);
CREATE INDEX IF NOT EXISTS celum_asset_created ON celum_asset (created);
CREATE INDEX IF NOT EXISTS celum_asset_versioned ON celum_asset (versioned);
CREATE INDEX IF NOT EXISTS celum_asset_checksum ON celum_asset (checksum);
CREATE INDEX IF NOT EXISTS celum_asset_available_to ON celum_asset (available_to);
CREATE TABLE IF NOT EXISTS celum_asset_parent (
    collection_id INTEGER NOT NULL, asset_id INTEGER NOT NULL, PRIMARY KEY (collection_id, asset_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS celum_asset_parent_asset ON celum_asset_parent (asset_id);
CREATE TABLE IF NOT EXISTS celum_version (
    id INTEGER PRIMARY KEY, asset_id INTEGER NOT NULL, state TEXT NOT NULL, doc TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS celum_version_asset ON celum_version (asset_id);
CREATE INDEX IF NOT EXISTS celum_version_waiting ON celum_version (id) WHERE state = 'PROCESSING';
CREATE TABLE IF NOT EXISTS celum_collection (
    id INTEGER PRIMARY KEY, parent_id INTEGER, type_id INTEGER NOT NULL, name TEXT NOT NULL, names TEXT NOT NULL, words TEXT NOT NULL,
    created TEXT NOT NULL, created_by INTEGER NOT NULL, modified TEXT, modified_by INTEGER, doc TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS celum_collection_parent ON celum_collection (parent_id);
CREATE TABLE IF NOT EXISTS celum_relation (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, target INTEGER NOT NULL, type_id INTEGER NOT NULL, doc TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS celum_relation_source ON celum_relation (source);
CREATE INDEX IF NOT EXISTS celum_relation_target ON celum_relation (target);
"""


def prepare(db: sqlite3.Connection) -> None:
    """Lay the tables if they are not there, and teach the database how CELUM matches text."""
    db.executescript(SCHEMA)
    db.create_function("celum_match", 4, matches, deterministic=True)
    db.create_function("celum_match_any", 4, matches_any, deterministic=True)


def matches(text: str | None, wanted: str, how: str, operator: str) -> bool:
    """Full text: `phrase` is a part of the text; `terms` are beginnings of its words, all of them (`and`) or one (`or`).

    `termsEndingWith` looks at the ends of words.
    """
    if text is None:
        return False
    text, wanted = str(text).casefold(), wanted.casefold()
    if how == "phrase":
        return wanted in text
    words = text.split()
    fits = str.endswith if how == "termsEndingWith" else str.startswith
    found = (any(fits(word, term) for word in words) for term in wanted.split())
    return all(found) if operator == "and" else any(found)


def matches_any(texts: str | None, wanted: str, how: str, operator: str) -> bool:
    """The same over every value of a JSON object, such as a name in several languages."""
    return texts is not None and any(matches(text, wanted, how, operator) for text in json.loads(texts).values())
