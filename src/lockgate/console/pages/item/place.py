"""Why an item is where it is: the gates in words, its copy at the target, what it waits for."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from lockgate.app import acts
from lockgate.app.views import ItemView, ParkedView, PlaceView, RecallView, VerdictView, WhereRow
from lockgate.app.views.reasons import words
from lockgate.console.parts.listing import Column, table
from lockgate.console.parts.markup import (
    NOTHING,
    Piece,
    away,
    badge,
    empty,
    facts,
    held_badge,
    instant,
    item_address,
    joined,
    link,
    number,
    outcome_badge,
    section,
    size,
)
from lockgate.console.parts.pictures import thumbnail
from lockgate.console.parts.values import value_of
from lockgate.model.verdict import Decision

RECALLED = "recalled"
"""Reason of what a person closed; the recall itself is told of in its place."""
DECISIONS = {
    Decision.ALLOW: ("lets it through", "ok"),
    Decision.DENY: ("stops it", "warn"),
    Decision.ASK: ("asks a person", "park"),
}
GATES = ("Gate", "It says", Column("Because", "wide"), Column("Until"))
LINKS = ("Hangs at", Column("Id", "code"), Column("As", "wide"), "Since")
FIELDS = ("Field", Column("Value that was written", "wide"))
ELSEWHERE = (Column("Flow", "wide"), "Outcome", "At the target", "Target", "Since")


def gates(verdicts: Sequence[VerdictView], due: datetime | None) -> Markup:
    """Each gate's verdict, and when it is looked at by itself because one of them may change."""
    if not verdicts:
        return section("Gates", empty("No gate was asked", "It could not be read when it was looked at last."))
    rows = table(GATES, [verdict(one) for one in verdicts], label="Verdicts of the gates")
    again = joined(["Looked at by itself ", instant(due), ", when an answer may change."]) if due else NOTHING
    return section("Gates", rows, tools=Markup('<span class="muted">{}</span>').format(again) if again else NOTHING)


def verdict(one: VerdictView) -> tuple[Piece, ...]:
    until = (
        Markup('<span class="exact">{} UTC</span> {}').format(f"{one.until:%Y-%m-%d %H:%M}", instant(one.until))
        if one.until
        else "–"
    )
    return one.gate or "the source", badge(*DECISIONS[one.decision]), one.reason, until


def place(shown: ItemView) -> Markup:
    """Where the copy is, since when, what it carries and what it hangs at."""
    at = shown.place
    title = f"At {at.connection}" if at.connection else "At the target"
    if at.held == "none":
        return section(title, empty("Nothing of it is there", why_not(shown)), id="place")
    pictured = Markup('<div class="subject">{}{}</div>').format(
        thumbnail(shown.flow, shown.key, copy=True, title="Picture of the copy"), facts(copy(at))
    )
    return section(title, joined([pictured, links(at), fields(at.fields)]), tools=held_badge(at.held), id="place")


def why_not(shown: ItemView) -> Piece:
    if shown.parked is not None:
        return "It is parked: see above why, and what it waits for."
    return shown.reason or "It has not been delivered yet."


def copy(at: PlaceView) -> list[tuple[str, Piece]]:
    name = f"{at.kind} {at.ref or ''}".strip()
    digest = Markup('<span class="code">{}</span>').format(at.sha256) if at.sha256 else NOTHING
    return [
        ("Copy", away(name, at.url) if at.url else name),
        ("Stands there", joined([words_of(at), " since ", instant(at.since)])),
        ("File", joined(filter(None, [at.filename, size(at.size) if at.size is not None else None]), ", ")),
        ("Version of the source", at.file_version or ""),
        ("SHA-256 as sent", digest),
    ]


def words_of(at: PlaceView) -> str:
    return "visible" if at.held == "live" else "hidden, nobody is shown it"


def links(at: PlaceView) -> Markup:
    if not at.links:
        return NOTHING
    rows = [(one.kind, one.id, one.field, instant(one.since)) for one in at.links]
    return Markup("<h3>Linked to</h3>{}").format(table(LINKS, rows, label="Links of the copy"))


def fields(written: dict[str, Any]) -> Markup:
    if not written:
        return NOTHING
    rows = [(Markup('<span class="code">{}</span>').format(name), value_of(value)) for name, value in written.items()]
    return Markup("<details><summary>{} fields were written</summary>{}</details>").format(
        number(len(rows)), table(FIELDS, rows, label="Fields of the copy")
    )


def held_up(shown: ItemView) -> Markup:
    """Why it cannot go on or why it failed; nothing where it went through."""
    if shown.parked is not None:
        return section("Parked", parked(shown.parked), tools=badge(words(shown.parked.code), "park"), id="parked")
    if shown.outcome in {"blocked", "failed"} and shown.code != RECALLED:
        tone = "stop" if shown.outcome == "failed" else "warn"
        return Markup('<div class="notice {}"><strong>{}</strong><p>{}</p></div>').format(
            tone, words(shown.code), shown.reason
        )
    return NOTHING


def parked(waiting: ParkedView) -> Markup:
    return facts(
        [
            ("Why", waiting.reason),
            ("Waits for", joined(waits(waiting))),
            ("Since", instant(waiting.since)),
            ("Tried again", f"{number(waiting.tries)} times" if waiting.tries else ""),
            ("Next try", instant(waiting.next_try) if waiting.next_try else NOTHING),
        ]
    )


def waits(waiting: ParkedView) -> Iterator[Markup]:
    """What wakes it, any of these; where nothing does, what a person can do."""
    for one in waiting.waits:
        yield Markup("<div>{}</div>").format(one)
    if not waiting.waits and waiting.next_try is None:
        yield Markup("<div>a change at the source, or a person</div>")


def recalled(recall: RecallView | None) -> Markup:
    if recall is None:
        return NOTHING
    return Markup(
        '<div class="notice stop" role="status"><strong>Recalled: {}</strong>'
        "<p>by {} {}; {}. It stays closed until the recall is lifted.</p></div>"
    ).format(recall.reason, person(recall.who), instant(recall.at), recall.words)


def person(who: str) -> str:
    """Who did it. As long as there is no login, nobody is known by name."""
    return "somebody at this machine" if who == acts.LOCAL else who


def elsewhere(rows: Sequence[WhereRow]) -> Markup:
    """The same item in other flows; nothing where there is none."""
    if not rows:
        return NOTHING
    cells = [
        (link(row.flow, item_address(row.flow, row.key)), outcome_badge(row.outcome), held_badge(row.held), target(row.place),
         instant(row.since))
        for row in rows
    ]  # fmt: skip
    return section("Elsewhere", table(ELSEWHERE, cells, label="The same item in other flows"))


def target(at: PlaceView) -> Piece:
    name = f"{at.connection}: {at.ref}" if at.ref else at.connection
    return away(name, at.url) if at.url else name
