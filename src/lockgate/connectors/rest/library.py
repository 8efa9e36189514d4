"""The definitions there are: those that come with the product, and those that an installation has added."""

from functools import lru_cache
from pathlib import Path

from lockgate.connectors.rest.definition.load import load
from lockgate.connectors.rest.definition.problems import DefinitionErrors
from lockgate.connectors.rest.definition.shapes import Definition
from lockgate.connectors.rest.making import Defined, connector_of

SHIPPED = Path(__file__).parent / "definitions"


def files(added: Path | None) -> dict[str, Path]:
    """Files by id; one that is added goes before a shipped one of the same id."""
    folders = [SHIPPED, *([added] if added is not None else [])]
    return {file.stem: file for folder in folders for file in sorted(folder.glob("*.yaml"))}


def definition(file: Path) -> Definition:
    """The definition in a file; its id must be the file's name. Raises DefinitionErrors."""
    status = file.stat()
    return read(file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=128)
def read(file: Path, changed: int, size: int) -> Definition:  # noqa: ARG001 (a file that changed is read again)
    return load(file.read_text(encoding="utf-8"), file.name)


def connector(file: Path) -> type[Defined]:
    """The connector of a definition. Raises DefinitionErrors."""
    return connector_of(definition(file))


__all__ = ["DefinitionErrors", "connector", "definition", "files"]
