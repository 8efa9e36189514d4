"""Definitions in files, and the connectors they are."""

import os
from functools import lru_cache
from pathlib import Path

from lockgate.connectors.rest.definition.load import load
from lockgate.connectors.rest.definition.problems import DefinitionErrors
from lockgate.connectors.rest.definition.shapes import Definition
from lockgate.connectors.rest.making import Defined, connector_of

__all__ = ["DefinitionErrors", "connector", "definition", "keep", "read_text"]


def connector(file: Path) -> type[Defined]:
    """The connector of a definition. Raises DefinitionErrors."""
    return connector_of(definition(file))


def definition(file: Path) -> Definition:
    """The definition in a file. Raises DefinitionErrors."""
    status = file.stat()
    return read(file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=128)
def read(file: Path, changed: int, size: int) -> Definition:  # noqa: ARG001 (a file that changed is read again)
    return load(file.read_text(encoding="utf-8"), file.name)


def read_text(text: str, source: str) -> type[Defined]:
    """The connector of a definition that is in no file yet. Raises DefinitionErrors."""
    return connector_of(load(text, source))


def keep(text: str, id: str, folder: Path) -> None:
    """Put a definition that is in order among those an installation has added."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{id}.{os.getpid()}"
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(folder / f"{id}.yaml")
