"""Definitions of systems, added to the library of connectors."""

from typing import Any

from lockgate.app import registry
from lockgate.app.problems import Refused
from lockgate.kit.contract import Connector


def define(text: str, source: str, *, store: bool = True) -> type[Connector[Any]]:
    """The connector of a definition; with `store` it is added, in place of an older one of its id.

    Raises DefinitionErrors with every problem, or Refused.
    """
    from lockgate.connectors.rest import library

    made = library.read_text(text, source)
    if made.id in registry.folders():
        raise Refused(f"{source}: there is a connector {made.id} already; give the definition another id")
    if store:
        library.keep(text, made.id, registry.added())
    return made
