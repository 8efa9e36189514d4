"""A person says which object of the target an item belongs to, where its own identifiers do not."""

from nicegui import ui

from lockgate.app import acts, views
from lockgate.app.views import CandidateView
from lockgate.console.parts.saying import EXPECTED, sentences
from lockgate.console.place import here


async def choose(flow: str, key: str, title: str) -> str | None:
    """Ask what the item belongs to and keep the answer. Answers what to say, None when the person left it open."""
    with ui.dialog() as dialog, ui.card().classes("dialog choosing") as card:
        ui.label(f"Which one does {title} belong to?").classes("title")
        text = ui.input("Number, identifier or name at the target").props("outlined dense autofocus").classes("wide")
        found = ui.column().classes("found")

    async def look() -> None:
        try:
            some = await views.candidates(here(), flow, key, text.value or "")
        except EXPECTED as error:
            some = []
            ui.notify("\n".join(sentences(error)), type="negative")
        found.clear()
        with found:
            for one in some:
                offer(one, dialog)
            if not some:
                ui.label("Nothing found at the target: try another number or name.").classes("muted")

    with card, ui.row().classes("actions"):
        ui.button("Cancel", on_click=lambda: dialog.submit(None), color=None).props("flat no-caps").classes("button")
        ui.button("Look", on_click=look, color=None).props("unelevated no-caps").classes("button")
    text.on("keydown.enter", look)
    await look()
    picked: CandidateView | None = await dialog
    dialog.delete()
    if picked is None:
        return None
    await acts.choose_counterpart(here(), flow, key, picked.kind, picked.id, acts.LOCAL)
    return f"{title} belongs to {picked.title}; it is looked at again"


def offer(one: CandidateView, dialog: ui.dialog) -> None:
    with (
        ui.button(on_click=lambda: dialog.submit(one), color=None)
        .props("flat no-caps align=left")
        .classes("button offer")
    ):
        ui.label(one.title)
        ui.label(told(one)).classes("muted")


def told(one: CandidateView) -> str:
    names = " · ".join(f"{kind} {', '.join(values)}" for kind, values in one.identifiers.items())
    return f"{one.kind} {one.id} · {names} · {one.found_by}"
