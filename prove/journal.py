"""What was done in both systems and when, as those who did it remember: what a write or a hint is measured against."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from prove.facts import Facts, facts

SOON = timedelta(seconds=60)


@dataclass
class Standing:
    """How an asset stood from the change before to the change after; both ends as wide as they may have been."""

    since: datetime
    facts: Facts | None
    """None: it was deleted."""
    until: datetime | None = None

    def allowed_within(self, first: datetime, last: datetime) -> bool:
        begin = max(first, self.since)
        end = last if self.until is None else min(last, self.until)
        return self.facts is not None and begin <= end and self.facts.allowed_within(begin, end)


@dataclass
class Journal:
    """Filled by the load; nobody else works in CELUM, so it is complete."""

    standings: dict[str, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    digests: dict[str, str] = field(default_factory=dict)
    """SHA-256 of every file by its MD5, which is all that CELUM tells."""
    changed: dict[str, str] = field(default_factory=dict)
    """By asset: what CELUM says of when it was changed last, empty once it is deleted; only changes since the last sweep."""
    products: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    """Products made or deleted since the last sweep: the event that tells of it, and what the product is called."""
    meddled: set[str] = field(default_factory=set)
    """Assets whose copies were touched in the portal since the last sweep; nobody tells Lockgate of that."""
    lives: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    """From when until when some process was there that could write."""

    # ── noting ───────────────────────────────────────────────────────────────────────────────────────────────────

    def know(self, content: bytes) -> None:
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        self.digests[md5] = hashlib.sha256(content).hexdigest()

    def know_folder(self, folder: Path) -> None:
        for file in folder.rglob("*"):
            if file.is_file():
                self.know(file.read_bytes())

    def begin(self, assets: Iterable[Mapping[str, Any]], at: datetime) -> None:
        """How all assets stand before anybody does anything."""
        for asset in assets:
            self.standings[str(asset["id"])].append(Standing(at, facts(asset)))

    def note(self, id: str, asset: Mapping[str, Any] | None, asked: datetime) -> None:
        """An asset was changed to this (None: deleted) at some instant between asking and now."""
        known = self.standings[id]
        if known:
            known[-1].until = datetime.now(UTC)
        known.append(Standing(asked, facts(asset) if asset is not None else None))
        self.changed[id] = asset["modification"]["date"] if asset is not None else ""

    def died(self, at: datetime, *, all: bool) -> None:
        """A process was killed; `all`: now none is left that could act on an older verdict."""
        if all:
            self.lives[:] = [(begun, ended or at) for begun, ended in self.lives]

    def swept(self) -> None:
        """Lockgate has looked at everything: what it was not told of it has found."""
        self.changed.clear()
        self.products.clear()
        self.meddled.clear()

    # ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────

    def now(self, id: str) -> Facts | None:
        return self.standings[id][-1].facts if self.standings[id] else None

    def there(self) -> list[str]:
        """The assets that are not deleted, in the order in which they came."""
        return [id for id, standings in self.standings.items() if standings[-1].facts is not None]

    def allowed_within(self, id: str, first: datetime, last: datetime, sha256: str | None = None) -> bool:
        """Whether the asset was allowed, with this file, at any instant from first to last."""
        return any(
            one.allowed_within(first, last)
            for one in self.standings.get(id, ())
            if sha256 is None or (one.facts is not None and self.digests.get(one.facts.md5) == sha256)
        )

    def sha256(self, id: str, version: str) -> str:
        """Digest of the file of a version of an asset, empty if there never was one."""
        known = (one.facts for one in self.standings.get(id, ()) if one.facts and one.facts.version == version)
        return next((self.digests[facts.md5] for facts in known), "")

    def last_edge(self) -> datetime:
        """The last instant soon at which something begins or ends by itself."""
        now = datetime.now(UTC)
        edges = [edge for id in self.there() if (one := self.now(id)) for edge in one.edges if now <= edge < now + SOON]
        return max(edges, default=now)

    def oldest_life(self, at: datetime) -> datetime:
        """When the oldest process began that lived at this instant: no verdict it acted on is older."""
        alive = [begun for begun, ended in self.lives if begun <= at and (ended is None or at <= ended)]
        return min(alive, default=at)
