"""Connectors by name: every folder below `lockgate.connectors` that has a connector. Adding one edits nothing here."""

import importlib
import importlib.util
import pkgutil
from functools import cache
from types import ModuleType
from typing import Any

import lockgate.connectors
from lockgate.kit.contract import Connector


class UnknownConnector(Exception):
    """There is no connector of this name; the message lists those there are."""


@cache
def names() -> tuple[str, ...]:
    """The connectors there are, in order."""
    found = (module.name for module in pkgutil.iter_modules(lockgate.connectors.__path__))
    return tuple(sorted(name for name in found if has_connector(name)))


def has_connector(name: str) -> bool:
    return importlib.util.find_spec(f"lockgate.connectors.{name}.connector") is not None


@cache
def get(name: str) -> type[Connector[Any]]:
    """The connector's class. Raises UnknownConnector."""
    if name not in names():
        raise UnknownConnector(f"there is no connector {name!r}; there are {', '.join(names())}")
    module: ModuleType = importlib.import_module(f"lockgate.connectors.{name}.connector")
    connector: type[Connector[Any]] = module.CONNECTOR
    return connector


def look_again() -> None:
    """Forget which connectors there are: `lockgate.connectors` was told of another folder."""
    names.cache_clear()
    get.cache_clear()
