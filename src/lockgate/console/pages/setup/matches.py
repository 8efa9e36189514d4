"""What was recognised in a system: which of its fields carries what, shown on real records, corrected, confirmed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup
from nicegui import ui

from lockgate.app import acts, views
from lockgate.app.acts import Chosen
from lockgate.app.views import MatchView, ProposalView, SampleView
from lockgate.console.parts.acting import button
from lockgate.console.parts.listing import Column, table
from lockgate.console.parts.markup import NOTHING, badge
from lockgate.console.parts.markup import draw as put
from lockgate.console.parts.samples import said
from lockgate.console.place import here
from lockgate.model.item import Item

if TYPE_CHECKING:
    from lockgate.console.pages.setup.wizard import Wizard

SURE = 0.8
"""What is less likely than this is shown as uncertain."""
SAMPLES = 3
NONE = "– none –"


async def draw(wizard: "Wizard", role: str, name: str) -> None:
    proposal = await views.proposal(here(), name)
    assert wizard.setup is not None  # noqa: S101 (a role is there once its recipe is chosen)
    kinds = next(one.kinds for one in wizard.setup.roles if one.role == role)
    chosen: list[Chosen] = []
    put(
        Markup(
            "<p>This is what Lockgate recognised in {}. Look whether the samples say what the names promise.</p>"
        ).format(name)
    )
    with ui.element("div") as shown:
        pass

    async def show() -> None:
        shown.clear()
        with shown:
            for kind in kinds:
                rows = effective(proposal, chosen, kind)
                samples = await views.samples(here(), name, kind, SAMPLES, matches=chosen)
                put(recognised(kind, rows, samples))

    await show()
    correcting(proposal, chosen, show)

    async def confirm() -> None:
        await acts.set_matches(here(), name, chosen, acts.LOCAL)
        wizard.answers.connected.pop(role, None)
        wizard.answers.uses[role] = name
        await wizard.show()

    with ui.row().classes("actions"):
        button("That is right", confirm, tone="primary")


def effective(proposal: ProposalView, chosen: Sequence[Chosen], kind: str) -> list[MatchView]:
    """The proposal with what the person corrected."""
    said = {one.canonical: one for one in chosen if one.kind == kind}
    kept = [one for one in proposal.matches if one.kind == kind and one.canonical not in said]
    labels = {field.name: field.label for field in proposal.fields[kind]}
    mine = [
        MatchView(
            kind=kind, canonical=one.canonical, field=one.field, label=labels.get(one.field, ""), confidence=1.0,
            why="you said so", values=dict(one.values or {}), options={},
        )
        for one in said.values()
        if one.field
    ]  # fmt: skip
    return sorted([*kept, *mine], key=lambda one: one.canonical)


def recognised(kind: str, rows: Sequence[MatchView], samples: Sequence[SampleView]) -> Markup:
    items = [msgspec.convert(one.item, Item) for one in samples]
    columns: list[Column | str] = [
        "Lockgate's name",
        "Field there",
        "Sure",
        *(Column(one.title, "sample") for one in samples),
    ]
    cells = [
        (
            Markup("<code>{}</code>").format(one.canonical),
            f"{one.label or one.field}",
            badge("sure", "ok") if one.confidence >= SURE else badge(f"{one.confidence:.0%}", "warn"),
            *(said(item, one.canonical) for item in items),
        )
        for one in rows
    ]
    return Markup("<h3>{}s</h3>{}").format(
        kind.capitalize(), table(columns, cells, label=f"Fields of {kind}s") if cells else NOTHING
    )


def correcting(proposal: ProposalView, chosen: list[Chosen], show: Any) -> None:
    """Say of one canonical name which field carries it."""
    names = {f"{kind} · {name}": (kind, name) for kind, known in proposal.canonical.items() for name in known}
    with ui.expansion("Correct a match").classes("more"), ui.row().classes("actions"):
        which = ui.select(list(names), label="Lockgate's name").props("outlined dense use-input").classes("wide")
        field = ui.select([NONE], label="Field there", value=NONE).props("outlined dense").classes("wide")

        def offered() -> None:
            kind = names[which.value][0]
            field.set_options(
                {NONE: NONE, **{one.name: one.label or one.name for one in proposal.fields[kind]}}, value=NONE
            )

        async def said_so() -> None:
            kind, canonical = names[which.value]
            chosen[:] = [one for one in chosen if (one.kind, one.canonical) != (kind, canonical)]
            chosen.append(Chosen(kind, canonical, None if field.value == NONE else field.value))
            await show()

        which.on_value_change(offered)
        ui.button("Use this field", on_click=said_so, color=None).props("unelevated no-caps").classes(
            "button"
        ).bind_enabled_from(which, "value", bool)
