"""The audit as people see it: an item's timeline, what people did, whether the chain holds."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views.runs import run_row
from lockgate.app.views.shape import Listing, View, listing, read_page
from lockgate.ledger import audit, deliveries
from lockgate.ledger.audit import Entry, Told

WORDS = {
    "written": "written to the target",
    "withdrawn": "closed at the target",
    "blocked": "stopped by a gate",
    "parked": "parked",
    "failed": "failed",
}
ACTIONS = {
    "create": "created",
    "update": "fields updated",
    "replace_file": "file replaced",
    "link": "linked",
    "unlink": "unlinked",
    "show": "made visible again",
}


class TimelineEntry(View):
    """One thing that happened, with its evidence. It stands in the chained audit under number `n`."""

    n: int
    hash: str
    """Of that row: each later row's hash holds it, so `lockgate audit verify` finds any change."""
    at: datetime
    run: str
    act: str
    words: str
    code: str = ""
    sha256: str | None = None
    """Of the file that was written."""
    evidence: dict[str, Any]
    """What was decided on, what was done, where: reason, gates, source revision, file version, id at the target, links."""


class PersonAct(View):
    """What a person did to a flow, a connection or items."""

    n: int
    at: datetime
    flow: str
    act: str
    key: str
    by: str
    detail: dict[str, Any]


class ChainEnd(View):
    n: int
    hash: str


class AuditReportView(View):
    """Whether the chain of all that was done holds."""

    intact: bool
    rows: int
    entries: int
    broken: int | None = None
    """The first row that does not fit."""
    problem: str | None = None
    last: ChainEnd
    """The last row that fits: keep it elsewhere, and give it as `known` later."""


async def timeline(
    app: Lockgate, flow: str, key: str, *, after: str | None = None, limit: int = 50
) -> Listing[TimelineEntry]:
    """What happened to an item, newest first. Raises Refused when the flow never looked at it."""
    last = await newest(app, flow, key) if after is None else number(after)
    found = await app.ledger.read(lambda c: audit.timeline(c, flow, key, last, limit=limit))
    entries = [entry_view(one) for one in found]
    before = found[-1].entry.prev if len(found) == limit else None
    return listing(entries, None if before is None else str(before))


class LogEntry(TimelineEntry):
    """One thing that a run did."""

    flow: str
    key: str
    title: str


async def run_log(
    app: Lockgate,
    id: str,
    *,
    act: str | None = None,
    code: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Listing[LogEntry]:
    """What a run did, item by item, newest first: all that was news, or only such acts or reasons.

    Items that stood as before are not in it. A page may be short and have a next one. Raises Refused.
    """
    flow = (await run_row(app, id)).flow

    def read(c: Connection) -> tuple[list[LogEntry], str | None]:
        page = audit.of_run(c, id, flow, act=act, code=code, after=after, limit=limit)
        known = deliveries.get(c, flow, {one.entry.key for one in page.rows})
        titles = {key: row.title for key, row in known.items()}
        return [log_entry(flow, one, titles.get(one.entry.key) or one.entry.key) for one in page.rows], page.next

    return listing(*await read_page(app, read))


def log_entry(flow: str, told: Told, title: str) -> LogEntry:
    return LogEntry(**dict(entry_view(told)), flow=flow, key=told.entry.key, title=title)


async def newest(app: Lockgate, flow: str, key: str) -> int | None:
    await app.flows.row(flow)
    row = (await app.ledger.read(lambda c: deliveries.get(c, flow, [key]))).get(key)
    if row is None:
        raise Refused(f"flow {flow!r} has not looked at an item {key!r}", missing=True)
    return row.audit_n


DIGITS = 18
"""No chain has a row whose number is longer, and no database could be asked for it."""


def number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > DIGITS:
        raise Refused(f"{text!r} is no place in this list: give `after` the `next` of the page before")
    return int(text)


def entry_view(told: Told) -> TimelineEntry:
    entry = told.entry
    return TimelineEntry(
        n=told.n,
        hash=told.hash,
        at=told.at,
        run=told.run,
        act=entry.act,
        words=in_words(entry),
        code=entry.code,
        sha256=entry.digest or None,
        evidence=entry.detail,
    )


def in_words(entry: Entry) -> str:
    """`written to the target: created, linked` or `stopped by a gate: … has not been approved`."""
    done = (
        [ACTIONS[name] for name in entry.detail.get("actions", ()) if name in ACTIONS] if entry.act == "written" else []
    )
    why = ", ".join(done) or entry.detail.get("reason", "")
    what = WORDS.get(entry.act, entry.act)
    return f"{what}: {why}" if why else what


async def person_acts(
    app: Lockgate, flow: str = "", *, after: str | None = None, limit: int = 50
) -> Listing[PersonAct]:
    """What people did to this flow, or (flow "") to connections and to flows as such, newest first."""
    before = number(after) if after is not None else None
    pages = await app.ledger.read(lambda c: audit.recent(c, flow, run="", before=before, limit=limit))
    rows = [
        PersonAct(
            n=page.n,
            at=page.at,
            flow=page.flow,
            act=one.act,
            key=one.key,
            by=one.detail.get("by", ""),
            detail=one.detail,
        )
        for page in pages
        for one in page.entries
        if "by" in one.detail
    ]
    return listing(rows, str(pages[-1].n) if len(pages) == limit else None)


async def audit_report(app: Lockgate, known: tuple[int, str] | None = None) -> AuditReportView:
    """Check the whole chain in short reads. `known` is the number and hash of a row, kept elsewhere."""
    report = await audit.verify_in_steps(app.ledger, known=known)
    return AuditReportView(
        intact=report.problem is None,
        rows=report.rows,
        entries=report.entries,
        broken=report.broken,
        problem=report.problem,
        last=ChainEnd(n=report.last[0], hash=report.last[1]),
    )
