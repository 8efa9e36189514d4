"""From nothing to a running flow: connect the systems, confirm what was recognised, look at the plan, switch on."""

from nicegui import ui

from lockgate.console.frame import page
from lockgate.console.pages.setup.wizard import Wizard
from lockgate.console.parts.markup import draw, heading


@page("/setup", "New flow")
async def setup(recipe: str = "") -> None:
    draw(
        heading(
            "New flow",
            below="Nothing is written anywhere before you have seen the plan and switched the flow on.",
        )
    )
    with ui.element("div").classes("wizard") as ground:
        pass
    await Wizard(ground, recipe).show()
