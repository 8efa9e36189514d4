"""Dialogs: a question that is answered with a text, and something to read."""

from markupsafe import Markup
from nicegui import ui

from lockgate.console.parts.markup import draw


async def asked(question: str, label: str, action: str, *, tone: str = "") -> str | None:
    """Ask for a text; None when the person thinks better of it. An empty text cannot be given."""
    with ui.dialog() as dialog, ui.card().classes("dialog"):
        ui.label(question)
        field = ui.input(label).props("outlined dense autofocus").classes("answer")
        with ui.row().classes("actions"):
            ui.button("Cancel", on_click=lambda: dialog.submit(None), color=None).props("flat no-caps").classes(
                "button"
            )
            given = ui.button(action, on_click=lambda: dialog.submit(field.value.strip()), color=None)
            given.props("unelevated no-caps").classes(f"button {tone}")
            given.bind_enabled_from(field, "value", backward=lambda text: bool(text and text.strip()))
    answer: str | None = await dialog
    dialog.delete()
    return answer


async def shown(title: str, content: Markup) -> None:
    """Something to read, over the page until it is closed."""
    with ui.dialog() as dialog, ui.card().classes("dialog wide"):
        ui.label(title).classes("title")
        draw(content)
        with ui.row().classes("actions"):
            ui.button("Close", on_click=dialog.close, color=None).props("unelevated no-caps autofocus").classes(
                "button"
            )
    await dialog
    dialog.delete()
