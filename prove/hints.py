"""Webhooks that Lockgate acknowledged: each must stand in its books, and what it told of must come true."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prove.books import Books
from prove.ground import Ground
from prove.journal import Journal
from prove.oracle import Complaint

ACCEPTED = 202


@dataclass
class Hints:
    """All that were acknowledged so far."""

    acknowledged: int = 0
    lost: int = 0
    assets: dict[str, set[str]] = field(default_factory=dict)
    """By asset: the dates of change that Lockgate was told of; "" stands for its end."""
    products: set[tuple[str, str]] = field(default_factory=set)
    """Product and event."""
    _seen: dict[str, int] = field(default_factory=dict)

    async def collect(self, ground: Ground) -> dict[str, datetime]:
        """Take in what was acknowledged since the last time; by asset, when its last one was sent."""
        sent: dict[str, datetime] = {}
        for one in await self._fresh(ground, "celum"):
            id, date = told_of(one)
            self.assets.setdefault(id, set()).add(date)
            sent[id] = datetime.fromisoformat(one["at"])
        for one in await self._fresh(ground, "portal"):
            self.products.add((one["body"]["id"], one["type"]))
        return sent

    async def _fresh(self, ground: Ground, name: str) -> list[dict[str, Any]]:
        system = ground.celum if name == "celum" else ground.portal
        fresh = await system.deliveries(self._seen.get(name, 0))
        self._seen[name] = max((one["n"] for one in fresh), default=self._seen.get(name, 0))
        accepted = [one for one in fresh if one["status"] == ACCEPTED]
        self.acknowledged += len(accepted)
        return [one for one in accepted if name == "portal" or about_asset(one)]

    def missing(self, sent: Mapping[str, datetime], books: Books) -> Iterator[Complaint]:
        """Those that the books know nothing of."""
        for id, at in sent.items():
            if not books.took(id, at):
                self.lost += 1
                yield Complaint(id, f"a webhook sent at {at} was acknowledged, and is neither in the inbox nor worked")

    def told(self, journal: Journal, asset: str) -> bool:
        """Whether Lockgate acknowledged hints of all that changed this asset's state since the last sweep, as far as people did it."""
        if asset in journal.meddled or asset not in journal.changed:
            return False
        if journal.changed[asset] not in self.assets.get(asset, ()):
            return False
        facts = journal.now(asset)
        named = {str(facts.said.get(name)) for name in ("sku", "gtin", "family")} if facts else set()
        return all((id, event) in self.products for id, (event, names) in journal.products.items() if names & named)

    def unfulfilled(self, complaints: Iterable[Complaint], journal: Journal) -> Iterator[Complaint]:
        """What is wrong although Lockgate was told of it."""
        for one in complaints:
            if self.told(journal, one.item):
                self.lost += 1
                yield Complaint(one.item, f"{one.what}; Lockgate acknowledged that it changed")


def about_asset(delivery: Mapping[str, Any]) -> bool:
    return str(delivery["type"]).startswith("ASSET_")


def told_of(delivery: Mapping[str, Any]) -> tuple[str, str]:
    """The asset a webhook tells of, and when that was changed; "" where it was deleted."""
    body = delivery["body"]
    asset = body.get("entity") or body["asset"]
    if delivery["type"] == "ASSET_DELETED":
        return str(asset["id"]), ""
    return str(asset["id"]), (asset.get("modification") or asset["creation"])["date"]
