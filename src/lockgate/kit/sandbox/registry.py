"""Finding sandboxes by name."""

import importlib
import importlib.util
import pkgutil
import re

from lockgate.kit.sandbox.base import Sandbox

CONNECTORS = "lockgate.connectors"
DEFINED = f"{CONNECTORS}.rest.sandboxes"
"""Where sandboxes of systems are that are connected by a definition, one module each."""


class UnknownSandbox(LookupError):
    """No sandbox has that name; the message is a sentence."""


def names() -> list[str]:
    """Connectors that bring a sandbox."""
    package = importlib.import_module(CONNECTORS)
    found = (module.name for module in pkgutil.iter_modules(package.__path__) if module.ispkg)
    folders = [name for name in found if importlib.util.find_spec(f"{CONNECTORS}.{name}.sandbox")]
    return sorted({*folders, *defined()})


def defined() -> list[str]:
    package = importlib.import_module(DEFINED)
    return [module.name for module in pkgutil.iter_modules(package.__path__)]


def load(id: str) -> type[Sandbox]:
    """The sandbox of a connector, by its id, or any other one as `package.module:Class`."""
    module, _, attribute = id.partition(":")
    if not attribute and re.fullmatch(r"[a-z][a-z0-9_]*", id):
        module, attribute = f"{DEFINED}.{id}" if id in defined() else f"{CONNECTORS}.{id}.sandbox", "SANDBOX"
    try:
        found = getattr(importlib.import_module(module), attribute) if attribute else None
    except ModuleNotFoundError as problem:
        if not f"{module}.".startswith(f"{problem.name}."):
            raise
        found = None
    except AttributeError:
        found = None
    if not (isinstance(found, type) and issubclass(found, Sandbox)):
        raise UnknownSandbox(f"There is no sandbox named {id}; there are: {', '.join(names()) or 'none'}.")
    return found
