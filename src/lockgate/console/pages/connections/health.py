"""Whether a system answers, in words."""

from markupsafe import Markup

from lockgate.app.views import ConnectionLine
from lockgate.console.parts.markup import HEALTH, badge
from lockgate.console.place import here


def health_badge(one: ConnectionLine) -> Markup:
    return badge(*HEALTH.get(one.state, (one.state, "calm")))


async def check(name: str) -> str:
    """Ask the system now. Raises what it answers, in words, which is noted on the connection too."""
    info = await here().connections.check(name)
    return " ".join(part for part in (info.product, info.version, "answers") if part)
