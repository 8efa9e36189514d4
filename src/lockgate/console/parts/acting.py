"""Buttons that do something: busy while it is done, and what came of it said in words."""

from collections.abc import Awaitable, Callable, Mapping

from markupsafe import Markup
from nicegui import ui
from nicegui.events import GenericEventArguments

from lockgate.console.parts.markup import joined
from lockgate.console.parts.saying import sentences

Act = Callable[[], Awaitable[str | None]]
"""Does it and answers what to say, or None."""
RowAct = Mapping[str, str]
"""What a button in a list asks for: `act`, and what it was given."""


def button(label: str, act: Act, *, tone: str = "", icon: str = "", sure: str = "") -> ui.button:
    """A button that does it. `sure` is a sentence that a person must agree to before. Tones: primary, danger."""
    made = ui.button(label, icon=icon or None, color=None).props("unelevated no-caps").classes(f"button {tone}")

    async def pressed() -> None:
        if not sure or await agreed(sure, label, tone):
            await attempt(act, made)

    made.on_click(pressed)
    return made


async def attempt(act: Act, made: ui.button | None = None) -> bool:
    """Do it, with the button out of reach meanwhile; whether it went well. What goes wrong is said in its own words."""
    if made is not None:
        made.props("loading").disable()
    try:
        told = await act()
    except Exception as error:  # noqa: BLE001 - whatever it is, a person reads a sentence
        ui.notify("\n".join(sentences(error)), type="negative", multi_line=True, timeout=0, close_button="Close")
        return False
    finally:
        if made is not None and not made.is_deleted:
            made.props(remove="loading").enable()
    if told:
        ui.notify(told, type="positive")
    return True


async def agreed(sentence: str, label: str, tone: str = "") -> bool:
    """Ask once more; whether the person agreed."""
    with ui.dialog() as dialog, ui.card().classes("dialog"):
        ui.label(sentence)
        with ui.row().classes("actions"):
            ui.button("Cancel", on_click=lambda: dialog.submit(False), color=None).props("flat no-caps").classes(
                "button"
            )
            ui.button(label, on_click=lambda: dialog.submit(True), color=None).props("unelevated no-caps").classes(
                f"button {tone}"
            )
    answer = bool(await dialog)
    dialog.delete()
    return answer


def on_rows(
    acts: Mapping[str, Callable[[RowAct], Awaitable[str | None]]], after: Callable[[], Awaitable[None]]
) -> None:
    """Do what buttons made by `row_button` ask for, then have `after` show how things stand."""

    async def asked(event: GenericEventArguments) -> None:
        given: RowAct = event.args
        wanted = acts[given["act"]]
        await attempt(lambda: wanted(given))
        await after()

    ui.on("act", asked)


def row_button(label: str, act: str, *, title: str = "", tone: str = "", **given: str) -> Markup:
    """A button within a list: cheap, because it is only text. `given` reaches the act that `on_rows` has for it."""
    data = joined(Markup(' data-{}="{}"').format(name, value) for name, value in given.items())
    return Markup('<button type="button" class="button small {}" data-act="{}"{} aria-label="{}">{}</button>').format(
        tone, act, data, title or label, label
    )
