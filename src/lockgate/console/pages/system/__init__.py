"""The installation itself: what was done in it and does the record hold."""

from lockgate.console.frame import page
from lockgate.console.pages.system.audit import audit
from lockgate.console.parts.markup import draw, heading


@page("/system", "System")
async def system(after: str = "") -> None:
    draw(heading("System"))
    await audit(after)
