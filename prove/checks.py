"""What must hold once Lockgate is at rest, each check answering what is wrong."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from prove import oracle
from prove.books import books
from prove.ground import DAM, FLOW, Ground
from prove.journal import Journal
from prove.oracle import Complaint

LAW = timedelta(seconds=15 + 30)
"""How old a verdict may be when a write reaches the portal: asked anew after 15 s, and a call is repeated for 30 s at most."""
CLOCKS = timedelta(milliseconds=5)
"""The portal dates in whole milliseconds."""
LOCKGATE = "u-1"
"""What the portal calls the owner of the key that Lockgate uses."""
DELETED_TOO = "ext_id"
"""The field by whose history a deleted object still tells whose copy it was."""


@dataclass
class Writes:
    """Every file put in and every copy made visible by Lockgate, held against what was allowed then."""

    files: int = 0
    bytes: int = 0
    doubled: int = 0
    unapproved: int = 0
    owners: dict[str, str] = field(default_factory=dict)
    """By object of the portal: the asset it is or was a copy of."""
    sent: list[tuple[str, str, datetime]] = field(default_factory=list)
    """Asset, SHA-256 and instant of every file."""
    _last: dict[str, str] = field(default_factory=dict)
    _seen: int = 0
    _shown: set[str] = field(default_factory=set)

    async def check(self, ground: Ground, journal: Journal) -> AsyncIterator[Complaint]:
        """Those since the last time."""
        for one in await ground.portal.act("binaries", after=self._seen):
            self._seen = one["n"]
            if one["by"] == LOCKGATE:
                for complaint in self._of_file(one, await self._owner(ground, one["id"]), journal):
                    yield complaint
        for object in self.owners:
            for change in await ground.portal.history(object):
                if change["id"] not in self._shown and shows(change):
                    self._shown.add(change["id"])
                    for complaint in self._of_showing(change, self.owners[object], journal):
                        yield complaint

    async def _owner(self, ground: Ground, object: str) -> str:
        if object not in self.owners:
            (key,) = [
                one["new_value"][0]["value"]
                for one in await ground.portal.history(object)
                if one["field"] == DELETED_TOO and one["new_value"]
            ]
            self.owners[object] = str(key).removeprefix(f"{DAM}:")
        return self.owners[object]

    def _of_file(self, one: Mapping[str, Any], asset: str, journal: Journal) -> Iterator[Complaint]:
        self.files, self.bytes = self.files + 1, self.bytes + one["bytes"]
        at = datetime.fromisoformat(one["at"])
        self.sent.append((asset, one["sha256"], at))
        if self._last.get(one["id"]) == one["sha256"]:
            self.doubled += 1
            yield Complaint(asset, f"the same {one['bytes']} bytes were put into its copy twice, at {at} again")
        self._last[one["id"]] = one["sha256"]
        if not allowed(journal, asset, at, one["sha256"]):
            self.unapproved += 1
            yield Complaint(asset, f"a file was put in at {at} that was not allowed then: SHA-256 {one['sha256']}")

    def _of_showing(self, change: Mapping[str, Any], asset: str, journal: Journal) -> Iterator[Complaint]:
        at = datetime.fromisoformat(change["mod_time"])
        if not allowed(journal, asset, at):
            self.unapproved += 1
            yield Complaint(asset, f"its copy was made visible at {at}, when it was not allowed")


def shows(change: Mapping[str, Any]) -> bool:
    """Whether Lockgate made a copy visible by it."""
    return (change["field"], change["mod_by"]) == ("status", LOCKGATE) and change["new_value"] == [
        {"value": "approved"}
    ]


def allowed(journal: Journal, asset: str, at: datetime, sha256: str | None = None) -> bool:
    """By a verdict that may have been given within the law's time, by a process that lived then."""
    since = max(at - LAW, journal.oldest_life(at))
    return journal.allowed_within(asset, since - CLOCKS, at + CLOCKS, sha256)


async def target(ground: Ground) -> list[Complaint]:
    """The portal against the oracle."""
    return list(oracle.complaints(await oracle.read(ground.celum, ground.portal)))


async def accounts(ground: Ground, known: set[str]) -> AsyncIterator[Complaint]:
    """Every run that has ended since: read = written + unchanged + blocked + parked + failed, and nothing failed."""
    for run in await ground.runs():
        if run["id"] in known or run["state"] in {"queued", "running"}:
            continue
        known.add(run["id"])
        account = run["account"]
        parts = sum(account[name] for name in ("written", "unchanged", "blocked", "parked", "failed"))
        if not account["balanced"] or parts != account["read"]:
            yield Complaint(run["id"], f"its account does not balance: {account}")
        if account["failed"] or run["state"] == "failed":
            yield Complaint(run["id"], f"it ended as {run['state']} ({run['note']}): {account}")


async def ledger(ground: Ground) -> AsyncIterator[Complaint]:
    """Nothing waits, nothing is begun and not recorded, and the chain of all that was done holds."""
    found = books(ground.lockgate.home, ground.lockgate.database, FLOW)
    for key in sorted(found.inbox):
        yield Complaint(key, "it is still in the inbox")
    for key in sorted(found.intents):
        yield Complaint(key, "something was begun and is not recorded")
    report = await ground.api("GET", "audit/verify")
    if not report["intact"]:
        yield Complaint("audit", f"the chain is broken: {report}")


async def verdicts(ground: Ground, writes: Writes, journal: Journal) -> list[Complaint]:
    """Every file that was put in has, in the audit, the verdicts that let it through, or the note that its sending was cut off."""
    proven: set[tuple[str, str]] = set()
    async for entry in audited(ground):
        detail = entry["detail"]
        if all(": allow: " in gate for gate in detail.get("gates", ["none"])):
            proven.add((entry["key"], entry["digest"]))
        if begun := detail.get("interrupted"):
            proven.add((entry["key"], journal.sha256(entry["key"], begun["version"])))
    return [
        Complaint(asset, f"the audit has no verdict for the file put in at {at}: SHA-256 {sha256}")
        for asset, sha256, at in writes.sent
        if (asset, sha256) not in proven
    ]


async def audited(ground: Ground) -> AsyncIterator[dict[str, Any]]:
    """The entries of the exported chain."""
    async with ground.http.get(f"{ground.lockgate.url}/api/v1/audit/export") as answer:
        async for line in answer.content:
            row = msgspec.json.decode(line)
            if row["line"] == "row" and row["flow"] == FLOW:
                for entry in row["told"]:
                    yield entry
