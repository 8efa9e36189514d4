"""What happened to an item, with its evidence."""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from lockgate.app.views import ItemView, Listing, TimelineEntry
from lockgate.console.pages.item.place import person
from lockgate.console.parts.listing import pager
from lockgate.console.parts.markup import NOTHING, Piece, empty, facts, instant, item_address, joined, link, section

TONES = {
    "written": "ok", "withdrawn": "stop", "blocked": "warn", "parked": "park", "failed": "stop", "recalled": "stop",
    "recall lifted": "ok",
}  # fmt: skip
NAMES = {
    "ref": "Id at the target", "revision": "Revision of the source", "version": "File version", "linked": "Linked to",
    "unlinked": "Unlinked from", "gates": "The gates said", "reason": "Reason", "actions": "Done", "by": "By", "was": "Was",
}  # fmt: skip


def timeline(shown: ItemView, past: Listing[TimelineEntry], after: str) -> Markup:
    if not past.rows:
        return section("What happened", empty("Nothing yet", "What is done to it stands here, with the evidence."))
    entries = Markup('<ol class="timeline">{}</ol>').format(joined(entry(one) for one in past.rows))
    pages = pager(item_address(shown.flow, shown.key), past.next, after)
    note = Markup('<span class="muted">newest first; rows of the chained audit</span>')
    return section("What happened", joined([entries, pages]), tools=note, id="timeline")


def entry(one: TimelineEntry) -> Markup:
    by = one.evidence.get("by")
    who = Markup('<span class="muted">by {}</span>').format(person(str(by))) if by else NOTHING
    return Markup('<li class="{}"><div>{} {} {}</div>{}</li>').format(
        TONES.get(one.act, "calm"), instant(one.at), one.words, who, evidence(one)
    )


def evidence(one: TimelineEntry) -> Markup:
    return Markup("<details><summary>audit row {}</summary>{}</details>").format(one.n, facts(proof(one)))


def proof(one: TimelineEntry) -> Iterator[tuple[str, Piece]]:
    yield "At", f"{one.at:%Y-%m-%d %H:%M:%S} UTC"
    yield "Hash of the row", Markup('<span class="code">{}</span>').format(one.hash)
    yield "Run", link(one.run, f"/runs/{one.run}") if one.run else NOTHING
    yield "SHA-256 of the file", Markup('<span class="code">{}</span>').format(one.sha256) if one.sha256 else NOTHING
    for name, value in one.evidence.items():
        yield NAMES.get(name, name), lines(value)


def lines(value: Any) -> Piece:
    if isinstance(value, list):
        return joined((str(one).replace("_", " ") for one in value), Markup("<br>"))
    return "" if value is None else str(value)
