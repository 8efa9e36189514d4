"""Connectors by name: every folder below `lockgate.connectors` that has one, and every definition of a system.

Adding one edits nothing here.
"""

import importlib
import importlib.util
import os
import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import lockgate.connectors
from lockgate.connectors.rest import places
from lockgate.kit.contract import Connector
from lockgate.kit.document.problems import DocumentErrors

HOME = "LOCKGATE_HOME"
ADDED = "definitions"
"""Folder in an installation's home with the definitions it added."""


class UnknownConnector(Exception):
    """There is no connector of this name; the message lists those there are."""


def names() -> tuple[str, ...]:
    """The connectors there are, in order."""
    return tuple(sorted({*folders(), *defined()}))


@cache
def folders() -> tuple[str, ...]:
    """Those that are folders with code."""
    found = (module.name for module in pkgutil.iter_modules(lockgate.connectors.__path__))
    return tuple(name for name in found if has_connector(name))


def has_connector(name: str) -> bool:
    return importlib.util.find_spec(f"lockgate.connectors.{name}.connector") is not None


def added() -> Path:
    """Where this installation keeps the definitions it added."""
    return Path(os.environ.get(HOME) or ".lockgate") / ADDED


def defined() -> dict[str, Path]:
    """Files of definitions by name; a folder of the same name goes before."""
    return {name: file for name, file in places.files(added()).items() if name not in folders()}


def get(name: str) -> type[Connector[Any]]:
    """The connector's class. Raises UnknownConnector, or DefinitionErrors for a definition that was spoilt since it was added."""
    if name in folders():
        return of_folder(name)
    if (file := defined().get(name)) is not None:
        # Reading definitions needs much that most commands can do without.
        from lockgate.connectors.rest import library

        return library.connector(file)
    raise UnknownConnector(f"there is no connector {name!r}; there are {', '.join(names())}")


def sound() -> Iterator[type[Connector[Any]]]:
    """Every connector that can be used. A definition that was spoilt since it was added hides no other; `get` says what is wrong."""
    for name in names():
        with suppress(DocumentErrors):
            yield get(name)


@cache
def of_folder(name: str) -> type[Connector[Any]]:
    module: ModuleType = importlib.import_module(f"lockgate.connectors.{name}.connector")
    connector: type[Connector[Any]] = module.CONNECTOR
    return connector


def look_again() -> None:
    """Forget which connectors there are: `lockgate.connectors` was told of another folder."""
    folders.cache_clear()
    of_folder.cache_clear()
