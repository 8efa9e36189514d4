"""First step: which recipe."""

from typing import TYPE_CHECKING

from nicegui import ui

from lockgate.app import views
from lockgate.app.views import RecipeLine

if TYPE_CHECKING:
    from lockgate.console.pages.setup.wizard import Wizard


async def draw(wizard: "Wizard") -> None:
    for one in await views.recipes():
        card(wizard, one)


def card(wizard: "Wizard", one: RecipeLine) -> None:
    async def taken() -> None:
        wizard.answers.recipe = one.name
        await wizard.show()

    with ui.button(on_click=taken, color=None).props("flat no-caps align=left").classes("button offer"):
        ui.label(one.title).classes("name")
        ui.label(one.why).classes("muted")
