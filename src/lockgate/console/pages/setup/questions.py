"""The few questions of the recipe, with the answers that the systems themselves know."""

from typing import TYPE_CHECKING, Any

from nicegui import ui

from lockgate.app.views import SetupQuestion

if TYPE_CHECKING:
    from lockgate.console.pages.setup.wizard import Wizard


async def draw(wizard: "Wizard") -> None:
    assert wizard.setup is not None  # noqa: S101 (questions are the recipe's)
    answers = wizard.answers
    for one in wizard.setup.ask:
        answers.ask.setdefault(one.name, one.default or ([] if one.many else ""))
        question(one, answers.ask)
    answers.name = answers.name or wizard.setup.name
    ui.input(
        "Name of the flow", value=answers.name, on_change=lambda event: setattr(answers, "name", event.value)
    ).props("outlined dense")

    async def go_on() -> None:
        answers.asked = True
        await wizard.show()

    with ui.row().classes("actions"):
        ui.button("Show the plan", on_click=go_on, color=None).props("unelevated no-caps").classes("button primary")


def question(one: SetupQuestion, answers: dict[str, Any]) -> None:
    def note(event: Any) -> None:
        answers[one.name] = event.value

    options = {option.value: option.label for option in one.options}
    if options:
        held = answers[one.name]
        known = held if one.many else (held if held in options else None)
        ui.select(options, label=one.label, value=known, multiple=one.many, on_change=note).props("outlined dense")
    elif one.many:
        ui.input_chips(one.label, value=list(answers[one.name]), on_change=note).props("outlined dense")
    else:
        ui.input(one.label, value=answers[one.name], on_change=note).props("outlined dense")
    if one.help:
        ui.label(one.help).classes("muted hint")
