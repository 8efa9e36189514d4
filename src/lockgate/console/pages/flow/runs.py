"""The runs of a flow: what is under way, what asks a person, what was done last."""

from collections.abc import Sequence

from markupsafe import Markup

from lockgate.app.views import RunView
from lockgate.console.parts.listing import Column, table
from lockgate.console.parts.markup import (
    NOTHING,
    OUTCOMES,
    Piece,
    address,
    empty,
    instant,
    joined,
    link,
    number,
    section,
)
from lockgate.console.parts.runs import UNDER_WAY, duration, how_far, kind_words, pace, run_badge, run_progress

COLUMNS = ("Began", "Run", "State", Column("Took", "number"), Column("What came of it", "wide"))


def runs(flow: str, found: Sequence[RunView]) -> Markup:
    if not found:
        return section(
            "Runs",
            empty(
                "No run yet",
                "A run looks at all that the source lists. Single changes need none: they are taken up as they happen.",
            ),
        )
    rows = [(began(one), kind_words(one.kind), run_badge(one), took(one), outcome(one)) for one in found]
    return section("Runs", table(COLUMNS, rows, label="Runs"), tools=link("all runs", address("/runs", flow=flow)))


def began(one: RunView) -> Markup:
    return link(instant(one.started), plan_address(one.flow, one.id) if one.kind == "plan" else f"/runs/{one.id}")


def plan_address(flow: str, id: str) -> str:
    return f"/flows/{flow}/plans/{id}"


def took(one: RunView) -> str:
    return duration(one.seconds) if one.finished is not None else ""


def outcome(one: RunView) -> Piece:
    if one.state in UNDER_WAY:
        return joined([run_progress(one), how_far(one), pace(one)], " ")
    return one.note or account(one)


def account(one: RunView) -> str:
    counts = [(word, getattr(one.account, outcome)) for outcome, (word, _) in OUTCOMES.items()]
    said = ", ".join(f"{number(n)} {word}" for word, n in [*counts, ("withdrawn", one.account.withdrawn)] if n)
    return f"{number(one.account.read)} read: {said}" if said else "nothing to look at"


def asking(found: Sequence[RunView]) -> RunView | None:
    """The run that asks a person, unless a later one has gone on."""
    newest = next((one for one in found if one.kind != "plan"), None)
    return newest if newest is not None and newest.asks is not None else None


def asks(found: Sequence[RunView]) -> Markup:
    one = asking(found)
    if one is None:
        return NOTHING
    sentence = one.note.split("; `", maxsplit=1)[0]
    return Markup(
        '<div class="notice stop" role="alert"><strong>A run asks whether so much may be withdrawn</strong>'
        "<p>{}.</p><p>Plan it to see what would go, and apply the plan to let exactly that go; or run it again and agree.</p></div>"
    ).format(sentence)
