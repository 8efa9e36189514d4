"""How a flow stands: its account, why items are stopped, what it did in the last day, what it was told."""

from collections.abc import Iterator

from markupsafe import Markup

from lockgate.app.views import FlowView, SeriesView
from lockgate.app.views.reasons import words
from lockgate.console.pages.flow.stations import span
from lockgate.console.parts.charts import Share, bar, hours
from lockgate.console.parts.listing import Column, table
from lockgate.console.parts.markup import (
    NOTHING,
    OUTCOMES,
    Piece,
    address,
    empty,
    facts,
    joined,
    link,
    number,
    section,
)

REASONS = (Column("Reason", "wide"), Column("Items", "number"))
NAMES = {"blocked": "Blocked", "parked": "Parked", "failed": "Failed"}
CLOSED = {
    "hide": "is hidden at the target", "unpublish": "is unpublished", "flag": "is marked as not to be used", "remove": "is removed",
}  # fmt: skip


def alerts(flow: FlowView) -> Markup:
    """Why it does not work, and what a person can do."""
    return Markup('<div class="stack">{}</div>').format(joined(told(flow))) if any(told(flow)) else NOTHING


def told(flow: FlowView) -> Iterator[Markup]:
    if flow.problem is not None:
        yield notice("stop", "It cannot work", flow.problem, "Put that right, then let it try again.")
    if flow.halted is not None:
        yield notice("stop", "It stands still", flow.halted, connections(flow))
    if flow.state == "paused":
        yield notice(
            "warn", "Paused", "Nothing is looked at or written. What happens meanwhile waits until it is resumed."
        )
    if flow.state == "draft":
        yield notice(
            "park", "A draft", "Nothing is watched or written yet. Plan it to see what it would do, then activate it."
        )


def notice(tone: str, title: str, *sentences: Piece) -> Markup:
    lines = joined(Markup("<p>{}</p>").format(one) for one in sentences)
    return Markup('<div class="notice {}" role="status"><strong>{}</strong>{}</div>').format(tone, title, lines)


def connections(flow: FlowView) -> Markup:
    ends = joined((link(name, f"/connections/{name}") for name in (flow.source, flow.target) if name), " or ")
    return Markup("It is tried again by itself every few minutes. Look at {}.").format(ends)


def account(flow: FlowView) -> Markup:
    """Where all items stand."""
    if not any(flow.counts.values()):
        return section("Items", empty("No item yet", UNSEEN.get(flow.state, UNSEEN["active"])))
    stopped = [(outcome, *OUTCOMES[outcome]) for outcome in NAMES]
    shares = [
        Share(word, tone, flow.counts.get(one, 0), address("/items", flow=flow.name, outcome=one))
        for one, word, tone in stopped
    ]
    at_target = joined(
        (
            link(f"{number(flow.held.get(held, 0))} {word}", address("/items", flow=flow.name, held=held))
            for held, word in HELD
        ),
        " · ",
    )
    waiting = (
        f"{number(flow.waiting) if flow.waiting else 'none'} wait{'' if flow.waiting > 1 else 's'} to be looked at"
    )
    total = Markup('<span class="muted">{} items</span>').format(number(sum(flow.counts.values())))
    below = Markup('<p class="muted below">At the target: {}. {}.</p>').format(at_target, waiting.capitalize())
    return section("Items", joined([bar([delivered(flow), *shares]), below]), tools=total)


UNSEEN = {
    "active": "Run it, or plan it to see what it would do.",
    "draft": "Plan it to see what it would do with them; activate it to have it done.",
    "paused": "Resume it to have items looked at.",
}


def delivered(flow: FlowView) -> Share:
    """What got through: written by its last look, or found as it should be."""
    through = {one: flow.counts.get(one, 0) for one in ("written", "unchanged")}
    some = [one for one, n in through.items() if n]
    filtered = {"outcome": some[0]} if len(some) == 1 else {"held": "live"}
    return Share("delivered", "ok", sum(through.values()), address("/items", flow=flow.name, **filtered))


HELD = (("live", "visible"), ("hidden", "hidden"), ("none", "not there"))


def reasons(flow: FlowView) -> Markup:
    """Why items are blocked, parked or have failed; each reason leads to its items."""
    panels = joined(by_reason(flow, outcome, name) for outcome, name in NAMES.items() if flow.reasons.get(outcome))
    return Markup('<div class="columns" id="reasons">{}</div>').format(panels) if panels else NOTHING


def by_reason(flow: FlowView, outcome: str, name: str) -> Markup:
    found = sorted(flow.reasons[outcome].items(), key=lambda one: -one[1])
    rows = [(words(code), link(number(n), leads(flow.name, outcome, code), "count")) for code, n in found]
    total = link(f"all {number(sum(n for _, n in found))}", leads(flow.name, outcome, ""))
    return section(f"{name}, by reason", table(REASONS, rows, label=f"{name} by reason"), tools=total)


def leads(flow: str, outcome: str, code: str) -> str:
    """Parked items have a page of their own, on which they can be dealt with."""
    if outcome == "parked":
        return address("/parked", flow=flow, code=code)
    return address("/items", flow=flow, outcome=outcome, code=code)


def last_day(series: SeriesView) -> Markup:
    return section("Last 24 hours", hours(series))


def rules(flow: FlowView) -> Markup:
    """What it was told: answers, gates, fields, watch and guard."""
    return section("What it does", facts(said(flow)))


def said(flow: FlowView) -> Iterator[tuple[str, Piece]]:
    for one in flow.ask:
        yield one.label, one.answer if isinstance(one.answer, str) else ", ".join(one.answer)
    yield "Gates", joined((gate.name for gate in flow.gates), Markup("<br>"))
    if flow.resolve is not None:
        yield (
            f"Finds the {flow.resolve.kind}",
            f"by {', '.join(flow.resolve.by)}; where there is none: {flow.resolve.missing}",
        )
    yield (
        "Owns the fields",
        Markup('<span class="code">{}</span>').format(", ".join(flow.fields)) if flow.fields else "",
    )
    yield "When a gate closes", f"our copy {CLOSED.get(flow.closed, flow.closed)}" if flow.closed else ""
    if flow.watch is not None:
        sweep = f", sweeps every {span(flow.watch.sweep)}" if flow.watch.sweep is not None else ""
        yield "Watches", f"webhooks, polls every {span(flow.watch.poll)}{sweep}"
    if flow.guard is not None:
        yield (
            "Asks a person",
            f"when more than {flow.guard.share:.0%} of the copies, and at least {flow.guard.least}, would be withdrawn at once",
        )
    yield (
        "Connections",
        joined((link(f"{role}: {name}", f"/connections/{name}") for role, name in flow.uses.items()), " · "),
    )
    yield "Recipe", f"{flow.recipe}, version {flow.version} of this flow" if flow.recipe else ""
