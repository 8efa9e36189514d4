"""What a run did, item by item: all of it, or what came of one outcome or reason."""

from markupsafe import Markup

from lockgate.app import views
from lockgate.app.views import Listing, LogEntry, RunView
from lockgate.app.views.reasons import words
from lockgate.console.parts.listing import Column, chips, pager, table
from lockgate.console.parts.markup import (
    NOTHING,
    Piece,
    address,
    badge,
    empty,
    instant,
    item_address,
    joined,
    link,
    number,
    section,
)
from lockgate.console.place import here

PAGE = 50
COLUMNS = ("When", "What", Column("Item", "item"), Column("Why", "wide"))
ACTS = {
    "written": ("delivered", "ok"), "blocked": ("blocked", "warn"), "withdrawn": ("withdrawn", "gone"), "parked": ("parked", "park"),
    "failed": ("failed", "stop"),
}  # fmt: skip
"""What the log knows, in words, and its tone. Items that stood as before are not in it."""
CHOICES = [("", "All that was news"), *((act, word) for act, (word, _) in ACTS.items())]


async def log(run: RunView, asked: dict[str, str], after: str) -> Markup:
    """`asked` are the questions `act` and `code`, empty where nothing is asked."""
    at = f"/runs/{run.id}"
    found = await views.run_log(
        here(), run.id, act=asked["act"] or None, code=asked["code"] or None, after=after or None, limit=PAGE
    )
    pieces = (
        chips(at, "act", CHOICES, asked, label="What"),
        reason(at, asked),
        listed(found, asked),
        pager(at, found.next, after, **asked),
    )
    return section("Log", joined(pieces), id="log")


def reason(at: str, asked: dict[str, str]) -> Markup:
    """The reason that is asked for, and the way out of it."""
    if not asked["code"]:
        return NOTHING
    every = link("all reasons", address(at, act=asked["act"]))
    return Markup('<p class="far">Only: <b>{}</b> · {}</p>').format(words(asked["code"]), every)


def listed(found: Listing[LogEntry], asked: dict[str, str]) -> Markup:
    if found.rows:
        return table(COLUMNS, map(cells, found.rows), label="Log")
    if found.next:
        return Markup('<p class="muted">None among these; there is more.</p>')
    return empty(
        "Nothing like this" if any(asked.values()) else "Nothing was news",
        "Items that stood as before are not in the log.",
    )


def cells(one: LogEntry) -> tuple[Piece, ...]:
    return (
        instant(one.at),
        badge(*ACTS.get(one.act, (one.act, "calm"))),
        link(one.title, item_address(one.flow, one.key)),
        one.words,
    )


def leads(run: RunView, **asked: str) -> str:
    """Where what came of one outcome or reason is listed; nowhere for items that stood as before."""
    return "" if asked.get("act") == "unchanged" else f"{address(f'/runs/{run.id}', **asked)}#log"


def reasons(run: RunView) -> Markup:
    """Why items were stopped, the most frequent first; each leads to its items."""
    rows = [
        (link(words(code), leads(run, code=code)), number(n))
        for code, n in sorted(run.account.reasons.items(), key=lambda one: -one[1])
    ]
    return table((Column("Reason", "wide"), Column("Items", "number")), rows, label="Reasons") if rows else NOTHING
