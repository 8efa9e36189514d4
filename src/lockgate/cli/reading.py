"""Documents of an installation as plain JSON, read from its ledger: also while another process works it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lockgate.app.lockgate import Lockgate

Document = dict[str, Any]


async def document(view: Callable[..., Awaitable[Any]], *arguments: Any, **named: Any) -> Document:
    """One document of `lockgate.app.views`, of the installation of this command."""
    from lockgate.cli.place import installation

    async with installation() as app:
        return plain(await view(app, *arguments, **named))


async def documents(view: "Callable[[Lockgate], Awaitable[list[Any]]]") -> Document:
    """A list that is whole, in the form of those that come in pages."""
    from lockgate.cli.place import installation

    async with installation() as app:
        return whole(await view(app))


def whole(rows: list[Any]) -> Document:
    return {"rows": [plain(one) for one in rows], "next": None}


def plain(view: Any) -> Document:
    dumped: Document = view.model_dump(mode="json")
    return dumped
