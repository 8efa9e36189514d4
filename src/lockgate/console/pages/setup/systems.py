"""A step per system: use a connection that is there, or add one; then confirm what was recognised in it."""

from typing import TYPE_CHECKING

from nicegui import ui

from lockgate.app import views
from lockgate.app.views import ConnectorView, RoleChoice
from lockgate.console.pages.setup import matches
from lockgate.console.parts.acting import button
from lockgate.console.parts.settings import form
from lockgate.console.place import here

if TYPE_CHECKING:
    from lockgate.console.pages.setup.wizard import Wizard


async def draw(wizard: "Wizard", role: str) -> None:
    connected = wizard.answers.connected.get(role)
    if connected is not None:
        await matches.draw(wizard, role, connected)
        return
    assert wizard.setup is not None  # noqa: S101 (a role is there once its recipe is chosen)
    choice = next(one for one in wizard.setup.roles if one.role == role)
    free = [name for name in choice.fits if name not in wizard.answers.uses.values()]
    library = [one for one in views.connectors() if takes(one, choice)]
    for name in free:
        there(wizard, role, name)
    for name, why in choice.lacking.items():
        ui.label(f"{name} cannot take this part: {why}").classes("muted")
    with ui.column().classes("adding") as adding:
        pass
    if len(library) == 1 and not free:
        await offer(wizard, role, library[0], adding)
    else:
        with adding:
            for one in library:
                card(wizard, role, one, adding)


def takes(one: ConnectorView, choice: RoleChoice) -> bool:
    return set(choice.kinds) <= set(one.kinds) and set(choice.needs) <= set(one.can)


def there(wizard: "Wizard", role: str, name: str) -> None:
    async def use() -> None:
        known = await views.connection(here(), name)
        place = wizard.answers.uses if known.profile.confirmed_at else wizard.answers.connected
        place[role] = name
        await wizard.show()

    button(f"Use {name}", use, tone="primary")


def card(wizard: "Wizard", role: str, one: ConnectorView, adding: ui.element) -> None:
    async def open() -> None:
        adding.clear()
        await offer(wizard, role, one, adding)

    ui.button(f"Add {one.title}", on_click=open, color=None).props("unelevated no-caps").classes("button")


async def offer(wizard: "Wizard", role: str, one: ConnectorView, adding: ui.element) -> None:
    """The form of a new connection. It is stored only when the system answered."""
    with adding:
        ui.label(f"Connect {one.title}").classes("name")

        async def added(name: str) -> None:
            wizard.answers.connected[role] = name
            await wizard.show()

        await form(one, added)
