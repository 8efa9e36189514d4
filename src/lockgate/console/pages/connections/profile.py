"""Which field of the system carries what, seen on real items, and another field chosen where it is wrong."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from markupsafe import Markup
from nicegui import ui

from lockgate.app import acts, views
from lockgate.app.acts import Chosen
from lockgate.app.views import ConnectionView, MatchView, ProfileView, ProposalView
from lockgate.console.parts.acting import RowAct, on_rows, row_button
from lockgate.console.parts.listing import Column, table
from lockgate.console.parts.markup import NOTHING, Piece, draw, facts, instant, joined, section
from lockgate.console.parts.samples import said
from lockgate.console.parts.saying import EXPECTED, alert, sentences
from lockgate.console.parts.watching import Watched
from lockgate.console.place import here
from lockgate.model.item import Item

SAMPLES = 2
NONE = ""
"""Stands for no field."""


class Read(NamedTuple):
    """What the system says now: the matches with its labels, all its fields, and a few items of each kind."""

    profile: ProfileView
    proposal: ProposalView
    items: Mapping[str, Sequence[Item]]


def profile(watched: Watched[ConnectionView]) -> None:
    """What is stored at once; what the system itself says as soon as it has answered."""
    name, stored = watched.now.name, watched.now.profile
    shown = draw(panel(stored, {}, "The system is asked for examples …"))

    async def read() -> None:
        try:
            now = await asked(name)
        except EXPECTED as error:
            shown.set_content(joined([panel(stored, {}, ""), alert(sentences(error))]))
        else:
            shown.set_content(panel(now.profile, now.items, "", now.proposal))

    async def change(act: RowAct) -> str | None:
        return await choose(name, act["kind"], act["canonical"], await asked(name))

    on_rows({"change": change}, read)
    ui.timer(0.05, read, once=True)


async def asked(name: str) -> Read:
    """Raises ConnectorError where the system does not answer."""
    proposal = await views.proposal(here(), name)
    found = {kind: await views.samples(here(), name, kind, SAMPLES) for kind in proposal.fields}
    items = {kind: [msgspec.convert(one.item, Item) for one in samples] for kind, samples in found.items()}
    return Read(await views.profile(here(), name), proposal, items)


def panel(
    found: ProfileView, items: Mapping[str, Sequence[Item]], waiting: str, proposal: ProposalView | None = None
) -> Markup:
    kinds = dict.fromkeys([*(one.kind for one in found.matches), *(proposal.canonical if proposal else ())])
    confirmed = joined([found.confirmed_by, ", ", instant(found.confirmed_at)]) if found.confirmed_by else "nobody yet"
    head = facts([("Confirmed by", confirmed), ("Plain dates are in", found.zone), ("", waiting)])
    tables = (listed(kind, found, items.get(kind, ()), proposal) for kind in kinds)
    return section("What its fields carry", joined([head, *tables]), id="profile")


def listed(kind: str, found: ProfileView, items: Sequence[Item], proposal: ProposalView | None) -> Markup:
    matches = sorted((one for one in found.matches if one.kind == kind), key=lambda one: one.canonical)
    columns: list[Column | str] = [
        "Lockgate's name", Column("Field there", "why"), *(Column(f"Example {n + 1}", "sample") for n in range(len(items))),
        Column("", "tools"),
    ]  # fmt: skip
    rows = [cells(one, items, changeable=proposal is not None) for one in matches]
    known = {one.canonical for one in matches}
    lacking = [] if proposal is None else [name for name in proposal.canonical.get(kind, ()) if name not in known]
    rows += [empty_cells(kind, name, len(items)) for name in lacking]
    return (
        Markup("<h3>{}s</h3>{}").format(kind.capitalize(), table(columns, rows, label=f"Fields of {kind}s"))
        if rows
        else NOTHING
    )


def cells(one: MatchView, items: Sequence[Item], *, changeable: bool) -> tuple[Piece, ...]:
    button = change_button(one.kind, one.canonical) if changeable else NOTHING
    samples = (said(item, one.canonical) for item in items)
    return (Markup("<code>{}</code>").format(one.canonical), one.label or one.field, *samples, button)


def empty_cells(kind: str, canonical: str, samples: int) -> tuple[Piece, ...]:
    """A name that no field carries."""
    none = Markup('<span class="muted">no field</span>')
    return (Markup("<code>{}</code>").format(canonical), none, *[NOTHING] * samples, change_button(kind, canonical))


def change_button(kind: str, canonical: str) -> Markup:
    return row_button("Change…", "change", title=f"Change the field of {canonical}", kind=kind, canonical=canonical)


async def choose(name: str, kind: str, canonical: str, now: Read) -> str | None:
    """Have a person say which field carries a name."""
    fields = {NONE: "no field", **{one.name: one.label or one.name for one in now.proposal.fields[kind]}}
    held = next((one.field for one in now.profile.matches if (one.kind, one.canonical) == (kind, canonical)), NONE)
    with ui.dialog() as dialog, ui.card().classes("dialog"):
        ui.label(f"Which field of {name} carries “{canonical}” of {kind}s?")
        field = ui.select(fields, label="Field there", value=held if held in fields else NONE, with_input=True)
        field.props("outlined dense autofocus").classes("answer")
        ui.label(
            "Flows that use this connection go on with it at once; items are looked at again as they change."
        ).classes("muted")
        with ui.row().classes("actions"):
            ui.button("Cancel", on_click=lambda: dialog.submit(None), color=None).props("flat no-caps").classes(
                "button"
            )
            use = ui.button("Use this field", on_click=lambda: dialog.submit(field.value), color=None)
            use.props("unelevated no-caps").classes("button primary")
    answer: str | None = await dialog
    dialog.delete()
    if answer is None or answer == held:
        return None
    chosen = Chosen(kind, canonical, answer or None)
    await acts.set_matches(here(), name, [chosen], acts.LOCAL)
    return f"{canonical} is now read from {fields[answer]}"
