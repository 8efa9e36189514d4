"""What a person can do with an item: look again, recall, lift, and choose what it belongs to."""

from collections.abc import Awaitable, Callable, Hashable

from markupsafe import Markup
from nicegui import ui

from lockgate.app import acts, views
from lockgate.app.views import ItemView, Look, RecallView
from lockgate.console.pages.item.place import gates
from lockgate.console.parts.acting import button
from lockgate.console.parts.asking import asked, shown
from lockgate.console.parts.choosing import choose
from lockgate.console.parts.markup import joined
from lockgate.console.place import here

Again = Callable[[], Awaitable[None]]


def possible(item: ItemView, recall: RecallView | None) -> Hashable:
    """What decides which buttons there are."""
    return recall is not None, choosable(item), item.choice is not None, item.url, item.place.url


def choosable(item: ItemView) -> bool:
    """Whether a person may say what it belongs to."""
    return item.parked is not None and item.parked.choosable


def buttons(again: Again, item: ItemView, recall: RecallView | None) -> None:
    button("Look again now", lambda: look(item, again), tone="primary")
    if choosable(item):
        button("Choose what it belongs to…", lambda: pick(item, again))
    if item.choice is not None:
        sure = f"Forget that it belongs to {item.choice.label}? Then its own identifiers decide again."
        button("Forget the choice", lambda: forget(item, again), sure=sure)
    if recall is None:
        button("Recall…", lambda: take_back(item, again), tone="danger")
    else:
        button(
            "Lift the recall",
            lambda: lift(item, again),
            sure="Leave it to the gates again? If they let it through, it is shown again.",
        )
    for name, url in ((item.source, item.url), (item.place.connection, item.place.url)):
        if url and url.startswith(("https://", "http://")):
            ui.link(f"Open at {name}", url, new_tab=True).classes("button away")


async def look(item: ItemView, again: Again) -> str | None:
    """Have it looked at, and tell what the gates say meanwhile: the queue may be long."""
    await acts.look_again(here(), item.flow, item.key, acts.LOCAL)
    now = await views.look(here(), item.flow, item.key)
    await again()
    await shown(f"What the gates say now: {item.title}", said(now))
    return None


def said(now: Look) -> Markup:
    if not now.verdicts:
        return Markup("<p>The source has it no longer: our copy is closed if there is one.</p>")
    word = "All gates let it through." if now.allowed else "It does not get through."
    return joined(
        [
            Markup("<p>{} It is queued to be looked at, and its target is asked what it holds.</p>").format(word),
            gates(now.verdicts, None),
        ]
    )


async def pick(item: ItemView, again: Again) -> str | None:
    told = await choose(item.flow, item.key, item.title)
    await again()
    return told


async def forget(item: ItemView, again: Again) -> str:
    await acts.unchoose_counterpart(here(), item.flow, item.key, acts.LOCAL)
    await again()
    return "Its own identifiers decide again"


async def take_back(item: ItemView, again: Again) -> str | None:
    reason = await asked(
        f"Recall “{item.title}”? Its copy is closed at once, whatever the gates say, until the recall is lifted.",
        "Why it is recalled", "Recall", tone="danger",
    )  # fmt: skip
    if reason is None:
        return None
    await acts.recall(here(), item.flow, [item.key], reason, acts.LOCAL)
    await again()
    return "Recalled: its copy is being closed"


async def lift(item: ItemView, again: Again) -> str:
    await acts.lift(here(), item.flow, [item.key], acts.LOCAL)
    await again()
    return "Lifted: the gates decide again"
